"""Grey levels: shrunk without a change of tone, split by Otsu, their noise measured."""

import numpy as np
import pytest

from digitus.imaging.levels import noise, otsu_threshold, shrunk, shrunk_levels, to_levels


def test_bytes_are_rounded_and_clipped():
    values = np.array([[0.0, 0.499, 1.0, 1.5]], np.float32)
    assert to_levels(values).tolist() == [[0, 127, 255, 255]]


def test_shrinking_keeps_the_mean_and_the_proportions():
    grey = np.random.default_rng(0).random((300, 600)).astype(np.float32)
    small = shrunk(grey, 200)
    assert small.shape == (100, 200)
    assert small.mean() == pytest.approx(grey.mean(), abs=1e-4)


def test_an_image_that_is_small_enough_is_returned_itself():
    grey = np.zeros((20, 30), np.float32)
    assert shrunk(grey, 30) is grey


def test_bytes_are_shrunk_like_floats():
    levels = np.random.default_rng(0).integers(0, 256, (90, 120)).astype(np.uint8)
    wanted = 255 * shrunk(levels.astype(np.float32) / 255, 40)
    np.testing.assert_allclose(shrunk_levels(levels, 40), wanted, atol=1)


def test_two_tones_are_split_between_them():
    levels = np.repeat([20, 30, 200, 210], 25).astype(np.uint8).reshape(10, 10)
    assert 30 <= otsu_threshold(levels) < 200


@pytest.mark.parametrize("spread", [0.01, 0.05])
def test_the_noise_is_its_standard_deviation_even_under_writing(spread):
    grey = 0.8 + spread * np.random.default_rng(1).standard_normal((200, 300))
    grey[50:70, 40:260:30] -= 0.6
    assert noise(grey.astype(np.float32)) == pytest.approx(spread, rel=0.1)


def test_a_pattern_of_stripes_is_not_noise():
    stripes = np.tile(np.repeat([0.3, 0.6], 6), 20)[None].repeat(100, axis=0)
    assert noise(stripes.astype(np.float32)) == 0
