"""Error bounds: the risk-coverage curve of held-out answers, and the thresholds that follow.

The curve says how many of the answers above a confidence were wrong (El-Yaniv and Wiener 2010). A
threshold is chosen so that the error rate above it stays below a bound with 95 % confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

CONFIDENCE_LEVEL = 0.95
"""One-sided level of the error rates' upper bounds."""


@dataclass(frozen=True)
class ErrorCurve:
    """Risk-coverage curve: the errors among the answers above each confidence.

    Attributes:
        n: number of held-out answers.
        confidence: of each wrong answer, descending.
        kept: for each wrong answer, the number of answers with a higher confidence.

    Raises:
        ValueError: if the lists are not of one length, ordered and within range.
    """

    n: int
    confidence: tuple[float, ...]
    kept: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse lists that `measure` cannot have made."""
        confidence, kept = np.array(self.confidence, float), np.array(self.kept, int)
        if (
            self.n < 1
            or len(confidence) != len(kept)
            or not ((confidence >= 0) & (confidence <= 1)).all()
            or not ((kept >= 0) & (kept < self.n)).all()
            or (np.diff(confidence) > 0).any()
            or (np.diff(kept) < 0).any()
        ):
            raise ValueError("the error curve is not one that was measured")

    @classmethod
    def measure(cls, confidence: ArrayLike, right: ArrayLike) -> "ErrorCurve":
        """Count errors by confidence.

        Args:
            confidence: (n,) 0 to 1, of each answer.
            right: (n,) whether it was right.

        >>> ErrorCurve.measure([0.9, 0.8, 0.7], [True, False, True])
        ErrorCurve(n=3, confidence=(0.8,), kept=(1,))
        """
        values = np.asarray(confidence, np.float64)
        wrong = -np.sort(-values[~np.asarray(right, bool)])
        kept = len(values) - np.searchsorted(np.sort(values), wrong, side="right")
        return cls(len(values), tuple(wrong.tolist()), tuple(kept.tolist()))

    def threshold(self, max_error: float) -> float | None:
        """Find the lowest confidence above which the error rate stays below ``max_error``.

        Of the answers above the confidence of the i-th wrong answer, i - 1 are wrong. The threshold
        is the lowest such confidence for which the one-sided 95 % upper bound of the error rate
        (Clopper and Pearson 1934) is at most ``max_error``.

        Args:
            max_error: largest error rate, 0 to 1.

        Returns:
            The confidence that an answer must exceed; 0.0 keeps all answers. None if the held-out
            answers are too few or too often wrong for any threshold.
        """
        kept = [*self.kept, self.n]
        thresholds = [*self.confidence, 0.0]
        for wrong in reversed(range(len(kept))):
            if upper_bound(wrong, kept[wrong]) <= max_error:
                return thresholds[wrong]
        return None

    def kept_above(self, threshold: float) -> int:
        """Count the held-out answers above a value that `threshold` returned.

        >>> ErrorCurve(3, (0.8,), (1,)).kept_above(0.8)
        1
        """
        return self.kept[self.confidence.index(threshold)] if threshold else self.n

    def least_error(self) -> float:
        """Return the smallest ``max_error`` for which `threshold` finds one, 0 to 1."""
        return min(map(upper_bound, range(len(self.kept) + 1), (*self.kept, self.n)))

    def to_json(self) -> dict[str, Any]:
        """Return the curve as JSON types."""
        return {"n": self.n, "confidence": list(self.confidence), "kept": list(self.kept)}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "ErrorCurve":
        """Make a curve from the output of `to_json`."""
        confidence: Sequence[float] = entry["confidence"]
        return cls(int(entry["n"]), tuple(map(float, confidence)), tuple(map(int, entry["kept"])))


def upper_bound(wrong: int, n: int) -> float:
    """Return the one-sided 95 % upper bound of an error rate (Clopper and Pearson 1934).

    Args:
        wrong: number of wrong answers.
        n: number of answers.

    >>> round(upper_bound(0, 300), 4)
    0.0099
    """
    # The quantile itself: scipy.stats takes 0.5 s longer to import, in the first prediction.
    from scipy.special import betaincinv

    return 1.0 if wrong >= n else float(betaincinv(wrong + 1, n - wrong, CONFIDENCE_LEVEL))


def format_error_rate(rate: float) -> str:
    """Write an error rate above 0 as a percentage with two significant digits, rounded up.

    Rounded up, because a bound below the rate cannot be kept.

    >>> format_error_rate(0.000299527), format_error_rate(0.0951), format_error_rate(1.0)
    ('0.03%', '9.6%', '100%')
    """
    unit = 10.0 ** (floor(log10(100 * rate)) - 1)
    return f"{ceil(100 * rate / unit) * unit:.6g}%"
