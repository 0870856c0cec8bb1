"""Reliability diagram, expected calibration error and risk-coverage curve."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Equal-width bins of the confidence, as in Guo et al. (2017, section 5)."""
CURVE_POINTS = 100
"""Largest number of points of a risk-coverage curve: one per percent of coverage."""

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Booleans = NDArray[np.bool_]


class Reliability(NamedTuple):
    """Samples in 15 equal-width bins of the confidence; arrays are (15,).

    Bin ``m`` of 0..14 holds confidences in ``(m/15, (m+1)/15]``; the means of an empty bin are NaN.

    Attributes:
        confidence: mean confidence of the bin's answers.
        accuracy: share of them that is right.
        counts: number of samples.
    """

    confidence: Floats
    accuracy: Floats
    counts: Integers


class ErrorReject(NamedTuple):
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


def reliability_bins(confidence: Floats, right: Booleans) -> Reliability:
    """Return mean confidence and accuracy of every bin.

    Args:
        confidence: (n,), 0..1, the probability of the answer.
        right: (n,), whether the answer is the label.
    """
    edges = np.linspace(0.0, 1.0, BINS + 1)
    bins = np.digitize(confidence, edges[1:-1], right=True)
    counts = np.bincount(bins, minlength=BINS)
    divisor = np.where(counts > 0, counts, np.nan)
    return Reliability(
        confidence=np.bincount(bins, weights=confidence, minlength=BINS) / divisor,
        accuracy=np.bincount(bins, weights=right, minlength=BINS) / divisor,
        counts=counts,
    )


def expected_calibration_error(bins: Reliability) -> float:
    """Return the mean gap between confidence and accuracy over samples (Guo et al. 2017, eq. 3)."""
    gaps = np.abs(bins.accuracy - bins.confidence)
    return float(np.nansum(gaps * bins.counts) / bins.counts.sum())


def negative_log_likelihood(probabilities: Floats, labels: Integers) -> float:
    """Return the mean of ``-log p(label)``, finite even where a label has probability 0.

    Args:
        probabilities: (n, k), 0..1.
        labels: (n,), 0..k-1.
    """
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_label, np.finfo(np.float64).tiny)).mean())


def error_reject(confidence: Floats, right: Booleans) -> tuple[ErrorReject, float]:
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
    curve = ErrorReject(
        coverage=accepted[kept] / len(descending),
        error_rate=error_rate[kept],
        threshold=descending[accepted[kept] - 1],
    )
    return curve, float(area)


def _curve_points(accepted: Integers) -> Integers:
    """Return the indices of the first (ascending) counts that reach each percent of the last."""
    hundredths = -(-np.arange(1, CURVE_POINTS + 1) * accepted[-1] // CURVE_POINTS)  # rounded up
    return np.unique(np.searchsorted(accepted, hundredths))
