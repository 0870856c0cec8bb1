"""A drawing is read as one digit, or as several if they are drawn apart."""

import numpy as np
import pytest

from digitus.data.corrections import DrawnStrokes
from digitus.desktop.answer.answer import Answer, has_several, read_drawing, straightened_picture
from digitus.imaging.opening.page_source import open_document
from digitus.reader import UprightPage
from digitus.reader.results.reading import Digit, Line, Number, PageReading
from digitus.recognizer import BLANK, Recognizer
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


def drawn(strokes, pen_px=16):
    return DrawnStrokes(280, 280, pen_px, tuple(map(tuple, strokes)))


def test_an_answer_keeps_the_strokes_it_belongs_to(recognizer):
    drawing = drawn([[(50.0, 50.0), (200.0, 220.0)]])
    assert read_drawing(recognizer, drawing).drawing is drawing


@pytest.mark.parametrize("text", ["427", "15", "680"])
def test_digits_drawn_apart_are_read_one_by_one(recognizer, side_by_side, text):
    (line,) = read_drawing(recognizer, drawn(side_by_side(text))).lines
    assert line.replace(" ", "") == text


def test_a_digit_with_a_minus_is_read_with_it(recognizer):
    minus = [(20.0, 140.0), (70.0, 142.0)]
    digit = place(draw_digit(4, np.random.default_rng(4), freedom=0.3), size=120, left=100, top=80)
    strokes = [minus, *map(list, digit)]
    (line,) = read_drawing(recognizer, drawn(strokes)).lines
    assert line == "-4"


@pytest.mark.parametrize(
    ("text", "value", "to_check", "is_several"),
    [
        ("-4", -4, False, True),
        ("-4", -4, True, False),
        ("4.", None, False, False),
        ("4", 4, False, False),
    ],
)
def test_a_mark_beside_one_digit_counts_if_it_is_sure_to_make_a_number(
    text, value, to_check, is_several
):
    digit = Digit(4, "digit", 0.99, (20, 0, 10, 20), ((4, 0.99),))
    number = Number(text, value, 0.99, to_check, digit.box, (digit,))
    page = PageReading("array", 1, 40, 40, (Line(text, 0.99, digit.box, (number,)),))
    assert has_several(page) == is_several


def test_two_digits_in_one_stroke_are_read_one_by_one(recognizer, side_by_side):
    strokes = side_by_side("23")
    joined = [point for stroke in strokes for point in stroke]
    answer = read_drawing(recognizer, drawn([joined], pen_px=12))
    assert answer.prediction.verdict == "several_digits"


def test_a_model_that_never_declines_reads_them_one_by_one_too(side_by_side):
    (line,) = read_drawing(Recognizer("mlp"), drawn(side_by_side("15"))).lines
    assert line.replace(" ", "") == "15"


@pytest.mark.parametrize("digit", range(10))
def test_one_digit_of_several_strokes_is_read_as_one(recognizer, digit_strokes, digit):
    answer = read_drawing(recognizer, drawn(digit_strokes(digit), pen_px=20))
    assert answer.lines == ()
    assert answer.prediction.digit == digit


def test_a_scribble_is_not_several_digits(recognizer):
    rng = np.random.default_rng(1)
    for _ in range(5):
        strokes = [list(map(tuple, rng.uniform(20, 260, (7, 2)).tolist())) for _ in range(3)]
        assert read_drawing(recognizer, drawn(strokes, pen_px=20)).lines == ()


FAT_427 = (
    ((160, 170), (150, 210), (145, 230), (180, 230), (205, 230)),
    ((190, 190), (188, 230), (185, 280)),
    ((260, 190), (280, 170), (305, 180), (300, 215), (270, 255), (260, 275), (320, 275)),
    ((360, 175), (390, 173), (420, 172), (400, 220), (385, 280)),
)


def test_a_number_in_a_wide_pen_is_shown_to_be_checked_though_it_is_doubtful(recognizer):
    drawing = DrawnStrokes(514, 556, 44.0, FAT_427)
    answer = read_drawing(recognizer, drawing)
    assert answer.prediction.verdict == "several_digits"
    assert [line.strip("[]") for line in answer.lines] == ["427"]


def test_the_source_kind_is_drawing_image_or_test_set():
    drawing = DrawnStrokes(280, 280, 24.0, (((1.0, 2.0),),))
    assert Answer(BLANK, drawing=drawing).source_kind == "drawing"
    assert Answer(BLANK, picture=np.ones((20, 20, 3), np.uint8)).source_kind == "image"
    assert Answer(BLANK).source_kind == "test_set"


def test_the_picture_of_a_page_lies_under_its_boxes_in_color():
    """A page that was turned and squared up is shown as it was read, in its colors."""
    rng = np.random.default_rng(0)
    source = open_document(rng.integers(0, 256, (60, 80, 3), np.uint8)).page(1)

    def straighten(channel):
        return np.ascontiguousarray(np.rot90(channel[:40]))

    upright = UprightPage(np.zeros((80, 40)), None, None, straighten)
    picture = straightened_picture(source, upright)
    np.testing.assert_array_equal(picture, np.rot90(source.color()[:40]))
