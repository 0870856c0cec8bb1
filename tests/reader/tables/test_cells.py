"""Cells: what is in them, which are blank, which are struck out."""

import cv2
import numpy as np
import pytest

from digitus.reader.tables.cells import divide_into_cells
from digitus.reader.tables.grids import find_grids

CELL = 90, 64
HEIGHT = 32


def cells_of(sheet):
    (frame,) = find_grids(sheet.ink)
    return divide_into_cells(sheet.ink, frame)


def flags(cells, name):
    return {
        (row, col)
        for row, line in enumerate(cells)
        for col, cell in enumerate(line)
        if getattr(cell, name)
    }


def table(sheet, *, skip=(), rows=4, cols=6):
    """A grid with one or two digits in each cell, except some; gives where each ends."""
    corner = sheet.grid(50, 50, (rows, cols, *CELL))
    ends = {}
    for row in range(rows):
        for col in range(cols):
            if (row, col) not in skip:
                left, top = corner(row + 0.25, col + 0.2)
                text = str(sheet.rng.integers(100))
                ends[row, col] = left, sheet.line(text, left, top, HEIGHT, gap=0.15), top
    return corner, ends


def test_every_cell_is_answered(sheet):
    table(sheet)
    cells = cells_of(sheet)
    assert [len(row) for row in cells] == [6] * 4
    assert not flags(cells, "is_blank")
    assert not flags(cells, "is_struck_out")


def test_blank_cells_are_reported(sheet):
    blank = {(0, 0), (1, 3), (3, 5)}
    table(sheet, skip=blank)
    cells = cells_of(sheet)
    assert flags(cells, "is_blank") == blank
    assert all(not cells[row][col].line_images for row, col in blank)


def test_a_blank_grid_has_blank_cells_only(sheet):
    sheet.grid(50, 50, (3, 4, *CELL))
    assert len(flags(cells_of(sheet), "is_blank")) == 12


def test_specks_leave_a_cell_blank(sheet):
    corner, _ = table(sheet, skip={(2, 2)})
    for share in (0.3, 0.5, 0.7):
        left, top = (round(value) for value in corner(2 + share, 2 + share))
        sheet.ink[top : top + 2, left : left + 2] = 1
    assert flags(cells_of(sheet), "is_blank") == {(2, 2)}


def test_a_dash_is_not_blank(sheet):
    corner, _ = table(sheet, skip={(2, 2)})
    sheet.stroke(corner(2.5, 2.3), corner(2.5, 2.6), 4)
    cells = cells_of(sheet)
    assert not flags(cells, "is_blank") | flags(cells, "is_struck_out")


def test_line_images_lie_in_their_cells_and_hold_no_line(sheet):
    table(sheet)
    for cell in (cell for row in cells_of(sheet) for cell in row):
        left, top, width, height = cell.box
        for image in cell.line_images:
            assert left < image.left
            assert image.left + image.ink.shape[1] < left + width
            assert top < image.top
            assert image.top + image.ink.shape[0] < top + height


def test_the_digits_of_a_cell_are_those_written(sheet):
    before = sheet.ink.copy()
    corner = sheet.grid(50, 50, (2, 3, *CELL))
    lines = sheet.ink.copy()
    sheet.ink[:] = before
    left, top = corner(0.3, 1.3)
    sheet.line("36", left, top, HEIGHT)
    written = sheet.ink.copy()
    sheet.ink[:] = np.maximum(written, lines)
    found = np.zeros_like(before)
    for image in cells_of(sheet)[0][1].line_images:
        rows, cols = image.ink.shape
        found[image.top : image.top + rows, image.left : image.left + cols] += image.ink
    assert np.abs(found - written).max() < 0.11


@pytest.mark.parametrize("shift", [0.55, 0.7])
def test_a_digit_that_crosses_a_line_stays_whole_in_its_cell(sheet, shift):
    corner, _ = table(sheet, skip={(1, 2), (2, 2)})
    left, top = corner(1 + shift, 2.3)
    sheet.digit(3, left, top, HEIGHT)
    cells = cells_of(sheet)
    assert flags(cells, "is_blank") == {(2, 2)}
    (image,) = cells[1][2].line_images
    assert image.ink.shape[0] == pytest.approx(HEIGHT, abs=3)


def test_digits_of_two_cells_that_touch_stay_in_theirs(sheet):
    corner, _ = table(sheet, skip={(1, 2), (2, 2)})
    left, line = corner(2, 2.3)
    sheet.digit(1, left, line - 30, HEIGHT)
    sheet.digit(1, left, line - 2, HEIGHT)
    cells = cells_of(sheet)
    heights = [cells[row][2].line_images[0].ink.shape[0] for row in (1, 2)]
    assert heights == pytest.approx([HEIGHT, HEIGHT], abs=6)


def test_two_lines_in_a_cell_come_from_top_to_bottom(new_sheet):
    sheet = new_sheet()
    corner = sheet.grid(50, 50, (2, 3, 150, 130))
    left, top = corner(0.1, 0.2)
    sheet.line("12", left, top, HEIGHT)
    sheet.line("345", left, top + 55, HEIGHT)
    images = cells_of(sheet)[0][0].line_images
    assert len(images) == 2
    assert images[0].top < images[1].top


def strike(sheet, kind, left, right, top):
    if kind == "stroke":
        sheet.stroke((left - 10, top + 18), (right + 6, top + 13), 3)
    elif kind == "cross":
        sheet.stroke((left - 10, top - 2), (right + 6, top + HEIGHT + 2), 3)
        sheet.stroke((left - 10, top + HEIGHT + 2), (right + 6, top - 2), 3)
    else:
        cols = np.linspace(left - 3, right + 3, 12)
        rows = np.where(np.arange(12) % 2, top, top + HEIGHT)
        cv2.polylines(sheet.ink, [np.stack([cols, rows], axis=1).astype(np.int32)], False, 1.0, 3)


@pytest.mark.parametrize("kind", ["stroke", "cross", "scribble"])
def test_struck_out_cells_are_reported(sheet, kind):
    _, ends = table(sheet)
    struck = {(0, 1), (1, 4), (2, 0), (3, 3)}
    for place in struck:
        strike(sheet, kind, *ends[place])
    assert flags(cells_of(sheet), "is_struck_out") == struck


def test_a_stroke_through_several_cells_strikes_them_all(sheet):
    corner, _ = table(sheet)
    sheet.stroke(corner(1.5, 1.05), corner(1.55, 3.95), 3)
    assert flags(cells_of(sheet), "is_struck_out") == {(1, 1), (1, 2), (1, 3)}


def test_underlined_numbers_are_not_struck_out(sheet):
    _, ends = table(sheet)
    for left, right, top in ends.values():
        sheet.stroke((left - 4, top + HEIGHT + 2), (right, top + HEIGHT + 2), 2)
    assert not flags(cells_of(sheet), "is_struck_out")
