"""Which way up: the likeliest turn, and all turns where there is little evidence."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitus.models import Classification, load_model
from digitus.reader.orientation.turns import (
    PARAMETERS,
    SingleComponents,
    likely_turns,
    turned,
    weigh_components,
    weigh_turns,
)


def quarter_turns(model, ink):
    """The turn that excludes no turn at all, or 0."""
    weights = weigh_turns(model, ink)
    best = int(weights.argmax())
    return best if weights[best] - weights[0] >= PARAMETERS.min_gain else 0


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
def test_noughts_and_eights_are_not_turned(turns, mnist, digit_model):
    ink = turned(page_of(some(mnist, [0, 8])), turns)
    assert quarter_turns(digit_model, ink) == 0


def test_an_empty_page_and_a_full_one_are_not_turned(digit_model):
    assert quarter_turns(digit_model, np.zeros((50, 60), np.float32)) == 0
    assert quarter_turns(digit_model, np.ones((50, 60), np.float32)) == 0


def test_noise_is_not_turned(digit_model):
    noise = (np.random.default_rng(0).random((200, 200)) > 0.97).astype(np.float32)
    assert quarter_turns(digit_model, noise) == 0


class Doubtful:
    """Classifies all patches nearly alike."""

    digit_threshold = 0.0

    def classify(self, pixels):
        likely = 5 + 0.1 * (pixels.reshape(-1, 28, 28)[:, :14].sum(axis=(1, 2)) > 0)
        return Classification(np.tile(likely[:, None] / 10, 10), np.ones(len(pixels)))


def five_components(rows_across=0.0):
    boxes = np.array([(40 * i, 0, 40 * i + 14, 20) for i in range(5)])
    return SingleComponents([np.ones((20, 14), np.float32)] * 5, boxes, (20, 200), rows_across)


def test_little_evidence_leaves_all_turns_open():
    assert len(likely_turns(weigh_components(Doubtful(), five_components()))) == 4


def test_rows_along_the_page_are_evidence_for_a_turn():
    assert likely_turns(weigh_components(Doubtful(), five_components(-8)))[0] in (1, 3)
    assert likely_turns(weigh_components(Doubtful(), five_components(8)))[0] == 0


def test_rows_that_surely_run_across_the_page_exclude_turns_to_the_side():
    sure = five_components(PARAMETERS.sure_rows)
    assert np.isneginf(weigh_components(Doubtful(), sure)).tolist() == [False, True, False, True]


def print_on(page, text, left, top, size=26):
    """Print a text on a page in place (rows, cols), 0 black to 255."""
    image = Image.fromarray(page)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(image).multiline_text((left, top), text, fill=20, font=font, spacing=14)
    page[:] = np.asarray(image)


TEXT = "Anna Becker and Ben Ott\nread the thermometers twice\nbefore the kitchen was closed"


def printed(mnist=None, numbers=0):
    """Ink of three lines of print, and digits below them."""
    page = np.full((400, 520), 255, np.uint8)
    print_on(page, TEXT, 40, 40)
    ink = 1 - page.astype(np.float32) / 255
    if mnist is not None:
        for i, digit in enumerate(some(mnist, [2, 3, 4, 5, 7], numbers)):
            left, top = 50 + 70 * (i % 5), 230 + 70 * (i // 5)
            ink[top : top + 28, left : left + 28] = digit.reshape(28, 28) / 255
    return ink


@pytest.mark.parametrize("turns", range(4))
def test_digits_below_printed_words_are_turned_upright(turns, mnist, digit_model):
    ink = turned(printed(mnist, 8), turns)
    assert quarter_turns(digit_model, ink) == -turns % 4


@pytest.mark.parametrize("turns", range(4))
def test_words_alone_are_not_turned_upside_down_to_look_like_digits(turns, digit_model):
    weights = weigh_turns(digit_model, turned(printed(), turns))
    assert likely_turns(weights)[0] == -turns % 4
