"""How likely a text is as a number, whatever its ink: people do not write marks just anywhere.

A leaning 1 and a slash look alike. At the beginning of a number a 1 is common and a slash is not,
which no network along a line image can know: each of its places sees two digits on either side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from digitus.models.sequence.line_image_format import FIRST_MARK, MARKS, OTHER
from digitus.reader.sequence.arc_scores import DIGITS
from digitus.reader.sequence.texts.beam_search import Text


@dataclass(frozen=True)
class TextFormParameters:
    """Costs of marks in unusual places, as natural logarithms of probabilities.

    Set by hand: of the slashes and colons that people write, one in about ten to fifty stands so.
    A mark that the networks are sure of outweighs them.

    Attributes:
        at_the_beginning: of a slash, colon or percent sign with nothing before it.
        at_the_end: of a slash or colon with nothing behind it.
        beside_a_mark: of a slash or colon beside another mark than a bracket.
        long_part: of each slash with more than ``most_digits`` digits before or behind it.
        most_digits: digits of the longest part of a date or a fraction.
        more_slashes: of each slash after the second; dates have two.
    """

    at_the_beginning: float = 3.0
    at_the_end: float = 1.5
    beside_a_mark: float = 2.0
    long_part: float = 1.5
    most_digits: int = 4
    more_slashes: float = 2.0


COSTS = TextFormParameters()

_SLASH, _COLON, _PERCENT = (
    FIRST_MARK + MARKS.index(kind) for kind in ("slash", "colon", "percent")
)
_DIVIDING = (_SLASH, _COLON)
_BRACKETS = {FIRST_MARK + MARKS.index(kind) for kind in ("left_bracket", "right_bracket")}


def log_prior(text: Text) -> float:
    """Return the logarithm of a text's probability by its form, up to a constant.

    >>> point, slash = FIRST_MARK, _SLASH
    >>> log_prior((1, 2, slash, 5)), log_prior((slash, 2, 5)), log_prior((slash, 2, point, 5))
    (0.0, -3.0, -3.0)
    """
    return 0.0 - sum(map(_cost, _numbers_in(text)))


def _numbers_in(text: Text) -> Iterator[Text]:
    """Yield the digits and marks between other symbols."""
    start = 0
    for place, kind in enumerate((*text, OTHER)):
        if kind == OTHER:
            if place > start:
                yield text[start:place]
            start = place + 1


def _cost(number: Text) -> float:
    """Return the cost of one number; a mark alone costs nothing."""
    if all(kind >= DIGITS for kind in number):
        return 0.0
    cost = COSTS.at_the_beginning * (number[0] in (*_DIVIDING, _PERCENT))
    cost += COSTS.at_the_end * (number[-1] in _DIVIDING)
    for one, other in pairwise(number):
        is_mark = one >= DIGITS and other >= DIGITS and not _BRACKETS & {one, other}
        cost += COSTS.beside_a_mark * (is_mark and bool({one, other} & set(_DIVIDING)))
    slashes = [place for place, kind in enumerate(number) if kind == _SLASH]
    for place in slashes:
        longest = max(
            _digits_until_mark(number[place + 1 :]), _digits_until_mark(number[:place][::-1])
        )
        cost += COSTS.long_part * (longest > COSTS.most_digits)
    return cost + COSTS.more_slashes * max(len(slashes) - 2, 0)


def _digits_until_mark(part: Text) -> int:
    """Return the number of digits before the first mark."""
    return next((n for n, kind in enumerate(part) if kind >= DIGITS), len(part))
