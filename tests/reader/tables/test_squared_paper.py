"""Squared paper is no grid: many small squares that digits ignore."""

import numpy as np
import pytest

from digitus.reader.tables.grids import find_grids
from digitus.reader.tables.squared_paper import is_squared_paper, side_of_squares_px


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_the_side_of_squares_is_found_although_lines_are_missing(noise):
    rng = np.random.default_rng(0)
    widths = 20.0 * np.array([1, 1, 2, 1, 3, 1, 1]) + rng.uniform(-noise, noise, 7)
    assert side_of_squares_px(widths, np.full(9, 20.0)) == pytest.approx(20, abs=1)


def test_columns_that_are_no_multiples_of_a_square_have_none():
    assert side_of_squares_px(np.array([20.0, 50, 30, 20]), np.array([20.0] * 4)) == 0


def frame_of(sheet, shape):
    """Draw a grid and return its frame, whatever paper it may be."""
    sheet.grid(60, 60, shape)
    (frame,) = find_grids(sheet.ink)
    return frame


def test_few_large_cells_are_no_squared_paper(sheet):
    assert not is_squared_paper(sheet.ink, frame_of(sheet, (6, 8, 80, 60)))


def test_a_page_of_empty_squares_is_squared_paper(sheet):
    frame = frame_of(sheet, (3, 4, 120, 90))
    ink = np.zeros_like(sheet.ink)
    ink[40::30] = ink[:, 40::30] = 1
    assert find_grids(ink) == []
    assert not is_squared_paper(ink, frame)
