"""Probabilities of texts: the sequence network counts, and other texts make digits doubtful."""

from types import SimpleNamespace

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import FIRST_MARK, N_CLASSES, OTHER
from digitus.reader.sequence.sequence_recognizer import SequenceOutput
from digitus.reader.sequence.texts.beam_search import TextReading
from digitus.reader.sequence.texts.text_weights import (
    digit_probabilities,
    digits_in,
    mark_probabilities,
    sequence_log_probabilities,
    text_probabilities,
    unread_marks,
    with_sequence_texts,
)

DOT, COMMA = FIRST_MARK, FIRST_MARK + 1


def output_of(*kinds):
    """Output of a network that reads some classes with near certainty, with blanks between."""
    probabilities = np.full((2 * len(kinds) + 1, N_CLASSES + 1), 1e-4)
    probabilities[::2, N_CLASSES] = 1
    probabilities[np.arange(1, 2 * len(kinds), 2), list(kinds)] = 1
    return SequenceOutput(probabilities / probabilities.sum(axis=1, keepdims=True), 1.0)


def reading(*text, weight=0.0):
    return TextReading(text, weight, [])


def arcs(start, end):
    return SimpleNamespace(start=np.array(start), end=np.array(end))


def test_the_text_that_the_sequence_network_reads_is_more_probable():
    readings = [reading(1, 2, weight=1.0), reading(1, 7)]
    probabilities = text_probabilities(readings, output_of(1, 7), 1.0)
    assert probabilities[1] > 0.9
    assert probabilities.sum() == pytest.approx(1)


def test_without_a_weight_for_the_sequence_network_the_lattice_decides():
    probabilities = text_probabilities([reading(1, weight=1.0), reading(7)], output_of(7), 0.0)
    assert probabilities[0] == pytest.approx(1 / (1 + np.exp(-1)))


def test_other_symbols_may_be_read_by_the_sequence_network_or_not():
    read, not_read = (
        sequence_log_probabilities([(4, OTHER)], output_of(*kinds).probabilities)[0]
        for kinds in ((4, OTHER), (4,))
    )
    assert min(read, not_read) > -0.1
    assert sequence_log_probabilities([(4, 5)], output_of(4).probabilities)[0] < -3


def test_the_probability_of_a_digit_is_that_of_the_texts_that_have_it():
    readings = [reading(2, 8, 0), reading(2, 3, 0), reading(2, 8, 5, 0)]
    right = digit_probabilities(0, readings, np.array([0.7, 0.2, 0.1]))
    np.testing.assert_allclose(right, [1.0, 0.7, 1.0])


def test_a_text_with_one_more_digit_at_the_front_makes_the_first_digit_doubtful():
    right = digit_probabilities(0, [reading(4, 2), reading(1, 4, 2)], np.array([0.6, 0.4]))
    np.testing.assert_allclose(right, [0.6, 1.0])


def test_marks_and_other_symbols_make_no_digit_doubtful():
    readings = [reading(2, DOT, 8), reading(2, 8), reading(2, OTHER, 8)]
    right = digit_probabilities(0, readings, np.array([0.4, 0.3, 0.3]))
    np.testing.assert_allclose(right, 1.0)


def test_the_probability_of_a_mark_is_that_of_the_texts_that_have_it():
    readings = [reading(2, DOT, 8), reading(2, 8), reading(2, COMMA, 8)]
    right = mark_probabilities(0, readings, np.array([0.5, 0.3, 0.2]))
    np.testing.assert_allclose(right, [1.0, 0.5, 1.0])


def test_marks_of_other_texts_with_the_same_digits_are_unread():
    chosen = TextReading((2, 8), 0.0, [(0, 2), (1, 8)])
    others = [
        TextReading((2, DOT, 8), 0.0, [(0, 2), (2, DOT), (3, 8)]),
        TextReading((2, DOT, 8, OTHER), 0.0, [(0, 2), (4, DOT), (3, 8), (5, OTHER)]),
        TextReading((2, COMMA, 3), 0.0, [(0, 2), (2, COMMA), (3, 3)]),
    ]
    found = unread_marks(0, [chosen, *others], np.array([0.5, 0.2, 0.1, 0.2]))
    assert found.keys() == {(1, DOT)}
    step, probability = found[1, DOT]
    assert step == (2, DOT)
    assert probability == pytest.approx(0.3)


def test_the_digits_of_a_text_are_without_its_marks():
    assert digits_in((9, DOT, 0, OTHER)) == (9, 0)


def test_a_text_of_the_sequence_network_that_the_lattice_missed_is_added():
    scores = np.full((3, N_CLASSES), -30.0)
    scores[0, 1] = scores[1, 7] = scores[2, 4] = 0
    line, readings = arcs([0, 1, 0], [1, 2, 2]), [reading(4)]
    found = with_sequence_texts(readings, output_of(1, 7), line, scores)
    assert [one.text for one in found] == [(4,), (1, 7)]
    assert found[1].steps == [(0, 1), (1, 7)]
    assert with_sequence_texts(readings, output_of(4), line, scores) == readings


def test_a_text_of_a_further_view_that_the_lattice_missed_is_added():
    scores = np.full((3, N_CLASSES), -30.0)
    scores[0, 1] = scores[1, 7] = scores[2, 4] = 0
    output = SequenceOutput(output_of(4).probabilities, 1.0, (output_of(1, 7).probabilities,))
    found = with_sequence_texts([reading(4)], output, arcs([0, 1, 0], [1, 2, 2]), scores)
    assert [one.text for one in found] == [(4,), (1, 7)]


def test_a_text_that_no_path_reads_is_not_added():
    readings = [reading(4)]
    line = arcs([0], [1])
    found = with_sequence_texts(readings, output_of(1, 7), line, np.zeros((1, N_CLASSES)))
    assert found == readings


def test_further_views_of_a_line_count_as_much_as_the_first():
    one, other = output_of(1, 7), output_of(1, 4)
    readings = [reading(1, 7), reading(1, 4)]
    both = SequenceOutput(one.probabilities, 1.0, (other.probabilities,))
    np.testing.assert_allclose(text_probabilities(readings, both, 1.0), 0.5)
    assert text_probabilities(readings, one, 1.0)[0] > 0.9
