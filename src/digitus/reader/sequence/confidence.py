"""Calibration of the confidences of digits and marks."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from digitus.models.sequence.sequence_file import shipped_sequence_weights
from digitus.reader.results.symbols import Symbol

LEAST = 1e-12
"""Least distance of a posterior from 0 and 1, so that its log odds are finite; set by hand."""


@dataclass(frozen=True)
class Calibration:
    """A logistic calibration of posteriors (J. Platt 1999), fitted on held-out lines.

    Attributes:
        slope: factor of the log odds of a symbol's posterior.
        offset: added to them.
    """

    slope: float
    offset: float

    def calibrated(self, posterior: float) -> float:
        """Return the calibrated probability, 0 to 1, of a posterior, 0 to 1."""
        clipped = min(max(posterior, LEAST), 1 - LEAST)
        odds = self.slope * np.log(clipped / (1 - clipped)) + self.offset
        return float(1 / (1 + np.exp(-odds)))


@dataclass(frozen=True)
class SymbolCalibration:
    """Calibrations of the confidences of digits, and of marks."""

    digits: Calibration
    marks: Calibration

    def confidence_of(self, symbol: Symbol) -> float:
        """Return the calibrated confidence, 0 to 1, of a symbol whose confidence is a posterior."""
        if symbol.kind == "other":
            return 0.0
        if symbol.kind == "digit":
            return self.digits.calibrated(symbol.confidence)
        if symbol.is_read:
            return self.marks.calibrated(symbol.confidence)
        return 1 - self.marks.calibrated(1 - symbol.confidence)


@cache
def shipped_calibration() -> SymbolCalibration:
    """Load the calibration that is shipped."""
    weights = shipped_sequence_weights()
    return SymbolCalibration(Calibration(*weights.calibration), Calibration(*weights.of_marks))
