"""Digits as pen strokes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.recognizer import Recognizer
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.digit_strokes import draw_digit, place


def points_of(digit, seed, **options):
    strokes = draw_digit(digit, np.random.default_rng(seed), **options)
    return np.vstack([np.array(stroke) for stroke in strokes])


@given(st.integers(0, 9), st.integers(0, 10_000), st.floats(0, 2))
def test_a_digit_fills_the_unit_box_with_its_long_side(digit, seed, freedom):
    points = points_of(digit, seed, freedom=freedom)
    low, high = points.min(axis=0), points.max(axis=0)
    np.testing.assert_allclose((low + high) / 2, 0.5, atol=1e-9)
    assert (high - low).max() == pytest.approx(1)


@pytest.mark.parametrize("digit", range(10))
def test_the_same_seed_gives_the_same_strokes(digit):
    assert np.array_equal(points_of(digit, 3), points_of(digit, 3))


@pytest.mark.parametrize("digit", range(10))
def test_different_seeds_give_different_strokes(digit):
    assert not np.array_equal(points_of(digit, 3), points_of(digit, 4))


@pytest.mark.parametrize("digit", range(10))
def test_the_points_of_a_stroke_are_close_together(digit):
    strokes = draw_digit(digit, np.random.default_rng(0))
    steps = [np.hypot(*np.diff(stroke, axis=0).T) for stroke in map(np.array, strokes)]
    assert max(step.max() for step in steps) < 0.08


@pytest.mark.parametrize("digit", [-1, 10, 3.5, None])
def test_anything_but_a_digit_is_rejected(digit):
    with pytest.raises(ValueError, match="0 to 9"):
        draw_digit(digit, np.random.default_rng(0))


def test_points_are_pairs_of_floats():
    stroke = draw_digit(1, np.random.default_rng(0))[0]
    assert {type(value) for point in stroke for value in point} == {float}


def test_place_scales_and_moves_a_digit_into_its_box():
    placed = place(draw_digit(4, np.random.default_rng(0)), size=50, left=10, top=20)
    points = np.vstack([np.array(stroke) for stroke in placed])
    assert points.min(axis=0)[1] == pytest.approx(20)
    assert points.max(axis=0)[1] == pytest.approx(70)


@pytest.mark.parametrize("digit", range(10))
def test_each_digit_has_many_allographs(digit):
    assert len(DIGITS[digit]) >= 6


@pytest.mark.parametrize("digit", range(10))
def test_every_allograph_is_drawn_sooner_or_later(digit):
    rng = np.random.default_rng(0)
    drawn = {str(draw_digit(digit, rng, freedom=0)) for _ in range(200)}
    assert len(drawn) == len(DIGITS[digit])


@pytest.mark.parametrize("digit", range(10))
def test_each_allograph_has_its_own_shape(digit):
    shapes = {
        str(draw_digit(digit, np.random.default_rng(0), freedom=0, allograph=name))
        for name in DIGITS[digit]
    }
    assert len(shapes) == len(DIGITS[digit])


def test_an_unknown_allograph_is_rejected_with_the_known_names():
    with pytest.raises(ValueError, match="barred"):
        draw_digit(7, np.random.default_rng(0), allograph="gothic")


def test_more_freedom_gives_more_variation():
    def width_deviation(freedom):
        rng = np.random.default_rng(0)
        drawn = [draw_digit(8, rng, freedom=freedom, allograph="from the left") for _ in range(50)]
        widths = [np.ptp(np.vstack([np.array(stroke) for stroke in one])[:, 0]) for one in drawn]
        return np.std(widths)

    assert width_deviation(0) < 1e-9 < width_deviation(0.5) < width_deviation(1.5)


def test_the_shipped_network_reads_nearly_every_allograph_at_its_mean_shape():
    rng = np.random.default_rng(0)
    drawn = [
        (d, draw_digit(d, rng, freedom=0, allograph=name)) for d in DIGITS for name in DIGITS[d]
    ]
    recognizer = Recognizer("mlp")
    read = [
        recognizer.predict_strokes(
            place(strokes, size=100, left=20, top=20), width=140, height=140, pen_px=12
        ).best_guess
        for _, strokes in drawn
    ]
    right = np.mean([guess == digit for guess, (digit, _) in zip(read, drawn, strict=True)])
    assert right >= 0.9  # MNIST has no slashed 0, and hardly a 1 with a long flag
