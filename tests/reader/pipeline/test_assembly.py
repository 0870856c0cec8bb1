"""Symbols become numbers whose boxes, texts and confidence are those of their digits."""

import numpy as np
import pytest

from digitus.reader.pipeline.assembly import around, enlarged, make_cell, make_line, make_number
from digitus.reader.pipeline.wholeness import Wholeness
from digitus.reader.results.symbols import Symbol


@pytest.fixture
def piece():
    def make(digit, left=0, *, sure=0.9, kind="digit"):
        shares = np.full(10, 0.02)
        if digit is not None:
            shares[digit] = 0.82
        return Symbol(kind, (left, 10, 20, 30), shares, 1.0, sure)

    return make


def test_a_number_is_as_sure_as_all_its_digits_together(piece):
    number = make_number([piece(4, 0), piece(2, 30, sure=0.5)])
    assert (number.text, number.box) == ("42", (0, 10, 50, 30))
    assert number.confidence == pytest.approx(0.45)


def test_marks_are_kept_beside_the_text_and_scrap_is_left_out(piece):
    dot = Symbol("dot", (25, 36, 4, 4))
    number = make_number([piece(4), dot, piece(None, 30, kind="other"), piece(2, 60)])
    assert number.text == "42"
    assert [mark.kind for mark in number.marks] == ["dot"]


def test_the_alternatives_start_with_the_digit_and_never_promise_more_than_is_left(piece):
    (digit,) = make_number([piece(7, sure=0.7)]).digits
    (best, share), *others = digit.alternatives
    assert (best, share) == (7, 0.7)
    assert sum(chance for _, chance in others) <= 0.3 + 1e-9
    assert all(chance >= 0 for _, chance in others)


def test_a_digit_that_is_certain_leaves_nothing_to_others():
    shares = np.eye(10)[3]
    piece = Symbol("digit", (0, 0, 9, 9), shares, 1.0, 1.0)
    assert all(chance == 0 for _, chance in make_number([piece]).digits[0].alternatives[1:])


def test_a_line_without_any_digit_is_none(piece):
    assert make_line([[piece(None, kind="other")], []], Wholeness([])) is None


def test_numbers_of_a_line_are_parted_by_a_space(piece):
    line = make_line([[piece(1)], [piece(2, 90), piece(3, 120)]], Wholeness([]))
    assert line is not None
    assert (line.text, line.box) == ("1 23", (0, 10, 140, 30))


@pytest.mark.parametrize(
    ("blank", "struck_out", "verdict", "to_check"),
    [
        (True, False, "blank", False),
        (False, True, "struck_out", False),
        (False, False, "not_a_digit", True),
    ],
)
def test_a_cell_without_a_number_says_why(blank, struck_out, verdict, to_check):
    cell = make_cell(None, (0, 0, 9, 9), blank=blank, struck_out=struck_out)
    assert (cell.text, cell.verdict, cell.to_check) == ("", verdict, to_check)


def test_boxes_of_a_page_that_was_shrunk_are_told_in_its_own_pixels(page_reading):
    large = enlarged(page_reading, 2.5)
    assert (large.width, large.height) == (1000, 750)
    number = large.lines[1].numbers[0]
    assert number.box == (100, 400, 170, 75)
    assert number.digits[1].box == (160, 400, 50, 75)
    assert enlarged(page_reading, 1) is page_reading


def test_grids_are_enlarged_with_their_cells(grid_reading):
    grid = enlarged(grid_reading, 2).grids[0]
    assert (grid.box, grid.rows[1][1].box) == ((40, 40, 360, 240), (220, 160, 180, 120))


def test_the_box_around_one_box_is_itself():
    assert around([(3, 4, 5, 6)]) == (3, 4, 5, 6)
