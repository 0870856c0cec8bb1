"""Making confidences of strings honest, on strings that nothing was learned from."""

import numpy as np
from numpy.typing import NDArray

from digitus.models.error_bound import ErrorCurve
from digitus.reader.sequence.confidence import LEAST, Calibration
from digitus.training.sequence.course import Outcome


def calibrate(outcome: Outcome) -> Calibration:
    """Fit the confidences of digits.

    Args:
        outcome: of held-out strings.
    """
    return Calibration(*_fitted(outcome, slice(None)))


def error_curve(outcome: Outcome) -> ErrorCurve:
    """Count wrong strings by confidence.

    Strings of each half are counted by confidences that the other half's digits were fitted on.

    Args:
        outcome: of held-out strings.
    """
    n = len(outcome.numbers)
    first, second = slice(0, n // 2), slice(n // 2, n)
    sure = np.concatenate(
        [
            _numbers(outcome, some, fitted_on)
            for some, fitted_on in ((first, second), (second, first))
        ]
    )
    return ErrorCurve.measure(sure, outcome.numbers)


def _fitted(outcome: Outcome, part: slice) -> tuple[float, float]:
    return fit(np.concatenate(outcome.posteriors[part]), np.concatenate(outcome.right[part]))


def _numbers(outcome: Outcome, part: slice, fitted_on: slice) -> NDArray[np.float64]:
    """Confidence of each string: the product of its digits'; 0 without digits."""
    honest = Calibration(*_fitted(outcome, fitted_on))
    return np.array(
        [
            float(np.prod([honest.calibrated(float(one)) for one in some])) if len(some) else 0.0
            for some in outcome.posteriors[part]
        ]
    )


def fit(posterior: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Find slope and offset of the log odds with the smallest negative log-likelihood.

    Args:
        posterior: (n,) 0 to 1, of held-out digits.
        right: (n,) whether each was right.
    """
    from scipy.optimize import minimize  # only learning needs it, and it is large

    sure = np.clip(posterior, LEAST, 1 - LEAST)
    odds = np.log(sure / (1 - sure))
    sign = np.where(right, 1.0, -1.0)

    def cost(values: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -sign * (values[0] * odds + values[1])).mean())

    slope, offset = minimize(cost, np.array([1.0, 0.0]), method="BFGS").x
    return float(slope), float(offset)
