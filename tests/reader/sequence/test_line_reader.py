"""Reading line images: digits apart and touching, broken ones, marks and letters."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitus.models import load_model
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence import line_reader
from digitus.reader.sequence.confidence import Calibration, SymbolCalibration
from digitus.reader.sequence.line_reader import read_line_images, shipped_sequence_models
from digitus.synthesis.lines.digit_strings import assemble
from digitus.synthesis.negatives.letters_and_signs import LETTERS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import PenWriter, draw

HEIGHT_PX = 40


@pytest.fixture(scope="module")
def model():
    return load_model("cnn")


def written(text, *, gap, seed=1, height=HEIGHT_PX):
    """A line image of digits by the synthetic pen, with paper around."""
    rng = np.random.default_rng(seed)
    writer = PenWriter(rng, height, pen=0.09)
    inks = [writer(int(character), rng) for character in text]
    return image_of(assemble(text, inks, [0] * len(inks), gap).ink, height=height)


def image_of(ink, *, left=0, top=0, height=HEIGHT_PX):
    return LineImage(np.pad(ink, 6), left, top, float(height))


def text_of(symbols):
    return "".join(str(symbol.digit) for symbol in symbols if symbol.kind == "digit")


def is_sure_number(symbols):
    digits = [symbol.confidence for symbol in symbols if symbol.kind == "digit"]
    return bool(digits) and np.prod(digits) > 0.9


def kinds_of(symbols):
    return [symbol.kind for symbol in symbols]


def test_line_images_read_in_batches_read_the_same(model, monkeypatch):
    images = [
        written(text, gap=0.2, seed=seed) for seed, text in enumerate(["20", "9174", "3", "58"])
    ]
    whole = [text_of(symbols) for symbols in read_line_images(model, images)]
    monkeypatch.setattr(line_reader, "BATCH_WIDTH", 2)
    assert [text_of(symbols) for symbols in read_line_images(model, images)] == whole
    assert read_line_images(model, []) == []


@pytest.mark.parametrize("text", ["2026", "917", "40385"])
def test_digits_apart_are_read(model, text):
    assert text_of(read_line_images(model, [written(text, gap=0.3)])[0]) == text


@pytest.mark.parametrize("text", ["00", "35", "28", "60"])
def test_a_touching_pair_is_split(model, text):
    image = written(text, gap=None)
    components, _ = cv2.connectedComponents((image.ink > 0.25).astype(np.uint8))
    assert components == 2  # paper, and one component
    assert text_of(read_line_images(model, [image])[0]) == text


def test_a_five_in_two_components_is_one_digit(model):
    image = written("15", gap=0.4, seed=3)
    cols = np.flatnonzero(image.ink.any(axis=0))
    five = slice(int(cols[0] + 0.45 * np.ptp(cols)), None)
    rows = slice(6 + round(0.32 * HEIGHT_PX), 6 + round(0.38 * HEIGHT_PX))
    image.ink[rows, five] = 0
    assert text_of(read_line_images(model, [image])[0]) == "15"


def test_a_dash_between_digits_is_a_mark(model):
    image = with_mark(12, lambda ink, x: cv2.line(ink, (x, 26), (x + 14, 25), 1.0, 4))
    symbols = read_line_images(model, [image])[0]
    assert kinds_of(symbols) == ["digit", "minus", "digit"]
    assert symbols[1].confidence > 0.8


def test_a_dot_at_the_foot_of_two_digits_is_a_mark(model):
    image = with_mark(8, lambda ink, x: cv2.circle(ink, (x + 4, 42), 2, 1.0, -1))
    assert kinds_of(read_line_images(model, [image])[0]) == ["digit", "point", "digit"]


def with_mark(space, draw):
    """A line image of two digits by the synthetic pen, and between them what is drawn."""
    rng = np.random.default_rng(5)
    writer = PenWriter(rng, HEIGHT_PX, pen=0.09)
    one, other = writer(3, rng), writer(6, rng)
    rows = max(len(one), len(other))
    ink = np.zeros((rows + 8, one.shape[1] + other.shape[1] + 2 * space + 20), np.float32)
    ink[: len(one), : one.shape[1]] = one
    ink[: len(other), -other.shape[1] :] = other
    draw(ink, one.shape[1] + space)
    return image_of(ink)


def test_at_most_one_letter_in_five_is_read_as_a_sure_number(model):
    rng = np.random.default_rng(2)
    inks = [
        draw(write(letter, rng, freedom=0.3), HEIGHT_PX, 0.09 * HEIGHT_PX)
        for letter in LETTERS.values()
    ]
    found = read_line_images(model, [image_of(ink) for ink in inks])
    assert np.mean([is_sure_number(symbols) for symbols in found]) <= 0.2


def test_symbols_come_from_left_to_right_with_their_boxes_in_the_page(model):
    image = written("407", gap=0.3)
    moved = LineImage(image.ink, image.left + 300, image.top + 70, image.height_px)
    symbols = read_line_images(model, [moved])[0]
    lefts = [symbol.box[0] for symbol in symbols]
    assert lefts == sorted(lefts)
    for left, top, width, height in (symbol.box for symbol in symbols):
        assert 300 <= left < left + width <= 300 + image.ink.shape[1]
        assert 70 <= top < top + height <= 70 + image.ink.shape[0]


def test_a_shift_of_the_ink_does_not_change_the_reading(model):
    image = written("8352", gap=0.2)
    shifted = LineImage(np.pad(image.ink, ((3, 9), (17, 2))), 0, 0, image.height_px)
    one, other = read_line_images(model, [image, shifted])
    assert text_of(one) == text_of(other)
    assert [symbol.confidence for symbol in one] == pytest.approx(
        [symbol.confidence for symbol in other], abs=0.02
    )


def test_line_images_read_together_are_read_as_each_alone(model):
    images = [written("12", gap=0.3), written("890", gap=0.3, seed=4)]
    together = read_line_images(model, images)
    for image, symbols in zip(images, together, strict=True):
        alone = read_line_images(model, [image])[0]
        assert [symbol.box for symbol in alone] == [symbol.box for symbol in symbols]
        assert [symbol.confidence for symbol in alone] == pytest.approx(
            [symbol.confidence for symbol in symbols], abs=1e-4
        )


def test_confidences_and_probabilities_lie_between_zero_and_one(model):
    for symbol in read_line_images(model, [written("6179", gap=None)])[0]:
        assert 0 <= symbol.confidence <= 1
        assert 0 <= symbol.p_digit <= 1
        assert symbol.probabilities.sum() == pytest.approx(1)


def test_a_line_image_of_three_times_the_size_reads_the_same(model):
    image = written("2046", gap=0.3)
    large = cv2.resize(image.ink, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR)
    tall = LineImage(large, 0, 0, 3 * image.height_px)
    assert text_of(read_line_images(model, [tall])[0]) == "2046"


def test_no_line_images_and_bare_paper_give_no_symbols(model):
    bare = LineImage(np.zeros((20, 30), np.float32), 0, 0, 20.0)
    assert read_line_images(model, []) == []
    assert read_line_images(model, [bare]) == [[]]


def test_other_sequence_models_take_the_place_of_the_shipped_ones(model):
    image = written("2046", gap=0.3)
    unsure = replace(
        shipped_sequence_models(),
        calibration=SymbolCalibration(Calibration(0.0, 0.0), Calibration(0.0, 0.0)),
    )
    (symbols,) = read_line_images(model, [image], sequence_models=unsure)
    assert text_of(symbols) == "2046"
    assert [symbol.confidence for symbol in symbols] == pytest.approx([0.5] * 4, abs=1e-3)
