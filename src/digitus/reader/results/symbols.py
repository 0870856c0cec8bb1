"""Input and output of the sequence recognition: line images and their symbols."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import MarkKind
from digitus.reader.results.reading import Box

_Item = TypeVar("_Item")

Kind: TypeAlias = Literal["digit", "space", "other"] | MarkKind


@dataclass(frozen=True, eq=False)
class LineImage:
    """Ink of neighboring symbols: a number, a part of one, or a word.

    Attributes:
        ink: (rows, cols), 0.0 paper to 1.0 full ink; a crop of the page without ink of others.
        left: column of the crop's first pixel in the page.
        top: row of the crop's first pixel in the page.
        height_px: typical height of a digit of the line, in pixels; cuts and marks are measured
            by it.
    """

    ink: Ink
    left: int
    top: int
    height_px: float


@dataclass(frozen=True, eq=False)
class Symbol:
    """One digit, one mark, or something else in a line image.

    Attributes:
        kind: ``digit``; a mark, such as ``point``; ``space`` for the gap between the thousands of a
            number; ``other`` for letters and scribbles.
        box: left, top, width and height of its ink in the page, in pixels.
        probabilities: (10,) of the digits if it is one, summing to one; None where they are
            unknown.
        p_digit: probability, 0 to 1, that it is a digit at all.
        confidence: calibrated probability, 0 to 1, that exactly this digit, mark or space stands in
            this place; 0 for the kind ``other``.
        is_read: False for a mark that the likeliest text of the line leaves out and others have;
            its confidence is the probability that it is there.
        columns: first column and width of its ink without a flat tail, where that differs.
    """

    kind: Kind
    box: Box
    probabilities: NDArray[np.float64] | None = None
    p_digit: float = 0.0
    confidence: float = 0.0
    is_read: bool = True
    columns: tuple[int, int] | None = None

    @property
    def is_mark(self) -> bool:
        """Whether it is a mark."""
        return self.kind not in ("digit", "space", "other")

    @property
    def body(self) -> tuple[int, int]:
        """First column and width of its ink, without a flat tail."""
        return self.columns or (self.box[0], self.box[2])

    @property
    def digit(self) -> int | None:
        """The likeliest digit; None where the probabilities are unknown."""
        return None if self.probabilities is None else int(self.probabilities.argmax())


Lines: TypeAlias = Sequence[Sequence[Sequence[Symbol]]]
"""Line images of each line of a page, each given by its symbols from left to right."""


def with_marks_between(
    symbols: Sequence[_Item], marks: Sequence[_Item], middle: Callable[[_Item], float]
) -> list[_Item]:
    """Insert marks by the middle of their columns into symbols whose order stays.

    The box of a symbol that a ruled line runs through is as wide as the line, so the middles of
    boxes do not give the order of digits.

    Args:
        symbols: in reading order.
        marks: in any order; each comes before the first symbol whose middle is further right.
        middle: returns the middle of a symbol's columns, in any unit.
    """
    merged = list(symbols)
    for mark in marks:
        behind = (place for place, one in enumerate(merged) if middle(one) > middle(mark))
        merged.insert(next(behind, len(merged)), mark)
    return merged
