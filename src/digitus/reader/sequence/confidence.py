"""Calibration of the confidences of digits."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from digitus.models.sequence_file import shipped_sequence_weights

LEAST = 1e-12
"""Least distance of a posterior from 0 and 1, so that its log odds are finite; set by hand."""


@dataclass(frozen=True)
class Calibration:
    """A logistic calibration of posteriors (J. Platt 1999), fitted on held-out lines.

    Attributes:
        slope: factor of the log odds of a digit's posterior.
        offset: added to them.
    """

    slope: float
    offset: float

    def calibrated(self, posterior: float) -> float:
        """Return the calibrated probability, 0 to 1, of a posterior, 0 to 1."""
        clipped = min(max(posterior, LEAST), 1 - LEAST)
        odds = self.slope * np.log(clipped / (1 - clipped)) + self.offset
        return float(1 / (1 + np.exp(-odds)))


@cache
def shipped_calibration() -> Calibration:
    """Load the calibration that is shipped."""
    weights = shipped_sequence_weights()
    return Calibration(weights.slope, weights.offset)
