"""Grids with cells that are filled in."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.synthesis.pages.score_grids import (
    GridLines,
    draw_grid_lines,
    fill_cell,
    fill_grid,
    number_cell,
    random_grid,
)
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle
from digitus.synthesis.pen.writers import PenWriter


def _writer(seed=0, rows=600, cols=1000, height_px=40, **style):
    rng = np.random.default_rng(seed)
    sheet = Sheet.blank(rows, cols, margin=0.02)
    return SheetWriter(sheet, PenWriter(rng, height_px), WritingStyle(**style), rng)


def _covered(sheet, boxes):
    inside = np.zeros(sheet.ink.shape, bool)
    for left, top, width, height in boxes:
        inside[top : top + height, left : left + width] = True
    return inside


def _filled(seed, **frame):
    writer = _writer(seed, height_px=36)
    lines = GridLines(tuple(range(40, 960, 110)), tuple(range(40, 580, 66)), line_px=2.0)
    lines = replace(lines, **frame)
    draw_grid_lines(writer.sheet, lines, 36, writer.rng)
    fill_grid(writer, lines)
    return writer.sheet


def test_a_filled_grid_has_cells_of_every_verdict():
    (grid,) = _filled(1).grids
    cells = [cell for row in grid.rows for cell in row]
    assert (len(grid.rows), len(grid.rows[0])) == (8, 8)
    assert {cell.verdict for cell in cells} == {"digit", "blank", "struck_out", "word"}
    assert all(bool(cell.text) == (cell.verdict == "digit") for cell in cells)


def test_the_numbers_of_a_grid_are_lines_row_by_row():
    sheet = _filled(2)
    cells = [[cell.text for cell in row if cell.text] for row in sheet.grids[0].rows]
    assert [line.text.split() for line in sheet.lines] == [row for row in cells if row]


def test_handwriting_in_a_printed_grid_is_in_cells_that_are_not_blank():
    sheet = _filled(3)
    for row in sheet.grids[0].rows:
        for cell in row:
            left, top, width, height = cell.box
            inside = sheet.ink[top : top + height, left : left + width]
            assert inside.any() == (cell.verdict != "blank")
    assert not sheet.ink[~_covered(sheet, [c.box for r in sheet.grids[0].rows for c in r])].any()


def test_a_printed_grid_is_print_and_a_hand_drawn_one_is_ink():
    assert _filled(4).printed.any()
    assert not _filled(4, is_drawn=True).printed.any()


def test_a_number_is_written_within_its_cell():
    writer = _writer()
    cell, number = number_cell(writer, (100, 200, 150, 70), "42")
    left, top, width, height = number.box
    assert (cell.text, cell.verdict) == ("42", "digit")
    assert left >= 100
    assert left + width <= 250
    assert top >= 200
    assert top + height <= 270
    assert not writer.sheet.ink[~_covered(writer.sheet, [d.box for d in number.digits])].any()


def test_a_cell_struck_out_has_no_number_and_more_ink():
    plain, struck = _writer(5), _writer(5)
    number_cell(plain, (100, 200, 150, 70), "42")
    cell, number = number_cell(struck, (100, 200, 150, 70), "42", is_struck=True)
    assert (cell.text, cell.verdict, number) == ("", "struck_out", None)
    assert struck.sheet.ink.sum() > 1.2 * plain.sheet.ink.sum()


def test_a_cell_too_small_for_a_number_stays_blank():
    writer = _writer()
    assert fill_cell(replace(writer), (100, 200, 8, 8))[0].verdict == "blank"
    assert not writer.sheet.ink.any()


@pytest.mark.parametrize("seed", range(10))
def test_a_random_grid_lies_within_the_margins_and_has_cells(seed):
    sheet = Sheet.blank(400, 500, margin=0.1)
    frame = random_grid(sheet, 25, np.random.default_rng(seed), is_drawn=False)
    assert min(len(frame.xs), len(frame.ys)) >= 3
    assert frame.xs[0] >= 50
    assert frame.xs[-1] <= 450
    assert frame.ys[0] >= 40
    assert frame.ys[-1] <= 360
