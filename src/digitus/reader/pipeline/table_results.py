"""Make the cells of grids, and put their numbers among the text lines of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitus.reader.pipeline.assembly import join_numbers, make_number
from digitus.reader.pipeline.letters import letters_in_words
from digitus.reader.pipeline.plausibility import is_probably_right
from digitus.reader.pipeline.regions import ReadCell, ReadGrid
from digitus.reader.pipeline.thresholds import Thresholds
from digitus.reader.results.reading import Box, Cell, Grid, Line, Number
from digitus.reader.results.symbols import Symbol


@dataclass(frozen=True)
class CellResultParameters:
    """Limits for what a cell holds.

    Set by hand: loops of digits look struck out, but ink that is struck out is hardly ever read
    with confidence.

    Attributes:
        min_confidence_struck_out: least confidence of a number that is kept although its strokes
            look struck out.
        max_p_digit_letter: greatest probability of being a digit for each symbol of a cell that has
            no number and need not be checked.
    """

    min_confidence_struck_out: float = 0.95
    max_p_digit_letter: float = 0.1


CELL_RESULTS = CellResultParameters()


@dataclass(frozen=True)
class CellResult:
    """A cell and the number in it.

    Attributes:
        without_number: the cell with the verdict that it has without a number.
        number: its number; None if it has none.
    """

    without_number: Cell
    number: Number | None

    @property
    def cell(self) -> Cell:
        """The cell with its number, or with the reason why it has none."""
        number, box = self.number, self.without_number.box
        if number is None:
            return self.without_number
        return Cell(number.text, "digit", number.confidence, number.to_check, box)


@dataclass(frozen=True)
class GridResult:
    """A grid and the numbers in its cells, row by row."""

    box: Box
    rows: list[list[CellResult]]

    @property
    def grid(self) -> Grid:
        """The grid as a part of the reading."""
        return Grid(self.box, tuple(tuple(one.cell for one in row) for row in self.rows))

    @property
    def lines(self) -> list[Line]:
        """A text line for each row that holds a number."""
        rows = ([one.number for one in row if one.number is not None] for row in self.rows)
        return [join_numbers(numbers) for numbers in rows if numbers]

    def with_thresholds(self, thresholds: Thresholds) -> "GridResult":
        """Return the grid with doubtful digits declined and doubtful numbers flagged."""
        rows = [
            [
                one
                if one.number is None
                else replace(one, number=thresholds.apply_to_number(one.number))
                for one in row
            ]
            for row in self.rows
        ]
        return GridResult(self.box, rows)


def make_grid(grid: ReadGrid) -> GridResult:
    """Make numbers and verdicts from the symbols of each cell of a grid."""
    rows = [
        [CellResult(_without_number(cell), _number_in(cell)) for cell in row] for row in grid.rows
    ]
    return GridResult(grid.box, rows)


def insert_rows(lines: Sequence[Line], grids: Sequence[GridResult]) -> list[Line]:
    """Insert the lines of each grid after those text lines that lie above its middle."""
    inserted = list(lines)
    for one in reversed(grids):
        middle = one.box[1] + one.box[3] / 2
        place = sum(line.box[1] + line.box[3] / 2 < middle for line in lines)
        inserted[place:place] = one.lines
    return inserted


def _number_in(cell: ReadCell) -> Number | None:
    """Return the number in a cell; None where it is blank, struck out, or probably a word."""
    symbols = letters_in_words(cell.symbols)
    if not any(symbol.kind == "digit" for symbol in symbols):
        return None
    number = make_number(symbols)
    if cell.ink.is_struck_out and number.confidence < CELL_RESULTS.min_confidence_struck_out:
        return None
    return number if is_probably_right(number) else None


def _without_number(cell: ReadCell) -> Cell:
    """Make a cell with the reason why it has no number."""
    blank = Cell("", "blank", None, False, cell.ink.box)
    if cell.ink.is_struck_out:
        return replace(blank, verdict="struck_out")
    if cell.ink.is_blank:
        return blank
    to_check = not cell.symbols or any(map(_may_be_digit, cell.symbols))
    return replace(blank, verdict="not_a_digit", to_check=to_check)


def _may_be_digit(symbol: Symbol) -> bool:
    return symbol.kind == "digit" or symbol.p_digit > CELL_RESULTS.max_p_digit_letter
