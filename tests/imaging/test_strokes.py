"""Strokes drawn as ink."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import label

from digitus.imaging.patch.patch import make_patch
from digitus.imaging.strokes import render_strokes


def drawn(strokes, pen_px=10.0):
    return render_strokes(strokes, width=160, height=120, pen_px=pen_px)


@given(st.floats(1.5, 20), st.floats(10, 150), st.floats(10, 110))
def test_two_points_far_apart_are_one_joined_stroke(pen_px, x, y):
    _, count = label(drawn([[(20, 15), (x, y)]], pen_px) > 0.3)
    assert count == 1


@given(st.floats(4, 30), st.floats(40, 120), st.floats(40, 80))
def test_a_tap_is_a_dot_as_wide_as_the_pen(pen_px, x, y):
    ink = drawn([[(x, y)]], pen_px)
    assert 2 * np.sqrt(ink.sum() / np.pi) == pytest.approx(pen_px, abs=0.35)
    assert ink.any(axis=1).sum() == pytest.approx(pen_px, abs=2)


def test_the_ends_of_a_stroke_are_round():
    ink = drawn([[(50, 60), (110, 60)]], pen_px=20)
    assert ink.sum() == pytest.approx(60 * 20 + np.pi * 10**2, rel=0.01)


def test_a_stroke_is_as_wide_as_the_pen():
    assert drawn([[(20, 60), (140, 60)]], pen_px=7)[:, 80].sum() == pytest.approx(7, abs=0.1)


def test_a_point_more_on_a_line_changes_nothing():
    whole, parted = drawn([[(10, 10), (90, 50)]]), drawn([[(10, 10), (50, 30), (90, 50)]])
    np.testing.assert_allclose(whole, parted, atol=1e-6)


def test_a_lift_of_the_pen_leaves_a_gap():
    _, count = label(drawn([[(20, 20), (20, 90)], [(80, 20), (80, 90)]]) > 0)
    assert count == 2


def test_a_mirrored_drawing_is_the_mirrored_ink():
    strokes = [[(20.0, 30.0), (70.3, 99.0)]]
    mirrored = [[(160 - x, y) for x, y in stroke] for stroke in strokes]
    assert np.abs(drawn(mirrored) - drawn(strokes)[:, ::-1]).mean() <= 1e-3


@pytest.mark.parametrize("strokes", [[], [[]], [[(500, 500)]], [[(-1e9, -1e9), (-50, -50)]]])
def test_a_canvas_without_strokes_has_no_ink(strokes):
    assert not drawn(strokes).any()


def test_what_crosses_the_brim_is_cut_off():
    inside = drawn([[(80, 60), (1e6, 60)]])
    assert inside[60, -1] == 1


def test_a_shift_of_the_strokes_leaves_the_patch():
    zigzag = np.array([(10, 10), (60, 15), (20, 55), (70, 50)])
    here, there = make_patch(drawn([zigzag])), make_patch(drawn([zigzag + 40]))
    np.testing.assert_allclose(here, there, atol=1e-5)


@pytest.mark.parametrize(
    ("strokes", "options", "message"),
    [
        ([[(1, 2, 3, 4)]], {}, "pairs"),
        ([[(1, 2, -0.5)]], {}, "third number"),
        ([[1, 2]], {}, "pairs"),
        ([[(np.nan, 1)]], {}, "finite"),
        ([], {"width": 0}, "0 x 50"),
        ([], {"width": 10**9}, "million pixels"),
        ([], {"pen_px": 0}, "positive"),
        ([], {"pen_px": np.nan}, "positive"),
    ],
)
def test_what_cannot_be_drawn_is_refused(strokes, options, message):
    with pytest.raises(ValueError, match=message):
        render_strokes(strokes, **{"width": 50, "height": 50, "pen_px": 4, **options})


def test_a_pen_pressed_harder_draws_wider_all_along():
    thin = drawn([[(30, 60, 0.5), (130, 60, 0.5)]]) > 0.5
    wide = drawn([[(30, 60, 1.5), (130, 60, 1.5)]]) > 0.5
    assert thin[:, 80].sum() == pytest.approx(5, abs=1)
    assert wide[:, 80].sum() == pytest.approx(15, abs=1)


def test_a_share_of_one_is_the_pen_itself():
    plain = [(30.0, 20.0), (80.0, 90.0), (130.0, 40.0)]
    pressed = [(*point, 1.0) for point in plain]
    np.testing.assert_allclose(drawn([pressed]), drawn([plain]), atol=0.02)


def test_a_pressed_tap_is_a_dot():
    assert (drawn([[(80, 60, 2.0)]]) > 0.5).any(axis=0).sum() == pytest.approx(20, abs=1)
