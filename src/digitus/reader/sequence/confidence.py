"""Honest confidences of digits and of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from digitus.models.sequence_file import shipped_sequence_weights
from digitus.reader.results.symbols import Symbol

LEAST = 1e-12  # doubt that still tells; a text without any rival has none


@dataclass(frozen=True)
class Calibration:
    """What was measured on strings that were held out.

    Attributes:
        slope: by which the log odds of a digit's posterior are multiplied.
        offset: that is added to them.
    """

    slope: float
    offset: float

    def calibrated(self, posterior: float) -> float:
        """Turn a posterior of the lattice, 0 to 1, into an honest probability (J. Platt, 1999)."""
        sure = min(max(posterior, LEAST), 1 - LEAST)
        odds = self.slope * np.log(sure / (1 - sure)) + self.offset
        return float(1 / (1 + np.exp(-odds)))


def number_confidence(pieces: Sequence[Symbol]) -> float:
    """Probability that all digits of a number are right; 0.0 without digits.

    >>> number_confidence([])
    0.0
    """
    sure = [piece.confidence for piece in pieces if piece.kind == "digit"]
    return float(np.prod(sure)) if sure else 0.0


@cache
def shipped_calibration() -> Calibration:
    """Load what comes with the program."""
    weights = shipped_sequence_weights()
    return Calibration(weights.slope, weights.offset)
