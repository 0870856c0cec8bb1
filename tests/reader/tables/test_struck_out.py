"""Strikes and scribbles: lines and zigzags through digits count, digits do not."""

import cv2
import numpy as np
import pytest

from digitus.imaging.strokes import render_strokes
from digitus.reader.results.symbols import LineImage
from digitus.reader.tables.struck_out import is_struck_out
from digitus.synthesis.pen.digit_strokes import draw_digit, place

HEIGHT, PEN = 60, 5
WIDTH = 200


def digits(text, seed=0):
    rng, strokes = np.random.default_rng(seed), []
    for i, digit in enumerate(text):
        strokes += place(draw_digit(int(digit), rng), size=HEIGHT, left=20 + 55 * i, top=20)
    return strokes


def struck(strokes):
    ink = render_strokes(strokes, width=WIDTH, height=100, pen_px=PEN)
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    crop = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    return is_struck_out([line_image(crop)], HEIGHT, PEN)


def line_image(ink):
    return LineImage(ink, left=0, top=0, height_px=HEIGHT)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("digit", "0123456789")
def test_single_digits_are_not_struck_out(digit, seed):
    assert not struck(digits(digit, seed))


@pytest.mark.parametrize("text", ["00", "88", "360"])
def test_several_digits_are_not_struck_out(text):
    assert not struck(digits(text))


@pytest.mark.parametrize("text", ["3", "42", "805"])
def test_a_stroke_through_digits_strikes_them_out(text):
    width = 55 * len(text)
    assert struck([*digits(text), [(5, 55), (25 + width, 45)]])


@pytest.mark.parametrize("text", ["3", "42"])
def test_a_scribble_strikes_out(text):
    width = 55 * len(text)
    zigzag = [(15 + x, 20 + HEIGHT * (i % 2)) for i, x in enumerate(range(0, width + 8, 8))]
    assert struck([*digits(text), zigzag])


def test_an_empty_cell_is_not_struck_out():
    assert not is_struck_out([], HEIGHT, PEN)


@pytest.mark.parametrize("text", ["98", "48", "65"])
def test_small_blurred_digits_that_touch_are_not_struck_out(text):
    strokes = []
    for i, digit in enumerate(text):
        shape = draw_digit(int(digit), np.random.default_rng(3))
        strokes += place(shape, size=HEIGHT, left=20 + 32 * i, top=20)
    ink = render_strokes(strokes, width=WIDTH, height=100, pen_px=9)
    small = cv2.resize(cv2.GaussianBlur(ink, (0, 0), 4), None, fx=0.28, fy=0.28)
    rows, cols = (np.flatnonzero((small > 0.1).any(axis=axis)) for axis in (1, 0))
    crop = small[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    assert not is_struck_out([line_image(crop)], 0.8 * len(crop), 4.0)
