"""Parsing, resampling and smoothing of curves."""

import numpy as np
import pytest

from digitus.synthesis.pen.smooth_curves import STEP, parse, resample, smooth

CORNER = "0 0, 0 100 > 100 100"


def curves_of(notation):
    return [basis @ points for points, basis in parse(notation)]


def test_a_curve_runs_through_all_its_points():
    (points, basis), *_ = parse("10 20, 50 0, 90 40, 30 100")
    distance = np.abs((basis @ points)[:, None] - points).max(axis=2).min(axis=0)
    np.testing.assert_allclose(distance, 0, atol=1e-12)


def test_two_points_are_a_straight_line():
    (line,) = curves_of("0 0, 50 100")
    np.testing.assert_allclose(line[:, 1], 2 * line[:, 0], atol=1e-12)


def test_a_slash_starts_a_new_stroke():
    assert [len(stroke) > 1 for stroke in curves_of("0 0, 50 50 / 20 20")] == [True, False]


def test_a_corner_is_not_rounded():
    (curve,) = curves_of(CORNER)
    off_both_lines = np.minimum(np.abs(curve[:, 0]), np.abs(curve[:, 1] - 1))
    np.testing.assert_allclose(off_both_lines, 0, atol=1e-12)


def test_points_of_a_resampled_curve_are_equally_far_apart():
    (curve,) = curves_of("0 0, 40 8, 80 30, 100 100")
    steps = np.hypot(*np.diff(resample(curve), axis=0).T)
    np.testing.assert_allclose(steps, STEP, rtol=0.05)


def test_repeated_points_are_resampled_without_nan():
    curve = np.array([[0, 0], [0, 0], [1, 0], [1, 0], [1, 1]], float)
    assert np.isfinite(resample(curve)).all()


@pytest.mark.parametrize(("before", "after"), [(0.1, 0), (0, 0.2), (-0.1, 0), (0.1, -0.3)])
def test_ends_are_extended_or_shortened(before, after):
    line = np.array([[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]])
    resampled = resample(line, before=before, after=after)
    assert resampled[0, 0] == pytest.approx(-before)
    assert resampled[-1, 0] == pytest.approx(1 + after)


def test_smoothing_rounds_a_corner_and_keeps_the_ends():
    (curve,) = curves_of(CORNER)
    sharp = resample(curve)
    rounded = smooth(sharp, 0.08)
    np.testing.assert_allclose(rounded[[0, -1]], sharp[[0, -1]], atol=1e-12)
    from_corner = np.hypot(*(rounded - [0, 1]).T).min()
    assert 0.03 < from_corner < 0.1


def test_smoothing_with_sigma_zero_returns_the_curve():
    (curve,) = curves_of(CORNER)
    assert np.array_equal(smooth(curve, 0.0), curve)
