"""The ink extractor: the same scale for bytes and floats, noise and smudges cut off."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ink.darkness import Darkness
from digitus.imaging.ink.extractor import (
    DIGIT,
    PAGE,
    extract_ink,
    full_ink,
    mark_ink,
    smoothed,
)

SHAPE = 300, 400


def strokes(tone=0.6):
    values = np.zeros(SHAPE, np.float32)
    for left in range(40, 360, 40):
        cv2.line(values, (left, 100), (left + 12, 180), tone, 6)
    return values


def darkness_of(values, noise=0.0, *, as_bytes=False):
    rng = np.random.default_rng(0)
    values = np.clip(values + noise * rng.standard_normal(values.shape), 0, 1)
    values = np.rint(values * 255).astype(np.uint8) if as_bytes else values.astype(np.float32)
    return Darkness(values, noise, False)


@pytest.mark.parametrize("parameters", [DIGIT, PAGE])
@pytest.mark.parametrize("tone", [0.2, 0.6, 1.0])
def test_a_pen_of_any_tone_gives_full_ink(tone, parameters):
    darkness = darkness_of(strokes(tone), as_bytes=parameters is PAGE)
    ink = extract_ink(darkness, parameters)
    assert ink[strokes() > 0].min() > 0.9
    assert ink[strokes() == 0].max() == 0


def test_bytes_and_floats_give_the_same_ink():
    inks = [
        extract_ink(darkness_of(strokes(), 0.02, as_bytes=as_bytes), DIGIT)
        for as_bytes in (False, True)
    ]
    np.testing.assert_allclose(*inks, atol=0.02)


@pytest.mark.parametrize("parameters", [DIGIT, PAGE])
@pytest.mark.parametrize("noise", [0.01, 0.05])
def test_bare_noise_is_not_ink(noise, parameters):
    darkness = darkness_of(np.zeros(SHAPE), noise, as_bytes=parameters is PAGE)
    assert (extract_ink(darkness, parameters) > 0).mean() < 1e-3


def test_a_faint_smudge_is_cleared_and_the_faint_edge_of_a_stroke_is_kept():
    values = np.zeros(SHAPE, np.float32)
    values[100:200, 100:110] = 0.8
    values[100:200, 110] = values[250, 50:150] = 0.2
    ink = extract_ink(darkness_of(values), DIGIT)
    assert ink[150, 110] == pytest.approx(0.25, abs=0.01)
    assert ink[250].max() == 0


def test_only_on_a_page_a_pencil_beside_a_pen_is_full_ink():
    values = strokes(0.9)
    values[:, 200:] *= 0.55
    pencil = (strokes() > 0) & (np.arange(400) > 220)
    darkness = darkness_of(values, as_bytes=True)
    assert extract_ink(darkness, PAGE)[pencil].mean() > 0.9
    assert extract_ink(darkness, DIGIT)[pencil].mean() < 0.65


def test_full_ink_is_the_tone_of_the_strokes():
    assert full_ink(darkness_of(strokes(0.7), 0.02), DIGIT) == pytest.approx(0.7, abs=0.05)
    assert full_ink(darkness_of(np.zeros(SHAPE)), DIGIT) == 0


def test_noise_is_smoothed_and_known_to_be_less():
    noisy = darkness_of(strokes(), 0.1)
    smooth = smoothed(noisy, DIGIT)
    assert smooth.noise == pytest.approx(0.1 / 3.545, abs=1e-3)
    bare = np.s_[200:, 20:]
    assert smooth.values[bare].std() < 0.6 * noisy.values[bare].std()


@pytest.mark.parametrize(("noise", "side"), [(0.01, 400), (0.1, 90)])
def test_little_noise_and_small_images_are_not_smoothed(noise, side):
    darkness = darkness_of(strokes()[95:185, :side], noise)
    assert smoothed(darkness, DIGIT) is darkness


def test_faint_lines_are_marked_with_the_strokes():
    values = strokes()
    values[250] = 0.1
    assert mark_ink(darkness_of(values), DIGIT)[250].all()


def test_a_pattern_all_over_the_page_is_not_marked():
    values = strokes(0.9)
    values[::3] = np.maximum(values[::3], 0.1)
    marked = mark_ink(darkness_of(values), DIGIT)
    np.testing.assert_array_equal(marked, strokes() > 0)
