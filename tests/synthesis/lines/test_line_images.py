"""Strips to learn from: the text is what stands there, and wear leaves it there."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import get_data_path

from digitus.data import Samples
from digitus.models.line_image_format import N_CLASSES, OTHER, ROWS
from digitus.synthesis.lines.degradation import wear
from digitus.synthesis.lines.line_images import StripMaker
from digitus.synthesis.pen.pen_drawings import pen_patches

COLS = 192
FONTS = sorted((Path(get_data_path()) / "fonts" / "ttf").glob("DejaVuSans*.ttf"))


@pytest.fixture(scope="module")
def samples():
    patches, labels = pen_patches(300, np.random.default_rng(0))
    pixels = np.rint(255 * patches).astype(np.uint8).reshape(len(patches), -1)
    return Samples(pixels, labels, "pen")


@pytest.fixture(scope="module")
def strips(samples):
    make = StripMaker(samples, np.random.default_rng(1), FONTS)
    return [make(COLS) for _ in range(40)]


def test_a_strip_says_classes_that_there_are_and_fits_its_columns(strips):
    for strip in strips:
        assert all(0 <= kind < N_CLASSES for kind in strip.text)
        assert strip.written.shape[1] == COLS
        assert strip.written.any() == bool(strip.text)


def test_all_classes_come_up(strips):
    assert {kind for strip in strips for kind in strip.text} == set(range(N_CLASSES))


def test_letters_side_by_side_are_one(strips):
    for strip in strips:
        assert (OTHER, OTHER) not in zip(strip.text, strip.text[1:], strict=False)


def test_the_same_seed_makes_the_same_strip(samples):
    one, other = (StripMaker(samples, np.random.default_rng(4), FONTS)(COLS) for _ in range(2))
    assert one.text == other.text
    assert (one.written == other.written).all()


def test_wear_keeps_the_ink_within_the_strip(strips):
    rng = np.random.default_rng(2)
    for strip in strips:
        worn = strip.worn(rng)
        assert worn.shape == (ROWS, COLS)
        assert worn.min() >= 0
        assert worn.max() <= 1


def test_wear_differs_from_time_to_time(strips):
    rng = np.random.default_rng(3)
    assert (strips[0].worn(rng) != strips[0].worn(rng)).any()


def test_wear_cuts_no_digit_off_at_the_ends():
    rng = np.random.default_rng(5)
    written = np.zeros((30, COLS), np.float32)
    written[4:26, 2:5] = written[4:26, -5:-2] = 1
    for _ in range(60):
        worn = wear(written, rng)
        left, right = worn[:, : COLS // 2].sum(), worn[:, COLS // 2 :].sum()
        assert min(left, right) > 10
