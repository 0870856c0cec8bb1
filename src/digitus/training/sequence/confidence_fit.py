"""Calibration of the digits' confidences, on lines that nothing was trained on."""

import numpy as np
from numpy.typing import NDArray

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
