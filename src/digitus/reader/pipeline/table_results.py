"""Make the cells of grids, and put their numbers among the text lines of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from statistics import median

from digitus.reader.orientation.ink_components import find_ink_components
from digitus.reader.pipeline.assembly import join_numbers, make_number
from digitus.reader.pipeline.letters import (
    count_sure_letters,
    letters_in_words,
    letters_of,
    wide_as_letters,
)
from digitus.reader.pipeline.number_grouping import group_numbers
from digitus.reader.pipeline.plausibility import is_probably_right
from digitus.reader.pipeline.regions import ReadCell, ReadGrid
from digitus.reader.pipeline.thresholds import CHECK_BELOW, Thresholds
from digitus.reader.pipeline.unread_marks import set_aside, with_unread_marks
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
        min_letters: least number of letters of a word. If so many are sure, its other symbols are
            letters, too; with fewer sure ones it may have to be checked.
        min_letters_struck_out: the same for a word whose strokes look struck out, where each letter
            must stand alone: what is struck out is joined by the stroke.
        min_letter_height: least height of a letter that stands alone, in digit heights.
        min_height_doubtful: least median height of the digits of a doubtful number, over that of
            the sure digits of the grid; lower ones are the letters of a word.
        word_share: share of the filled cells of a row or column that hold words, from which
            it is a heading.
        p_in_heading: factor on the confidence of a number in a heading: below the threshold of
            numbers to check.
        p_several: the same of a cell with more than one number.
    """

    min_confidence_struck_out: float = 0.95
    max_p_digit_letter: float = 0.1
    min_letters: int = 2
    min_letters_struck_out: int = 3
    min_letter_height: float = 0.4
    min_height_doubtful: float = 0.65
    word_share: float = 0.6
    p_in_heading: float = 0.85
    p_several: float = 0.85


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
    rows = [[_read(cell) for cell in row] for row in grid.rows]
    return GridResult(grid.box, _with_doubt_in_headings(_without_low_numbers(rows)))


def insert_rows(lines: Sequence[Line], grids: Sequence[GridResult]) -> list[Line]:
    """Insert the lines of each grid after those text lines that lie above its middle."""
    inserted = list(lines)
    for one in reversed(grids):
        middle = one.box[1] + one.box[3] / 2
        place = sum(line.box[1] + line.box[3] / 2 < middle for line in lines)
        inserted[place:place] = one.lines
    return inserted


def _read(cell: ReadCell) -> CellResult:
    return CellResult(_without_number(cell), _number_in(cell))


def _without_low_numbers(rows: Sequence[Sequence[CellResult]]) -> list[list[CellResult]]:
    """Leave out the doubtful numbers that are far lower than the sure ones of the grid."""
    numbers = [one.number for row in rows for one in row if one.number is not None]
    sure = [
        digit.box[3] for one in numbers if one.confidence >= CHECK_BELOW for digit in one.digits
    ]
    least_px = CELL_RESULTS.min_height_doubtful * median(sure or [0])

    def is_low(number: Number) -> bool:
        height_px = median(digit.box[3] for digit in number.digits)
        return number.confidence < CHECK_BELOW and height_px < least_px

    return [
        [
            replace(one, number=None) if one.number is not None and is_low(one.number) else one
            for one in row
        ]
        for row in rows
    ]


def _number_in(cell: ReadCell) -> Number | None:
    """Return the number in a cell; None where it is blank, struck out, or probably a word."""
    read, unread = set_aside([[cell.symbols]])
    ((symbols,),) = wide_as_letters(read)
    lines = group_numbers([[letters_in_words(symbols)]], doubt_ones=False)
    groups = [one for line in with_unread_marks(lines, unread) for one in line]
    if not groups:
        return None
    p_complete = prod(one.p_complete for one in groups)
    p_complete *= CELL_RESULTS.p_several if len(groups) > 1 else 1.0
    symbols = [symbol for one in groups for symbol in one.symbols]
    if _begins_as_word(cell.symbols, sum(one.kind == "digit" for one in symbols)):
        return None
    number = make_number(symbols, p_complete=p_complete)
    if cell.ink.is_struck_out and number.confidence < CELL_RESULTS.min_confidence_struck_out:
        return None
    return number if is_probably_right(number) else None


def _begins_as_word(symbols: Sequence[Symbol], n_digits: int) -> bool:
    """Return whether sure letters, as many as digits follow and two at least, begin a cell."""
    first_digit = next(place for place, one in enumerate(symbols) if one.kind == "digit")
    n_letters = count_sure_letters(symbols[:first_digit])
    return n_letters >= max(CELL_RESULTS.min_letters, n_digits)


def _without_number(cell: ReadCell) -> Cell:
    """Make a cell with the reason why it has no number."""
    blank = Cell("", "blank", None, False, cell.ink.box)
    n_letters = count_sure_letters(cell.symbols)
    if cell.ink.is_struck_out:
        is_word = n_letters >= CELL_RESULTS.min_letters_struck_out and (
            _count_apart(cell) >= CELL_RESULTS.min_letters_struck_out
        )
        return replace(blank, verdict="word" if is_word else "struck_out")
    if cell.ink.is_blank:
        return blank
    if n_letters >= CELL_RESULTS.min_letters:
        return replace(blank, verdict="word")
    to_check = not cell.symbols or any(map(_may_be_digit, cell.symbols))
    is_word = n_letters > 0 and len(letters_of(cell.symbols)) >= CELL_RESULTS.min_letters
    return replace(blank, verdict="word" if is_word else "not_a_digit", to_check=to_check)


def _count_apart(cell: ReadCell) -> int:
    """Count the pieces of ink of a cell that are as high as a letter and touch no other."""
    heights = [
        (box[3] - box[1]) / image.height_px
        for image in cell.ink.line_images
        for box in find_ink_components(image.ink).boxes.tolist()
    ]
    return sum(height >= CELL_RESULTS.min_letter_height for height in heights)


def _with_doubt_in_headings(rows: Sequence[Sequence[CellResult]]) -> list[list[CellResult]]:
    """Doubt the numbers of rows and columns in which most cells hold words."""
    in_row = [_is_heading(row) for row in rows]
    in_column = [_is_heading(column) for column in zip(*rows, strict=True)]
    return [
        [
            _doubted(one) if is_row or is_column else one
            for one, is_column in zip(row, in_column, strict=True)
        ]
        for row, is_row in zip(rows, in_row, strict=True)
    ]


def _is_heading(cells: Sequence[CellResult]) -> bool:
    words = sum(one.cell.verdict == "word" for one in cells)
    filled = sum(one.cell.verdict != "blank" for one in cells)
    return words > 1 and words >= CELL_RESULTS.word_share * filled


def _doubted(result: CellResult) -> CellResult:
    if result.number is None:
        return result
    number, factor = result.number, CELL_RESULTS.p_in_heading
    alternatives = tuple((text, factor * probability) for text, probability in number.alternatives)
    confidence = factor * number.confidence
    doubted = replace(number, confidence=confidence, alternatives=alternatives)
    return replace(result, number=doubted)


def _may_be_digit(symbol: Symbol) -> bool:
    return symbol.kind == "digit" or symbol.p_digit > CELL_RESULTS.max_p_digit_letter
