"""The doubtful digits of a word are letters."""

import numpy as np

from digitus.reader.pipeline.letters import letters_in_words
from digitus.reader.results.symbols import Symbol


def letter_or_digit(kind, left, *, confidence=0.6):
    shares = None if kind == "other" else np.eye(10)[1]
    sure = confidence if kind == "digit" else 0.0
    return Symbol(kind, (left, 0, 20, 30), shares, confidence, sure)


def kinds(symbols):
    return [one.kind for one in letters_in_words(symbols)]


def test_a_doubtful_digit_among_letters_becomes_a_letter():
    word = [letter_or_digit(kind, 22 * i) for i, kind in enumerate(("other", "digit", "other"))]
    assert kinds(word) == ["other"] * 3


def test_confident_digits_beside_a_unit_stay_digits():
    digits = [letter_or_digit("digit", left, confidence=0.99) for left in (0, 22)]
    assert kinds([*digits, letter_or_digit("other", 44)]) == ["digit", "digit", "other"]


def test_a_number_after_a_longer_word_stays_a_number():
    word = [letter_or_digit("other", 22 * i) for i in range(5)]
    digits = [letter_or_digit("digit", left) for left in (140, 162)]
    assert kinds([*word, *digits])[-2:] == ["digit", "digit"]


def test_doubtful_digits_without_a_letter_beside_them_stay_digits():
    assert kinds([letter_or_digit("digit", left) for left in (0, 22)]) == ["digit", "digit"]


def test_no_symbols_make_no_word():
    assert letters_in_words([]) == []
