"""Spaces between thousands are recognized by the groups of three digits beside them."""

import numpy as np
import pytest

from digitus.reader.pipeline.thousands import (
    SpacedSymbols,
    are_thousands,
    find_limits,
    spaces_by_number,
)
from digitus.reader.results.symbols import Symbol

KINDS = {".": "point", ",": "comma", "-": "minus"}


def symbols_of(text):
    """Symbols of a text, and which of their gaps are written as _."""
    letters = text.replace("_", "")
    kinds = [KINDS.get(letter, "digit") for letter in letters]
    at = np.cumsum([len(part) for part in text.split("_")])[:-1]
    is_space = np.isin(np.arange(1, len(letters)), at)
    return [Symbol(kind, (0, 0, 10, 10)) for kind in kinds], is_space


@pytest.mark.parametrize("text", ["1_204", "12_500_000", "-1_204", "1_204.50", "999_999,"])
def test_thousands_are_groups_of_three_behind_one_to_three_digits(text):
    assert are_thousands(*symbols_of(text))


@pytest.mark.parametrize(
    "text", ["1204", "12_04", "1_2040", "1234_567", "1.5_204", "1_20.4", "-_204"]
)
def test_other_groups_are_no_thousands(text):
    assert not are_thousands(*symbols_of(text))


def stretch(text, rng, *, gap=0.2, space=0.55, between=1.4, jitter=0.1):
    """A stretch of digits: _ is a space, and a blank separates numbers."""
    gaps, symbols, width = [], [], None
    for letter in text:
        if letter.isdigit():
            if symbols:
                gaps.append((width or gap) * rng.uniform(1 - jitter, 1 + jitter))
            symbols.append(Symbol("digit", (0, 0, 10, 10)))
            width = None
        else:
            width = space if letter == "_" else between
    return SpacedSymbols(symbols, np.array(gaps))


PAGE = ("12_204 35 1_500", "7 1_310 205", "88_001 4_120 6")


def test_three_kinds_of_gaps_have_two_limits():
    rng = np.random.default_rng(0)
    limits = find_limits([stretch(text, rng) for text in PAGE], 0.9)
    assert 0.22 < limits.within < 0.5
    assert 0.6 < limits.number < 1.25


def test_spaces_are_found_where_two_kinds_would_divide_numbers_at_them():
    rng = np.random.default_rng(0)
    limits = find_limits([stretch(text, rng) for text in PAGE], 0.35)
    assert limits.number > 0.6


def test_columns_of_three_digits_are_no_thousands():
    rng = np.random.default_rng(0)
    page = [stretch("120 345 781", rng, between=0.9) for _ in range(5)]
    limits = find_limits(page, 0.45)
    assert limits.within == limits.number == 0.45


def test_evenly_spaced_digits_have_no_spaces():
    rng = np.random.default_rng(0)
    page = [stretch("1204 3561 12500", rng, jitter=0.3) for _ in range(4)]
    limits = find_limits(page, 0.7)
    assert limits.within == limits.number == 0.7


def test_one_number_alone_has_a_space_if_it_is_far_wider_than_any_gap():
    rng = np.random.default_rng(0)
    for space, found in ((0.6, True), (0.35, False)):
        limits = find_limits([stretch("1_204", rng, space=space), stretch("352", rng)], 0.9)
        assert (limits.within < 0.9) == found


def test_spaces_as_narrow_as_some_other_gaps_are_found_in_every_number_of_a_page():
    rng = np.random.default_rng(0)
    numbers = [
        stretch(text, rng, gap=gap, space=1.6 * gap)
        for text, gap in (("1_204", 0.2), ("35_610", 0.4), ("7_001", 0.3), ("12_345", 0.25)) * 2
    ]
    found = spaces_by_number([*numbers, stretch("35", rng)])
    assert [one.tolist() for one in found[:2]] == [
        [True, False, False],
        [False, True, False, False],
    ]
    assert not found[-1].any()


def test_uneven_gaps_are_no_spaces():
    rng = np.random.default_rng(0)
    numbers = [stretch(text, rng, jitter=0.5) for text in ("1204", "35610", "7001", "12345") * 3]
    assert not any(one.any() for one in spaces_by_number(numbers))


def test_a_page_without_numbers_has_no_spaces():
    assert spaces_by_number([]) == []
