"""Calibration of the confidences of digits and marks, on lines that nothing was trained on."""

from warnings import catch_warnings, filterwarnings

import numpy as np
from numpy.typing import NDArray

from digitus.reader.sequence.confidence import LEAST, Calibration, SymbolCalibration
from digitus.training.sequence.line_reading import LineReadings

TOLERANCE = 1e-10
"""Largest gradient at which the fit ends; with scikit-learn's default of 1e-4 the slope still
differs in the fourth decimal."""


def fit_calibration(readings: LineReadings) -> SymbolCalibration:
    """Fit slope and offset of the log odds of the symbols that were read on held-out lines.

    Marks get the calibration of digits if all of those that were read are right, or all wrong.

    Raises:
        ValueError: if no digit was read, or all of them are right, or all wrong.
    """
    posterior, right, is_digit = (
        np.concatenate([np.empty(0), *arrays])
        for arrays in (readings.posteriors, readings.right, readings.is_digit)
    )
    right, is_digit = right.astype(bool), is_digit.astype(bool)
    digits = Calibration(*fit_log_odds(posterior[is_digit], right[is_digit]))
    right_marks = right[~is_digit]
    if right_marks.all() or not right_marks.any():
        return SymbolCalibration(digits, digits)
    marks = Calibration(*fit_log_odds(posterior[~is_digit], right_marks))
    return SymbolCalibration(digits, marks)


def fit_log_odds(posterior: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset of the log odds with the smallest negative log-likelihood.

    Platt scaling (J. Platt 1999) of probabilities: a logistic regression without a penalty.

    Args:
        posterior: (n,) 0 to 1, of held-out digits.
        right: (n,) whether each was right.

    Raises:
        ValueError: if there is no digit, or all are right, or all wrong.
    """
    from sklearn.linear_model import LogisticRegression  # only training needs it: 0.2 s

    if not len(posterior):
        raise ValueError("no digit was read on the held-out lines, so there is nothing to fit")
    if right.all() or not right.any():
        each = "right" if right.all() else "wrong"
        raise ValueError(
            f"every digit that was read on the held-out lines is {each}, expected both"
        )
    clipped = np.clip(posterior, LEAST, 1 - LEAST)
    odds = np.log(clipped / (1 - clipped))
    # newton-cg: it also converges without a warning where all posteriors are equal
    fit = LogisticRegression(C=np.inf, solver="newton-cg", tol=TOLERANCE)
    with catch_warnings():
        # Near the solution, rounding may leave no step that lowers the loss further.
        filterwarnings("ignore", "Line Search failed", UserWarning)
        fit.fit(odds[:, None], right)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])
