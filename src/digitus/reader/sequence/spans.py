"""What a span of places along a strip reads: one thing, nothing, or more.

The paths of a span are those of connectionist temporal classification (see ``nn.ctc``); a span that
reads one class goes through blanks, then through the class, then through blanks.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONGEST = 28  # places of a span; digits are up to 16 wide


def read_spans(likely: Floats, first: NDArray[np.intp], last: NDArray[np.intp]) -> Floats:
    """Return the probability that each span reads one class and nothing else.

    A class that was seen right before the span goes on in it: it does not count again.

    Args:
        likely: (places, k + 1) of the classes at each place, the blank last.
        first: (m,) first place of each span.
        last: (m,) place behind it.

    Returns:
        (m, k + 1); the last is the probability that nothing is read. Spans longer than ``LONGEST``
        read none of it.
    """
    one, nothing = _table(likely)
    length = np.maximum(last - first, 0)
    short = length <= LONGEST
    length = np.minimum(length, LONGEST)
    found = np.column_stack([one[length, first], nothing[length, first]])
    return np.where(short[:, None], found, 0.0)


def _table(likely: Floats) -> tuple[Floats, Floats]:
    """The same for spans of all lengths from every place: (LONGEST + 1, places + 1, k), (...)."""
    places, k = len(likely), likely.shape[1] - 1
    end = np.zeros((LONGEST, k + 1))
    end[:, k] = 1  # paper behind the strip
    padded = np.concatenate([likely, end, end[:1]])
    fresh = np.ones((places + 1, k))
    fresh[1:] -= likely[:, :k]
    ahead, within, behind = np.ones(places + 1), *np.zeros((2, places + 1, k))
    one, nothing = np.zeros((LONGEST + 1, places + 1, k)), np.ones((LONGEST + 1, places + 1))
    for length in range(1, LONGEST + 1):
        here = padded[length - 1 : length + places]
        blank = here[:, k]
        behind = (behind + within) * blank[:, None]
        start = ahead[:, None] * (fresh if length == 1 else 1.0)
        within = (within + start) * here[:, :k]
        ahead = ahead * blank
        one[length], nothing[length] = within + behind, ahead
    return one, nothing
