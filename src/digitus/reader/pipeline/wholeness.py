"""Whether a number may go on where it ends, or fall in two: scrap beside it, and doubtful gaps."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import prod

from digitus.reader.results.symbols import Symbol

_BESIDE = 0.35  # of the height; what stands as near as that may be of the number
_TALL = 0.5  # of the digit's height; lower marks are no digits
_AT_MOST = 0.85  # a number with scrap beside it is worth a look
_BARE_STROKES = 0.9  # at most: nothing but 1s may be what is left of a ruled line or an edge
_ONE = 1


class Wholeness:
    """Knows what stands beside the digits of a page.

    Args:
        runs: all pieces of the page, scrap among them, run by run.
        gaps: neighbours, whether they are of one number, and the probability of that.
    """

    def __init__(
        self,
        runs: Iterable[Sequence[Symbol]],
        gaps: Iterable[tuple[Symbol, Symbol, bool, float]] = (),
    ) -> None:
        self._shares: dict[int, float] = {}
        for digit, other in _neighbours(runs):
            self._doubt(digit, min(1 - other.p_digit, _AT_MOST))
        for left, right, together, share in gaps:
            for piece in (right,) if together else (left, right):
                self._doubt(piece, share)

    def _doubt(self, piece: Symbol, share: float) -> None:
        self._shares[id(piece)] = self._shares.get(id(piece), 1.0) * share

    def of(self, number: Iterable[Symbol]) -> float:
        """Return the probability, 0 to 1, that a number is one and that no digit of it was missed.

        Args:
            number: pieces out of the runs, the same objects.
        """
        pieces = list(number)
        share = prod(self._shares.get(id(piece), 1.0) for piece in pieces)
        return min(share, _BARE_STROKES) if _is_bare_strokes(pieces) else share


def _is_bare_strokes(pieces: Sequence[Symbol]) -> bool:
    shares = [one.probabilities for one in pieces if one.kind == "digit"]
    return all(row is not None and int(row.argmax()) == _ONE for row in shares)


def _neighbours(runs: Iterable[Sequence[Symbol]]) -> Iterator[tuple[Symbol, Symbol]]:
    """Return each digit with the scrap right beside it."""
    for run in runs:
        for left, right in pairwise(run):
            for one, other in ((left, right), (right, left)):
                if one.kind == "digit" and other.kind == "other":
                    gap = right.box[0] - (left.box[0] + left.box[2])
                    if gap <= _BESIDE * one.box[3] and other.box[3] >= _TALL * one.box[3]:
                        yield one, other
