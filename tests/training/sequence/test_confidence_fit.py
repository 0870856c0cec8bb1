"""Fitted confidences agree with the share that is right; lines are counted by them."""

import numpy as np
import pytest

from digitus.reader.sequence.confidence import Calibration
from digitus.training.sequence.confidence_fit import fit_log_odds, line_error_curve
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


def test_every_line_is_counted_once():
    rng = np.random.default_rng(1)
    posteriors = [rng.uniform(0.6, 0.999, 3) for _ in range(400)]
    right = [rng.random(3) < sure for sure in posteriors]
    numbers = np.array([some.all() for some in right])
    curve = line_error_curve(LineReadings(posteriors, right, numbers))
    assert curve.n == 400
    assert len(curve.kept) == int((~numbers).sum())
    assert curve.kept_above(0.0) == 400


def test_a_line_in_which_nothing_was_read_has_no_confidence():
    posteriors = [np.array([0.99]), np.array([])] * 20
    right = [np.array([True]), np.array([], bool)] * 20
    curve = line_error_curve(LineReadings(posteriors, right, np.array([True, False] * 20)))
    assert set(curve.confidence) == {0.0}
