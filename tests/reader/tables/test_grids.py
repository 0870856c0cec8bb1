"""Grids: found with their rows and columns, and nothing else found as one."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.reader.tables.grid_removal import without_grids
from digitus.reader.tables.grids import find_grids

CELL = 80, 60


def shapes(frames):
    return [(len(frame.rows), len(frame.rows[0])) for frame in frames]


def fill(sheet, corner, rows, cols):
    """Write a digit or two into each cell."""
    for row in range(rows):
        for col in range(cols):
            left, top = corner(row + 0.25, col + 0.2)
            sheet.line(str(10 * row + col)[:2], left, top, 28, gap=0.15)


def bowed(ink, most_px):
    """Bend a page so that its middle lies lower."""
    rows, cols = np.indices(ink.shape).astype(np.float32)
    bend = most_px * ((cols / ink.shape[1] - 0.5) * 2) ** 2
    return cv2.remap(ink, cols, (rows + bend).astype(np.float32), cv2.INTER_LINEAR)


def test_an_empty_page_has_no_grid():
    assert find_grids(np.zeros((400, 600), np.float32)) == []


def test_lines_of_digits_are_not_a_grid(new_sheet):
    sheet = new_sheet()
    for row in range(8):
        sheet.line("1717 4747 1111", 40, 40 + 65 * row)
    assert find_grids(sheet.ink) == []


@pytest.mark.parametrize("pen", [1, 2, 4])
def test_a_grid_has_its_rows_and_columns(sheet, pen):
    fill(sheet, sheet.grid(60, 60, (6, 8, *CELL), pen), 6, 8)
    assert shapes(find_grids(sheet.ink)) == [(6, 8)]


def test_cells_lie_where_they_were_drawn(sheet):
    corner = sheet.grid(60, 60, (6, 8, *CELL))
    (frame,) = find_grids(sheet.ink)
    for row in range(6):
        for col in range(8):
            np.testing.assert_allclose(frame.rows[row][col], (*corner(row, col), *CELL), atol=3)


def test_cells_may_be_of_different_sizes(sheet):
    for left in (40, 100, 260, 500, 540):
        sheet.stroke((left, 40), (left, 340), 2)
    for top in (40, 80, 200, 340):
        sheet.stroke((40, top), (540, top), 2)
    (frame,) = find_grids(sheet.ink)
    assert [box[2] for box in frame.rows[0]] == pytest.approx([60, 160, 240, 40], abs=3)
    assert [row[0][3] for row in frame.rows] == pytest.approx([40, 120, 140], abs=3)


@pytest.mark.parametrize("skew", [-0.05, 0.03, 0.05])
def test_a_skewed_grid_is_found(sheet, skew):
    fill(sheet, sheet.grid(80, 80, (6, 8, *CELL), skew=skew), 6, 8)
    assert shapes(find_grids(sheet.ink)) == [(6, 8)]


def test_a_bent_grid_is_found(sheet):
    fill(sheet, sheet.grid(60, 60, (6, 8, *CELL)), 6, 8)
    assert shapes(find_grids(bowed(sheet.ink, 20))) == [(6, 8)]


def test_a_grid_without_outer_borders_is_found(sheet):
    fill(sheet, sheet.grid(60, 60, (5, 6, *CELL), borders=False), 5, 6)
    assert shapes(find_grids(sheet.ink)) == [(5, 6)]


def test_a_grid_of_broken_lines_is_found(sheet):
    corner = sheet.grid(60, 60, (6, 8, *CELL), 3)
    for row, col in zip(sheet.rng.uniform(0, 6, 40), sheet.rng.uniform(0, 8, 40), strict=True):
        left, top = (round(value) for value in corner(row, col))
        sheet.ink[top - 4 : top + 4, left - 4 : left + 4] = 0
    fill(sheet, corner, 6, 8)
    assert shapes(find_grids(sheet.ink)) == [(6, 8)]


def test_a_row_of_boxes_is_a_grid(sheet):
    corner = sheet.grid(60, 60, (1, 9, 50, 50))
    for col in range(9):
        left, top = corner(0.2, col + 0.25)
        sheet.digit(col, left, top, 30)
    assert shapes(find_grids(sheet.ink)) == [(1, 9)]


def test_two_grids_come_from_top_to_bottom(sheet):
    fill(sheet, sheet.grid(60, 330, (3, 4, *CELL)), 3, 4)
    fill(sheet, sheet.grid(200, 40, (3, 5, *CELL)), 3, 5)
    assert shapes(find_grids(sheet.ink)) == [(3, 5), (3, 4)]


def test_a_single_box_is_not_a_grid(sheet):
    sheet.grid(60, 60, (1, 1, 300, 80))
    sheet.line("12345", 80, 80)
    assert find_grids(sheet.ink) == []


def test_ruled_paper_is_not_a_grid(sheet):
    for top in range(40, 600, 50):
        sheet.stroke((0, top), (899, top), 1)
    sheet.stroke((80, 0), (80, 599), 1)
    sheet.line("12 345 6", 120, 50)
    assert find_grids(sheet.ink) == []


@pytest.mark.parametrize("seed", range(8))
def test_form_lines_with_digits_below_each_other_are_not_a_grid(new_sheet, seed):
    sheet = new_sheet(seed=seed)
    for top in range(40, 560, 55):
        text = " ".join(str(number) for number in sheet.rng.integers(1000, 9999, 3))
        sheet.line(text, 100 + sheet.rng.integers(12), top + 8, 46, gap=0.4, space=1.5)
        for left in (90, 340, 590):
            sheet.stroke((left, top + 54), (left + 220, top + 54), 2)
    assert find_grids(sheet.ink) == []


@pytest.mark.parametrize("height", [22, 40, 60])
def test_squared_paper_is_not_a_grid(sheet, height):
    sheet.grid(0, 0, (20, 30, 30, 30), 1)
    for top in (65, 215, 365):
        sheet.line("12 345 6", 64, top, height)
    assert find_grids(sheet.ink) == []


def test_blank_squared_paper_is_not_a_grid(sheet):
    sheet.grid(0, 0, (20, 30, 30, 30), 1)
    assert find_grids(sheet.ink) == []


def test_squares_with_a_digit_in_each_are_a_grid(sheet):
    corner = sheet.grid(60, 60, (9, 9, 50, 50))
    for row in range(9):
        for col in range(9):
            if sheet.rng.random() < 0.5:
                left, top = corner(row + 0.15, col + 0.25)
                sheet.digit(int(sheet.rng.integers(10)), left, top, 36)
    assert shapes(find_grids(sheet.ink)) == [(9, 9)]


def test_without_grids_the_lines_beside_are_left(sheet):
    fill(sheet, sheet.grid(60, 60, (3, 8, *CELL)), 3, 8)
    beside = np.zeros_like(sheet.ink)
    sheet.line("12 345", 60, 400)
    beside[300:] = sheet.ink[300:]
    np.testing.assert_array_equal(without_grids(sheet.ink, find_grids(sheet.ink)), beside)


@settings(max_examples=12)
@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from([1.0, 1.5, 2.0]),
    st.floats(-0.04, 0.04),
)
def test_shift_scale_and_skew_leave_the_rows_and_columns(new_sheet, down, right, scale, skew):
    sheet = new_sheet(460, 640)
    fill(sheet, sheet.grid(40 + right, 40 + down, (5, 6, *CELL), skew=skew), 5, 6)
    ink = cv2.resize(sheet.ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    assert shapes(find_grids(ink)) == [(5, 6)]


@pytest.mark.parametrize("height", [26, 34])
@pytest.mark.parametrize("zeros", [3, 5])
def test_large_zeros_in_a_cropped_image_are_not_a_grid(height, zeros):
    ink = np.zeros((height + 16, 30 + zeros * 30), np.uint8)
    for number in range(zeros):
        center = (30 + 30 * number, 8 + height // 2)
        cv2.ellipse(ink, center, (15, height // 2), 0, 0, 360, 255, 4, cv2.LINE_AA)
    assert find_grids(ink.astype(np.float32) / 255) == []


def test_crossing_lines_with_gaps_in_every_cell_are_not_a_grid(sheet):
    corner = sheet.grid(60, 60, (6, 8, *CELL), 2)
    for row, col in np.ndindex(7, 9):
        left, top = (round(value) for value in corner(row, col))
        sheet.ink[top - 4 : top + 5, left + 33 : left + 47] = 0
        sheet.ink[top + 24 : top + 36, left - 4 : left + 5] = 0
    assert find_grids(sheet.ink) == []


def test_a_small_grid_in_a_cell_of_a_larger_one_is_left_out(sheet):
    sheet.grid(40, 40, (2, 2, 400, 250))
    sheet.grid(100, 90, (2, 3, 80, 60))
    assert shapes(find_grids(sheet.ink)) == [(2, 2)]


def test_a_long_stroke_that_meets_few_lines_is_not_one_of_the_grid(new_sheet):
    sheet = new_sheet(600, 1300)
    corner = sheet.grid(60, 60, (6, 8, *CELL))
    left, top = corner(2.5, 6.5)
    sheet.stroke((left, top), (left + 600, top), 2)
    assert shapes(find_grids(sheet.ink)) == [(6, 8)]
