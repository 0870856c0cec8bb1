"""The numbers of a page as a table: aligned columns, grids with blank cells."""

from dataclasses import replace

from digitus.desktop.numbers.table_layout import table_of
from digitus.reader.results.reading import Cell, Grid

CELL_PX = 60


def texts(rows):
    return [[None if entry is None else entry.text for entry in row] for row in rows]


def test_lines_are_aligned_in_the_columns_of_the_page(page_of):
    page = page_of("17 204 58", "9 3.5")
    assert texts(table_of(page)) == [["17", "204", "58"], ["9", "3.5", None]]


def test_lines_that_have_no_common_columns_stay_as_they_are(page_of):
    page = page_of("17 204", "9 3.5")
    wide = replace(page.lines[0].numbers[0], box=(0, 80, 400, 30))
    spread = replace(page.lines[0], numbers=(wide,))
    page = replace(page, lines=(*page.lines, spread))
    assert texts(table_of(page)) == [["17", "204"], ["9", "3.5"], ["17"]]


def grid_page(page):
    """Return a page whose first line stands in a grid, with a blank cell behind it."""
    first = page.lines[0].numbers[0]
    boxes = [(20 + 100 * column, 0, 90, 55) for column in range(3)]
    cells = (
        Cell(first.text, "digit", 0.9, False, boxes[0]),
        Cell("", "blank", None, False, boxes[1]),
        Cell("", "struck_out", None, True, boxes[2]),
    )
    grid = Grid((20, 0, 300, 55), (cells,))
    line = replace(page.lines[0], numbers=(first,), text=first.text)
    return replace(page, lines=(line, *page.lines[1:]), grids=(grid,))


def test_a_grid_has_its_blank_cells_and_stands_above_the_lines_below_it(page_of):
    rows = table_of(grid_page(page_of("17", "9 3.5")))
    assert texts(rows) == [["17", "", ""], ["9", "3.5"]]
    assert [entry.verdict for entry in rows[0]] == ["digit", "blank", "struck_out"]
    assert [entry.place for entry in rows[0]] == [(0, 0), (1, 1, 2), (1, 1, 3)]
    assert rows[0][2].to_check


def test_a_number_has_its_place_and_the_other_texts_that_it_may_be(page_of):
    ((entry,),) = table_of(page_of("204?"))
    assert entry.place == (0, 0)
    assert entry.to_check
    assert entry.alternatives == (("709", 0.3),)
