"""Numbers as they are written: their digits and marks in one text, and the texts they may be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from digitus.reader.results.reading import DOUBTFUL, Box, Digit, Mark

SIGNS: dict[str, str] = {
    **{"point": ".", "comma": ",", "minus": "-", "plus": "+", "slash": "/", "colon": ":"},
    **{"percent": "%", "left_bracket": "(", "right_bracket": ")", "space": " "},
}
"""The character of each mark that a text can have."""


@dataclass(frozen=True)
class AlternativeParameters:
    """Which texts are listed as alternatives of a number.

    Set by hand: a person chooses among a few texts, and hardly ever one below a thousandth.

    Attributes:
        max_texts: greatest number of texts, the number's own included.
        min_probability: least probability of a text, except for the number's own.
    """

    max_texts: int = 5
    min_probability: float = 0.001


ALTERNATIVES = AlternativeParameters()


def written(digits: Sequence[Digit], marks: Sequence[Mark]) -> str:
    """Return digits and marks in one text, with ``?`` for a declined digit.

    Args:
        digits: from left to right.
        marks: in any order; those that are not in the text are left out.

    >>> digit = Digit(7, "digit", 0.99, (20, 0, 10, 20), ((7, 0.99),))
    >>> written([digit], [Mark("minus", (2, 9, 9, 3)), Mark("other", (40, 0, 9, 9), in_text=False)])
    '-7'
    """
    return "".join(
        _shown(one) if isinstance(one, Digit) else SIGNS[one.kind]
        for one in in_order(digits, marks)
        if isinstance(one, Digit) or one.in_text
    )


def in_order(digits: Sequence[Digit], marks: Sequence[Mark]) -> Iterator[Digit | Mark]:
    """Yield digits and marks from left to right, by the middles of their boxes.

    Digits keep their order, which their boxes may not have where they overlap.
    """
    left = sorted(marks, key=lambda mark: _middle(mark.box))
    for digit in digits:
        while left and _middle(left[0].box) < _middle(digit.box):
            yield left.pop(0)
        yield digit
    yield from left


def likeliest_texts(
    digits: Sequence[Digit], marks: Sequence[Mark], p_complete: float = 1.0
) -> tuple[tuple[str, float], ...]:
    """Return the texts that a number may be, and their probabilities.

    Digits and marks are taken as independent. The text of the likeliest digits and of the marks
    that are in the text comes first; the others follow, the likeliest first.

    Args:
        digits: from left to right, with their alternatives.
        marks: each may be in the text or not, with the probability that its confidence gives.
        p_complete: probability, 0 to 1, that these are all of the number and nothing else.
    """
    texts = [("", p_complete)]
    for one in in_order(digits, marks):
        # The likeliest prefixes are enough, because a sign's probability is the same after each.
        grown = [
            (text + sign, probability * share)
            for text, probability in texts
            for sign, share in _signs(one)
        ]
        texts = [grown[0], *nlargest(ALTERNATIVES.max_texts, grown[1:], key=lambda text: text[1])]
    own, *others = texts
    distinct = {text: probability for text, probability in reversed(others) if text != own[0]}
    likely = [one for one in distinct.items() if one[1] >= ALTERNATIVES.min_probability]
    return (own, *nlargest(ALTERNATIVES.max_texts - 1, likely, key=lambda text: text[1]))


def with_alternative(
    alternatives: Sequence[tuple[str, float]], text: str, probability: float
) -> tuple[tuple[str, float], ...]:
    """Add a text to the alternatives of a number, at its place behind the number's own text.

    >>> with_alternative([("140", 0.6), ("145", 0.1)], "1404", 0.3)
    (('140', 0.6), ('1404', 0.3), ('145', 0.1))
    """
    own, *others = alternatives
    ranked = sorted([*others, (text, probability)], key=lambda one: -one[1])
    return (own, *ranked[: ALTERNATIVES.max_texts - 1])


def _signs(one: Digit | Mark) -> list[tuple[str, float]]:
    """Return the characters that may stand in a place, and their probabilities: the text's first.

    A mark that is not there is an empty text.
    """
    if isinstance(one, Digit):
        return [(str(digit), probability) for digit, probability in one.alternatives]
    if one.kind == "other":
        return [("", 1.0)]
    signs = [(SIGNS[one.kind], one.confidence), ("", 1 - one.confidence)]
    return signs if one.in_text else signs[::-1]


def _shown(digit: Digit) -> str:
    return DOUBTFUL if digit.digit is None else str(digit.digit)


def _middle(box: Box) -> float:
    return box[0] + box[2] / 2
