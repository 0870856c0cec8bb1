"""Ground truth of a held-out page: numbers as written, in reading order, with their boxes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""

Move: TypeAlias = Callable[[Box], Box]
"""Maps a box to its new place."""

SIGNS = {
    ".": "point",
    ",": "comma",
    "-": "minus",
    "+": "plus",
    "/": "slash",
    ":": "colon",
    "%": "percent",
    "(": "left_bracket",
    ")": "right_bracket",
}
"""The kind of each mark by its character."""


@dataclass(frozen=True)
class Symbol:
    """A digit or a mark of a number, and the box of its ink."""

    character: str
    box: Box


@dataclass(frozen=True)
class TrueNumber:
    """The digits and marks of a number from left to right."""

    symbols: tuple[Symbol, ...]

    @property
    def text(self) -> str:
        """The number as written, marks included."""
        return "".join(symbol.character for symbol in self.symbols)

    @property
    def box(self) -> Box:
        """The box around all its symbols."""
        return bounding_box([symbol.box for symbol in self.symbols])

    def moved(self, move: Move) -> "TrueNumber":
        """Return the number with all boxes moved."""
        return TrueNumber(tuple(replace(one, box=move(one.box)) for one in self.symbols))


@dataclass(frozen=True, eq=False)
class HeldOutPage:
    """The image of a page, and what is written on it.

    Attributes:
        image: (rows, cols, 3) uint8, red, green and blue.
        numbers: in reading order.
        words: boxes of what is no number: words, units, letters with their brackets.
    """

    image: NDArray[np.uint8]
    numbers: tuple[TrueNumber, ...]
    words: tuple[Box, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The numbers as written, in reading order."""
        return tuple(number.text for number in self.numbers)


def bounding_box(boxes: list[Box]) -> Box:
    """Return the smallest box around boxes.

    >>> bounding_box([(2, 3, 4, 5), (0, 6, 3, 4)])
    (0, 3, 6, 7)
    """
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top
