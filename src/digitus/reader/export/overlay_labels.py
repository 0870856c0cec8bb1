"""What an overlay says: the frames of a reading, each with its text and its kind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from digitus.reader.pipeline.assembly import scale_box
from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.as_written import written
from digitus.reader.results.reading import Box, Cell, Number, PageReading

Kind: TypeAlias = Literal["sure", "fair", "doubtful", "none", "cell"]

FAIR_BELOW = 0.97


@dataclass(frozen=True)
class Label:
    """What is drawn at a box.

    Attributes:
        box: of the number, or of the cell.
        text: what was read; empty for a cell that needs no word.
        kind: how sure that is; its colour and shape.
        is_cell: whether the text stands in the box, as in a cell, not beside it.
        bars: boxes of the digits that make it doubtful.
    """

    box: Box
    text: str
    kind: Kind
    is_cell: bool = False
    bars: tuple[Box, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether it is to be checked."""
        return self.kind == "doubtful"

    def scaled(self, factor: float) -> "Label":
        """Return it on an image that is larger by a factor."""
        bars = tuple(scale_box(box, factor) for box in self.bars)
        return replace(self, box=scale_box(self.box, factor), bars=bars)


def labels_of(reading: PageReading) -> Iterator[Label]:
    """Return a label for each number, for each cell without one, and for the other cells."""
    for number in reading.numbers:
        bars = _doubtful_digits(number) if number.to_check else ()
        text = f"{written(number)} ?" if number.to_check else written(number)
        yield Label(number.box, text, _kind(number), bars=bars)
    for grid in reading.grids:
        yield from (_of_cell(cell) for row in grid.rows for cell in row)


def _kind(number: Number) -> Kind:
    if number.to_check:
        return "doubtful"
    return "fair" if number.confidence < FAIR_BELOW else "sure"


def _doubtful_digits(number: Number) -> tuple[Box, ...]:
    """Return the boxes of the digits that make a number doubtful: the least sure one at least."""
    lowest = min(digit.confidence for digit in number.digits)
    least = max(lowest, CHECK_BELOW)
    doubtful = (one for one in number.digits if one.digit is None or one.confidence <= least)
    return tuple(one.box for one in doubtful)


def _of_cell(cell: Cell) -> Label:
    """Tell of a cell what no number tells: that it is struck out, or holds no digit."""
    if cell.verdict not in ("not_a_digit", "struck_out"):
        return Label(cell.box, "", "cell", is_cell=True)
    text = cell.verdict.replace("_", " ")
    if cell.to_check:
        return Label(cell.box, f"{text} ?", "doubtful", is_cell=True)
    return Label(cell.box, text, "none", is_cell=True)
