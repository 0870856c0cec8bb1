"""Symbols: the digit that is the likeliest, and marks between digits."""

import numpy as np

from digitus.reader.results.symbols import Symbol, with_marks_between

BOX = (0, 0, 10, 20)


def test_the_digit_of_a_symbol_is_the_likeliest():
    assert Symbol("digit", BOX, np.array([0.1] * 7 + [0.2, 0.1, 0.0])).digit == 7


def test_a_symbol_without_probabilities_has_no_digit():
    assert Symbol("point", BOX).digit is None


def test_marks_are_inserted_by_their_middle_and_the_order_of_digits_stays():
    digits, marks = [("5", 57.0), ("0", 49.0), ("0", 75.0)], [(".", 103.0), (",", 60.0)]
    merged = with_marks_between(digits, marks, lambda one: one[1])
    assert "".join(text for text, _ in merged) == "50,0."
