"""Words are left out before they are read; numbers are kept."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitus.models import Classification, load_model
from digitus.reader.layout.page_layout import find_lines
from digitus.reader.orientation.words import without_word_images
from digitus.reader.pipeline.reader import Reader
from digitus.reader.results.symbols import LineImage


@pytest.fixture(scope="module")
def digit_model():
    return load_model()


def printed(text, *, shape=(300, 700), size=30):
    """Ink of printed lines (rows, cols)."""
    image = Image.new("L", shape[::-1], 0)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(image).multiline_text((40, 40), text, fill=255, font=font, spacing=16)
    return np.asarray(image, np.float32) / 255


def digits(mnist, wanted, *, step=40):
    """Ink of MNIST's digits in one line, enlarged (rows, cols)."""
    ink = np.zeros((120, 80 + step * len(wanted)), np.float32)
    for i, digit in enumerate(wanted):
        row = np.flatnonzero(mnist.train.labels[:3000] == digit)[i]
        patch = Image.fromarray(mnist.train.pixels[row].reshape(28, 28)).resize((56, 56))
        window = ink[30:86, 30 + step * i : 86 + step * i]
        np.maximum(window, np.asarray(patch, np.float32) / 255, out=window)
    return ink


def test_a_line_of_print_is_left_out(digit_model):
    lines = find_lines(printed("because of the heating\nplease bring warm clothes"))
    assert lines
    assert without_word_images(digit_model, lines) == []


def test_numbers_of_many_digits_are_kept(mnist, digit_model):
    lines = find_lines(digits(mnist, [2, 7, 4, 9, 0, 3, 5, 8, 6]))
    kept = without_word_images(digit_model, lines)
    assert [len(line) for line in kept] == [len(line) for line in lines]


def test_a_short_word_is_kept(digit_model):
    lines = find_lines(printed("cat"))
    assert [len(line) for line in without_word_images(digit_model, lines)] == [1]


def test_a_short_word_beside_a_long_one_is_left_out(digit_model):
    (line,) = find_lines(printed("the heating"))
    assert len(line) == 1  # the gap between two words of print is narrower than that of two numbers
    word = line[0]
    short = LineImage(word.ink[:, : round(1.7 * word.height_px)], 0, word.top, word.height_px)
    beside = replace(word, left=short.ink.shape[1] + round(word.height_px))
    far = replace(word, left=short.ink.shape[1] + round(9 * word.height_px))
    assert without_word_images(digit_model, [[short, beside]]) == []
    assert without_word_images(digit_model, [[short, far]]) == [[short]]


@pytest.mark.parametrize("number_first", [True, False])
def test_the_number_close_beside_a_word_is_kept(mnist, digit_model, number_first):
    number, word = digits(mnist, [2, 7, 4, 9]), printed("heating", shape=(120, 330), size=60)
    spans = (np.flatnonzero(ink.any(axis=0)) for ink in (number, word))
    number, word = (
        ink[:, span[0] : span[-1] + 1] for ink, span in zip((number, word), spans, strict=True)
    )
    word = np.roll(word, 30 - np.flatnonzero(word.any(axis=1))[0], axis=0)
    gap = np.zeros((120, 24), np.float32)
    both = [number, gap, word] if number_first else [word, gap, number]
    ink = np.pad(np.concatenate(both, axis=1), 10)
    (line,) = find_lines(ink)
    assert len(line) == 1
    ((kept,),) = without_word_images(digit_model, [line])
    left = 10 if number_first else 10 + word.shape[1] + 24
    assert kept.left == pytest.approx(left, abs=2)
    assert kept.ink.shape[1] == pytest.approx(number.shape[1], abs=4)


class Blocks:
    """A model for which solid letters are digits with a probability, and hollow ones are not."""

    digit_threshold = 0.0

    def __init__(self, p_solid=0.4):
        self.p_solid = p_solid

    def classify(self, pixels):
        is_solid = pixels.reshape(-1, 28, 28)[:, 13:15, 13:15].mean(axis=(1, 2)) > 128
        probabilities = np.full((len(pixels), 10), 0.0)
        probabilities[:, 4] = 1
        return Classification(probabilities, np.where(is_solid, self.p_solid, 0.01))  # -0.9 or -4.6


def word_of_blocks(*, solid):
    """A line image of five letters of one form."""
    ink = np.zeros((20, 90), np.float32)
    for left in range(0, 90, 18):
        ink[:, left : left + 12] = 1
        if not solid:
            ink[3:17, left + 3 : left + 9] = 0
    return LineImage(ink, 0, 0, 20.0)


@pytest.mark.parametrize(("words", "kept"), [(3, 0), (2, 1)])
def test_a_doubtful_word_is_left_out_on_a_page_of_text_alone(words, kept):
    lines = [[word_of_blocks(solid=False)] for _ in range(words)]
    assert len(without_word_images(Blocks(), [*lines, [word_of_blocks(solid=True)]])) == kept


def test_a_number_with_a_plus_is_kept_on_a_page_of_text():
    number = word_of_blocks(solid=True)
    number.ink[3:17, 3:9] = 0  # the first symbol is no digit: -4.6 nats beside four of -0.1
    lines = [[word_of_blocks(solid=False)] for _ in range(3)]
    assert without_word_images(Blocks(0.9), [*lines, [number]]) == [[number]]


@pytest.mark.parametrize(("top", "n_kept"), [(8, 1), (0, 0)])
def test_a_low_sign_does_not_make_its_number_a_part_of_the_word_behind_it(top, n_kept):
    ink = np.zeros((20, 140), np.float32)
    for place, left in enumerate((0, 15, 30, 60, 75, 90, 105, 120)):
        ink[top if not place else 0 :, left : left + 12] = 1
        if place not in (1, 2):
            ink[top + 4 if not place else 4 : 16, left + 4 : left + 8] = 0
    both = LineImage(ink, 0, 0, 20.0)
    kept = without_word_images(Blocks(0.9), [[both]])
    assert [image.ink.shape[1] for line in kept for image in line] == [42] * n_kept


def test_a_page_without_lines_has_none_left(digit_model):
    assert without_word_images(digit_model, []) == []


def test_a_page_of_printed_words_has_no_number_that_is_not_to_be_checked():
    text = "because of the heating\nplease bring warm clothes\nclasses go on as always"
    page = ((1 - printed(text)) * 255).astype(np.uint8)
    (reading,) = Reader().read(page).pages
    assert [number.text for number in reading.numbers if not number.to_check] == []


def test_noise_is_not_a_page_of_numbers():
    noise = np.random.default_rng(0).integers(0, 256, (700, 900), dtype=np.uint8)
    (reading,) = Reader().read(noise).pages
    assert list(reading.numbers) == []
