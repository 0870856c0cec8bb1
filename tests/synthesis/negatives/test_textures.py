"""Textures as ink."""

import numpy as np
import pytest

from digitus.synthesis.negatives.textures import TEXTURE_PX, TEXTURES, clouds, texture


@pytest.mark.parametrize("make", TEXTURES)
def test_a_texture_has_ink_and_paper(make):
    rng = np.random.default_rng(0)
    inks = [np.clip(make(rng), 0, 1) for _ in range(10)]
    assert all(np.isfinite(ink).all() for ink in inks)
    assert np.mean([np.std(ink) for ink in inks]) > 0.05


def test_no_two_textures_are_equal():
    rng = np.random.default_rng(0)
    assert len({texture(rng).tobytes() for _ in range(30)}) == 30


def test_a_texture_is_ink_of_a_fixed_size():
    rng = np.random.default_rng(0)
    for ink in (texture(rng) for _ in range(50)):
        assert ink.shape == (TEXTURE_PX, TEXTURE_PX)
        assert 0 <= ink.min() <= ink.max() <= 1


def test_clouds_cover_the_whole_range_and_more_cells_are_finer():
    coarse, fine = clouds(np.random.default_rng(0), 2), clouds(np.random.default_rng(0), 12)
    assert (coarse.min(), coarse.max()) == (0, 1)
    assert np.abs(np.diff(fine)).mean() > 2 * np.abs(np.diff(coarse)).mean()
