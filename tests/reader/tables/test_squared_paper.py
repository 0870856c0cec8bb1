"""Squared paper has many small squares that digits ignore; a grid has not."""

import numpy as np
import pytest

from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.grids import find_grids
from digitus.reader.tables.squared_paper import is_squared_paper, side_of_squares_px


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_the_side_of_squares_is_found_although_lines_are_missing(noise):
    rng = np.random.default_rng(0)
    widths = 20.0 * np.array([1, 1, 2, 1, 3, 1, 1]) + rng.uniform(-noise, noise, 7)
    assert side_of_squares_px(widths, np.full(9, 20.0)) == pytest.approx(20, abs=1)


def test_columns_that_are_not_multiples_of_a_square_have_no_side():
    assert side_of_squares_px(np.array([20.0, 50, 30, 20]), np.array([20.0] * 4)) == 0


def squares(rows, cols, side, left=60, top=60):
    """The frame of a grid of squares."""

    def lines(n, start, length):
        courses = np.zeros((n + 1, 3))
        courses[:, 0] = start + side * np.arange(n + 1)
        return courses, np.full(n + 1, float(length[0])), np.full(n + 1, float(length[1]))

    across = lines(rows, top, (left, left + cols * side))
    down = lines(cols, left, (top, top + rows * side))
    return GridFrame(*(RuledLines(*one, np.ones(len(one[0]))) for one in (across, down)))


def write_digits(sheet, side, places, height):
    """Write a digit into each of some squares (row, col)."""
    for row, col in places:
        sheet.digit(3, 60 + side * (col + 0.3), 60 + side * (row + 0.2), height)


def test_a_grid_of_few_large_cells_is_not_squared_paper(sheet):
    sheet.grid(60, 60, (6, 8, 80, 60))
    (frame,) = find_grids(sheet.ink)
    assert not is_squared_paper(sheet.ink, frame)


def test_many_empty_squares_are_squared_paper(sheet):
    sheet.grid(60, 60, (16, 24, 30, 30), 1)
    assert is_squared_paper(sheet.ink, squares(16, 24, 30))


def test_few_empty_squares_are_not_squared_paper(sheet):
    sheet.grid(60, 60, (8, 10, 30, 30), 1)
    assert not is_squared_paper(sheet.ink, squares(8, 10, 30))


def test_many_large_squares_that_are_hardly_used_are_squared_paper(sheet):
    sheet.grid(60, 60, (11, 17, 46, 46), 1)
    write_digits(sheet, 46, [(1, 2), (1, 3), (1, 4), (5, 9), (5, 10), (9, 1)], 24)
    assert is_squared_paper(sheet.ink, squares(11, 17, 46))


def test_many_large_squares_with_a_digit_in_each_are_not_squared_paper(sheet):
    sheet.grid(60, 60, (11, 17, 46, 46), 1)
    write_digits(sheet, 46, np.ndindex(11, 17), 24)
    assert not is_squared_paper(sheet.ink, squares(11, 17, 46))


def test_squares_whose_lines_digits_cross_are_squared_paper(sheet):
    sheet.grid(60, 60, (8, 12, 30, 30), 1)
    for row in (1, 5):
        sheet.line("123456", 75, 60 + 30 * row, 50)
    assert is_squared_paper(sheet.ink, squares(8, 12, 30))


def large_squares_off_the_page(sheet, side=140):
    """Draw lines from border to border; return their frame."""
    rows, cols = (length // side for length in sheet.ink.shape)
    for row in range(side // 2, sheet.ink.shape[0], side):
        sheet.ink[row : row + 2] = 1
    for col in range(side // 2, sheet.ink.shape[1], side):
        sheet.ink[:, col : col + 2] = 1
    frame = squares(rows - 1, cols - 1, side, side // 2, side // 2)
    ends = sheet.ink.shape
    across, down = (
        RuledLines(one.courses, 0 * one.starts, 0 * one.ends + end, one.widths_px)
        for one, end in ((frame.across, ends[1]), (frame.down, ends[0]))
    )
    return GridFrame(across, down)


def test_few_large_squares_off_the_page_whose_lines_digits_cross_are_squared_paper(sheet):
    frame = large_squares_off_the_page(sheet)
    sheet.line("123456", 55, 100, 50)
    sheet.line("7890", 55, 190, 50)
    assert is_squared_paper(sheet.ink, frame)


def test_few_large_squares_off_the_page_with_a_digit_in_each_are_not_squared_paper(sheet):
    frame = large_squares_off_the_page(sheet)
    rows, cols = (length // 140 for length in sheet.ink.shape)
    for row, col in np.ndindex(rows - 1, cols - 1):
        sheet.digit(3, 70 + 140 * (col + 0.3), 70 + 140 * (row + 0.2), 60)
    assert not is_squared_paper(sheet.ink, frame)
