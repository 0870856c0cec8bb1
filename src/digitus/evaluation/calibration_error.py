"""Does a confidence mean what it says? Reliability, calibration error, error against rejection."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 15
POINTS = 100

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Booleans = NDArray[np.bool_]


class Reliability(NamedTuple):
    """Samples sorted into 15 equal bins by the confidence of their answer; arrays are (15,).

    Bin ``m`` of 0..14 holds confidences in ``(m/15, (m+1)/15]``; an empty bin has NaN means.
    """

    confidence: Floats  # mean confidence of the bin's answers
    accuracy: Floats  # share of them that is right
    counts: Integers


class ErrorReject(NamedTuple):
    """What is wrong among the answers kept, when those below a threshold are left to a person.

    Arrays are (m,), m <= 100, by rising coverage; answers of equal confidence are kept or left
    together, so the last point always covers everything.
    """

    coverage: Floats  # share of the samples whose confidence reaches the threshold
    error_rate: Floats  # share of those that is wrong
    threshold: Floats


def reliability_bins(confidence: Floats, right: Booleans) -> Reliability:
    """Mean confidence and accuracy of every bin.

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
    """Gap between confidence and accuracy, averaged over samples (Guo et al. 2017, eq. 3)."""
    gaps = np.abs(bins.accuracy - bins.confidence)
    return float(np.nansum(gaps * bins.counts) / bins.counts.sum())


def negative_log_likelihood(probabilities: Floats, labels: Integers) -> float:
    """Mean of ``-log p(label)``, finite also where a label's probability (n, k) is zero."""
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_label, np.finfo(np.float64).tiny)).mean())


def error_reject(confidence: Floats, right: Booleans) -> tuple[ErrorReject, float]:
    """Error rate of the surest answers against their share, and the area under that curve.

    The area is the mean, over the samples, of the error rate among all samples that are at least
    as sure (Geifman and El-Yaniv 2017, "selective risk"; ties are taken together here, so that
    the order of the rows does not matter).

    Args:
        confidence: (n,), 0..1.
        right: (n,), whether the answer is the label.
    """
    order = np.argsort(-confidence, kind="stable")
    falling = confidence[order]
    accepted = np.append(np.flatnonzero(np.diff(falling)) + 1, len(falling))
    error_rate = np.cumsum(~right[order])[accepted - 1] / accepted
    area = np.average(error_rate, weights=np.diff(accepted, prepend=0))
    kept = _spread(accepted)
    curve = ErrorReject(
        coverage=accepted[kept] / len(falling),
        error_rate=error_rate[kept],
        threshold=falling[accepted[kept] - 1],
    )
    return curve, float(area)


def _spread(accepted: Integers) -> Integers:
    """Positions of the first counts (rising) that reach each hundredth of the last one."""
    hundredths = -(-np.arange(1, POINTS + 1) * accepted[-1] // POINTS)  # rounded up
    return np.unique(np.searchsorted(accepted, hundredths))
