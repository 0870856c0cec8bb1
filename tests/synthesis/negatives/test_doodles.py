"""Scribbles, lines, polygons, dots and filled shapes."""

import numpy as np
import pytest

from digitus.synthesis.negatives.doodles import (
    FILLED_SIDE_PX,
    SCRIBBLES,
    dabs,
    dots,
    filled,
    lines,
    polygon,
    scribble,
)


@pytest.mark.parametrize("make", [*dict.fromkeys(SCRIBBLES), scribble, lines, polygon, dots])
def test_a_doodle_is_a_list_of_finite_curves(make):
    rng = np.random.default_rng(0)
    for curves in (make(rng) for _ in range(30)):
        assert curves
        assert all(curve.ndim == 2 and curve.shape[1] == 2 for curve in curves)
        assert all(np.isfinite(curve).all() for curve in curves)


def test_a_single_straight_line_is_far_from_upright():
    rng = np.random.default_rng(0)
    singles = [curves[0] for curves in (lines(rng) for _ in range(400)) if len(curves) == 1]
    for curve in singles:
        across, down = np.abs(curve[-1] - curve[0])
        is_straight = np.hypot(across, down) > 0.95 * np.hypot(*np.diff(curve, axis=0).T).sum()
        assert not is_straight or down < across


def test_a_polygon_is_closed():
    rng = np.random.default_rng(0)
    for (outline,) in (polygon(rng) for _ in range(50)):
        np.testing.assert_allclose(outline[0], outline[-1], atol=0.02)


def test_there_are_two_to_nine_dots():
    rng = np.random.default_rng(0)
    counts = {len(dots(rng)) for _ in range(300)}
    assert counts == set(range(2, 10))


@pytest.mark.parametrize("make", [filled, dabs])
def test_a_filled_shape_is_ink_on_its_canvas(make):
    rng = np.random.default_rng(0)
    for ink in (make(rng) for _ in range(60)):
        assert ink.shape == (FILLED_SIDE_PX, FILLED_SIDE_PX)
        assert ink.any()
        assert 0 <= ink.min() <= ink.max() <= 1


def test_filled_shapes_have_more_ink_than_outlines():
    rng = np.random.default_rng(0)
    assert np.mean([(filled(rng) > 0.3).mean() for _ in range(60)]) > 0.25
