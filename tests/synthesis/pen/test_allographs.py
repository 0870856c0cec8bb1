"""The allographs are shapes of their digits, in a box of 100 by 100."""

import re
from itertools import combinations

import numpy as np
import pytest

from digitus.imaging import render_strokes
from digitus.models.shipped import load_model
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.digit_strokes import draw_digit, place

SHAPES = [(digit, name) for digit, shapes in DIGITS.items() for name in shapes]


def points_of(path):
    return [tuple(map(int, point)) for point in re.findall(r"(\d+) (\d+)", path)]


def test_every_digit_has_several_shapes():
    assert sorted(DIGITS) == list(range(10))
    assert min(len(shapes) for shapes in DIGITS.values()) >= 6


@pytest.mark.parametrize(("digit", "name"), SHAPES)
def test_a_path_stays_in_the_box_and_spans_most_of_it(digit, name):
    points = np.array(points_of(DIGITS[digit][name]))
    assert points.min() >= 0
    assert points.max() <= 100
    assert np.ptp(points, axis=0).max() >= 80


def test_no_two_shapes_of_a_digit_are_the_same():
    for shapes in DIGITS.values():
        assert all(one != other for one, other in combinations(shapes.values(), 2))


def test_the_mean_shapes_are_read_as_their_digits():
    rng, patches = np.random.default_rng(0), []
    for digit, name in SHAPES:
        strokes = place(draw_digit(digit, rng, freedom=0.0, allograph=name), size=20, left=4, top=4)
        patches.append(render_strokes(strokes, width=28, height=28, pen_px=2.2))
    pixels = np.rint(255 * np.stack(patches)).astype(np.uint8).reshape(len(SHAPES), -1)
    read = load_model("cnn").classify(pixels).probabilities.argmax(axis=1)
    wrong = [shape for shape, found in zip(SHAPES, read, strict=True) if shape[0] != found]
    assert len(wrong) <= 2, wrong
