"""What is drawn is read as one digit, or as several where several stand apart."""

import numpy as np
import pytest

from digitus.desktop.canvas.read_drawing import reader_of
from digitus.recognizer import Recognizer
from digitus.synthesis.pen.digit_strokes import draw_digit, place


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer()


@pytest.fixture
def side_by_side():
    """Draw digits beside each other, small enough for the canvas."""

    def draw(text):
        rng, step = np.random.default_rng(0), 270 // len(text)
        return [
            list(stroke)
            for at, digit in enumerate(text)
            for stroke in place(
                draw_digit(int(digit), rng, freedom=0.3),
                size=round(0.8 * step),
                left=12 + at * step,
                top=90,
            )
        ]

    return draw


def test_an_answer_keeps_the_strokes_it_belongs_to(recognizer):
    strokes = [[(50.0, 50.0), (200.0, 220.0)]]
    read = reader_of(strokes, pen_px=20)
    strokes[0].append((10.0, 10.0))
    assert read(recognizer).drawing.strokes == (((50.0, 50.0), (200.0, 220.0)),)


@pytest.mark.parametrize("text", ["427", "15", "680"])
def test_digits_drawn_apart_are_answered_one_by_one(recognizer, side_by_side, text):
    (line,) = reader_of(side_by_side(text), pen_px=16)(recognizer).lines
    assert line.replace(" ", "") == text


def test_a_model_that_never_declines_answers_them_one_by_one_too(side_by_side):
    (line,) = reader_of(side_by_side("15"), pen_px=16)(Recognizer("mlp")).lines
    assert line.replace(" ", "") == "15"


@pytest.mark.parametrize("digit", range(10))
def test_one_digit_is_never_several_though_it_has_several_strokes(recognizer, digit_strokes, digit):
    answer = reader_of(digit_strokes(digit), pen_px=20)(recognizer)
    assert answer.lines == ()
    assert answer.prediction.digit == digit


def test_a_scribble_is_not_several_digits(recognizer):
    rng = np.random.default_rng(1)
    for _ in range(5):
        strokes = [list(map(tuple, rng.uniform(20, 260, (7, 2)).tolist())) for _ in range(3)]
        assert reader_of(strokes, pen_px=20)(recognizer).lines == ()
