"""Grids cut out of their pages without their lines, and pages without their grids."""

import numpy as np

from digitus.reader.tables.grid_removal import cut_out, without_grids
from digitus.reader.tables.grids import find_grids


def test_a_grid_without_writing_is_blank_without_its_lines(sheet):
    sheet.grid(60, 60, (6, 8, 80, 60))
    (frame,) = find_grids(sheet.ink)
    grid = cut_out(sheet.ink, frame)
    assert sheet.ink.sum() > 1000
    assert grid.ink.sum() < 0.01 * sheet.ink.sum()


def test_the_cutout_has_half_a_cell_around_the_grid(sheet):
    sheet.grid(60, 60, (6, 8, 80, 60))
    (frame,) = find_grids(sheet.ink)
    grid = cut_out(sheet.ink, frame)
    left, top, width, height = frame.box
    assert (grid.left, grid.top) == (left - 40, top - 30)
    assert grid.ink.shape == (height + 60, width + 80)
    np.testing.assert_allclose(grid.frame.corners, frame.corners - (grid.left, grid.top), atol=1e-6)


def test_digits_in_the_cells_stay_whole(sheet):
    corner = sheet.grid(60, 60, (3, 4, 80, 60))
    lines = sheet.ink.copy()
    sheet.line("5", *corner(1.2, 1.3), 34)
    digit = (sheet.ink > 0) & (lines == 0)
    (frame,) = find_grids(sheet.ink)
    grid = cut_out(sheet.ink, frame)
    rows, cols = grid.ink.shape
    window = digit[grid.top : grid.top + rows, grid.left : grid.left + cols]
    assert (grid.ink[window] > 0).mean() > 0.97


def test_without_grids_nothing_of_them_is_left(sheet):
    sheet.grid(60, 60, (6, 8, 80, 60))
    assert not without_grids(sheet.ink, find_grids(sheet.ink)).any()


def test_without_frames_the_ink_stays(sheet):
    sheet.line("123", 60, 60, 30)
    np.testing.assert_array_equal(without_grids(sheet.ink, []), sheet.ink)
