"""The layout of a patch: MNIST's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitus.imaging.patch.centering import center_of_mass
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

DIGITS = st.integers(0, 9)
SEEDS = st.integers(0, 10_000)


def written(digit, seed, *, size=120.0, left=30.0, top=30.0, pen=12.0):
    strokes = place(draw_digit(digit, np.random.default_rng(seed)), size=size, left=left, top=top)
    return render_strokes(strokes, width=240, height=240, pen_px=pen)


def difference(one, other):
    return np.abs(one - other).mean()


@given(DIGITS, SEEDS, st.floats(20, 150), st.floats(2, 30))
def test_the_center_of_mass_lies_within_a_pixel_of_the_middle(digit, seed, size, pen):
    row, col = center_of_mass(make_patch(written(digit, seed, size=size, pen=pen)))
    assert abs(row - 13.5) <= 1
    assert abs(col - 13.5) <= 1


@given(DIGITS, SEEDS, st.floats(20, 150))
def test_the_long_side_is_20_px(digit, seed, size):
    inked = make_patch(written(digit, seed, size=size)) > 0
    sides = [np.ptp(np.flatnonzero(inked.any(axis=axis))) + 1 for axis in (0, 1)]
    assert max(sides) == 20


@given(DIGITS, SEEDS, st.integers(-20, 60), st.integers(-20, 60))
def test_a_shift_leaves_the_patch_as_it_is(digit, seed, right, down):
    shifted = written(digit, seed, left=30.0 + right, top=30.0 + down)
    assert difference(make_patch(shifted), make_patch(written(digit, seed))) <= 1e-3


@given(DIGITS, SEEDS, st.sampled_from([0.5, 0.7, 1.4]))
def test_a_scale_nearly_leaves_the_patch_as_it_is(digit, seed, factor):
    patch = make_patch(written(digit, seed))
    scaled = make_patch(written(digit, seed, size=120 * factor, pen=12 * factor))
    moves = [np.roll(scaled, (row, col), (0, 1)) for row in (-1, 0, 1) for col in (-1, 0, 1)]
    assert min(difference(patch, moved) for moved in moves) <= 0.03  # rounding may move it by one


@given(DIGITS, SEEDS)
def test_a_patch_of_a_patch_is_the_patch(digit, seed):
    patch = make_patch(written(digit, seed))
    assert difference(make_patch(patch), patch) <= 1e-6


@pytest.mark.parametrize("width", [30, 60, 90, 120])
def test_the_aspect_is_kept(width):
    ink = np.zeros((140, 140), np.float32)
    ink[5:125, 7 : 7 + width] = 1
    ink[20:110, 22 : 7 + width - 15] = 0
    rows, cols = (np.ptp(np.flatnonzero(make_patch(ink).any(axis=axis))) + 1 for axis in (1, 0))
    assert cols / rows == pytest.approx(width / 120, abs=0.1)


def test_the_thinnest_line_is_seen_whole():
    ink = np.zeros((220, 220), np.float32)
    ink[5:205, 7] = 1
    patch = make_patch(ink)
    assert (patch.max(axis=1) >= 0.7).sum() == 20


def test_a_thin_pen_is_as_dark_as_a_thick_one():
    assert make_patch(written(1, 0, pen=1.0)).max() == 1


def test_nothing_is_cut_off_where_the_mass_lies_at_one_end():
    ink = np.zeros((100, 100), np.float32)
    ink[50, :] = 1
    ink[30:70, :20] = 1
    patch = make_patch(ink)
    assert np.ptp(np.flatnonzero(patch.any(axis=0))) + 1 == 20


def test_a_patch_is_float32_ink():
    patch = make_patch(written(4, 0))
    assert (patch.shape, patch.dtype) == ((28, 28), np.float32)
    assert patch.min() >= 0


@pytest.mark.parametrize("work", [make_patch, center_of_mass])
def test_without_ink_there_is_no_patch_and_no_center(work):
    with pytest.raises(ValueError, match="no ink"):
        work(np.zeros((30, 30), np.float32))


def test_an_image_twice_as_fine_gives_nearly_the_same_patch():
    ink = written(6, 1)
    coarse = np.asarray(Image.fromarray(ink).resize((120, 120), Image.Resampling.BOX))
    assert difference(make_patch(coarse), make_patch(ink)) <= 0.02
