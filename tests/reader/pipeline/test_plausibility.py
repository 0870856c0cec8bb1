"""Implausible numbers are left out; small writing alone on a page is read."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import bounding_box, join_numbers, scale_page
from digitus.reader.pipeline.plausibility import drop_implausible, is_probably_right
from digitus.reader.results.reading import Mark, PageReading
from digitus.reader.results.symbols import Symbol


@pytest.fixture
def line(make_number):
    return lambda text, confidence: join_numbers([make_number(text, 40, confidence=confidence)])


def scaled(line, factor):
    return scale_page(PageReading("", 1, 9, 9, (line,)), factor).lines[0]


def test_numbers_that_are_probably_wrong_are_left_out(line):
    assert [one.text for one in drop_implausible([line("12", 0.45), line("34", 0.55)])] == ["34"]


def test_a_number_is_probably_right_by_the_mean_of_its_digits(line):
    (wrong,), (right,) = line("12", 0.45).numbers, line("34", 0.55).numbers
    assert [is_probably_right(one) for one in (wrong, right)] == [False, True]


def test_small_numbers_are_left_out_only_if_they_are_to_be_checked(line):
    lines = [line("1234", 0.99), scaled(line("11", 0.8), 0.4), scaled(line("17", 0.99), 0.4)]
    assert [one.text for one in drop_implausible(lines)] == ["1234", "17"]


def test_specks_are_left_out_whatever_their_confidence(line):
    lines = [line("12", 0.99), scaled(line("1", 0.99), 0.2)]
    assert [one.text for one in drop_implausible(lines)] == ["12"]


@pytest.mark.parametrize(("text", "factor", "n"), [("1", 2.5, 1), ("1", 1.5, 2), ("12", 2.5, 2)])
def test_1s_far_taller_than_the_digits_of_the_page_are_parts_of_a_frame(line, text, factor, n):
    lines = [line("123456", 0.99), scaled(line(text, 0.99), factor)]
    assert len(drop_implausible(lines)) == n


def test_a_tall_1_beside_few_digits_is_kept(line):
    assert len(drop_implausible([line("23", 0.99), scaled(line("1", 0.99), 2.5)])) == 2


def test_a_tall_mark_beside_specks_makes_them_no_number(line):
    speck = scaled(line("1", 0.99), 0.2).numbers[0]
    bracket = Mark("left_bracket", (0, 0, 9, 60))
    beside = replace(speck, marks=(bracket,), box=bounding_box([speck.box, bracket.box]))
    lines = [line("12", 0.99), join_numbers([beside])]
    assert [one.text for one in drop_implausible(lines)] == ["12"]


def test_small_writing_alone_on_a_page_is_kept(line):
    assert len(drop_implausible([scaled(line("11", 0.8), 0.4)])) == 1


def test_the_typical_height_is_measured_on_cells_too(line):
    tall = Symbol("digit", (0, 0, 80, 120), np.eye(10)[1], 1.0, 0.99)
    assert drop_implausible([line("11", 0.99)], [tall] * 3) == []


def test_a_line_keeps_its_plausible_numbers(make_number):
    line = join_numbers([make_number("12", 40), make_number("34", 200, confidence=0.3)])
    (kept,) = drop_implausible([line])
    assert (kept.text, kept.box) == ("12", line.numbers[0].box)
