"""Which numbers stand in a page's grids and where, and which cells are to be checked."""

from collections.abc import Iterable, Iterator

from digitus.reader.results.reading import Box, Cell, Grid, Number, PageReading


def in_a_grid(number: Number, page: PageReading) -> bool:
    """Return whether a number of a page stands in one of its grids."""
    return _grid_around(number, page) is not None


def beside_the_grids(pages: Iterable[PageReading]) -> int:
    """Count the numbers that stand in no cell: a table of grids leaves them out."""
    return sum(not in_a_grid(number, page) for page in pages for number in page.numbers)


def place_in_grid(number: Number, page: PageReading) -> tuple[int, int] | None:
    """Return row and column, both from 1, of a number's cell; None outside of the grids.

    A digit may reach far out of its cell, so the nearest cell with the number's text counts.
    """
    grid = _grid_around(number, page)
    if grid is None:
        return None
    own = ((row, col, cell) for row, col, cell in _cells(grid) if cell.text == number.text)
    nearest = min(own, key=lambda one: _distance(one[2].box, number.box), default=None)
    return None if nearest is None else nearest[:2]


def number_in(cell: Cell, page: PageReading) -> Number | None:
    """Return the number of a cell; None if it has none."""
    if cell.verdict != "digit":
        return None
    own = (number for number in page.numbers if number.text == cell.text)
    return min(own, key=lambda number: _distance(cell.box, number.box), default=None)


def cells_to_check(page: PageReading) -> Iterator[tuple[int, int, Cell]]:
    """Return row, column (both from 1) and cell wherever a doubtful cell has no number."""
    for grid in page.grids:
        for row, col, cell in _cells(grid):
            if cell.to_check and cell.verdict != "digit":
                yield row, col, cell


def n_to_check(page: PageReading) -> int:
    """Count what should be looked at on a page: numbers, and cells without one."""
    return sum(number.to_check for number in page.numbers) + sum(1 for _ in cells_to_check(page))


def _cells(grid: Grid) -> Iterator[tuple[int, int, Cell]]:
    for row, cells in enumerate(grid.rows, start=1):
        for col, cell in enumerate(cells, start=1):
            yield row, col, cell


def _grid_around(number: Number, page: PageReading) -> Grid | None:
    """Find the grid that holds the middle of a number."""
    return next((grid for grid in page.grids if not _distance(grid.box, number.box)), None)


def _distance(outer: Box, inner: Box) -> float:
    """Return how far the middle of a box lies outside of another, in pixels; 0.0 within it."""
    left, top, width, height = outer
    col, row = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return max(left - col, 0.0, col - left - width) + max(top - row, 0.0, row - top - height)
