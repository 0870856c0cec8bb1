"""What the reading of strings takes and gives: a run of ink, and the pieces it is made of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height, in pixels of the upright page."""

Kind: TypeAlias = Literal["digit", "dot", "comma", "dash", "other"]


@dataclass(frozen=True, eq=False)
class LineImage:
    """Ink that stands beside each other: a number, a part of one, or a word.

    Attributes:
        ink: (rows, cols) 0.0 paper to 1.0 full ink; a crop that holds this run's parts alone.
        left: column of the crop's first pixel in the page.
        top: row of the crop's first pixel in the page.
        height_px: typical height of a digit hereabouts; cuts and marks are measured by it.
    """

    ink: Ink
    left: int
    top: int
    height_px: float


@dataclass(frozen=True, eq=False)
class Symbol:
    """One digit, one mark, or something else in a run.

    Attributes:
        kind: ``digit``; a mark (``dot``, ``comma``, ``dash``); ``other`` for letters and scrap.
        box: of its ink, in the page.
        probabilities: (10,) of the digits if it is one, summing to one; None for a mark or scrap
            that was never judged.
        is_digit: probability, 0 to 1, that it is a digit at all; 0 for a mark.
        confidence: calibrated probability, 0 to 1, that exactly ``digit`` stands in this place;
            0 unless it is a digit.
    """

    kind: Kind
    box: Box
    probabilities: NDArray[np.float64] | None = None
    is_digit: float = 0.0
    confidence: float = 0.0

    @property
    def digit(self) -> int | None:
        """The likeliest digit; None where none was judged."""
        return None if self.probabilities is None else int(self.probabilities.argmax())
