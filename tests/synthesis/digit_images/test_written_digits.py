"""Single digits are broken, dotted and specked, and strings have the gaps of their kind."""

import numpy as np
import pytest

from digitus.imaging.components import find_components
from digitus.synthesis.digit_images.written_digits import (
    GAPS,
    SINGLE_KINDS,
    altered,
    pen_digit,
    several_digits,
)
from digitus.synthesis.pen.writers import PenWriter


def components(ink):
    return len(find_components(np.pad(ink, 1)))


@pytest.mark.parametrize("kind", SINGLE_KINDS)
def test_an_altered_digit_is_cropped_ink(kind):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        ink = altered(pen_digit(seed, 80, rng), kind, rng)
        assert 0 <= ink.min() <= ink.max() <= 1
        for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1]):
            assert side.max() > 0


def test_breaks_take_ink_away_and_dots_and_specks_add_some():
    rng = np.random.default_rng(1)
    whole = PenWriter(rng, 80, pen=0.08)(0, rng)
    broken = altered(whole, "broken", np.random.default_rng(2))
    assert broken.sum() < whole.sum()
    for kind in ("dotted", "specks"):
        found = [altered(whole, kind, np.random.default_rng(seed)) for seed in range(8)]
        assert max(components(ink) for ink in found) > components(whole)


@pytest.mark.parametrize(("kind", "n"), [("far apart", 2), ("apart", 3)])
def test_digits_apart_are_components_of_their_own(kind, n):
    writer = PenWriter(np.random.default_rng(0), 60, pen=0.08, allographs={5: "one stroke"})
    ink = several_digits(n, kind, writer, np.random.default_rng(3))
    assert components(ink) >= n


def test_touching_digits_are_one_component():
    writer = PenWriter(np.random.default_rng(0), 60, pen=0.1)
    found = [
        components(several_digits(2, "touching", writer, np.random.default_rng(seed)))
        for seed in range(6)
    ]
    assert found.count(1) >= 3  # some digits have several components themselves


def test_overlapping_digits_are_narrower_than_those_far_apart():
    writer = PenWriter(np.random.default_rng(0), 60, pen=0.1)
    widths = [
        several_digits(2, kind, writer, np.random.default_rng(5)).shape[1]
        for kind in ("overlapping", "far apart")
    ]
    assert widths[0] < widths[1]
    assert set(GAPS) == {"far apart", "apart", "boxes meet", "touching", "overlapping"}
