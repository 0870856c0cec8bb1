"""Training lines: their layers make their ink, and the seed decides them."""

import numpy as np
import pytest

from digitus.data.samples import CLASSES as DIGITS
from digitus.models.sequence.line_image_format import N_CLASSES, OTHER
from digitus.training.sequence.training_lines import make_number_string, make_training_line


@pytest.mark.parametrize("make", [make_training_line, make_number_string])
def test_the_layers_of_a_line_make_its_ink(samples, make):
    for seed in range(8):
        line = make(samples, np.random.default_rng(seed))
        assert (line.layers.max(axis=0) == line.image.ink).all()
        assert len(line.classes) == len(line.layers)
        assert (line.classes < N_CLASSES).all()


@pytest.mark.parametrize("make", [make_training_line, make_number_string])
def test_the_same_seed_makes_the_same_line(samples, make):
    one, other = (make(samples, np.random.default_rng(3)) for _ in range(2))
    assert (one.image.ink == other.image.ink).all()


def test_lines_hold_digits_marks_and_letters(samples):
    rng = np.random.default_rng(0)
    classes = {kind for _ in range(150) for kind in make_training_line(samples, rng).classes}
    assert classes == set(range(N_CLASSES))


def test_half_of_the_strings_hold_digits_alone_and_none_holds_letters(samples):
    rng = np.random.default_rng(0)
    classes = [make_number_string(samples, rng).classes for _ in range(60)]
    assert 15 < sum((one < DIGITS).all() for one in classes) < 45
    assert all((one != OTHER).all() for one in classes)


def test_the_stated_height_is_about_that_of_the_digits(samples):
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(30):
        line = make_number_string(samples, rng)
        digits = line.layers[line.classes < DIGITS]
        rows = [np.ptp(np.flatnonzero(layer.any(axis=1))) + 1 for layer in digits]
        ratios.append(line.image.height_px / np.median(rows))
    assert np.median(ratios) == pytest.approx(1, abs=0.15)
