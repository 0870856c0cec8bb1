"""The gaps of a page, and which of them separate numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitus.reader.layout.boxes import Floats
from digitus.reader.results.symbols import Symbol


@dataclass(frozen=True)
class GapParameters:
    """Parameters of the split into numbers; every gap is in digit heights.

    Set by hand, so that evenly spaced digits stay one number: two kinds of gaps are assumed only
    where they are clearly apart.

    Attributes:
        page_digits: weight of the page's digit height in that of a line, in digits of the line. A
            line of one or two digits is measured by the page.
        narrow_digit: width to which a narrower digit is widened, so that a 1 has ordinary gaps.
        tall: least height of two digits, over the usual height of their line, for the gap between
            them to be measured by their own height.
        usual_gap: prior of the mean gap within numbers.
        prior_gaps: weight of that prior, in gaps of the page.
        number_gap: if the gaps of the page are of one kind, those separate numbers that exceed
            their mean by more than this plus ``number_factor`` times the mean.
        number_factor: see ``number_gap``.
        least_doubtful: least gap within a number that is doubtful, if all gaps are of one kind.
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

    page_digits: float = 3.0
    narrow_digit: float = 0.4
    tall: float = 1.3
    usual_gap: float = 0.3
    prior_gaps: int = 4
    number_gap: float = 0.6
    number_factor: float = 1.5
    least_doubtful: float = 0.7
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


GAPS = GapParameters()


def unit_px(heights_px: Sequence[float], page_px: float) -> float:
    """Return the digit height in which the gaps of a line are measured.

    Args:
        heights_px: heights of the digits of the line; none for a line without digits.
        page_px: median height of the digits of the page.

    >>> unit_px([20, 20, 20], 40.0) < unit_px([20], 40.0) < 40
    True
    """
    if not len(heights_px):
        return page_px
    own = len(heights_px) / (len(heights_px) + GAPS.page_digits)
    return float(np.median(heights_px) ** own * page_px ** (1 - own))


def gaps_of(symbols: Sequence[Symbol], height_px: float) -> Floats:
    """Measure the gaps between neighbors, (n - 1,), in digit heights.

    Digits narrower than ``GAPS.narrow_digit`` are widened to both sides before. A gap between two
    digits that are both far higher than the others of their line is measured by these two.
    """
    left = np.array([symbol.body[0] for symbol in symbols], float)
    width = np.array([symbol.body[1] for symbol in symbols], float)
    digit = np.array([symbol.kind == "digit" for symbol in symbols])
    own_px = np.array([symbol.box[3] for symbol in symbols], float) * digit
    nearby = np.minimum(own_px[1:], own_px[:-1])
    units = np.where(nearby > GAPS.tall * height_px, nearby, height_px)
    extra = np.where(digit, np.maximum(0, GAPS.narrow_digit * height_px - width) / 2, 0)
    right = np.maximum.accumulate(left + width + extra)
    return np.asarray(((left - extra)[1:] - right[:-1]) / units)


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
    return between_gaps(*_edges(low, high))


def doubtful_gap_within(gaps: Floats, widest: float) -> float:
    """Return the gap above which a gap within a number is doubtful, given all gaps of a page.

    Where the gaps are not clearly of two kinds, some may separate numbers all the same: those that
    exceed the usual gap by far. With few gaps nothing is usual: then it is ``widest``.
    """
    if len(gaps) < GAPS.min_gaps:
        return widest
    usual = float(np.median(np.maximum(gaps, 0)))
    return max(GAPS.number_gap + GAPS.number_factor * usual, GAPS.least_doubtful)


def between_gaps(one: float, other: float) -> float:
    """Return the gap that lies between two gaps, in the middle of their logarithms."""
    return float(np.sqrt((one + GAPS.log_offset) * (other + GAPS.log_offset))) - GAPS.log_offset


def log_distance(gaps: Floats, limit: float) -> Floats:
    """Return the distances (n,) of gaps from a limit, in logarithms."""
    logs = np.log(np.maximum(gaps, 0) + GAPS.log_offset)
    return np.asarray(np.abs(logs - np.log(max(limit, 0.0) + GAPS.log_offset)))


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
