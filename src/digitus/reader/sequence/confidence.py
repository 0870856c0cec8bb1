"""Calibration of the confidences of digits."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

FILE = "calibration.json"
LEAST = 1e-12
"""Least doubt of a posterior, so that its log odds are finite; a text without rivals has none."""


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

    def to_json(self) -> dict[str, Any]:
        """Return the two numbers as JSON types."""
        return {"slope": self.slope, "offset": self.offset}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "Calibration":
        """Make a calibration from the JSON that ``to_json`` returned."""
        return cls(float(entry["slope"]), float(entry["offset"]))


@cache
def shipped_calibration() -> Calibration:
    """Load the calibration that is shipped."""
    text = (files("digitus.reader") / "weights" / FILE).read_text(encoding="utf-8")
    return Calibration.from_json(json.loads(text))
