"""Numbers with a space between their thousands, such as 1 204 and 12 500 000.

Where a page groups its digits so, its gaps are of three kinds: between digits, between groups, and
between numbers. The middle kind is recognized by what stands beside it: one to three digits, then
groups of exactly three.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb, prod
from statistics import median

import numpy as np

from digitus.reader.layout.boxes import Bools, Floats
from digitus.reader.pipeline.gap_kinds import GAPS, between_gaps
from digitus.reader.results.symbols import Symbol

GROUP = 3
"""Digits of a group of thousands."""


@dataclass(frozen=True)
class ThousandsParameters:
    """When gaps are of a third kind; every gap is in digit heights.

    Set by hand: three numbers of four digits have their widest gap after the first by chance on
    one page in 27, and then hardly ever apart from all their other gaps.

    Attributes:
        min_log_cleft: least distance of the logarithms of two neighboring gaps of a page for them
            to be of different kinds.
        min_log_cleft_few: the same below the spaces, where only a few numbers show them.
        few: number of divided numbers up to which that holds.
        min_numbers: least number of divided numbers on a page.
        min_fit: least share of the numbers with such a gap that are divided into thousands.
        min_coverage: least share of the numbers of four and more digits that are divided.
        widest: greatest space between two groups.
        most_of_between: greatest space over the median gap between numbers.
        max_clefts: number of clefts that are tried; bounds the time.
        single_cleft: least distance of the gap of a single such number from all gaps between
            digits.
        max_chance: greatest probability of a page on which the gaps between thousands are the
            widest ones of so many numbers by chance.
        min_share: least share of the numbers of four and more digits of which they are.
        usual_cleft: least median distance between these gaps and the others of a number.
    """

    min_log_cleft: float = 0.12
    min_log_cleft_few: float = 0.22
    few: int = 3
    min_numbers: int = 2
    min_fit: float = 0.9
    min_coverage: float = 0.6
    widest: float = 1.0
    most_of_between: float = 0.7
    max_clefts: int = 10
    single_cleft: float = 0.25
    max_chance: float = 1e-3
    min_share: float = 0.75
    usual_cleft: float = 0.08


THOUSANDS = ThousandsParameters()


@dataclass(frozen=True)
class GapLimits:
    """Limits of the gaps of a page, in digit heights.

    Attributes:
        within: greatest gap between two digits of a group; a wider one in a number is a space.
        number: greatest gap in a number; wider ones separate numbers.
        doubtful: gap from which a gap in a number is doubtful.
    """

    within: float
    number: float
    doubtful: float = np.inf


@dataclass(frozen=True, eq=False)
class SpacedSymbols:
    """Neighboring digits and marks of a line.

    Attributes:
        symbols: (n,) from left to right.
        gaps: (n - 1,) between neighbors, in digit heights.
    """

    symbols: Sequence[Symbol]
    gaps: Floats

    def pieces(self, is_cut: Bools) -> Iterator["SpacedSymbols"]:
        """Divide at some of the gaps (n - 1,)."""
        ends = [0, *(np.flatnonzero(is_cut) + 1).tolist(), len(self.symbols)]
        for first, last in pairwise(ends):
            yield SpacedSymbols(self.symbols[first:last], self.gaps[first : max(last - 1, first)])


def are_thousands(symbols: Sequence[Symbol], is_space: Bools) -> bool:
    """Return whether gaps divide a number into one to three digits and groups of exactly three.

    A sign before the digits, and a decimal fraction or a sign behind them, belong to the number.

    Args:
        symbols: (n,) digits and marks from left to right.
        is_space: (n - 1,) which gaps divide it.
    """
    if not is_space.any():
        return False
    ends = [0, *(np.flatnonzero(is_space) + 1).tolist(), len(symbols)]
    kinds = [
        "".join("0" if one.kind == "digit" else "." for one in symbols[first:last])
        for first, last in pairwise(ends)
    ]
    first, *middle, last = kinds
    digits = first.lstrip(".")
    return (
        0 < len(digits) <= GROUP
        and "." not in digits
        and all(one == "0" * GROUP for one in middle)
        and last.split(".")[0] == "0" * GROUP
    )


def find_limits(stretches: Sequence[SpacedSymbols], widest: float) -> GapLimits:
    """Return the limits of a page's gaps: with spaces between thousands, if it has such.

    Args:
        stretches: all neighboring digits and marks of the page.
        widest: limit between the gaps within and between numbers, if these are the only kinds.
    """
    gaps = np.sort(np.maximum(np.concatenate([np.zeros(0), *(one.gaps for one in stretches)]), 0))
    clefts = _clefts(gaps)
    limits = [between_gaps(*cleft) for cleft in clefts]
    best, most = GapLimits(_single_limit(stretches, widest), widest), 0.0
    for cleft, within in zip(clefts, limits, strict=True):
        for number in {widest, *limits}:
            spaces = gaps[(gaps > within) & (gaps <= number)]
            if not len(spaces) or not _is_narrow(spaces, gaps[gaps > number]):
                continue
            support = _support(stretches, GapLimits(within, number), cleft)
            # Of equal support, the limit that two kinds alone would have is taken.
            if support > most or (support == most > 0 and number == widest):
                best, most = GapLimits(within, number), support
    return best


def _clefts(gaps: Floats) -> list[tuple[float, float]]:
    """Return the widest clefts among sorted gaps: the gaps below and above each."""
    logs = np.diff(np.log(gaps + GAPS.log_offset))
    wide = np.flatnonzero(logs >= THOUSANDS.min_log_cleft)
    wide = np.sort(wide[np.argsort(-logs[wide], kind="stable")][: THOUSANDS.max_clefts])
    return [(float(gaps[place]), float(gaps[place + 1])) for place in wide]


def _is_narrow(spaces: Floats, between: Floats) -> bool:
    """Return whether spaces are clearly narrower than the gaps between numbers."""
    most = THOUSANDS.widest
    if len(between):
        most = min(most, THOUSANDS.most_of_between * float(np.median(between)))
    return bool(spaces.max() <= most)


def _support(
    stretches: Sequence[SpacedSymbols], limits: GapLimits, cleft: tuple[float, float]
) -> float:
    """Return how many numbers these limits divide into thousands, less those they do not.

    It is 0.0 if these are too few of the page's numbers.
    """
    divided = wrong = long = 0
    for stretch in stretches:
        for number in stretch.pieces(stretch.gaps > limits.number):
            is_space = number.gaps > limits.within
            fits = are_thousands(number.symbols, is_space)
            divided += fits
            wrong += bool(is_space.any()) and not fits
            long += sum(one.kind == "digit" for one in number.symbols) > GROUP
    few = divided <= THOUSANDS.few
    least = THOUSANDS.min_log_cleft_few if few else THOUSANDS.min_log_cleft
    distance = np.log((cleft[1] + GAPS.log_offset) / (cleft[0] + GAPS.log_offset))
    enough = divided >= THOUSANDS.min_numbers and distance >= least
    enough &= divided >= THOUSANDS.min_fit * (divided + wrong)
    enough &= divided >= THOUSANDS.min_coverage * long
    return float(2 * divided - long - wrong) if enough else 0.0


def _single_limit(stretches: Sequence[SpacedSymbols], widest: float) -> float:
    """Return the limit above which a space stands in the only such number of a page.

    The space must be wider than every other gap within numbers, by ``single_cleft``.
    """
    numbers = [number for stretch in stretches for number in stretch.pieces(stretch.gaps > widest)]
    gaps = np.sort(np.concatenate([np.zeros(0), *(number.gaps for number in numbers)]))
    if len(gaps) < GAPS.min_gaps or gaps[-1] - gaps[-2] < THOUSANDS.single_cleft:
        return widest
    limit = between_gaps(*np.maximum(gaps[-2:], 0).tolist())
    fits = any(are_thousands(one.symbols, one.gaps > limit) for one in numbers)
    return limit if fits and gaps[-1] <= THOUSANDS.widest else widest


def spaces_by_number(numbers: Sequence[SpacedSymbols]) -> list[Bools]:
    """Return the spaces (n - 1,) of each number of a page, also where their widths overlap others.

    In a number of four or more digits, the gaps between its thousands are the widest ones by chance
    only now and then. If they are in nearly all numbers of the page, they are spaces.
    """
    thousands = [_between_thousands(one.symbols) for one in numbers]
    clefts = [
        _cleft_of(one.gaps, *some) if some[0].any() else -np.inf
        for one, some in zip(numbers, thousands, strict=True)
    ]
    is_wide = [cleft > 0 for cleft in clefts]
    n_long, n_wide = sum(bool(some[0].any()) for some in thousands), sum(is_wide)
    odds = [comb(int(some[1].sum()), int(some[0].sum())) for some in thousands]
    chance = comb(n_long, n_wide) / prod(odds[place] for place in np.flatnonzero(is_wide))
    enough = n_wide >= THOUSANDS.min_share * n_long and chance <= THOUSANDS.max_chance
    enough &= n_wide > 0 and median(filter(np.isfinite, clefts)) >= THOUSANDS.usual_cleft
    return [some[0] & bool(enough and wide) for some, wide in zip(thousands, is_wide, strict=True)]


def _between_thousands(symbols: Sequence[Symbol]) -> tuple[Bools, Bools]:
    """Return which gaps (n - 1,) stand between thousands, and which within the integer part."""
    digits = [place for place, one in enumerate(symbols) if one.kind == "digit"]
    first, last = digits[0], digits[0]
    while last + 1 < len(symbols) and symbols[last + 1].kind == "digit":
        last += 1
    places = np.arange(len(symbols) - 1)
    inner = (places >= first) & (places < last)
    return inner & ((last - places) % GROUP == 0), inner


def _cleft_of(gaps: Floats, between: Bools, inner: Bools) -> float:
    """Return by how much the gaps between thousands exceed the others of a number."""
    return float(gaps[between].min() - gaps[inner & ~between].max())
