"""Doubt of the single-digit model about a digit that was read in a line.

The text of a line is decided by both networks together, so a line that one of them is sure of can
carry a digit that the other one contradicts. A whole component is a digit that the single-digit
model knows alone: there its doubt counts for the digit's confidence once more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.reader.sequence.arc_scores import ArcProbabilities

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassifierDoubtParameters:
    """How much the doubt of the single-digit model counts.

    Attributes:
        share: share of the digits that are wrong where that model excludes them and the line is
            sure. It has the least negative log-likelihood on 57,000 digits of synthetic strings
            and lines with MNIST's rows from 55,000 (0.6 and 0.7 on the two halves).
    """

    share: float = 0.6


CLASSIFIER_DOUBT = ClassifierDoubtParameters()


@dataclass(frozen=True, eq=False)
class ClassifierDoubt:
    """What the single-digit model says of a digit in a line.

    Attributes:
        probabilities: (10,) of the digits, by that model; None where it was not asked.
    """

    probabilities: Floats | None = None

    @classmethod
    def of(cls, probabilities: ArcProbabilities, arc: int) -> "ClassifierDoubt":
        """Return what it says of the ink of an arc: nothing, unless that is a whole component."""
        asked = probabilities.p_digit[arc] > 0
        return cls(probabilities.classifier[arc] if asked else None)

    def factor(self, digit: int) -> float:
        """Return the factor, 0 to 1, on the confidence of a digit."""
        if self.probabilities is None:
            return 1.0
        return 1 - CLASSIFIER_DOUBT.share * (1 - float(self.probabilities[digit]))

    def with_alternatives(self, digits: Floats, digit: int) -> Floats:
        """Add the digits that the model sees instead to the alternatives of a digit.

        Args:
            digits: (10,) probabilities of the digits by the line; their sum is 1.
            digit: the digit that was read; it stays the likeliest one.
        """
        if self.probabilities is None:
            return digits
        others = CLASSIFIER_DOUBT.share * self.probabilities
        others[digit] = 0
        mixed = self.factor(digit) * digits + others
        mixed[digit] = max(mixed[digit], (1 + 1e-6) * float(np.delete(mixed, digit).max()))
        return np.asarray(mixed / mixed.sum(), np.float64)
