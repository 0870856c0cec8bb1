"""Which way up: decided by likelihood, and not at all where little tells."""

import numpy as np
import pytest

from digitus.models import Judgement, load_model
from digitus.reader.upright import likeliest_turn, quarter_turns, turned


@pytest.fixture(scope="module")
def digit_model():
    return load_model()


def page_of(digits, *, gap=20):
    """Ink of MNIST digits (n, 28, 28) in rows of five."""
    side = 28 + gap
    rows = -(-len(digits) // 5)
    ink = np.zeros((rows * side + gap, 5 * side + gap), np.float32)
    for i, digit in enumerate(digits):
        top, left = gap + side * (i // 5), gap + side * (i % 5)
        ink[top : top + 28, left : left + 28] = digit.reshape(28, 28) / 255
    return ink


def some(mnist, wanted, n=15):
    chosen = np.flatnonzero(np.isin(mnist.train.labels[:2000], wanted))[:n]
    return mnist.train.pixels[chosen]


@pytest.mark.parametrize("turns", range(4))
def test_a_page_of_digits_is_turned_upright(turns, mnist, digit_model):
    ink = turned(page_of(some(mnist, range(10))), turns)
    assert quarter_turns(digit_model, ink) == -turns % 4


@pytest.mark.parametrize("turns", [0, 2])
def test_noughts_and_eights_stay_as_they_are(turns, mnist, digit_model):
    ink = turned(page_of(some(mnist, [0, 8])), turns)
    assert quarter_turns(digit_model, ink) == 0


def test_an_empty_page_and_a_full_one_stay_as_they_are(digit_model):
    assert quarter_turns(digit_model, np.zeros((50, 60), np.float32)) == 0
    assert quarter_turns(digit_model, np.ones((50, 60), np.float32)) == 0


def test_noise_is_not_turned(digit_model):
    noise = (np.random.default_rng(0).random((200, 200)) > 0.97).astype(np.float32)
    assert quarter_turns(digit_model, noise) == 0


class Doubtful:
    """Finds every patch as likely as every other, but for a little."""

    digit_from = 0.0

    def judge(self, pixels):
        likely = 5 + 0.1 * (pixels.reshape(-1, 28, 28)[:, :14].sum(axis=(1, 2)) > 0)
        return Judgement(np.tile(likely[:, None] / 10, 10), np.ones(len(pixels)))


def test_little_evidence_turns_nothing():
    marks = [np.ones((20, 10), np.float32)] * 5
    assert likeliest_turn(Doubtful(), marks) == 0


def test_lines_along_the_columns_tell_for_a_turn():
    marks = [np.ones((20, 14), np.float32)] * 5
    assert likeliest_turn(Doubtful(), marks, lines_across=-8) in (1, 3)
    assert likeliest_turn(Doubtful(), marks, lines_across=8) == 0
