"""Every cell of a grid is answered, and its number stands in a line, too."""

import numpy as np
import pytest

from digitus.reader.pipeline.regions import GridInk
from digitus.reader.pipeline.table_results import answer_grids, with_rows
from digitus.reader.pipeline.thresholds import Thresholds
from digitus.reader.results.symbols import Symbol
from digitus.reader.tables.cells import CellInk


def piece(digit, left, *, kind="digit", sure=0.99, p_digit=1.0):
    return Symbol(kind, (left, 10, 20, 30), np.eye(10)[digit], p_digit, sure)


def cell(left, *, blank=False, struck_out=False):
    return CellInk((left, 0, 90, 60), (), blank, struck_out)


@pytest.fixture
def answered():
    """A row of five cells: 42 of two runs, blank, struck out, a word, 7 with a doubtful digit."""
    cells = [cell(0), cell(90, blank=True), cell(180, struck_out=True), cell(270), cell(360)]
    pieces = [
        [[piece(4, 10)], [piece(2, 40)]],
        [],
        [[piece(1, 190, sure=0.6)]],
        [[piece(0, 280, kind="other"), piece(0, 310)], [piece(0, 330, kind="other")]],
        [[piece(7, 370, sure=0.5)]],
    ]
    grid = GridInk((0, 0, 450, 60), [cells])
    ((made, lines),) = answer_grids([grid], pieces, Thresholds(least_digit=0.9))
    return made, lines


def test_every_cell_has_its_verdict(answered):
    (row,) = answered[0].rows
    assert [one.verdict for one in row] == ["digit", "blank", "struck_out", "not_a_digit", "digit"]
    assert [one.text for one in row] == ["42", "", "", "", "?"]


def test_a_sure_digit_is_told_even_if_its_loops_look_struck_out():
    grid = GridInk((0, 0, 90, 60), [[cell(0, struck_out=True)]])
    ((made, _),) = answer_grids([grid], [[[piece(8, 10)]]], Thresholds())
    assert (made.rows[0][0].text, made.rows[0][0].verdict) == ("8", "digit")


def test_words_and_doubtful_digits_are_to_be_checked(answered):
    assert [one.to_check for one in answered[0].rows[0]] == [False, False, False, True, True]


@pytest.mark.parametrize(("p_digit", "to_check"), [(0.01, False), (0.4, True)])
def test_a_heading_is_surely_no_digit_and_what_may_be_one_is_to_be_checked(p_digit, to_check):
    letters = [piece(1, left, kind="other", p_digit=p_digit) for left in (10, 40)]
    ((made, _),) = answer_grids([GridInk((0, 0, 90, 60), [[cell(0)]])], [[letters]], Thresholds())
    (found,) = made.rows[0]
    assert (found.verdict, found.to_check) == ("not_a_digit", to_check)


def test_the_numbers_of_a_row_make_a_line(answered):
    (line,) = answered[1]
    assert line.text == "42 ?"
    assert line.box == (10, 10, 380, 30)


def test_rows_stand_between_the_lines_above_and_below_the_grid(answered, page_reading):
    grid, rows = answered
    above, below = page_reading.lines
    low = type(grid)((0, 100, 450, 60), grid.rows)
    assert with_rows([above, below], [(low, rows)]) == [above, *rows, below]
    assert with_rows([], [(low, rows)]) == rows
