"""Symbols: the digit that is the likeliest."""

import numpy as np

from digitus.reader.results.symbols import Symbol

BOX = (0, 0, 10, 20)


def test_the_digit_of_a_symbol_is_the_likeliest():
    assert Symbol("digit", BOX, np.array([0.1] * 7 + [0.2, 0.1, 0.0])).digit == 7


def test_a_symbol_without_probabilities_has_no_digit():
    assert Symbol("point", BOX).digit is None
