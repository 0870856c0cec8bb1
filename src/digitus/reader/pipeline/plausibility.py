"""Words and small print are left alone: what looks like digits there is taken for no number."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean, median

from digitus.reader.pipeline.assembly import line_of
from digitus.reader.pipeline.thresholds import WORTH_A_LOOK
from digitus.reader.results.reading import Digit, Line, Number
from digitus.reader.results.symbols import Symbol

_WORD_GAP = 0.35  # of the height: pieces nearer to each other belong to one word
_LETTERS = 0.5  # a letter is as much against a word's digits as half a sure one is for them
_RATHER_RIGHT = 0.5
_SMALL, _SPECK = 0.5, 0.3  # of the page's typical digit: doubtful small print, and no writing


def without_words(pieces: Sequence[Symbol]) -> list[Symbol]:
    """Take the digits of words for letters: those beside letters that outweigh them.

    Args:
        pieces: of a run, from left to right.
    """
    return [piece for word in _words(pieces) for piece in _as_letters(word)]


def plausible(lines: Sequence[Line], cells: Sequence[Symbol] = ()) -> list[Line]:
    """Leave out numbers that are rather scrap: more wrong than right, or doubtful small print.

    Args:
        lines: of a page.
        cells: what stands in its grids; it tells how tall the writing is, too.
    """
    typical = _typical_height_px(lines, cells)
    kept = ([one for one in line.numbers if _is_plausible(one, typical)] for line in lines)
    return [
        line if len(numbers) == len(line.numbers) else line_of(numbers)
        for line, numbers in zip(lines, kept, strict=True)
        if numbers
    ]


def is_rather_right(number: Number) -> bool:
    """Return whether the digits of a number are rather right than wrong, in the mean."""
    return fmean(digit.confidence for digit in number.digits) >= _RATHER_RIGHT


def _words(pieces: Sequence[Symbol]) -> Iterator[list[Symbol]]:
    """Cut a run at its gaps."""
    word: list[Symbol] = []
    for piece in pieces:
        if word and _gap_px(word, piece) > _WORD_GAP * max(word[-1].box[3], piece.box[3]):
            yield word
            word = []
        word.append(piece)
    yield word


def _gap_px(word: Sequence[Symbol], piece: Symbol) -> int:
    return piece.box[0] - max(one.box[0] + one.box[2] for one in word)


def _as_letters(word: list[Symbol]) -> list[Symbol]:
    letters = sum(piece.kind == "other" for piece in word)
    digits = sum(2 * piece.confidence - 1 for piece in word if piece.kind == "digit")
    if not letters or digits >= _LETTERS * letters:
        return word
    return [replace(one, kind="other") if one.kind == "digit" else one for one in word]


def _is_plausible(number: Number, typical_px: float) -> bool:
    least = _SMALL if number.confidence < WORTH_A_LOOK else _SPECK
    return number.box[3] >= least * typical_px and is_rather_right(number)


def _typical_height_px(lines: Sequence[Line], cells: Sequence[Symbol]) -> float:
    """Return the median height of the sure digits, or of all if none is sure; 0.0 without any."""
    digits: list[Digit | Symbol] = [
        one for line in lines for number in line.numbers for one in number.digits
    ]
    digits += [piece for piece in cells if piece.kind == "digit"]
    sure = [one for one in digits if one.confidence >= WORTH_A_LOOK]
    return median(one.box[3] for one in sure or digits) if digits else 0.0
