"""How far a confidence can be trusted: errors among the answers kept, on held-out digits."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

_ONE_SIDED = 0.95


@dataclass(frozen=True)
class ErrorCurve:
    """What came of keeping only the answers above a confidence, on digits that were held out.

    Attributes:
        n: number of digits.
        confidence: of each wrong answer, falling.
        kept: answers with a confidence above that of the wrong one beside.

    Raises:
        ValueError: if the lists are not of one length, ordered and within range.
    """

    n: int
    confidence: tuple[float, ...]
    kept: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse what `measure` could not have made: thresholds will rest on it."""
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
        """Find the least confidence above which errors are rarer than ``max_error``, almost surely.

        Above the confidence of the i-th wrong answer, i - 1 of the answers kept were wrong. The
        threshold is the lowest of these whose error rate lies below ``max_error`` even at its
        one-sided 95 % bound (Clopper and Pearson 1934).

        Returns:
            The confidence that an answer must exceed: 0.0 keeps all, None says that no threshold
            can promise it, with so few digits held out.
        """
        kept = [*self.kept, self.n]
        thresholds = [*self.confidence, 0.0]
        for wrong in reversed(range(len(kept))):
            if upper_bound(wrong, kept[wrong]) <= max_error:
                return thresholds[wrong]
        return None

    def kept_above(self, threshold: float) -> int:
        """Count the held-out digits that were kept above what `threshold` gave.

        >>> ErrorCurve(3, (0.8,), (1,)).kept_above(0.8)
        1
        """
        return self.kept[self.confidence.index(threshold)] if threshold else self.n

    def least_error(self) -> float:
        """Return the smallest ``max_error`` for which there is a threshold, 0 to 1."""
        return min(map(upper_bound, range(len(self.kept) + 1), (*self.kept, self.n)))

    def to_json(self) -> dict[str, Any]:
        """Return the curve as JSON types."""
        return {"n": self.n, "confidence": list(self.confidence), "kept": list(self.kept)}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "ErrorCurve":
        """Take back what `to_json` gave."""
        confidence: Sequence[float] = entry["confidence"]
        return cls(int(entry["n"]), tuple(map(float, confidence)), tuple(map(int, entry["kept"])))


def upper_bound(wrong: int, n: int) -> float:
    """Return the error rate that ``wrong`` of n stays below with 95 % certainty.

    >>> round(upper_bound(0, 300), 4)
    0.0099
    """
    from scipy.special import betaincinv  # only thresholds need it, and SciPy is large

    return 1.0 if wrong >= n else float(betaincinv(wrong + 1, n - wrong, _ONE_SIDED))


def as_promise(least_error: float) -> str:
    """Write an error rate above 0 with two digits that count, rounded up: it can be promised.

    >>> as_promise(0.000299527), as_promise(0.0951), as_promise(1.0)
    ('0.03%', '9.6%', '100%')
    """
    unit = 10.0 ** (floor(log10(100 * least_error)) - 1)
    return f"{ceil(100 * least_error / unit) * unit:.6g}%"
