"""Confidences that were fitted are honest, and errors of numbers are counted by them."""

import numpy as np
import pytest

from digitus.reader.sequence.confidence import Calibration
from digitus.training.sequence.confidence_fit import error_curve, fit
from digitus.training.sequence.course import Outcome


def test_posteriors_that_are_too_sure_are_made_honest():
    rng = np.random.default_rng(0)
    odds = rng.normal(2, 1.5, 20_000)
    right = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    too_sure = 1 / (1 + np.exp(-2 * odds - 1))
    slope, offset = fit(too_sure, right)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert offset == pytest.approx(-0.5, abs=0.1)


def test_the_surest_of_all_are_as_sure_as_they_are_right():
    rng = np.random.default_rng(2)
    posterior = np.concatenate([np.full(50_000, 1.0), rng.uniform(0.3, 1, 3000)])
    right = rng.random(len(posterior)) < np.where(posterior == 1, 0.998, 0.6)
    slope, offset = fit(posterior, right)
    found = Calibration(slope, offset).calibrated(1.0)
    assert found == pytest.approx(0.998, abs=0.001)


def test_every_string_is_counted_once_by_the_product_of_its_digits():
    rng = np.random.default_rng(1)
    posteriors = [rng.uniform(0.6, 0.999, 3) for _ in range(400)]
    right = [rng.random(3) < sure for sure in posteriors]
    numbers = np.array([some.all() for some in right])
    curve = error_curve(Outcome(posteriors, right, numbers))
    assert curve.n == 400
    assert len(curve.kept) == int((~numbers).sum())
    assert curve.kept_above(0.0) == 400


def test_a_string_in_which_nothing_was_read_is_not_kept():
    posteriors = [np.array([0.99]), np.array([])] * 20
    right = [np.array([True]), np.array([], bool)] * 20
    curve = error_curve(Outcome(posteriors, right, np.array([True, False] * 20)))
    assert set(curve.confidence) == {0.0}
