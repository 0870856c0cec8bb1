"""The risk-coverage curve: error rate of the answers that a threshold of the confidence keeps."""

from typing import NamedTuple

import numpy as np

from digitus.evaluation.calibration_error import Booleans, Floats, Integers

CURVE_POINTS = 100
"""Largest number of points of a risk-coverage curve: one per percent of coverage."""


class RiskCoverage(NamedTuple):
    """Risk-coverage curve: error rate of the answers at or above a threshold of the confidence.

    Arrays are (m,), m <= 100, in order of ascending coverage. Answers of equal confidence are kept
    or rejected together; the last point keeps all.

    Attributes:
        coverage: share of the samples whose confidence is at least the threshold.
        error_rate: share of those that is wrong.
        threshold: the confidence.
    """

    coverage: Floats
    error_rate: Floats
    threshold: Floats


def risk_coverage_curve(confidence: Floats, right: Booleans) -> tuple[RiskCoverage, float]:
    """Return the risk-coverage curve and the area under it.

    The area is the mean over the samples of the error rate among all samples with at least the
    same confidence (Geifman and El-Yaniv 2017, "selective risk"). Samples of equal confidence are
    taken together, so that the order of the rows does not matter.

    Args:
        confidence: (n,), 0..1.
        right: (n,), whether the answer is the label.
    """
    order = np.argsort(-confidence, kind="stable")
    descending = confidence[order]
    accepted = np.append(np.flatnonzero(np.diff(descending)) + 1, len(descending))
    error_rate = np.cumsum(~right[order])[accepted - 1] / accepted
    area = np.average(error_rate, weights=np.diff(accepted, prepend=0))
    kept = _curve_points(accepted)
    curve = RiskCoverage(
        coverage=accepted[kept] / len(descending),
        error_rate=error_rate[kept],
        threshold=descending[accepted[kept] - 1],
    )
    return curve, float(area)


def _curve_points(accepted: Integers) -> Integers:
    """Return the indices of the first (ascending) counts that reach each percent of the last."""
    hundredths = -(-np.arange(1, CURVE_POINTS + 1) * accepted[-1] // CURVE_POINTS)  # rounded up
    return np.unique(np.searchsorted(accepted, hundredths))
