"""Writers of single digits."""

import numpy as np
import pytest

from digitus.data.samples import Samples
from digitus.synthesis.pen.writers import (
    FAINTEST,
    PatchWriter,
    PenWriter,
    crop,
    enlarge,
    without_specks,
)

BARS = np.zeros((10, 28, 28), np.uint8)
BARS[:, 4:24, 12:15] = 255
BARS[7, :, 12:15] = 0
BARS[7, 4:24, 8:20] = 255


def _bars(labels=range(10)):
    return Samples(BARS.reshape(10, -1), np.array(list(labels)), "bars")


def test_a_patch_is_scaled_to_the_height():
    ink = PatchWriter(_bars(), 60)(3, np.random.default_rng(0))
    assert ink.shape[0] == pytest.approx(60, abs=2)
    assert ink.shape[1] == pytest.approx(9, abs=2)


def test_the_patch_shows_the_requested_digit():
    wide = PatchWriter(_bars(), 60)(7, np.random.default_rng(0))
    assert wide.shape[1] == pytest.approx(36, abs=2)


def test_an_enlarged_stroke_keeps_a_narrow_grey_edge():
    ink = enlarge(BARS[0], 200)
    middle = ink[100]
    assert np.count_nonzero((middle > 0.05) & (middle < 0.95)) <= 6


def test_samples_without_one_of_the_digits_are_rejected():
    with pytest.raises(ValueError, match="all ten digits"):
        PatchWriter(_bars([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]), 40)


def test_a_pen_writer_varies_a_digit_of_about_the_same_size():
    writer, rng = PenWriter(np.random.default_rng(1), 50), np.random.default_rng(2)
    drawn = [writer(4, rng) for _ in range(4)]
    assert len({ink.tobytes() for ink in drawn}) == 4
    assert all(35 < len(ink) < 75 for ink in drawn)


def test_the_same_seed_gives_the_same_writer():
    one, two = (PenWriter(np.random.default_rng(5), 50) for _ in range(2))
    rngs = (np.random.default_rng(6), np.random.default_rng(6))
    np.testing.assert_array_equal(one(8, rngs[0]), two(8, rngs[1]))


@pytest.mark.parametrize("digit", range(10))
def test_the_ink_touches_all_sides_of_its_box(digit):
    ink = PenWriter(np.random.default_rng(digit), 40)(digit, np.random.default_rng(0))
    assert (ink >= FAINTEST)[[0, -1]].any(axis=1).all()
    assert (ink >= FAINTEST)[:, [0, -1]].any(axis=0).all()


def test_cropping_blank_paper_is_an_error():
    with pytest.raises(ValueError, match="no ink"):
        crop(np.zeros((4, 4), np.float32))


def test_a_speck_is_removed_and_a_stroke_of_the_size_of_a_bar_is_kept():
    patch = BARS[0].copy()
    patch[4:6, 20:22] = 200
    assert np.array_equal(without_specks(patch), BARS[0])
    patch[4:6, 18:26] = 200
    assert np.array_equal(without_specks(patch), patch)


def test_a_writer_of_one_pen_has_strokes_of_about_one_width():
    rng = np.random.default_rng(0)
    pixels = np.zeros((600, 28, 28), np.uint8)
    for i, width in enumerate(rng.integers(1, 7, 600)):
        pixels[i, 4:24, 10 : 10 + width] = 255
    samples = Samples(pixels.reshape(600, -1), np.arange(600) % 10, "bars")
    writer = PatchWriter.of_one_pen(samples, 20, rng)
    widths = {writer(3, rng).shape[1] for _ in range(30)}
    assert max(widths) - min(widths) <= 1
