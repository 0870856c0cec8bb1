"""Marks have the shape and place of their kind."""

import cv2
import numpy as np
import pytest

from digitus.models.sequence.line_image_format import MARKS as KINDS
from digitus.synthesis.lines.punctuation import MARKS, write_even_mark, write_varied_mark
from digitus.synthesis.pen.writers import PenWriter

HEIGHT_PX, PEN_PX = 60.0, 6.0


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_there_is_a_mark_of_every_kind():
    assert tuple(mark.kind for mark in MARKS.values()) == KINDS


def written(character, rng):
    return write_varied_mark(character, HEIGHT_PX, PEN_PX, rng)


@pytest.mark.parametrize("seed", range(10))
def test_a_dash_is_wider_than_high_a_comma_higher_than_wide_a_point_neither(seed):
    rng = np.random.default_rng(seed)
    dash, comma, point = (written(character, rng)[0] for character in "-,.")
    assert dash.shape[1] > dash.shape[0]
    assert comma.shape[0] > comma.shape[1]
    assert max(point.shape) <= 2.5 * min(point.shape)


def test_points_commas_and_dashes_are_lower_than_digits(rng):
    for character in ".,-":
        assert all(len(written(character, rng)[0]) < 0.6 * HEIGHT_PX for _ in range(20))


def test_slashes_and_brackets_are_as_high_as_digits_or_higher(rng):
    for character in "/()":
        assert all(len(written(character, rng)[0]) > 0.75 * HEIGHT_PX for _ in range(20))


def test_a_slash_leans_more_than_a_one(rng):
    for _ in range(20):
        ink, _ = written("/", rng)
        assert ink.shape[1] > 0.25 * len(ink)


def test_a_colon_has_two_components_and_a_percent_sign_three_at_most(rng):
    for character, most in ((":", 2), ("%", 3)):
        for _ in range(20):
            ink, _ = written(character, rng)
            n = cv2.connectedComponents((ink > 0.5).astype(np.uint8))[0] - 1
            assert 1 <= n <= most


def test_dashes_and_pluses_end_above_the_baseline_and_commas_below(rng):
    for character, below in (("-", False), ("+", False), (",", True)):
        ends = [written(character, rng)[1] for _ in range(50)]
        assert (np.mean(ends) > 0) == below


def test_an_even_mark_is_drawn_with_the_pen_of_the_digits():
    sizes = []
    for pen in (0.05, 0.15):
        rng = np.random.default_rng(1)
        writer = PenWriter(rng, HEIGHT_PX, pen=pen)
        sizes.append(write_even_mark(".", writer, np.random.default_rng(2)).shape[0])
    assert sizes[1] > 2 * sizes[0]


def test_the_same_seed_writes_the_same_mark():
    one, other = (write_varied_mark(",", 40.0, 4.0, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])
    assert one[1] == other[1]
