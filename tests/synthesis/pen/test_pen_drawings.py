"""Labelled patches of digits drawn with random pens."""

import numpy as np
import pytest

from digitus.recognizer import Recognizer
from digitus.synthesis.pen.pen_drawings import Pen, draw_on_canvas, pen_patches
from digitus.synthesis.pen.smooth_curves import STEP

LINE = np.column_stack([np.linspace(20, 80, round(1 / STEP)), np.full(round(1 / STEP), 50.0)])


@pytest.fixture(scope="module")
def drawings():
    return pen_patches(400, np.random.default_rng(0))


def test_drawings_are_patches_with_labels(drawings):
    patches, labels = drawings
    assert (patches.shape, patches.dtype) == ((400, 28, 28), np.float32)
    assert (labels.shape, labels.dtype) == ((400,), np.int64)
    assert patches.min() >= 0
    np.testing.assert_allclose(patches.max(axis=(1, 2)), 1, atol=1e-6)


def test_each_digit_is_drawn_equally_often(drawings):
    assert np.bincount(drawings[1]).tolist() == [40] * 10


def test_counts_differ_by_one_at_most_when_ten_does_not_divide_the_number():
    counts = np.bincount(pen_patches(13, np.random.default_rng(0))[1], minlength=10)
    assert sorted(counts.tolist()) == [1] * 7 + [2] * 3


def test_the_digits_are_shuffled(drawings):
    assert not np.array_equal(drawings[1], np.arange(400) % 10)


def test_the_same_seed_gives_the_same_patches_and_labels():
    one, two = (pen_patches(30, np.random.default_rng(7)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_no_two_drawings_are_equal(drawings):
    assert len({patch.tobytes() for patch in drawings[0]}) == 400


def test_zero_drawings_are_empty_arrays():
    patches, labels = pen_patches(0, np.random.default_rng(0))
    assert (patches.shape, labels.shape) == ((0, 28, 28), (0,))


def test_a_negative_number_is_rejected():
    with pytest.raises(ValueError, match="-1"):
        pen_patches(-1, np.random.default_rng(0))


def test_a_network_trained_without_them_reads_nine_in_ten(drawings):
    patches, labels = drawings
    read = [found.best_guess for found in Recognizer("mlp").predict_patches(patches)]
    assert np.mean(read == labels) > 0.9


def test_the_pens_differ_in_width(drawings):
    mass = drawings[0].mean(axis=(1, 2))
    low, high = np.quantile(mass, [0.05, 0.95])
    assert high > 2 * low


def test_pressure_changes_the_width_along_the_line():
    pen = Pen(10.0, pressure=0.5)
    rng = np.random.default_rng(0)
    widths = [draw_on_canvas([LINE], 100, pen, rng).sum(axis=0)[25:75] for _ in range(20)]
    assert np.mean([np.ptp(width) for width in widths]) > 3
    assert min(width.min() for width in widths) > 4  # without a gap


def test_a_pen_without_pressure_draws_one_width():
    width = draw_on_canvas([LINE], 100, Pen(10.0), np.random.default_rng(0)).sum(axis=0)[25:75]
    np.testing.assert_allclose(width, 10, atol=0.4)


def test_a_hard_pen_draws_no_grey():
    ink = draw_on_canvas([LINE], 100, Pen(5.3, is_hard=True), np.random.default_rng(0))
    assert set(np.unique(ink).tolist()) == {0.0, 1.0}


def test_a_blurred_pen_has_a_wide_grey_edge():
    rng = np.random.default_rng(0)
    grey = [
        ((ink > 0.05) & (ink < 0.95)).sum()
        for ink in (
            draw_on_canvas([LINE], 100, Pen(10.0, blur_px=blur), rng) for blur in (0.0, 3.0)
        )
    ]
    assert grey[1] > 2 * grey[0]
