"""Letters beside digits: digits that stand among letters and look like some are letters, too.

The letters l, I, O, S, Z, B, b, g and q are read as digits with confidence; only what stands beside
them tells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import fmean, median

from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.symbols import Lines, Symbol


@dataclass(frozen=True)
class LetterParameters:
    """When digits beside letters are letters.

    Set by hand, from the shapes, sizes and spacing of letters, so that a number with a unit or with
    one letter before it keeps its digits.

    Attributes:
        word_gap: greatest gap between symbols of one word, in digit heights.
        letter_gap: greatest gap between a single letter and digits behind it that are letters, too.
        letter_weight: confidence in digits that one letter of a word outweighs, where a digit of
            confidence c counts for 2c - 1.
        look_alikes: digits that letters look like: o, l, Z, S, b, B, g.
        min_height: least height of a letter over that of the tallest symbol of its word.
        low: greatest height of a small letter over that of the tallest symbol of its word; the
            digits of a number are of about one height.
        max_p_digit: greatest probability of being a digit of a sure letter.
        wide: least width over height of letters that are joined.
        min_column: least number of lines that begin with letters in a list of such.
        column_share: least share of the lines of the list that do.
        column_reach: greatest distance of their starts, in heights of a letter.
        max_width: greatest width of a digit over its height; a wider one is several letters,
            joined.
        max_width_of_line: the same over the usual height of the digits of its line, which flat
            zeros do not reach.
        uneven: least height of a digit over that of the highest one beside it; in a column of
            words, a number with a lower one is a word.
        min_before: least number of digits before letters that are a number in such a column.
        min_behind: the same behind letters.
        sure: least mean confidence of the digits of a word that stay digits in a column of words;
            those of true numbers on poor paper are hardly below it.
        confidence_in_column: greatest confidence of a single digit that begins another line of the
            list: below the threshold of numbers to check.
    """

    word_gap: float = 0.35
    letter_gap: float = 0.15
    letter_weight: float = 0.5
    look_alikes: frozenset[int] = frozenset({0, 1, 2, 5, 6, 8, 9})
    min_height: float = 0.45
    low: float = 0.82
    max_p_digit: float = 0.3
    wide: float = 1.4
    min_column: int = 2
    column_share: float = 0.5
    column_reach: float = 1.0
    max_width: float = 1.5
    max_width_of_line: float = 1.2
    uneven: float = 0.6
    min_before: int = 2
    min_behind: int = 3
    sure: float = 0.8
    confidence_in_column: float = 0.85


LETTERS = LetterParameters()


def wide_as_letters(lines: Lines) -> list[list[list[Symbol]]]:
    """Turn digits that are too wide for one into letters: words whose letters are joined.

    Where digits overlap, the box of one may be that of all their ink: the width of a sure digit is
    shared by the digits and marks that stand in it.
    """
    made = []
    for line in lines:
        heights = [one.box[3] for some in line for one in some if one.kind == "digit"]
        least = LETTERS.max_width_of_line * median(heights or [0])
        made.append(
            [
                [_as_letter(one) if _is_wide(one, some, least) else one for one in some]
                for some in line
            ]
        )
    return made


def _is_wide(symbol: Symbol, symbols: Sequence[Symbol], least_px: float) -> bool:
    left, width_px = symbol.body
    inside = [
        one.kind
        for one in symbols
        if one is not symbol and left < one.body[0] + one.body[1] / 2 < left + width_px
    ]
    share_px = float(width_px)
    if symbol.confidence >= CHECK_BELOW and "other" not in inside:
        share_px /= 1 + len(inside)
    return share_px > LETTERS.max_width * symbol.box[3] and share_px > least_px


def letters_in_words(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Turn the digits of words into letters (kind ``other``).

    Args:
        symbols: from left to right.
    """
    return [symbol for word in _words(symbols) for symbol in _as_letters(word)]


def doubt_in_letter_columns(lines: Lines) -> list[list[list[Symbol]]]:
    """Doubt a single digit that begins a line, where most lines of the page begin with a letter.

    In a list such as a) 12, b) 7, l) 35 it is probably a letter, too.
    """
    first = [next(_words([one for some in line for one in some]), []) for line in lines]
    lettered = [word for word in first if word and word[0].kind == "other"]
    if len(lettered) < LETTERS.min_column:
        return [[list(some) for some in line] for line in lines]
    left = median(word[0].box[0] for word in lettered)
    reach = LETTERS.column_reach * median(word[0].box[3] for word in lettered)
    column = [bool(word) and abs(word[0].box[0] - left) <= reach for word in first]
    is_list = len(lettered) >= LETTERS.column_share * sum(column)
    return [
        [
            [_doubted(one) if is_list and here and word == [one] else one for one in some]
            for some in line
        ]
        for line, word, here in zip(lines, first, column, strict=True)
    ]


def labels_as_letters(lines: Lines) -> list[list[list[Symbol]]]:
    """Turn the digits of list labels into letters, unless the labels of the page are counted.

    A label is at most one symbol before a closing bracket that was not opened. In a list such as
    a) 12, b) 7, c) 35 one that is read as 6) is a b: most labels are letters, or their digits do
    not count up. The labels of 1) 12, 2) 7 stay.
    """
    words = [[list(_words(some)) for some in line] for line in lines]
    labels = [word for line in words for some in line for word in some if _begins_with_label(word)]
    n_lettered = sum(word[0].kind != "digit" for word in labels)
    is_lettered = n_lettered >= max(LETTERS.min_column, LETTERS.column_share * len(labels))
    if not is_lettered and _count_up([one.digit or 0 for one in _labels_before(words)]):
        return [[list(some) for some in line] for line in lines]
    return [
        [
            [
                _as_letter(symbol) if not place and _begins_with_label(word) else symbol
                for word in some
                for place, symbol in enumerate(word)
            ]
            for some in line
        ]
        for line in words
    ]


def _labels_before(words: Sequence[Sequence[Sequence[Sequence[Symbol]]]]) -> list[Symbol]:
    """Return the digits of labels with something behind them in their line, and of no others."""
    return [
        word[0]
        for line in words
        for word, _ in pairwise([word for some in line for word in some])
        if _begins_with_label(word) and word[0].kind == "digit"
    ]


def _count_up(digits: Sequence[int]) -> bool:
    """Return whether digits are numbers of a list, of which one may be missing; one alone may be.

    >>> _count_up([1, 2, 4]), _count_up([9, 6]), _count_up([6, 6])
    (True, False, False)
    """
    if len(digits) < LETTERS.min_column:
        return True
    return len(set(digits)) == len(digits) and max(digits) - min(digits) <= len(digits)


def _begins_with_label(word: Sequence[Symbol]) -> bool:
    kinds = [symbol.kind for symbol in word[:2]]
    return "right_bracket" in kinds and "left_bracket" not in kinds


def doubtful_words_in_columns(lines: Lines) -> list[list[list[Symbol]]]:
    """Turn digits into letters where words of other lines begin in the same column.

    The letters of some words, joined or alike to digits, are all read as digits. Words stand in
    columns, as the goods of a bill or the names of a table. A column with as many numbers as words
    is none of words; in one of words, doubtful digits, digits among letters and digits of uneven
    height are letters.
    """
    words = [[list(_words(some)) for some in line] for line in lines]
    begun = [
        (at, word[0].box, _is_word_of_column(word), _is_number_of_column(word))
        for at, line in enumerate(words)
        for some in line
        for word in some
        if word
    ]

    def is_word(at: int, word: Sequence[Symbol]) -> bool:
        if not word or _is_number_of_column(word):
            return False
        height_px = max(symbol.box[3] for symbol in word)
        column = [
            (lettered, number)
            for other, box, lettered, number in begun
            if other != at
            and abs(box[0] - word[0].box[0]) <= LETTERS.column_reach * height_px
            and box[3] >= LETTERS.min_height * height_px
        ]
        n_words = sum(lettered for lettered, _ in column)
        return n_words >= LETTERS.min_column and n_words > sum(number for _, number in column)

    return [
        [
            [one for word in some for one in (map(_as_letter, word) if is_word(at, word) else word)]
            for some in line
        ]
        for at, line in enumerate(words)
    ]


def _is_word_of_column(word: Sequence[Symbol]) -> bool:
    """Return whether a word has letters, and more than a unit behind its digits."""
    is_behind = word[0].kind == "other" and not _is_number_of_column(word)
    return bool(letters_of(word)) and (is_behind or not _is_sure(word))


def _is_number_of_column(word: Sequence[Symbol]) -> bool:
    """Return whether the digits of a word are sure, of about one height and not among letters.

    A single one before letters, or two behind some, may be letters, too.
    """
    heights = [symbol.box[3] for symbol in word if symbol.kind == "digit"]
    if not _is_sure(word) or min(heights) < LETTERS.uneven * max(heights):
        return False
    n_letters = len(letters_of(word))
    least = LETTERS.min_behind if word[0].kind == "other" else LETTERS.min_before
    return not n_letters or len(heights) >= max(least, n_letters)


def _is_sure(word: Sequence[Symbol]) -> bool:
    """Return whether the digits of a word, one at least, are sure on average."""
    confidences = [symbol.confidence for symbol in word if symbol.kind == "digit"]
    return bool(confidences) and fmean(confidences) >= LETTERS.sure


def _as_letter(symbol: Symbol) -> Symbol:
    return replace(symbol, kind="other") if symbol.kind == "digit" else symbol


def _doubted(symbol: Symbol) -> Symbol:
    if symbol.kind != "digit" or symbol.digit not in LETTERS.look_alikes:
        return symbol
    return replace(symbol, confidence=min(symbol.confidence, LETTERS.confidence_in_column))


def count_sure_letters(symbols: Sequence[Symbol]) -> int:
    """Count the symbols that are surely letters: high, and hardly a digit; joined ones count more.

    Args:
        symbols: of a word, from left to right.
    """
    return sum(
        max(1, round(symbol.box[2] / (LETTERS.wide * symbol.box[3]) + 0.5))
        for symbol in letters_of(symbols)
        if symbol.p_digit <= LETTERS.max_p_digit
    )


def letters_of(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return the symbols that are no digits or marks, and high enough for letters."""
    least = LETTERS.min_height * max((symbol.box[3] for symbol in symbols), default=0)
    return [one for one in symbols if one.kind == "other" and one.box[3] >= least]


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
    if not n_letters:
        return word
    if digits >= LETTERS.letter_weight * n_letters and not _is_word(word):
        return word
    return [_as_letter(symbol) for symbol in word]


def _is_word(word: Sequence[Symbol]) -> bool:
    """Return whether the digits of a word with letters are letters that look like them."""
    tallest = max(symbol.box[3] for symbol in word)
    high = [
        symbol
        for symbol in word
        if symbol.kind == "digit"
        or (symbol.kind == "other" and symbol.box[3] >= LETTERS.min_height * tallest)
    ]
    runs = [(kind, list(run)) for kind, run in groupby(high, key=lambda symbol: symbol.kind)]
    digits = [symbol for kind, run in runs if kind == "digit" for symbol in run]
    n_letters, n_runs = len(high) - len(digits), sum(kind == "digit" for kind, _ in runs)
    if not digits or not n_letters:
        return False
    if not all(symbol.digit in LETTERS.look_alikes for symbol in digits):
        return n_letters > 2 * len(digits)
    is_low = [symbol.box[3] <= LETTERS.low * tallest for symbol in digits]
    is_behind = runs[0][0] == "other"
    if n_runs > 1 or (is_behind and runs[-1][0] == "other"):
        return n_letters > 1
    if n_letters > 2:
        return len(digits) <= 2 or any(is_low)
    if n_letters > 1:
        return any(is_low) or (is_behind and len(digits) == 1)
    first = digits[0]
    gap_px = first.box[0] - max(one.box[0] + one.box[2] for one in high if one.kind == "other")
    return is_behind and all(is_low) and gap_px <= LETTERS.letter_gap * tallest
