"""Weighing texts: the strip as a whole has its say, and other texts make digits doubtful."""

import numpy as np
import pytest

from digitus.reader.sequence.arc_scores import CLASSES
from digitus.reader.sequence.beam_search import TextReading
from digitus.reader.sequence.sequence_recognizer import Seen
from digitus.reader.sequence.text_weights import (
    OTHER,
    certainty,
    digits_in,
    on_strip,
    shares_of,
    with_the_strips_own,
)

DOT = 10


def line_image_of(*kinds):
    """A strip that shows some classes, each surely, with blanks between."""
    likely = np.full((2 * len(kinds) + 1, CLASSES + 1), 1e-4)
    likely[::2, CLASSES] = 1
    likely[np.arange(1, 2 * len(kinds), 2), list(kinds)] = 1
    return Seen(likely / likely.sum(axis=1, keepdims=True), 1.0)


def reading(*text, weight=0.0):
    return TextReading(text, weight, [])


def test_the_strip_prefers_what_it_shows():
    shares = shares_of([reading(1, 2, weight=1.0), reading(1, 7)], line_image_of(1, 7), 1.0)
    assert shares[1] > 0.9
    assert shares.sum() == pytest.approx(1)


def test_without_heed_the_lattice_decides():
    shares = shares_of([reading(1, weight=1.0), reading(7)], line_image_of(7), 0.0)
    assert shares[0] == pytest.approx(1 / (1 + np.exp(-1)))


def test_what_is_no_digit_may_be_seen_or_overlooked():
    seen, overlooked = (
        on_strip([(4, OTHER)], line_image_of(*kinds).likely)[0] for kinds in ((4, OTHER), (4,))
    )
    assert min(seen, overlooked) > -0.1
    assert on_strip([(4, 5)], line_image_of(4).likely)[0] < -3


def test_each_digit_is_as_sure_as_the_texts_that_have_it():
    readings = [reading(2, 8, 0), reading(2, 3, 0), reading(2, 8, 5, 0)]
    sure = certainty(0, readings, np.array([0.7, 0.2, 0.1]))
    np.testing.assert_allclose(sure, [1.0, 0.7, 1.0])


def test_marks_and_all_else_make_no_digit_doubtful():
    readings = [reading(2, DOT, 8), reading(2, 8), reading(2, OTHER, 8)]
    np.testing.assert_allclose(certainty(0, readings, np.array([0.4, 0.3, 0.3])), 1.0)


def test_digits_are_told_from_marks():
    assert digits_in((9, DOT, 0, OTHER)) == (9, 0)


def test_a_text_of_the_strip_that_the_lattice_left_out_is_added():
    start, end = np.array([0, 1, 0]), np.array([1, 2, 2])
    scores = np.full((3, CLASSES), -30.0)
    scores[0, 1] = scores[1, 7] = scores[2, 4] = 0
    readings = [reading(4)]
    found = with_the_strips_own(readings, line_image_of(1, 7), start, end, scores)
    assert [one.text for one in found] == [(4,), (1, 7)]
    assert found[1].steps == [(0, 1), (1, 7)]
    assert with_the_strips_own(readings, line_image_of(4), start, end, scores) == readings


def test_a_text_that_no_way_can_read_is_not_added():
    start, end, scores = np.array([0]), np.array([1]), np.zeros((1, CLASSES))
    readings = [reading(4)]
    assert with_the_strips_own(readings, line_image_of(1, 7), start, end, scores) == readings


def test_further_views_of_the_strip_are_heard_alike():
    one, other = line_image_of(1, 7), line_image_of(1, 4)
    readings = [reading(1, 7), reading(1, 4)]
    both = Seen(one.likely, 1.0, (other.likely,))
    np.testing.assert_allclose(shares_of(readings, both, 1.0), 0.5)
    assert shares_of(readings, one, 1.0)[0] > 0.9
