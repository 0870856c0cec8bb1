"""Patches of no digit, of all kinds."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest

from digitus.synthesis.negatives.negatives import negative_patches

FONTS = (Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",)


@pytest.fixture(scope="module")
def negatives():
    return negative_patches(420, np.random.default_rng(0), fonts=FONTS)


def test_negatives_are_patches_of_the_same_form_as_digits(negatives):
    patches, kinds = negatives
    assert (patches.shape, patches.dtype, kinds.shape) == ((420, 28, 28), np.float32, (420,))
    assert patches.min() >= 0
    np.testing.assert_allclose(patches.max(axis=(1, 2)), 1, atol=1e-6)


def test_each_kind_occurs_equally_often(negatives):
    names, counts = np.unique(negatives[1], return_counts=True)
    assert len(names) == 14
    assert set(counts.tolist()) == {30}


def test_the_same_seed_gives_the_same_negatives():
    one, two = (negative_patches(56, np.random.default_rng(3), fonts=FONTS) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_no_two_negatives_are_equal(negatives):
    assert len({patch.tobytes() for patch in negatives[0]}) == 420


def test_without_fonts_there_are_no_printed_letters():
    assert "glyph" not in negative_patches(60, np.random.default_rng(0))[1]


def test_zero_negatives_are_empty_arrays():
    patches, kinds = negative_patches(0, np.random.default_rng(0))
    assert (patches.shape, kinds.shape) == ((0, 28, 28), (0,))


def test_a_negative_number_is_rejected():
    with pytest.raises(ValueError, match="-5"):
        negative_patches(-5, np.random.default_rng(0))


def test_a_missing_font_is_an_error():
    with pytest.raises(OSError, match="resource"):
        negative_patches(30, np.random.default_rng(0), fonts=("no-such-font.ttf",))
