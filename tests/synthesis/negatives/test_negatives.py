"""Patches of no digit."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest

from digitus.synthesis.negatives.fragments import neighbours, piece, several
from digitus.synthesis.negatives.glyphs import CHARACTERS, glyph
from digitus.synthesis.negatives.letters_and_signs import LETTERS, SIGNS, SILHOUETTES, THINGS
from digitus.synthesis.negatives.negatives import negative_patches
from digitus.synthesis.negatives.textures import TEXTURES, texture
from digitus.synthesis.pen.allographs import DIGITS

FONTS = tuple(
    Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    for name in ("DejaVuSans.ttf", "STIXGeneral.ttf", "cmr10.ttf")
)


@pytest.fixture(scope="module")
def negatives():
    return negative_patches(420, np.random.default_rng(0), fonts=FONTS)


def test_rubbish_is_laid_out_like_digits(negatives):
    patches, kinds = negatives
    assert (patches.shape, patches.dtype, kinds.shape) == ((420, 28, 28), np.float32, (420,))
    assert patches.min() >= 0
    np.testing.assert_allclose(patches.max(axis=(1, 2)), 1, atol=1e-6)


def test_there_is_as_much_of_each_kind(negatives):
    names, counts = np.unique(negatives[1], return_counts=True)
    assert len(names) == 14
    assert set(counts.tolist()) == {30}


def test_the_same_seed_makes_the_same_rubbish():
    one, two = (negative_patches(56, np.random.default_rng(3), fonts=FONTS) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_no_rubbish_comes_twice(negatives):
    assert len({patch.tobytes() for patch in negatives[0]}) == 420


def test_without_fonts_nothing_is_printed():
    assert "glyph" not in negative_patches(60, np.random.default_rng(0))[1]


def test_no_rubbish_is_no_rubbish():
    patches, kinds = negative_patches(0, np.random.default_rng(0))
    assert (patches.shape, kinds.shape) == ((0, 28, 28), (0,))


def test_less_than_no_rubbish_is_refused():
    with pytest.raises(ValueError, match="-5"):
        negative_patches(-5, np.random.default_rng(0))


def test_a_font_that_is_not_there_is_an_error():
    with pytest.raises(OSError, match="resource"):
        negative_patches(30, np.random.default_rng(0), fonts=("no-such-font.ttf",))


def test_no_letter_or_sign_is_written_like_a_digit():
    digits = {way for ways in DIGITS.values() for way in ways.values()}
    assert not digits & {*LETTERS.values(), *SIGNS.values(), *THINGS.values()}


def test_no_digit_and_nothing_like_one_is_printed():
    assert not set("0123456789OoIlSsZzBGgbqy|/") & set(CHARACTERS)


def test_every_silhouette_is_a_closed_outline():
    for name in SILHOUETTES:
        outline = THINGS[name].split("/")[0].replace(">", ",").split(",")
        assert outline[0].split() == outline[-1].split(), name


def test_a_character_that_the_font_lacks_is_left_out():
    rng = np.random.default_rng(0)
    assert all(glyph(rng, FONTS[2:]).any() for _ in range(60))


def test_two_digits_of_a_training_set_come_from_it():
    bars = np.zeros((1, 28, 28), np.float32)
    bars[:, 4:24, 8:20] = 1  # a digit that no pen writes
    rng = np.random.default_rng(0)
    filled = [several(rng, bars).mean() for _ in range(40)]
    written = [several(rng, None).mean() for _ in range(40)]
    assert np.mean(filled) > 1.5 * np.mean(written)


def test_both_neighbours_leave_ink():
    rng = np.random.default_rng(0)
    cuts = [neighbours(rng, None) for _ in range(40)]
    halves = [np.array([cut[:, : cut.shape[1] // 2].sum(), cut.sum()]) for cut in cuts]
    assert np.mean([0.05 < left / both < 0.95 for left, both in halves]) > 0.9


def test_pieces_are_long_and_low_or_narrow():
    rng = np.random.default_rng(0)
    shapes = np.array([piece(rng).shape for _ in range(100)])
    assert np.median(shapes.min(axis=1) / shapes.max(axis=1)) < 0.7


@pytest.mark.parametrize("make", TEXTURES)
def test_a_texture_has_ink_and_paper(make):
    rng = np.random.default_rng(0)
    inks = [np.clip(make(rng), 0, 1) for _ in range(10)]
    assert all(np.isfinite(ink).all() for ink in inks)
    assert np.mean([np.std(ink) for ink in inks]) > 0.05


def test_textures_differ():
    rng = np.random.default_rng(0)
    assert len({texture(rng).tobytes() for _ in range(30)}) == 30
