"""Places of numbers in the grids of a page, and the cells and numbers to be checked."""

from collections.abc import Iterable, Iterator

from digitus.reader.results.reading import Box, Cell, Grid, Number, PageReading


def in_a_grid(number: Number, page: PageReading) -> bool:
    """Return whether a number lies in one of the grids of its page."""
    return _grid_around(number, page) is not None


def beside_the_grids(pages: Iterable[PageReading]) -> int:
    """Return how many numbers lie in no grid: the tables of grids do not hold them."""
    return sum(not in_a_grid(number, page) for page in pages for number in page.numbers)


def place_in_grid(number: Number, page: PageReading) -> tuple[int, int] | None:
    """Return row and column, both from 1, of a number's cell; None outside of the grids.

    A digit may reach far out of its cell, so its cell is the nearest one with the number's text.
    """
    grid = _grid_around(number, page)
    if grid is None:
        return None
    own = ((row, col, cell) for row, col, cell in _cells(grid) if cell.text == number.text)
    nearest = min(own, key=lambda one: _distance(one[2].box, number.box), default=None)
    return None if nearest is None else nearest[:2]


def number_in(cell: Cell, page: PageReading) -> Number | None:
    """Return the number in a cell; None if it has none."""
    if cell.verdict != "digit":
        return None
    own = (number for number in page.numbers if number.text == cell.text)
    return min(own, key=lambda number: _distance(cell.box, number.box), default=None)


def cells_to_check(page: PageReading) -> Iterator[tuple[int, int, Cell]]:
    """Yield row and column, both from 1, and cell of each cell to be checked without a number."""
    for grid in page.grids:
        for row, col, cell in _cells(grid):
            if cell.to_check and cell.verdict != "digit":
                yield row, col, cell


def n_to_check(page: PageReading) -> int:
    """Return how many numbers, and cells without a number, are to be checked on a page."""
    return sum(number.to_check for number in page.numbers) + sum(1 for _ in cells_to_check(page))


def _cells(grid: Grid) -> Iterator[tuple[int, int, Cell]]:
    for row, cells in enumerate(grid.rows, start=1):
        for col, cell in enumerate(cells, start=1):
            yield row, col, cell


def _grid_around(number: Number, page: PageReading) -> Grid | None:
    """Return the grid that holds the middle of a number; None if there is none."""
    return next((grid for grid in page.grids if not _distance(grid.box, number.box)), None)


def _distance(outer: Box, inner: Box) -> float:
    """Return the distance in pixels of the middle of a box from another box; 0.0 within it."""
    left, top, width, height = outer
    col, row = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return max(left - col, 0.0, col - left - width) + max(top - row, 0.0, row - top - height)
