"""Marks have the shape and place of their kind."""

import numpy as np
import pytest

from digitus.models.line_image_format import MARKS as KINDS
from digitus.synthesis.lines.punctuation import MARKS, write_even_mark, write_varied_mark
from digitus.synthesis.pen.writers import PenWriter

HEIGHT_PX = 60.0


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_there_is_a_mark_of_every_kind():
    assert tuple(mark.kind for mark in MARKS.values()) == KINDS


@pytest.mark.parametrize("seed", range(10))
def test_a_dash_is_wider_than_high_a_comma_higher_than_wide_a_dot_neither(seed):
    rng = np.random.default_rng(seed)
    kinds = ("minus", "comma", "point")
    dash, comma, dot = (write_varied_mark(kind, HEIGHT_PX, rng)[0] for kind in kinds)
    assert dash.shape[1] > dash.shape[0]
    assert comma.shape[0] > comma.shape[1]
    assert max(dot.shape) <= 1.5 * min(dot.shape)


def test_marks_are_smaller_than_digits(rng):
    for kind in KINDS:
        for _ in range(20):
            assert len(write_varied_mark(kind, HEIGHT_PX, rng)[0]) < 0.9 * HEIGHT_PX


def test_dashes_end_above_the_baseline_and_commas_below(rng):
    for kind, below in (("minus", False), ("comma", True)):
        ends = [write_varied_mark(kind, HEIGHT_PX, rng)[1] for _ in range(50)]
        assert (np.mean(ends) > 0) == below


def test_an_even_mark_is_drawn_with_the_pen_of_the_digits():
    sizes = []
    for pen in (0.05, 0.15):
        rng = np.random.default_rng(1)
        writer = PenWriter(rng, HEIGHT_PX, pen=pen)
        sizes.append(write_even_mark(".", writer, np.random.default_rng(2)).shape[0])
    assert sizes[1] > 2 * sizes[0]


def test_the_same_seed_writes_the_same_mark():
    one, other = (write_varied_mark("comma", 40.0, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])
    assert one[1] == other[1]
