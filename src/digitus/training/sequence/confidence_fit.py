"""Calibration of the digits' confidences, on lines that nothing was trained on."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitus.models.error_bound import ErrorCurve
from digitus.reader.sequence.confidence import LEAST, Calibration
from digitus.training.sequence.line_reading import LineReadings


def fit_calibration(readings: LineReadings) -> Calibration:
    """Fit slope and offset of the log odds of the digits that were read on held-out lines.

    Raises:
        ValueError: if no digit was read.
    """
    posterior, right = (
        np.concatenate([np.empty(0), *arrays]) for arrays in (readings.posteriors, readings.right)
    )
    return Calibration(*fit_log_odds(posterior, right.astype(bool)))


def line_error_curve(readings: LineReadings) -> ErrorCurve:
    """Return the risk-coverage curve of whole lines.

    The confidences of each half of the lines are calibrated on the other half.

    Args:
        readings: of held-out lines, at least two.
    """
    n = len(readings.lines)
    first, second = (_part(readings, *ends) for ends in pairwise((0, n // 2, n)))
    confidence = [
        line_confidences(part.posteriors, fit_calibration(other))
        for part, other in ((first, second), (second, first))
    ]
    return ErrorCurve.measure(np.concatenate(confidence), readings.lines)


def line_confidences(
    posteriors: list[NDArray[np.float64]], calibration: Calibration
) -> NDArray[np.float64]:
    """Return the confidence of each line: the product of its digits'; 0 without digits."""
    return np.array(
        [
            float(np.prod([calibration.calibrated(float(one)) for one in some]))
            if len(some)
            else 0.0
            for some in posteriors
        ]
    )


def fit_log_odds(posterior: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset of the log odds with the smallest negative log-likelihood.

    Platt scaling (J. Platt 1999) of probabilities.

    Args:
        posterior: (n,) 0 to 1, of held-out digits.
        right: (n,) whether each was right.

    Raises:
        ValueError: if there is no digit.
    """
    from scipy.optimize import minimize  # only training needs it, and it is large

    if not len(posterior):
        raise ValueError("no digit was read on the held-out lines, so there is nothing to fit")
    clipped = np.clip(posterior, LEAST, 1 - LEAST)
    odds = np.log(clipped / (1 - clipped))
    sign = np.where(right, 1.0, -1.0)

    def cost(values: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -sign * (values[0] * odds + values[1])).mean())

    slope, offset = minimize(cost, np.array([1.0, 0.0]), method="BFGS").x
    return float(slope), float(offset)


def _part(readings: LineReadings, start: int, stop: int) -> LineReadings:
    part = slice(start, stop)
    return LineReadings(readings.posteriors[part], readings.right[part], readings.lines[part])
