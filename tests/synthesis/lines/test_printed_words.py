"""Printed words: letters alone, in three cases, of the size that was asked for."""

from pathlib import Path

import numpy as np
from matplotlib import get_data_path

from digitus.synthesis.lines.printed_words import CAPITAL, LENGTHS, SIZES, print_word, random_word

FONTS = sorted((Path(get_data_path()) / "fonts" / "ttf").glob("DejaVuSans.ttf"))


def test_words_are_of_letters_of_every_length_and_case():
    rng = np.random.default_rng(0)
    words = [random_word(rng) for _ in range(300)]
    assert all(word.isalpha() for word in words)
    assert {len(word) for word in words} == set(range(*LENGTHS))
    assert any(word.islower() for word in words)
    assert any(word.isupper() for word in words)
    assert any(word.istitle() and not word.isupper() for word in words)


def test_a_printed_capital_is_as_high_as_the_range_allows():
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows = len(print_word("H", 40.0, rng, FONTS))
        assert SIZES[0] * 40 - 2 <= rows <= SIZES[1] * 40 + 2
    assert 0.7 < CAPITAL < 0.75


def test_a_longer_word_is_wider():
    short, long = (
        print_word(word, 40.0, np.random.default_rng(1), FONTS).shape[1] for word in ("on", "onion")
    )
    assert long > 1.5 * short
