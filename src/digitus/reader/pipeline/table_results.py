"""Make the cells of grids, and put their numbers among the text lines of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitus.reader.pipeline.assembly import join_numbers, make_number
from digitus.reader.pipeline.number_grouping import letters_in_words
from digitus.reader.pipeline.plausibility import is_probably_right
from digitus.reader.pipeline.regions import ReadCell, ReadGrid
from digitus.reader.pipeline.thresholds import Thresholds
from digitus.reader.results.reading import Cell, Grid, Line, Number
from digitus.reader.results.symbols import Symbol


@dataclass(frozen=True)
class CellParameters:
    """Limits for what a cell holds.

    Attributes:
        min_confidence_struck_out: a number as sure as this is kept though its strokes look struck
            out: loops of digits do, and ink that is struck out is hardly ever read with confidence.
        max_p_digit_letter: a cell without a number need not be checked if each of its symbols is a
            digit with at most this probability.
    """

    min_confidence_struck_out: float = 0.95
    max_p_digit_letter: float = 0.1


CELLS = CellParameters()


@dataclass(frozen=True)
class GridResult:
    """A grid, and a text line for each of its rows that holds a number."""

    grid: Grid
    lines: list[Line]


def make_grid(grid: ReadGrid, thresholds: Thresholds) -> GridResult:
    """Make a grid of its symbols.

    Args:
        grid: with the symbols of each cell.
        thresholds: decline digits and flag numbers.
    """
    rows, lines = [], []
    for cells in grid.rows:
        numbers = [_number_in(cell, thresholds) for cell in cells]
        rows.append(tuple(map(_make_cell, cells, numbers)))
        found = [number for number in numbers if number is not None]
        lines += [join_numbers(found)] if found else []
    return GridResult(Grid(grid.box, tuple(rows)), lines)


def insert_rows(lines: Sequence[Line], grids: Sequence[GridResult]) -> list[Line]:
    """Insert the lines of each grid after those text lines that lie above its middle."""
    inserted = list(lines)
    for one in reversed(grids):
        middle = one.grid.box[1] + one.grid.box[3] / 2
        place = sum(line.box[1] + line.box[3] / 2 < middle for line in lines)
        inserted[place:place] = one.lines
    return inserted


def _number_in(cell: ReadCell, thresholds: Thresholds) -> Number | None:
    """Return the number in a cell; None where it is blank, struck out, or probably a word."""
    symbols = letters_in_words(cell.symbols)
    if not any(symbol.kind == "digit" for symbol in symbols):
        return None
    number = make_number(symbols)
    if cell.ink.is_struck_out and number.confidence < CELLS.min_confidence_struck_out:
        return None
    return thresholds.apply_to_number(number) if is_probably_right(number) else None


def _make_cell(cell: ReadCell, number: Number | None) -> Cell:
    """Make a cell: with its number, or with the reason why it has none."""
    box = cell.ink.box
    if number is not None:
        return Cell(number.text, "digit", number.confidence, number.to_check, box)
    blank = Cell("", "blank", None, False, box)
    if cell.ink.is_struck_out:
        return replace(blank, verdict="struck_out")
    if cell.ink.is_blank:
        return blank
    to_check = not cell.symbols or any(map(_may_be_digit, cell.symbols))
    return replace(blank, verdict="not_a_digit", to_check=to_check)


def _may_be_digit(symbol: Symbol) -> bool:
    return symbol.kind == "digit" or symbol.p_digit > CELLS.max_p_digit_letter
