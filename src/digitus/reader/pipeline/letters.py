"""Letters beside digits: the doubtful digits of a word are letters, too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digitus.reader.results.symbols import Symbol


@dataclass(frozen=True)
class LetterParameters:
    """When digits beside letters are letters.

    Set by hand, from the spacing of letters.

    Attributes:
        word_gap: greatest gap between symbols of one word, in digit heights.
        letter_weight: confidence in digits that one letter of a word outweighs, where a digit of
            confidence c counts for 2c - 1.
    """

    word_gap: float = 0.35
    letter_weight: float = 0.5


LETTERS = LetterParameters()


def letters_in_words(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Turn the digits of words into letters (kind ``other``): where letters outweigh them.

    Args:
        symbols: from left to right.
    """
    return [symbol for word in _words(symbols) for symbol in _as_letters(word)]


def _words(symbols: Sequence[Symbol]) -> Iterator[list[Symbol]]:
    """Cut a sequence of symbols at its gaps."""
    word: list[Symbol] = []
    for symbol in symbols:
        gap_px = symbol.box[0] - max((one.box[0] + one.box[2] for one in word), default=0)
        if word and gap_px > LETTERS.word_gap * max(word[-1].box[3], symbol.box[3]):
            yield word
            word = []
        word.append(symbol)
    yield word


def _as_letters(word: list[Symbol]) -> list[Symbol]:
    n_letters = sum(symbol.kind == "other" for symbol in word)
    digits = sum(2 * symbol.confidence - 1 for symbol in word if symbol.kind == "digit")
    if not n_letters or digits >= LETTERS.letter_weight * n_letters:
        return word
    return [replace(one, kind="other") if one.kind == "digit" else one for one in word]
