"""The width of strokes, and MNIST's range."""

import numpy as np
import pytest

from digitus.imaging.patch.centering import LONG_SIDE_PX, cropped
from digitus.imaging.patch.patch import lay_out, make_patch
from digitus.imaging.patch.stroke_width import (
    STROKE_WIDTH,
    stroke_width_px,
    with_stroke_width,
)
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place


def drawn(digit, pen_px):
    strokes = place(draw_digit(digit, np.random.default_rng(1)), size=220, left=40, top=40)
    return render_strokes(strokes, width=300, height=300, pen_px=pen_px)


@pytest.mark.parametrize("pen", [1, 2.5, 5, 12])
def test_the_width_is_the_pens(pen):
    ring = [(150 + 100 * np.cos(a), 150 + 100 * np.sin(a)) for a in np.linspace(0, 6.2, 90)]
    ink = render_strokes([ring], width=300, height=300, pen_px=pen)
    assert stroke_width_px(ink) == pytest.approx(pen, rel=0.15)


def test_without_ink_the_width_is_0():
    assert stroke_width_px(np.zeros((9, 9), np.float32)) == 0


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("wanted", [1.7, 2.5, 3.0])
def test_strokes_get_the_width_asked_for(digit, wanted):
    ink = cropped(with_stroke_width(cropped(drawn(digit, 24)), wanted), least=0.3)
    assert stroke_width_px(ink) * LONG_SIDE_PX / max(ink.shape) == pytest.approx(wanted, rel=0.15)


@pytest.mark.parametrize("digit", range(10))
def test_a_pen_of_1_px_on_a_large_canvas_is_as_thick_as_mnists_thinnest(digit):
    patch = make_patch(drawn(digit, 1.0))
    assert stroke_width_px(patch) >= STROKE_WIDTH.thinnest_px - 0.2
    assert (patch > 0.9).sum() >= 5


@pytest.mark.parametrize("digit", range(10))
def test_a_fat_marker_is_thinned(digit):
    ink = drawn(digit, 95.0)
    assert make_patch(ink).sum() < 0.95 * lay_out(ink).sum()


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("pen", [22, 30])
def test_a_width_within_mnists_range_is_left_alone(digit, pen):
    np.testing.assert_array_equal(make_patch(drawn(digit, pen)), lay_out(drawn(digit, pen)))


def test_thinning_leaves_half_of_a_stroke_or_more():
    bar = np.ones((200, 40), np.float32)
    thin = cropped(with_stroke_width(bar, 0.5), least=0.5)
    assert thin.shape[1] / thin.shape[0] == pytest.approx(0.6 * 40 / 200, abs=0.03)
