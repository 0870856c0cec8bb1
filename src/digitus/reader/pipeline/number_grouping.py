"""Group the symbols of a page into numbers, by the gaps between them.

How wide a gap between two numbers is, is estimated from the gaps of the same page. Each number
carries the probability that the grouping is right, see `SymbolGroup.p_complete`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

import numpy as np

from digitus.reader.layout.boxes import Bools, Floats
from digitus.reader.results.symbols import Symbol


@dataclass(frozen=True)
class GapParameters:
    """Parameters of the split into numbers; every gap is in digit heights of its line.

    Set by hand, so that evenly spaced digits stay one number: two kinds of gaps are assumed only
    where they are clearly apart.

    Attributes:
        narrow_digit: width to which a narrower digit is widened, so that a 1 has ordinary gaps.
        usual_gap: prior of the mean gap within numbers.
        prior_gaps: weight of that prior, in gaps of the page.
        number_gap: if the gaps of the page are of one kind, those separate numbers that exceed
            their mean by more than this plus ``number_factor`` times the mean.
        number_factor: see ``number_gap``.
        most_number_gap: gap from which numbers are always separated, if all gaps are of one kind.
        largest: limit for the gaps that are split, so that distant columns are not a kind of their
            own; it is raised to twice the median gap.
        log_offset: summand before the logarithm, so that the smallest gaps hardly differ.
        min_gaps: least number of gaps on a page that are split into two kinds.
        stray: share of each kind that may lie beyond its edge, as around a mark that was not found.
        min_cleft: least distance between the widest gap within and the narrowest between numbers.
        min_log_cleft: least distance of the logarithms of these two gaps.
        min_step: least distance between the means of the two kinds.
        min_separation: least distance of the mean logarithms, in standard deviations; the halves
            of a uniform distribution are 3.46 (the root of 12) apart.
        min_log_spread: lower limit of that standard deviation.
        softness: scale of the logistic function, in logarithms of gaps, by which the distance
            between a gap and the split becomes a probability.
    """

    narrow_digit: float = 0.4
    usual_gap: float = 0.3
    prior_gaps: int = 4
    number_gap: float = 0.6
    number_factor: float = 1.5
    most_number_gap: float = 3.0
    largest: float = 2.0
    log_offset: float = 0.25
    min_gaps: int = 4
    stray: float = 0.05
    min_cleft: float = 0.25
    min_log_cleft: float = 0.33
    min_step: float = 0.45
    min_separation: float = 3.8
    min_log_spread: float = 0.08
    softness: float = 0.06


@dataclass(frozen=True)
class NeighborParameters:
    """What letters and unread symbols beside a digit mean.

    Set by hand: lengths from the spacing of letters, limits of ``p_complete`` so that a number
    beside an unread symbol lies below the threshold of numbers to check, 0.9.

    Attributes:
        word_gap: greatest gap between symbols of one word, in digit heights.
        letter_weight: confidence in digits that one letter of a word outweighs, where a digit of
            confidence c counts for 2c - 1.
        beside: greatest gap to an unread symbol that may be a digit of the number, in digit
            heights.
        min_height: least height of an unread symbol that may be a digit, in digit heights.
        most_beside_unread: limit of ``p_complete`` for each unread symbol beside a digit.
        most_of_ones: limit of ``p_complete`` for a number of 1s alone, which may be the rest of a
            ruled line or an edge.
    """

    word_gap: float = 0.35
    letter_weight: float = 0.5
    beside: float = 0.35
    min_height: float = 0.5
    most_beside_unread: float = 0.85
    most_of_ones: float = 0.9


GAPS = GapParameters()
NEIGHBORS = NeighborParameters()


@dataclass(frozen=True, eq=False)
class SymbolGroup:
    """The symbols of one number.

    Attributes:
        symbols: digits and marks from left to right, one digit at least.
        p_complete: probability, 0 to 1, that they are one number and that no digit of it is
            missing, given that each digit is read correctly.
    """

    symbols: list[Symbol]
    p_complete: float


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Neighboring digits and marks of a line.

    Attributes:
        symbols: (n,) from left to right.
        p_complete: (n,) probability that the unread symbols beside each are not digits.
        gaps: (n - 1,) between neighbors, in digit heights of the line.
    """

    symbols: list[Symbol]
    p_complete: Floats
    gaps: Floats


def group_numbers(lines: Sequence[Sequence[Sequence[Symbol]]]) -> list[list[SymbolGroup]]:
    """Group the symbols of a page into numbers.

    Where the gaps between neighbors are of two kinds, the wider ones separate numbers. Where they
    are of one kind, as between evenly spaced digits, only a gap far wider than the others does.

    Args:
        lines: line images of each line, each given by its symbols from left to right.

    Returns:
        The numbers of each line. A symbol that is neither digit nor mark ends a number and is left
        out. So are marks without a digit, and lines without a number.
    """
    stretches = [_measured_stretches(line) for line in lines]
    gaps = [one.gaps for line in stretches for one in line]
    widest = widest_gap_within(np.concatenate([np.zeros(0), *gaps]))
    groups = [[group for one in line for group in _split(one, widest)] for line in stretches]
    return [line for line in groups if line]


def letters_in_words(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Turn the digits of words into letters (kind ``other``): where letters outweigh them.

    Args:
        symbols: from left to right.
    """
    return [symbol for word in _words(symbols) for symbol in _as_letters(word)]


def gaps_of(symbols: Sequence[Symbol], height_px: float) -> Floats:
    """Measure the gaps between neighbors, (n - 1,), in digit heights.

    Digits narrower than ``GAPS.narrow_digit`` are widened to both sides before.
    """
    left = np.array([symbol.box[0] for symbol in symbols], float)
    width = np.array([symbol.box[2] for symbol in symbols], float)
    digit = np.array([symbol.kind == "digit" for symbol in symbols])
    extra = np.where(digit, np.maximum(0, GAPS.narrow_digit * height_px - width) / 2, 0)
    right = np.maximum.accumulate(left + width + extra)
    return np.asarray(((left - extra)[1:] - right[:-1]) / height_px)


def widest_gap_within(gaps: Floats) -> float:
    """Return the widest gap that still lies within a number, given all gaps (n,) of a page.

    Otsu's criterion (1979) splits the logarithms of the gaps in two; the halves count as two kinds
    if they are clearly separate.
    """
    gaps = np.sort(np.maximum(gaps, 0))
    mean = (gaps.sum() + GAPS.prior_gaps * GAPS.usual_gap) / (len(gaps) + GAPS.prior_gaps)
    one_kind = min(GAPS.number_gap + (1 + GAPS.number_factor) * float(mean), GAPS.most_number_gap)
    if len(gaps) < GAPS.min_gaps:
        return one_kind
    clipped = np.minimum(gaps, max(GAPS.largest, 2 * float(np.median(gaps))))
    n_low = _otsu_split(np.log(clipped + GAPS.log_offset))
    low, high = clipped[:n_low], clipped[n_low:]
    if not _are_two_kinds(low, high):
        return one_kind
    edges = np.array([_edges(low, high)]) + GAPS.log_offset
    return float(np.sqrt(edges.prod())) - GAPS.log_offset


def _otsu_split(values: Floats) -> int:
    """Return how many of the sorted values form the lower class of least variance (Otsu 1979)."""
    count = np.arange(1, len(values))
    low = np.cumsum(values)[:-1] / count
    high = np.cumsum(values[::-1])[::-1][1:] / (len(values) - count)
    return int(np.argmax(count * (len(values) - count) * (high - low) ** 2)) + 1


def _are_two_kinds(low: Floats, high: Floats) -> bool:
    """Return whether two classes of gaps are separate, and not halves of one distribution."""
    first, last = _edges(low, high)
    apart = last - first >= GAPS.min_cleft and high.mean() - low.mean() >= GAPS.min_step
    apart &= np.log((last + GAPS.log_offset) / (first + GAPS.log_offset)) >= GAPS.min_log_cleft
    low, high = np.log(low + GAPS.log_offset), np.log(high + GAPS.log_offset)
    spread = np.sqrt((low.var() * len(low) + high.var() * len(high)) / (len(low) + len(high)))
    separation = (high.mean() - low.mean()) / max(GAPS.min_log_spread, spread)
    return bool(apart and separation >= GAPS.min_separation)


def _edges(low: Floats, high: Floats) -> tuple[float, float]:
    """Return the widest gap within and the narrowest between numbers, without stray ones."""
    return float(low[-1 - int(GAPS.stray * len(low))]), float(high[int(GAPS.stray * len(high))])


def _measured_stretches(line: Iterable[Sequence[Symbol]]) -> list[_Stretch]:
    """Cut a line at its unread symbols and measure the gaps of each stretch."""
    stretches: list[list[tuple[Symbol, float]]] = [[]]
    for symbols in line:
        for symbol, p_complete in zip(symbols, _p_no_digit_beside(symbols), strict=True):
            if symbol.kind == "other":
                stretches.append([])
            else:
                stretches[-1].append((symbol, p_complete))
    heights = [one.box[3] for some in stretches for one, _ in some if one.kind == "digit"]
    height_px = float(np.median(heights)) if heights else 1.0
    made = []
    for some in stretches:
        symbols = [symbol for symbol, _ in some]
        beside = np.array([p_complete for _, p_complete in some])
        made.append(_Stretch(symbols, beside, gaps_of(symbols, height_px)))
    return made


def _split(stretch: _Stretch, widest: float) -> Iterator[SymbolGroup]:
    """Split a stretch at the gaps above ``widest``; groups without a digit are left out."""
    is_cut = stretch.gaps > widest
    p_complete = _with_gaps(stretch, is_cut, widest)
    ends = [*(np.flatnonzero(is_cut) + 1).tolist(), len(stretch.symbols)]
    for first, last in zip([0, *ends], ends, strict=False):
        symbols = stretch.symbols[first:last]
        if any(symbol.kind == "digit" for symbol in symbols):
            share = prod(p_complete[first:last].tolist())
            most = NEIGHBORS.most_of_ones if _are_ones(symbols) else 1.0
            yield SymbolGroup(symbols, min(share, most))


def _with_gaps(stretch: _Stretch, is_cut: Bools, widest: float) -> Floats:
    """Multiply the probability that each gap (n - 1,) is of its kind into ``p_complete`` (n,).

    The nearer a gap is to the split between the two kinds, the likelier it is of the other kind.
    Doubt about a gap within a number counts once; a doubtful cut counts for both numbers.
    """
    split = np.log(max(widest, 0.0) + GAPS.log_offset)
    distance = np.abs(np.log(np.maximum(stretch.gaps, 0) + GAPS.log_offset) - split)
    shares = 1 / (1 + np.exp(-distance / GAPS.softness))
    p_complete = stretch.p_complete.copy()
    p_complete[1:] *= shares
    p_complete[:-1] *= np.where(is_cut, shares, 1.0)
    return p_complete


def _p_no_digit_beside(symbols: Sequence[Symbol]) -> list[float]:
    """Return for each symbol the probability that the unread symbols beside it are not digits."""
    shares = [1.0] * len(symbols)
    for place, (left, right) in enumerate(pairwise(symbols)):
        gap_px = right.box[0] - (left.box[0] + left.box[2])
        for at, one, other in ((place, left, right), (place + 1, right, left)):
            if (
                (one.kind, other.kind) == ("digit", "other")
                and gap_px <= NEIGHBORS.beside * one.box[3]
                and other.box[3] >= NEIGHBORS.min_height * one.box[3]
            ):
                shares[at] *= min(1 - other.p_digit, NEIGHBORS.most_beside_unread)
    return shares


def _are_ones(symbols: Iterable[Symbol]) -> bool:
    return all(symbol.digit == 1 for symbol in symbols if symbol.kind == "digit")


def _words(symbols: Sequence[Symbol]) -> Iterator[list[Symbol]]:
    """Cut a sequence of symbols at its gaps."""
    word: list[Symbol] = []
    for symbol in symbols:
        gap_px = symbol.box[0] - max((one.box[0] + one.box[2] for one in word), default=0)
        if word and gap_px > NEIGHBORS.word_gap * max(word[-1].box[3], symbol.box[3]):
            yield word
            word = []
        word.append(symbol)
    yield word


def _as_letters(word: list[Symbol]) -> list[Symbol]:
    n_letters = sum(symbol.kind == "other" for symbol in word)
    digits = sum(2 * symbol.confidence - 1 for symbol in word if symbol.kind == "digit")
    if not n_letters or digits >= NEIGHBORS.letter_weight * n_letters:
        return word
    return [replace(one, kind="other") if one.kind == "digit" else one for one in word]
