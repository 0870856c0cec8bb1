"""Sheets that are written on: lines, words, grids."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.synthesis.pages.score_grids import (
    Frame,
    draw_frame,
    fill_cell,
    fill_grid,
    number_cell,
    random_frame,
)
from digitus.synthesis.pages.sheet_writer import Scribe, Sheet, Style, random_style
from digitus.synthesis.pen.writers import FAINTEST, PenWriter


def _scribe(seed=0, rows=600, cols=1000, height_px=40, **style):
    rng = np.random.default_rng(seed)
    sheet = Sheet.blank(rows, cols, margin=0.02)
    return Scribe(sheet, PenWriter(rng, height_px), Style(**style), rng)


def _covered(sheet, boxes):
    inside = np.zeros(sheet.ink.shape, bool)
    for left, top, width, height in boxes:
        inside[top : top + height, left : left + width] = True
    return inside


def _boxes(sheet):
    numbers = [number for line in sheet.lines for number in line.numbers]
    parts = [part for number in numbers for part in (*number.digits, *number.marks)]
    return [part.box for part in parts] + sheet.words


@pytest.mark.parametrize("seed", range(8))
def test_all_that_is_written_is_in_a_box_of_the_truth(seed):
    scribe = _scribe(seed)
    scribe = replace(scribe, style=random_style(scribe.rng))
    scribe.line(["12", "3.50", "7,5", "01-02"], 60, 120)
    scribe.word(5, 60, 300)
    assert len(scribe.sheet.words) == 1
    assert not scribe.sheet.ink[~_covered(scribe.sheet, _boxes(scribe.sheet))].any()
    for left, top, width, height in _boxes(scribe.sheet):
        assert (scribe.sheet.ink[top : top + height, left : left + width] >= FAINTEST).any()


def test_a_number_is_its_digits_and_its_marks_are_told_apart():
    scribe = _scribe()
    scribe.line(["3.50-,"], 60, 120)
    (number,) = scribe.sheet.lines[0].numbers
    assert number.text == "350"
    assert [mark.kind for mark in number.marks] == ["dot", "dash", "comma"]


def test_a_line_ends_where_the_sheet_does():
    scribe = _scribe(cols=400)
    scribe.line(["123"] * 9, 20, 120)
    assert 1 <= len(scribe.sheet.lines[0].numbers) < 5
    assert not scribe.sheet.ink[:, -8:].any()


def test_a_line_without_room_is_no_line():
    scribe = _scribe()
    scribe.line(["123"], 20, 10)
    assert not scribe.sheet.lines
    assert not scribe.sheet.ink.any()


def test_a_climbing_line_climbs():
    scribe = _scribe(climb=0.1)
    scribe.line(["11", "11", "11"], 60, 300)
    numbers = scribe.sheet.lines[0].numbers
    rise = numbers[0].box[1] - numbers[-1].box[1]
    assert rise == pytest.approx(0.1 * (numbers[-1].box[0] - numbers[0].box[0]), abs=8)


def _filled(seed, **frame):
    scribe = _scribe(seed, height_px=36)
    lines = Frame(tuple(range(40, 960, 110)), tuple(range(40, 580, 66)), line_px=2.0)
    lines = replace(lines, **frame)
    draw_frame(scribe.sheet, lines, 36, scribe.rng)
    fill_grid(scribe, lines)
    return scribe.sheet


def test_a_grid_has_all_kinds_of_cells():
    (grid,) = _filled(1).grids
    cells = [cell for row in grid.rows for cell in row]
    assert (len(grid.rows), len(grid.rows[0])) == (8, 8)
    assert {cell.verdict for cell in cells} == {"digit", "blank", "struck_out", "not_a_digit"}
    assert all(bool(cell.text) == (cell.verdict == "digit") for cell in cells)


def test_the_numbers_of_a_grid_are_in_the_lines_row_by_row():
    sheet = _filled(2)
    cells = [[cell.text for cell in row if cell.text] for row in sheet.grids[0].rows]
    assert [line.text.split() for line in sheet.lines] == [row for row in cells if row]


def test_the_ink_of_a_printed_grid_is_in_its_cells_alone():
    sheet = _filled(3)
    for row in sheet.grids[0].rows:
        for cell in row:
            left, top, width, height = cell.box
            part = sheet.ink[top : top + height, left : left + width]
            assert part.any() == (cell.verdict != "blank")
    assert not sheet.ink[~_covered(sheet, [c.box for r in sheet.grids[0].rows for c in r])].any()


def test_print_is_apart_from_ink_and_a_hand_drawn_grid_is_ink():
    assert _filled(4).printed.any()
    assert not _filled(4, is_drawn=True).printed.any()


def test_a_number_stands_in_its_cell():
    scribe = _scribe()
    cell, number = number_cell(scribe, (100, 200, 150, 70), "42")
    left, top, width, height = number.box
    assert (cell.text, cell.verdict) == ("42", "digit")
    assert left >= 100
    assert left + width <= 250
    assert top >= 200
    assert top + height <= 270
    assert not scribe.sheet.ink[~_covered(scribe.sheet, [d.box for d in number.digits])].any()


def test_a_struck_cell_has_no_number_but_more_ink():
    plain, struck = _scribe(5), _scribe(5)
    number_cell(plain, (100, 200, 150, 70), "42")
    cell, number = number_cell(struck, (100, 200, 150, 70), "42", is_struck=True)
    assert (cell.text, cell.verdict, number) == ("", "struck_out", None)
    assert struck.sheet.ink.sum() > 1.2 * plain.sheet.ink.sum()


def test_a_cell_too_small_for_a_number_stays_blank():
    scribe = _scribe()
    assert fill_cell(replace(scribe), (100, 200, 8, 8))[0].verdict == "blank"
    assert not scribe.sheet.ink.any()


@pytest.mark.parametrize("seed", range(10))
def test_a_random_grid_lies_on_the_sheet_and_has_cells(seed):
    sheet = Sheet.blank(400, 500, margin=0.1)
    frame = random_frame(sheet, 25, np.random.default_rng(seed), is_drawn=False)
    assert min(len(frame.xs), len(frame.ys)) >= 3
    assert frame.xs[0] >= 50
    assert frame.xs[-1] <= 450
    assert frame.ys[0] >= 40
    assert frame.ys[-1] <= 360
