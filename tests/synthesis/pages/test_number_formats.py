"""Numbers as people write them."""

import re

import numpy as np
import pytest

from digitus.synthesis.lines.punctuation import MARKS
from digitus.synthesis.pages import number_formats
from digitus.synthesis.pages.number_formats import FORMATS, number_as_written

FORM = re.compile(
    r"[-+]?\d+([.,]\d+)?%?"
    r"|\d{1,3}([.,]\d{3})+"
    r"|\d{1,2}([/.-])\d{1,2}(\3\d{2,4})?"
    r"|\d{1,2}:\d\d"
    r"|\(\d+\)"
    r"|\d+/\d+"
)


def test_the_shares_add_up_to_one():
    assert sum(share for share, _ in FORMATS) == pytest.approx(1)


@pytest.mark.parametrize("which", range(len(FORMATS)))
def test_every_format_makes_a_number_of_known_form(which):
    rng = np.random.default_rng(which)
    texts = [FORMATS[which][1](rng) for _ in range(200)]
    assert all(FORM.fullmatch(text) for text in texts)
    assert len(set(texts)) > 5


def test_all_marks_are_among_the_formats():
    rng = np.random.default_rng(0)
    texts = "".join(FORMATS[which][1](rng) for which in range(len(FORMATS)) for _ in range(50))
    assert set(texts) == set("0123456789.,-+/:%()")


def test_only_marks_that_can_be_written_are_used(monkeypatch):
    rng = np.random.default_rng(1)
    assert set("".join(number_as_written(rng) for _ in range(300))) <= {*"0123456789", *MARKS}
    monkeypatch.setattr(number_formats, "MARKS", {":": None})
    texts = [number_as_written(rng) for _ in range(100)]
    assert set("".join(texts)) == set("0123456789:")
