"""Symbols -> numbers: how wide the gaps between numbers are is learned from the page itself."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

import numpy as np

from digitus.reader.layout.boxes import Floats
from digitus.reader.results.symbols import Symbol

# All gaps are in heights of the digits of their line.
NARROW = 0.4  # a 1 is spaced as if it were this wide
USUAL_GAP = 0.3  # within a number, where the page tells little
PRIOR_GAPS = 4  # as many gaps of the page as that weighs
NUMBER_GAP, NUMBER_FACTOR = 0.6, 1.5  # over the typical gap: surely between numbers
SURELY_APART, LARGEST_COUNTED = 3.0, 2.0
LOG_OFFSET = 0.25  # steps count in proportion, except between the smallest gaps
LEAST_GAPS = 4
STRAY = 0.05  # share of either kind that may lie beyond its edge, as around a mark not seen
LEAST_CLEFT = 0.25  # between the widest gap within and the narrowest between numbers
LEAST_RATIO = 0.33  # the same, between logarithms
LEAST_STEP = 0.45  # between the typical ones
SEPARATION = 3.8  # standard deviations; halves of a uniform distribution are 3.46 apart
SOFT = 0.06  # step of the logarithm over which doubt about a gap fades
LEAST_SPREAD = 0.08  # of the logarithms


def group_numbers(lines: Sequence[Sequence[Sequence[Symbol]]]) -> list[list[list[Symbol]]]:
    """Gather the pieces of a page into numbers.

    Where the gaps between neighbours are of two kinds, the wider ones part numbers. Where they
    are of one kind, as in digits written evenly apart, only a gap far above them does.

    Args:
        lines: the runs of each line, the pieces of each run from left to right.

    Returns:
        The numbers of each line, each with its digits and marks from left to right. What is
        neither ends a number and is left out; so are marks without a digit, and lines without
        a number.
    """
    stretches, gaps, widest = _measured(lines)
    numbers = [
        [
            one
            for part, gap in zip(*both, strict=True)
            for one in _split(part, (gap > widest).tolist())
        ]
        for both in zip(stretches, gaps, strict=True)
    ]
    return [line for line in numbers if line]


def gap_shares(
    lines: Sequence[Sequence[Sequence[Symbol]]],
) -> Iterator[tuple[Symbol, Symbol, bool, float]]:
    """Return how sure it is of each gap that it lies within a number, or that it does not.

    The nearer a gap is to what parts the two kinds, the more it may be of the other one.

    Args:
        lines: as for `group_numbers`.

    Yields:
        The neighbours of a gap, whether it lies within a number, and the probability of that.
    """
    stretches, gaps, widest = _measured(lines)
    edge = np.log(max(widest, 0.0) + LOG_OFFSET)
    for part, some in zip(chain(*stretches), chain(*gaps), strict=True):
        away = np.abs(np.log(np.maximum(some, 0) + LOG_OFFSET) - edge)
        shares = 1 / (1 + np.exp(-away / SOFT))
        for pair, gap, share in zip(pairwise(part), some.tolist(), shares.tolist(), strict=True):
            yield (*pair, gap <= widest, share)


def _measured(
    lines: Sequence[Sequence[Sequence[Symbol]]],
) -> tuple[list[list[list[Symbol]]], list[list[Floats]], float]:
    """Cut lines at what is no digit and no mark; measure the gaps, and what parts their kinds."""
    stretches = [[list(part) for part in _stretches(line)] for line in lines]
    heights = [_height(line) for line in stretches]
    gaps = [
        [gaps_of(part, height) for part in line]
        for line, height in zip(stretches, heights, strict=True)
    ]
    every = np.concatenate([np.zeros(0), *(g for line in gaps for g in line)])
    return stretches, gaps, widest_gap_within(every)


def gaps_of(pieces: Sequence[Symbol], height_px: float) -> Floats:
    """Measure the gaps between neighbours, (n - 1,), in heights; narrow digits are widened."""
    left = np.array([piece.box[0] for piece in pieces], float)
    width = np.array([piece.box[2] for piece in pieces], float)
    digit = np.array([piece.kind == "digit" for piece in pieces])
    extra = np.where(digit, np.maximum(0, NARROW * height_px - width) / 2, 0)
    right = np.maximum.accumulate(left + width + extra)
    return np.asarray(((left - extra)[1:] - right[:-1]) / height_px)


def widest_gap_within(gaps: Floats) -> float:
    """Return which gaps (n,) may still lie within a number: those up to this.

    Otsu's criterion (1979) parts the logarithms of the gaps in two; the parts count as two
    kinds if they lie clearly apart.
    """
    gaps = np.sort(np.maximum(gaps, 0))
    typical = (gaps.sum() + PRIOR_GAPS * USUAL_GAP) / (len(gaps) + PRIOR_GAPS)
    alone = min(NUMBER_GAP + (1 + NUMBER_FACTOR) * float(typical), SURELY_APART)
    if len(gaps) < LEAST_GAPS:
        return alone
    # Columns far apart are not a kind of their own.
    clipped = np.minimum(gaps, max(LARGEST_COUNTED, 2 * float(np.median(gaps))))
    place = _best_split(np.log(clipped + LOG_OFFSET))
    low, high = clipped[:place], clipped[place:]
    if not _are_two_kinds(low, high):
        return alone
    edges = np.array([_edges(low, high)]) + LOG_OFFSET
    return float(np.sqrt(edges.prod())) - LOG_OFFSET


def _best_split(values: Floats) -> int:
    """Find the number of the smaller values that leaves least variance within both parts."""
    count = np.arange(1, len(values))
    low = np.cumsum(values)[:-1] / count
    high = np.cumsum(values[::-1])[::-1][1:] / (len(values) - count)
    return int(np.argmax(count * (len(values) - count) * (high - low) ** 2)) + 1


def _are_two_kinds(low: Floats, high: Floats) -> bool:
    """Return whether gaps lie in two parts that are apart, and not halves of one kind."""
    first, last = _edges(low, high)
    apart = last - first >= LEAST_CLEFT and high.mean() - low.mean() >= LEAST_STEP
    apart &= np.log((last + LOG_OFFSET) / (first + LOG_OFFSET)) >= LEAST_RATIO
    low, high = np.log(low + LOG_OFFSET), np.log(high + LOG_OFFSET)
    spread = np.sqrt((low.var() * len(low) + high.var() * len(high)) / (len(low) + len(high)))
    separation = (high.mean() - low.mean()) / max(LEAST_SPREAD, spread)
    return bool(apart and separation >= SEPARATION)


def _edges(low: Floats, high: Floats) -> tuple[float, float]:
    """Return the widest gap within numbers and the narrowest between, without a few stray ones."""
    return float(low[-1 - int(STRAY * len(low))]), float(high[int(STRAY * len(high))])


def _stretches(line: Iterable[Iterable[Symbol]]) -> Iterator[list[Symbol]]:
    """Cut a line at what is neither digit nor mark."""
    stretch: list[Symbol] = []
    for piece in (piece for run in line for piece in run):
        if piece.kind == "other":
            yield stretch
            stretch = []
        else:
            stretch.append(piece)
    yield stretch


def _split(pieces: Sequence[Symbol], cuts: Sequence[bool]) -> Iterator[list[Symbol]]:
    """Cut pieces after those that are marked; parts without a digit go."""
    ends = [*(place + 1 for place, cut in enumerate(cuts) if cut), len(pieces)]
    for first, last in zip([0, *ends], ends, strict=False):
        if any(piece.kind == "digit" for piece in pieces[first:last]):
            yield list(pieces[first:last])


def _height(stretches: Iterable[Iterable[Symbol]]) -> float:
    """Typical height of the digits of a line, in pixels; 1.0 without any."""
    heights = [p.box[3] for stretch in stretches for p in stretch if p.kind == "digit"]
    return float(np.median(heights)) if heights else 1.0
