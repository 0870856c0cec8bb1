"""Comparison of readings with what was written on synthetic pages and in strings."""

from types import SimpleNamespace

import numpy as np
import pytest

from digitus.reader.pipeline.reader import Reader
from digitus.training.sequence.number_errors import (
    compare_numbers,
    error_curve,
    read_string_image,
    read_synthetic_page,
)


def compared(read, written):
    found, true = ([SimpleNamespace(text=text) for text in texts] for texts in (read, written))
    reading = SimpleNamespace(numbers=found)
    truth = SimpleNamespace(lines=[SimpleNamespace(numbers=true)])
    return [is_right for _, is_right in compare_numbers(reading, truth)]


def test_a_number_is_right_at_its_place_in_the_reading_order():
    assert compared(["12", "34"], ["12", "34"]) == [True, True]
    assert compared(["12", "35"], ["12", "34"]) == [True, False]


def test_a_number_that_was_not_read_does_not_make_the_next_one_wrong():
    assert compared(["56"], ["12", "56"]) == [True]


def test_a_number_where_nothing_is_written_is_wrong():
    assert compared(["12", "7", "34"], ["12", "34"]) == [True, False, True]


def test_a_number_with_another_mark_is_wrong():
    assert compared(["1,2", "34"], ["1.2", "34"]) == [False, True]


def test_fragments_of_a_number_are_wrong():
    assert compared(["1", "2"], ["12"]) == [False, False]


def test_without_any_number_there_is_no_curve():
    assert error_curve(iter([([], []), ([], [])])) is None
    curve = error_curve(iter([([0.9], [True]), ([0.8, 0.7], [True, False])]))
    assert (curve.n, curve.confidence, curve.kept) == (3, (0.7,), (2,))


def test_a_string_has_the_lowest_confidence_of_the_numbers_read_in_it(samples):
    numbers = [SimpleNamespace(text="1", confidence=value) for value in (0.9, 0.6, 0.8)]
    reader = SimpleNamespace(read_page=lambda page: SimpleNamespace(numbers=numbers))
    assert read_string_image(reader, 0, samples, np.random.default_rng(0)) == ([0.6], [False])


def test_a_string_in_which_nothing_was_read_is_wrong_with_confidence_0(samples):
    reader = SimpleNamespace(read_page=lambda page: SimpleNamespace(numbers=[]))
    assert read_string_image(reader, 0, samples, np.random.default_rng(0)) == ([0.0], [False])


@pytest.fixture(scope="module")
def reader():
    return Reader("cnn")


def test_most_numbers_of_a_plain_page_are_right(reader, samples):
    confidences, right = read_synthetic_page(reader, 0, samples, np.random.default_rng(0))
    assert len(confidences) == len(right) > 3
    assert np.mean(right) > 0.7


def test_most_strings_whose_digits_stand_apart_are_right(reader, samples):
    rng = np.random.default_rng(0)
    found = [read_string_image(reader, 4 * number, samples, rng) for number in range(6)]
    assert all(len(confidences) == 1 for confidences, _ in found)
    assert np.mean([right for _, (right,) in found]) > 0.6
