"""The cells of grids answered, and their numbers put among the lines of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from digitus.reader.pipeline.assembly import digits_of, line_of, make_cell, make_number
from digitus.reader.pipeline.plausibility import is_rather_right, without_words
from digitus.reader.pipeline.regions import GridInk
from digitus.reader.pipeline.thresholds import Thresholds
from digitus.reader.results.reading import Cell, Grid, Line, Number
from digitus.reader.results.symbols import Symbol
from digitus.reader.tables.cells import CellInk

_SURELY_DIGITS = 0.95
_SURELY_NONE = (
    0.1  # probability of being a digit up to which a letter or a scribble is told as such
)

Symbols = Sequence[Sequence[Symbol]]
"""Of the runs of one cell."""


def answer_grids(
    grids: Sequence[GridInk], pieces: Sequence[Symbols], thresholds: Thresholds
) -> list[tuple[Grid, list[Line]]]:
    """Answer every cell; give each grid with a line for every row that holds a number.

    Args:
        grids: of a page.
        pieces: of each cell, the cells of all grids row by row.
        thresholds: judge the numbers.
    """
    left = iter(pieces)
    return [_answer(grid, left, thresholds) for grid in grids]


def with_rows(lines: Sequence[Line], grids: Sequence[tuple[Grid, list[Line]]]) -> list[Line]:
    """Put the rows of grids among the lines, after those that lie higher than the grid."""
    found = list(lines)
    for grid, rows in reversed(grids):
        middle = grid.box[1] + grid.box[3] / 2
        place = sum(line.box[1] + line.box[3] / 2 < middle for line in lines)
        found[place:place] = rows
    return found


def _answer(
    grid: GridInk, pieces: Iterator[Symbols], thresholds: Thresholds
) -> tuple[Grid, list[Line]]:
    rows, lines = [], []
    for cells in grid.cells:
        inside = [next(pieces) for _ in cells]
        numbers = [_number(*one, thresholds) for one in zip(cells, inside, strict=True)]
        rows.append(tuple(map(_cell, cells, inside, numbers)))
        found = [number for number in numbers if number is not None]
        lines += [line_of(found)] if found else []
    return Grid(grid.box, tuple(rows)), lines


def _number(cell: CellInk, pieces: Symbols, thresholds: Thresholds) -> Number | None:
    """Read a cell's number; None where it is blank, struck out, or rather a word.

    A digit of loops can look struck out, but what is struck out is hardly ever a sure digit.
    """
    written = without_words(list(chain.from_iterable(pieces)))
    if not digits_of(written):
        return None
    number = make_number(written)
    if cell.is_struck_out and number.confidence < _SURELY_DIGITS:
        return None
    return thresholds.judge(number) if is_rather_right(number) else None


def _cell(cell: CellInk, pieces: Symbols, number: Number | None) -> Cell:
    struck_out = cell.is_struck_out and number is None
    made = make_cell(number, cell.box, blank=cell.is_blank, struck_out=struck_out)
    if made.verdict != "not_a_digit":
        return made
    judged = list(chain.from_iterable(pieces))
    return replace(made, to_check=not judged or any(map(_may_be_digit, judged)))


def _may_be_digit(piece: Symbol) -> bool:
    """Return whether a piece of a cell without a number may be a digit: letters are not."""
    return piece.kind == "digit" or piece.p_digit > _SURELY_NONE
