"""Segments to text lines: chains of neighbors, joined along their slopes."""

from dataclasses import dataclass

import numpy as np

from digitus.reader.layout.boxes import (
    Boxes,
    Floats,
    Places,
    cheapest,
    grouped,
    hull,
    near_pairs,
    overlap,
)


@dataclass(frozen=True)
class LinkParameters:
    """How neighboring segments are linked.

    Set by hand: links are short and certain; what they leave apart is joined as chains.

    Attributes:
        reach: greatest gap to the next segment, in median heights.
        level: least number of rows that neighbors share, in heights of the lower one.
        climb_cost: cost of a row between two middles, where a column costs 1.
        rounds: number of times that the slope of the page is estimated, each time from the links
            that the last one gives.
        max_slope: greatest slope of a line in rows per column; 0.3 is 17 degrees.
    """

    reach: float = 4.0
    level: float = 0.45
    climb_cost: float = 1.5
    rounds: int = 2
    max_slope: float = 0.3


@dataclass(frozen=True)
class JoinParameters:
    """How chains of linked segments are joined to lines.

    Set by hand: digits of a line lie within half a height of a straight line, however far apart.

    Attributes:
        level_weight: weight of a level page in its slope, where the chains have the summed squared
            distances from their middles, in squared heights.
        page_weight: weight of the page's slope in that of a chain, in the same unit.
        max_step: greatest number of rows between two chains that continue each other, in heights.
        max_step_within: the same limit for two chains that overlap; a line cannot contain another.
        max_overlap: greatest number of columns shared by chains that continue each other, in
            heights.
        gap_cost: cost of a column between two chains, where a row costs 1.
        max_rounds: greatest number of rounds of joining; lines rarely need more than three.
        batch: number of chains that are compared with all others at once; bounds the memory.
    """

    level_weight: float = 1.0
    page_weight: float = 6.0
    max_step: float = 0.5
    max_step_within: float = 0.25
    max_overlap: float = 0.3
    gap_cost: float = 0.03
    max_rounds: int = 12
    batch: int = 100


@dataclass(frozen=True)
class EmbedParameters:
    """Which low lines belong to the higher line that they lie within.

    Set by hand, from commas and loose bars of digits.

    Attributes:
        max_height: greatest median height of the low line over that of the higher one.
        min_overlap: least share of the low line's area within the other; a comma hangs below it.
    """

    max_height: float = 0.7
    min_overlap: float = 0.25


LINKS = LinkParameters()
JOINS = JoinParameters()
EMBEDDED = EmbedParameters()


@dataclass(frozen=True, eq=False)
class Chains:
    """Chains of segments, each with a straight line through the middles of its segments.

    Attributes:
        boxes: (k, 4) around each chain.
        cols: (k,) mean column of the middles.
        rows: (2, k) mean row of the middles, and of the lower edges.
        slopes: (k,) rows per column.
        heights: (k,) typical height of the segments.
        own: (k,) sum of the products of column and row from the middle, in squared heights; the
            smaller one of middles and lower edges.
        spread: (k,) sum of the squared columns from the middle, in squared heights.
    """

    boxes: Boxes
    cols: Floats
    rows: Floats
    slopes: Floats
    heights: Floats
    own: Floats
    spread: Floats


def order_into_lines(boxes: Boxes) -> list[Places]:
    """Group segments into lines from top to bottom, each from left to right.

    Args:
        boxes: (n, 4) boxes of the segments.

    Returns:
        The places of the segments of each line.
    """
    if not len(boxes):
        return []
    slope = 0.0
    for _ in range(LINKS.rounds):
        slope = _page_slope(boxes, grouped(len(boxes), _links(boxes, slope)))
    line = grouped(len(boxes), _links(boxes, slope))
    for _ in range(JOINS.max_rounds):
        chains = _fit_chains(boxes, line, slope)
        joins = _joins(chains)
        if not len(joins[0]):
            break
        line = grouped(len(chains.boxes), joins)[line]
    line = _with_embedded_lines(boxes, line)
    chains = _fit_chains(boxes, line, slope)
    order = np.argsort(chains.rows[0] - slope * chains.cols, kind="stable")
    middles = boxes[:, 0] + boxes[:, 2]
    members = [np.flatnonzero(line == one) for one in order]
    return [places[np.argsort(middles[places], kind="stable")] for places in members]


def _with_embedded_lines(boxes: Boxes, line: Places) -> Places:
    """Join low lines to the higher line that they lie within: marks and components of digits."""
    around = hull(boxes, line)
    heights = (boxes[:, 3] - boxes[:, 1]).astype(np.float64)
    usual = np.array([np.median(heights[line == one]) for one in range(len(around))])
    first, second = near_pairs(around, 0.0)
    small, large = np.concatenate([first, second]), np.concatenate([second, first])
    shared = np.maximum(overlap(around[small], around[large], 0), 0)
    shared *= np.maximum(overlap(around[small], around[large], 1), 0)
    areas = (around[:, 2:] - around[:, :2]).prod(axis=1)
    within = usual[small] <= EMBEDDED.max_height * usual[large]
    within &= shared >= EMBEDDED.min_overlap * areas[small]
    return grouped(len(around), (small[within], large[within]))[line]


def _links(boxes: Boxes, slope: float) -> tuple[Places, Places]:
    """Link each segment to the next one on its right, where each is the other's nearest."""
    heights = boxes[:, 3] - boxes[:, 1]
    first, second = near_pairs(boxes, LINKS.reach * float(np.median(heights)))
    cols, rows = (boxes[:, axis] + boxes[:, axis + 2] for axis in (0, 1))  # twice the middles
    swapped = cols[first] > cols[second]
    first, second = np.where(swapped, second, first), np.where(swapped, first, second)
    one, other = boxes[first], boxes[second]
    low = np.minimum(heights[first], heights[second])
    climb = slope * (cols[second] - cols[first]) / 2
    shifted = other - np.outer(climb, [0, 1, 0, 1])
    level = overlap(one, shifted, 1) >= LINKS.level * low
    climbed = LINKS.climb_cost * np.abs(rows[second] - rows[first]) / 2
    distance = (cols[second] - cols[first]) / 2 + climbed
    return _mutual(first[level], second[level], (distance / low)[level], count=len(boxes))


def _mutual(first: Places, second: Places, cost: Floats, *, count: int) -> tuple[Places, Places]:
    """Return the pairs each of whose members is the other's cheapest partner."""
    nexts = cheapest(first, second, cost, count=count)
    befores = cheapest(second, first, cost, count=count)
    mutual = np.flatnonzero((nexts >= 0) & (befores[nexts] == np.arange(count)))
    return mutual, nexts[mutual]


def _page_slope(boxes: Boxes, line: Places) -> float:
    """Return the common slope of all chains, in rows per column: least squares with a prior of 0.

    Within a chain each digit counts by its distance from the middle, so that long chains decide.
    """
    chains = _fit_chains(boxes, line, 0.0)
    slope = chains.own.sum() / (chains.spread.sum() + JOINS.level_weight)
    return float(np.clip(slope, -LINKS.max_slope, LINKS.max_slope))


def _fit_chains(boxes: Boxes, line: Places, slope: float) -> Chains:
    """Fit a straight line to each chain; the page's slope dominates that of short ones.

    Segments weigh as their squared height: small letters beside digits lie below their middles.
    """
    cols, rows = ((boxes[:, axis] + boxes[:, axis + 2]) / 2 for axis in (0, 1))
    heights = (boxes[:, 3] - boxes[:, 1]).astype(np.float64)
    weights = heights**2
    total = np.bincount(line, weights)
    col, row = (np.bincount(line, weights * places) / total for places in (cols, rows))
    height = np.bincount(line, weights * heights) / total
    bottoms = np.bincount(line, weights * boxes[:, 3]) / total
    aside = cols - col[line]
    # Least squares, with the page's slope as a segment at some distance.
    own = _smaller_of(
        np.bincount(line, weights * aside * (rows - row[line])) / height**4,
        np.bincount(line, weights * aside * (boxes[:, 3] - bottoms[line])) / height**4,
    )
    spread = np.bincount(line, weights * aside**2) / height**4
    slopes = (own + JOINS.page_weight * slope) / (spread + JOINS.page_weight)
    slopes = np.clip(slopes, -LINKS.max_slope, LINKS.max_slope)
    rows_of = np.stack([row, bottoms])
    return Chains(hull(boxes, line), col, rows_of, slopes, height, own, spread)


def _smaller_of(one: Floats, other: Floats) -> Floats:
    """Return the smaller of two slopes (k,), and 0 where they differ in sign.

    A line that climbs does so in its middles and in its lower edges. Low letters behind a digit
    have low middles alone, letters with tails have low edges alone.
    """
    return np.where(one * other > 0, np.sign(one) * np.minimum(np.abs(one), np.abs(other)), 0.0)


def _joins(chains: Chains) -> tuple[Places, Places]:
    """Return pairs of chains that continue each other, where each is the other's best."""
    count = len(chains.boxes)
    batches = np.split(np.arange(count), range(JOINS.batch, count, JOINS.batch))
    candidates = [_continuations(chains, batch) for batch in batches]
    first, second, cost = (np.concatenate(arrays) for arrays in zip(*candidates, strict=True))
    return _mutual(first, second, cost, count=count)


def _continuations(chains: Chains, some: Places) -> tuple[Places, Places, Floats]:
    """Pair some chains with those on their right that may continue them; return the costs too."""
    first = np.repeat(some, len(chains.boxes))
    second = np.tile(np.arange(len(chains.boxes)), len(some))
    ahead = chains.cols[first] < chains.cols[second]
    first, second = first[ahead], second[ahead]
    size = np.sqrt(chains.heights[first] * chains.heights[second])
    gap = -overlap(chains.boxes[first], chains.boxes[second], 0) / size
    step = _row_step(chains, first, second) / size
    fit = (gap >= -JOINS.max_overlap) & (step <= JOINS.max_step)
    fit |= step <= JOINS.max_step_within
    return first[fit], second[fit], (step + JOINS.gap_cost * np.maximum(gap, 0))[fit]


def _row_step(chains: Chains, first: Places, second: Places) -> Floats:
    """Return the rows (m,) between two chains, in the middle of the gap between them.

    Digits of two sizes are level in their middles or in their lower edges; the smaller step counts.
    """
    middle = (chains.boxes[first, 2] + chains.boxes[second, 0]) / 2
    one, other = (
        chains.rows[:, side] + chains.slopes[side] * (middle - chains.cols[side])
        for side in (first, second)
    )
    return np.asarray(np.abs(other - one).min(axis=0))
