"""Fitted confidences agree with the share of digits, and of marks, that is right."""

import numpy as np
import pytest

from digitus.reader.sequence.confidence import Calibration, SymbolCalibration
from digitus.training.sequence.confidence_fit import fit_calibration, fit_log_odds
from digitus.training.sequence.line_reading import LineReadings


def test_posteriors_that_are_too_high_are_lowered():
    rng = np.random.default_rng(0)
    odds = rng.normal(2, 1.5, 20_000)
    right = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    too_high = 1 / (1 + np.exp(-2 * odds - 1))
    slope, offset = fit_log_odds(too_high, right)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert offset == pytest.approx(-0.5, abs=0.1)


def test_a_posterior_of_one_is_calibrated_to_the_share_that_is_right():
    rng = np.random.default_rng(2)
    posterior = np.concatenate([np.full(50_000, 1.0), rng.uniform(0.3, 1, 3000)])
    right = rng.random(len(posterior)) < np.where(posterior == 1, 0.998, 0.6)
    slope, offset = fit_log_odds(posterior, right)
    found = Calibration(slope, offset).calibrated(1.0)
    assert found == pytest.approx(0.998, abs=0.001)


def test_the_digits_of_all_lines_are_fitted_together():
    rng = np.random.default_rng(1)
    posteriors = [rng.uniform(0.6, 0.999, 3) for _ in range(400)]
    right = [rng.random(3) < posterior for posterior in posteriors]
    found = fit_calibration(readings_of(posteriors, right, [np.ones(3, bool)] * 400))
    wanted = Calibration(*fit_log_odds(np.concatenate(posteriors), np.concatenate(right)))
    assert found == SymbolCalibration(wanted, wanted)


def test_marks_are_fitted_apart_from_digits():
    rng = np.random.default_rng(1)
    posteriors = [np.full(3, 0.9) for _ in range(800)]
    right = [rng.random(3) < (0.95, 0.95, 0.6) for _ in posteriors]
    found = fit_calibration(readings_of(posteriors, right, [np.array([1, 1, 0], bool)] * 800))
    assert found.digits.calibrated(0.9) == pytest.approx(0.95, abs=0.02)
    assert found.marks.calibrated(0.9) == pytest.approx(0.6, abs=0.05)


def readings_of(posteriors, right, is_digit):
    return LineReadings(posteriors, right, is_digit, np.ones(len(right), bool))


def test_lines_in_which_no_digit_was_read_are_refused():
    empty = readings_of([np.empty(0)] * 2, [np.empty(0, bool)] * 2, [np.empty(0, bool)] * 2)
    with pytest.raises(ValueError, match="no digit was read"):
        fit_calibration(empty)


@pytest.mark.parametrize(("right", "what"), [(True, "right"), (False, "wrong")])
def test_digits_that_are_all_right_or_all_wrong_are_refused(right, what):
    with pytest.raises(ValueError, match=f"is {what}, expected both"):
        fit_log_odds(np.array([0.9, 0.8]), np.array([right, right]))


def test_equal_posteriors_are_calibrated_to_the_share_that_is_right():
    slope, offset = fit_log_odds(np.full(4, 0.9), np.array([True, True, True, False]))
    assert Calibration(slope, offset).calibrated(0.9) == pytest.approx(0.75, abs=1e-6)


def test_the_log_likelihood_has_no_slope_at_the_fitted_values():
    rng = np.random.default_rng(3)
    posterior = rng.uniform(0.6, 0.999, 500)
    right = rng.random(500) < posterior
    slope, offset = fit_log_odds(posterior, right)
    odds = np.log(posterior / (1 - posterior))
    residual = right - 1 / (1 + np.exp(-(slope * odds + offset)))
    assert abs(residual.mean()) < 1e-8
    assert abs((residual * odds).mean()) < 1e-8
