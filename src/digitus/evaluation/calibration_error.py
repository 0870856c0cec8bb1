"""Reliability diagram, expected calibration error and risk-coverage curve."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Equal-width bins of the confidence, as in Guo et al. (2017, section 5)."""

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
