"""The numbers of a page of text are mostly lone letters, and doubtful; those of others are not."""

import numpy as np
import pytest

from digitus.reader.pipeline.doubts.text_pages import doubt_on_text_page
from digitus.reader.pipeline.number_grouping import group_numbers
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.symbols import Symbol


def symbols_of(text):
    """Symbols of one line image; letters are of the kind other."""
    return [
        Symbol("digit", (60 * i, 0, 20, 30), np.eye(10)[int(letter)], 1.0, 0.99)
        if letter.isdigit()
        else Symbol("other", (60 * i, 0, 20, 30))
        for i, letter in enumerate(text)
    ]


def doubtful(*texts):
    """Numbers that are to be checked, each line image far from the next."""
    lines = [[symbols_of(text)] for text in texts]
    found = doubt_on_text_page(group_numbers(lines, doubt_ones=False), lines)
    return [
        "".join(str(one.digit) for one in group.symbols)
        for line in found
        for group in line
        if group.p_complete < CHECK_BELOW
    ]


def test_all_numbers_of_a_page_of_text_are_to_be_checked():
    assert doubtful(*["0", "1", "xyz"] * 5, "7") == [*["0", "1"] * 5, "7"]


@pytest.mark.parametrize(
    "texts", [["0", "1"] * 8, ["37", "58", "xyz", "abcd"] * 3, ["0", "xyz", "1"]]
)
def test_pages_without_letters_with_other_digits_or_with_few_digits_are_no_text(texts):
    assert doubtful(*texts) == []
