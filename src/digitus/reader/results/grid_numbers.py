"""Places of numbers in the grids of a page, and the cells and numbers to be checked."""

from collections.abc import Iterator
from typing import NamedTuple

from digitus.reader.results.reading import Box, Cell, Number, PageReading


class GridPlace(NamedTuple):
    """The place of a cell: its grid on the page, its row and its column, all from 1."""

    grid: int
    row: int
    column: int


def in_a_grid(number: Number, page: PageReading) -> bool:
    """Return whether a number lies in one of the grids of its page."""
    return _grid_around(number, page) is not None


def place_in_grid(number: Number, page: PageReading) -> GridPlace | None:
    """Return the place of a number's cell; None outside of the grids.

    A digit may reach far out of its cell, so its cell is the nearest one with the number's text.
    """
    grid = _grid_around(number, page)
    own = (
        (place, cell)
        for place, cell in cells_in_order(page)
        if place.grid == grid and cell.verdict == "digit" and cell.text == number.text
    )
    nearest = min(own, key=lambda one: _distance(one[1].box, number.box), default=None)
    return None if nearest is None else nearest[0]


def cells_in_order(page: PageReading) -> Iterator[tuple[GridPlace, Cell]]:
    """Yield each cell of a page's grids after its place."""
    for number, grid in enumerate(page.grids, start=1):
        for row, cells in enumerate(grid.rows, start=1):
            for column, cell in enumerate(cells, start=1):
                yield GridPlace(number, row, column), cell


def cells_to_check(page: PageReading) -> Iterator[tuple[GridPlace, Cell]]:
    """Yield each cell to be checked that has no number after its place."""
    for place, cell in cells_in_order(page):
        if cell.to_check and cell.verdict != "digit":
            yield place, cell


def n_to_check(page: PageReading) -> int:
    """Return how many numbers, and cells without a number, are to be checked on a page."""
    return sum(number.to_check for number in page.numbers) + sum(1 for _ in cells_to_check(page))


def _grid_around(number: Number, page: PageReading) -> int | None:
    """Return which grid, from 1, holds the middle of a number; None if there is none."""
    grids = enumerate(page.grids, start=1)
    return next((place for place, grid in grids if not _distance(grid.box, number.box)), None)


def _distance(outer: Box, inner: Box) -> float:
    """Return the distance in pixels of the middle of a box from another box; 0.0 within it."""
    left, top, width, height = outer
    col, row = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return max(left - col, 0.0, col - left - width) + max(top - row, 0.0, row - top - height)
