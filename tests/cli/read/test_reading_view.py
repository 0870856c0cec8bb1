"""The view of a page shows marks, verdicts, and the numbers and cells to check."""

import re
from dataclasses import replace

import pytest
from click import unstyle

from digitus.cli.read.reading_view import show_page
from digitus.reader.results.reading import Cell, Digit, Grid, Line, Mark, Number, PageReading


def number_at(text, left, top, *, to_check=False, marks=(), others=()):
    digits = tuple(
        Digit(int(one), "digit", 0.5, (left + 24 * i, top, 20, 30), ((int(one), 0.5), (8, 0.1)))
        for i, one in enumerate(filter(str.isdigit, text))
    )
    box = (left, top, 24 * len(digits) - 4, 30)
    alternatives = ((text, 0.5), *((other, 0.1) for other in others))
    return Number(text, None, 0.5, to_check, box, digits, tuple(marks), alternatives)


def line_of(*numbers):
    return Line(" ".join(one.text for one in numbers), 0.5, numbers[0].box, numbers)


@pytest.fixture
def page():
    """A grid of one row, with a cell that may be a digit; below it a line."""
    in_grid = number_at("7.5", 30, 20, to_check=True, marks=[Mark("point", (52, 48, 2, 2))])
    below = number_at("12", 30, 300, to_check=True, others=["82", "1.2"])
    cells = (
        Cell("7.5", "digit", 0.5, True, (20, 10, 90, 60)),
        Cell("", "not_a_digit", None, True, (110, 10, 90, 60)),
        Cell("", "struck_out", None, False, (200, 10, 90, 60)),
        Cell("", "word", None, False, (290, 10, 90, 60)),
    )
    lines = (line_of(in_grid), line_of(below))
    return PageReading("a.png", 1, 400, 400, lines, (Grid((20, 10, 360, 60), (cells,)),))


def shown(capsys, page):
    show_page(page, n_pages=1)
    return capsys.readouterr().out


def test_a_number_is_shown_with_its_marks_in_its_cell_and_in_the_list(capsys, page):
    text = shown(capsys, page)
    assert text.count("[7.5]") == 2
    assert "75" not in text


def test_a_number_with_declined_digits_is_listed_with_its_likeliest_text(capsys, page):
    declined = replace(number_at("12", 30, 300, to_check=True), text="1?")
    text = shown(capsys, replace(page, lines=(line_of(declined),), grids=()))
    assert re.search(r"\[1\?\] .* likeliest 12 ", text)


def test_cells_of_several_grids_are_listed_with_their_grid(capsys, page):
    below = Grid((20, 110, 360, 60), ())
    assert "grid 1, row 1, column 2" in shown(capsys, replace(page, grids=(*page.grids, below)))


def test_verdicts_of_cells_are_shown(capsys, page):
    text = shown(capsys, page)
    assert "[not a digit]" in text
    assert "struck out" in text
    assert "word" in text


def test_a_cell_to_check_is_counted_and_listed(capsys, page):
    text = shown(capsys, page)
    assert ", 3 to check" in text
    assert re.search(r"row 1, column 2 +110 px right and 10 px down", text)


def test_numbers_to_check_are_listed_by_cell_within_a_grid_and_by_line_outside(capsys, page):
    text = shown(capsys, page)
    assert "row 1, column 1" in text
    assert "line 2, number 1" in text


def test_a_line_below_a_grid_is_shown_with_its_number(capsys, page):
    line = next(row for row in shown(capsys, page).splitlines() if row.endswith("50.0 %"))
    assert line.split()[0] == "2"


def test_on_a_narrow_screen_each_entry_to_check_is_one_line(capsys, page, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    rows = unstyle(shown(capsys, replace(page, grids=()))).splitlines()
    (entry,) = [row for row in rows if "line 2" in row]
    assert re.sub(" +", " ", entry).strip() == "[12] 50.0 % line 2, number 1 or 82"
