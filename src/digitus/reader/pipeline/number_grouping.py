"""Group the symbols of a page into numbers, by the gaps between them.

How wide a gap between two numbers is, is estimated from the gaps of the same page. Each number
carries the probability that the grouping is right, see `SymbolGroup.p_complete`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from math import prod

import numpy as np

from digitus.reader.layout.boxes import Bools, Floats
from digitus.reader.pipeline.gap_kinds import (
    GAPS,
    doubtful_gap_within,
    gaps_of,
    log_distance,
    unit_px,
    widest_gap_within,
)
from digitus.reader.pipeline.thousands import (
    GapLimits,
    SpacedSymbols,
    are_thousands,
    find_limits,
    spaces_by_number,
)
from digitus.reader.results.reading import Box
from digitus.reader.results.symbols import Lines, Symbol


@dataclass(frozen=True)
class NeighborParameters:
    """What unread symbols beside a digit mean, and what a division in doubt does.

    Set by hand: limits of ``p_complete`` so that a number in doubt lies below the threshold of
    numbers to check, 0.9.

    Attributes:
        beside: greatest gap to an unread symbol that may be a digit of the number, in digit
            heights.
        min_height: least height of an unread symbol that may be a digit, in digit heights. A lower
            one, such as the rest of a ruled line, does not end a number.
        max_width: greatest width of an unread symbol that may stand within a number, such as the
            rest of a line or a 1 that was not read, in digit heights.
        p_joined: probability that the digits on both sides of such a symbol are one number, if the
            gap between them lies within a number.
        most_beside_unread: limit of ``p_complete`` for each unread symbol beside a digit.
        most_of_ones: limit of ``p_complete`` for a number of 1s alone, which may be the rest of a
            ruled line or an edge.
        raised: rows by which a digit stands above the foot of the one before it, in heights of that
            one, from which it may be an exponent.
        max_raised: greatest height of such a digit over that of the one before it.
        most_of_raised: limit of ``p_complete`` for a number with such a digit.
        p_doubtful: probability that a doubtful gap lies within a number.
        beside_mark: greatest gap, in those that separate numbers, between a mark that no number
            begins or ends with and its number.
        min_joined: least probability of being one number with the next that is told.
        min_digits: least share of the digits of a page that a version has on which its gaps are
            measured.
    """

    beside: float = 0.35
    min_height: float = 0.5
    max_width: float = 0.45
    p_joined: float = 0.3
    most_beside_unread: float = 0.85
    most_of_ones: float = 0.9
    raised: float = 0.35
    max_raised: float = 0.8
    most_of_raised: float = 0.6
    p_doubtful: float = 0.7
    beside_mark: float = 2.0
    min_joined: float = 0.01
    min_digits: float = 0.8


NEIGHBORS = NeighborParameters()

NEVER_FIRST = frozenset({"comma", "slash", "colon", "percent", "right_bracket"})
NEVER_LAST = frozenset({"slash", "colon", "plus", "left_bracket"})
"""Marks that no number begins or ends with."""


@dataclass(frozen=True, eq=False)
class SymbolGroup:
    """The symbols of one number.

    Attributes:
        symbols: digits, marks and the spaces between thousands from left to right, one digit at
            least; marks that are left out of the number have the kind ``other``.
        p_complete: probability, 0 to 1, that they are one number and that no digit of it is
            missing, given that each digit is read correctly.
        joined_with_next: probability, 0 to 1, that this number and the next one of its line are
            one; 0 where their gap leaves no doubt.
    """

    symbols: list[Symbol]
    p_complete: float
    joined_with_next: float = 0.0


@dataclass(frozen=True, eq=False)
class _Stretch(SpacedSymbols):
    """Neighboring digits and marks of a line.

    Attributes:
        p_complete: (n,) probability that the unread symbols beside each are not digits.
        p_cut: (n - 1,) probability that what stands in each gap ends a number; 0 without anything.
    """

    p_complete: Floats
    p_cut: Floats


@dataclass(frozen=True, eq=False)
class _Number(SpacedSymbols):
    """The symbols of a number, with their gaps.

    Attributes:
        p_complete: (n,) see `_Stretch`, with the probability of the gaps.
        is_space: (n - 1,) which gaps divide thousands.
        p_joined: probability that it is one number with the next.
        left_out: marks before and behind it that begin or end no number.
    """

    p_complete: Floats
    is_space: Bools
    p_joined: float
    left_out: tuple[Sequence[Symbol], Sequence[Symbol]]

    def group(self, doubt_ones: bool) -> SymbolGroup:
        """Return the symbols with the spaces, and the probabilities of the whole number."""
        most = NEIGHBORS.most_of_ones if doubt_ones and _are_ones(self.symbols) else 1.0
        most = NEIGHBORS.most_of_raised if _has_raised_digit(self.symbols) else most
        is_told = np.concatenate([[False], self.is_space])  # by the confidence of the space
        before, behind = ([replace(one, kind="other") for one in some] for some in self.left_out)
        within = _with_spaces(self.symbols, self.is_space, self.p_complete)
        return SymbolGroup(
            [*before, *within, *behind],
            min(prod(self.p_complete[~is_told].tolist()), most),
            self.p_joined if self.p_joined >= NEIGHBORS.min_joined else 0.0,
        )


def page_limits(versions: Sequence[Lines]) -> GapLimits:
    """Return the limits of the gaps of a page, by which all versions of it are grouped.

    They are measured on the last version, which is without ruled lines, unless it lacks digits that
    another one has: rests of lines beside digits fill the gaps.

    Args:
        versions: lines of each version of the page's ink, one at least.
    """
    counts = [sum(one.kind == "digit" for one in _symbols_of(lines)) for lines in versions]
    enough = counts[-1] >= NEIGHBORS.min_digits * max(counts)
    lines = versions[-1 if enough else int(np.argmax(counts))]
    every = list(chain.from_iterable(_stretches_of(lines)))
    free = np.concatenate([np.zeros(0), *(one.gaps[one.p_cut == 0] for one in every)])
    widest = widest_gap_within(free)
    limits = find_limits(every, widest)
    if limits.number != widest:
        return limits
    return replace(limits, doubtful=doubtful_gap_within(free, widest))


def group_numbers(
    lines: Lines, limits: GapLimits | None = None, *, doubt_ones: bool = True
) -> list[list[SymbolGroup]]:
    """Group the symbols of a page into numbers.

    Where the gaps between neighbors are of two kinds, the wider ones separate numbers. Where they
    are of one kind, as between evenly spaced digits, only a gap far wider than the others does. A
    third kind between them are the spaces of numbers such as 1 204.

    Args:
        lines: of a page.
        limits: of its gaps; None measures them on these lines.
        doubt_ones: whether numbers of 1s alone are doubted, as outside of tables.

    Returns:
        The numbers of each line. A symbol that is neither digit nor mark ends a number, unless it
        is low, and is left out. So are marks without a digit, and lines without a number.
    """
    limits = page_limits([lines]) if limits is None else limits
    numbers = [
        [one for some in line for one in _numbers_in(some, limits)] for line in _stretches_of(lines)
    ]
    if limits.within == limits.number:
        numbers = _with_found_spaces(numbers)
    return [[one.group(doubt_ones) for one in line] for line in numbers if line]


def _symbols_of(lines: Lines) -> Iterator[Symbol]:
    return (one for line in lines for some in line for one in some)


def _stretches_of(lines: Lines) -> list[list[_Stretch]]:
    """Return the stretches of each line, measured by the digits of the line and of the page."""
    heights = [one.box[3] for one in _symbols_of(lines) if one.kind == "digit"]
    page_px = float(np.median(heights)) if heights else 1.0
    return [_measured_stretches(line, page_px) for line in lines]


def _measured_stretches(line: Iterable[Sequence[Symbol]], page_px: float) -> list[_Stretch]:
    """Cut a line at its letters and measure the gaps of each stretch.

    Low symbols are left out: they end no number. A narrow one, as high as a digit, cuts its stretch
    with some probability only.
    """
    heights = [one.box[3] for some in line for one in some if one.kind == "digit"]
    height_px = unit_px(heights, page_px)
    stretches: list[list[tuple[Symbol, float]]] = [[]]
    cuts: list[list[float]] = [[]]
    p_cut = 0.0
    for symbols in line:
        for symbol, p_complete in zip(symbols, _p_no_digit_beside(symbols), strict=True):
            if symbol.kind != "other":
                if stretches[-1]:
                    cuts[-1].append(p_cut)
                stretches[-1].append((symbol, p_complete))
                p_cut = 0.0
            elif symbol.box[3] < NEIGHBORS.min_height * height_px:
                continue
            elif symbol.box[2] <= NEIGHBORS.max_width * height_px and p_cut == 0:
                p_cut = 1 - NEIGHBORS.p_joined
            else:
                stretches.append([])
                cuts.append([])
                p_cut = 0.0
    made = []
    for some, between in zip(stretches, cuts, strict=True):
        symbols = [symbol for symbol, _ in some]
        beside = np.array([p_complete for _, p_complete in some])
        made.append(_Stretch(symbols, gaps_of(symbols, height_px), beside, np.array(between)))
    return made


def _numbers_in(stretch: _Stretch, limits: GapLimits) -> Iterator[_Number]:
    """Split a stretch into its numbers; what has no digit is left out."""
    is_cut = stretch.gaps > limits.number
    is_cut &= ~(_are_beside_marks(stretch.symbols) & (stretch.gaps <= _most_beside_mark(limits)))
    is_cut |= stretch.p_cut > 0
    is_space = ~is_cut & (stretch.gaps > limits.within) & (stretch.gaps <= limits.number)
    is_cut |= _are_no_thousands(stretch, is_cut, is_space)
    p_complete, p_joined = _with_gaps(stretch, is_cut, limits)
    ends = [0, *(np.flatnonzero(is_cut) + 1).tolist(), len(stretch.symbols)]
    for start, stop in pairwise(ends):
        first, last = _without_outer_marks(stretch.symbols, start, stop)
        symbols = stretch.symbols[first:last]
        if any(symbol.kind == "digit" for symbol in symbols):
            follows = any(one.kind == "digit" for one in stretch.symbols[stop:])
            gaps = slice(first, max(last - 1, first))
            yield _Number(
                symbols,
                stretch.gaps[gaps],
                p_complete[first:last],
                is_space[gaps],
                float(p_joined[stop - 1]) if follows else 0.0,
                (stretch.symbols[start:first], stretch.symbols[last:stop]),
            )


def _most_beside_mark(limits: GapLimits) -> float:
    return NEIGHBORS.beside_mark * limits.number


def _are_beside_marks(symbols: Sequence[Symbol]) -> Bools:
    """Return which gaps (n - 1,) lie between a mark and the number that it must belong to.

    A slash belongs to what follows as well as to what precedes, a bracket to one of them, a minus
    at the start to what follows; so does the second point of a date such as 12.02.2022.
    """
    kinds = [symbol.kind for symbol in symbols]
    found = [
        kinds[place] in NEVER_LAST
        or (kinds[place] == "minus" and not place)
        or kinds[place + 1] in NEVER_FIRST
        or (kinds[place] == "point" and _is_date(symbols[: place + 1]))
        for place in range(len(kinds) - 1)
    ]
    return np.array(found, bool)


def _is_date(symbols: Sequence[Symbol]) -> bool:
    """Return whether symbols end as a date does before its year: digits, point, digits, point."""
    characters = {"point": ".", "digit": "0"}
    text = "".join(characters.get(symbol.kind, "x") for symbol in symbols)
    return re.search(r"(?<!0)0{1,2}\.0{1,2}\.$", text) is not None


def _without_outer_marks(symbols: Sequence[Symbol], first: int, last: int) -> tuple[int, int]:
    """Return first and last place of a number without marks that begin or end none.

    Such as the bracket of a) before a number, the point of a word, or the colon behind one.
    """
    while first < last and symbols[first].kind in NEVER_FIRST:
        first += 1
    while first < last and symbols[last - 1].kind in NEVER_LAST:
        last -= 1
    return first, last


def _with_found_spaces(numbers: Sequence[Sequence[_Number]]) -> list[list[_Number]]:
    """Add the spaces that show only when the numbers of the page are compared."""
    every = [one for line in numbers for one in line]
    found = iter(spaces_by_number(every))
    return [[replace(one, is_space=next(found)) for one in line] for line in numbers]


def _are_no_thousands(stretch: _Stretch, is_cut: Bools, is_space: Bools) -> Bools:
    """Return which spaces (n - 1,) do not divide thousands; they separate numbers in doubt."""
    wrong = np.zeros(len(is_cut), bool)
    ends = [0, *(np.flatnonzero(is_cut) + 1).tolist(), len(stretch.symbols)]
    for first, last in pairwise(ends):
        inner = is_space[first : max(last - 1, first)]
        if not are_thousands(stretch.symbols[first:last], inner):
            wrong[first : max(last - 1, first)] = inner
    return wrong


def _with_spaces(
    symbols: Sequence[Symbol], is_space: Bools, p_complete: Floats
) -> Iterator[Symbol]:
    """Put a symbol of the kind ``space`` into each gap between thousands."""
    for place, symbol in enumerate(symbols):
        if place and is_space[place - 1]:
            box = _box_between(symbols[place - 1].box, symbol.box)
            yield Symbol("space", box, confidence=float(p_complete[place]))
        yield symbol


def _box_between(one: Box, other: Box) -> Box:
    """Return the box of the gap between two boxes, at least a pixel wide."""
    left, right = one[0] + one[2], other[0]
    top, bottom = min(one[1], other[1]), max(one[1] + one[3], other[1] + other[3])
    return min(left, right), top, max(right - left, 1), bottom - top


def _with_gaps(stretch: _Stretch, is_cut: Bools, limits: GapLimits) -> tuple[Floats, Floats]:
    """Multiply the probability that each gap (n - 1,) is of its kind into ``p_complete`` (n,).

    The nearer a gap is to the split between the two kinds, the likelier it is of the other kind.
    Doubt about a gap within a number counts once; a doubtful cut counts for both numbers.

    Returns:
        ``p_complete`` (n,), and for each gap (n - 1,) the probability that it lies in a number.
    """
    shares = 1 / (1 + np.exp(-log_distance(stretch.gaps, limits.number) / GAPS.softness))
    is_wide = is_cut & (stretch.gaps > limits.number)
    p_joined = np.where(is_wide, 1 - shares, np.where(is_cut, NEIGHBORS.p_joined, 0.0))
    is_doubtful = ~is_wide & (stretch.gaps > min(limits.doubtful, limits.number))
    shares = np.where(is_doubtful, np.minimum(shares, NEIGHBORS.p_doubtful), shares)
    # A wide gap with an unread symbol in it is as sure as the gap alone.
    shares = np.where(is_cut & ~is_wide, 1 - NEIGHBORS.p_joined, shares)
    p_complete = stretch.p_complete.copy()
    p_complete[1:] *= shares
    p_complete[:-1] *= np.where(is_cut, shares, 1.0)
    return p_complete, p_joined


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


def _has_raised_digit(symbols: Sequence[Symbol]) -> bool:
    """Return whether a small digit stands high beside the one before it, as an exponent does."""
    digits = [symbol.box for symbol in symbols if symbol.kind == "digit"]
    return any(
        box[3] <= NEIGHBORS.max_raised * before[3]
        and before[1] + before[3] - (box[1] + box[3]) >= NEIGHBORS.raised * before[3]
        for before, box in pairwise(digits)
    )
