"""Units -> lines: chains of neighbours, joined along the direction that they climb in."""

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

REACH = 3.0  # heights to the next digit of a chain; farther ones are joined as chains
LEVEL = 0.45  # of the lower one's height that neighbours share
CLIMB = 1.5  # cost of a step up or down beside one aside
LEAST_STEP = 0.5  # heights; digits nearer than that tell nothing about the slope
LEAST_LINKS = 3
STEEPEST = 0.3  # a slope of 17 degrees
OWN_SLOPE = 6.0  # heights squared; as much as the page's slope weighs in that of a chain
JOINT_LEVEL = 0.45  # heights between a chain's course and the next one
SAME_LEVEL = 0.25
JOINT_OVERLAP = 0.3  # heights that chains of one line may share
FARNESS = 0.03  # cost of a height aside beside one up or down
LOW, WITHIN = 0.7, 0.25  # of the higher line's height; of its own area: a comma hangs low
MOST_ROUNDS = 12
AT_ONCE = 100  # chains that are compared with all others, so that memory does not grow


@dataclass(frozen=True, eq=False)
class Chains:
    """Chains of units, as courses of their middles.

    Attributes:
        boxes: (k, 4) around each.
        cols: (k,) mean of the middles.
        rows: (2, k) the same; and mean of the feet.
        slopes: (k,) rows per column.
        heights: (k,) typical height of the units.
    """

    boxes: Boxes
    cols: Floats
    rows: Floats
    slopes: Floats
    heights: Floats


def lines_of(boxes: Boxes) -> list[Places]:
    """Order units into lines from top to bottom, each from left to right.

    Args:
        boxes: (n, 4) of the units.

    Returns:
        The places of the units of each line.
    """
    if not len(boxes):
        return []
    slope = _slope(boxes, _links(boxes, 0.0))
    line = grouped(len(boxes), _links(boxes, slope))
    for _ in range(MOST_ROUNDS):
        chains = _chains(boxes, line, slope)
        joints = _joints(chains)
        if not len(joints[0]):
            break
        line = grouped(len(chains.boxes), joints)[line]
    line = _with_what_lies_within(boxes, line)
    chains = _chains(boxes, line, slope)
    order = np.argsort(chains.rows[0] - slope * chains.cols, kind="stable")
    lefts = boxes[:, 0] + boxes[:, 2]
    members = [np.flatnonzero(line == one) for one in order]
    return [places[np.argsort(lefts[places], kind="stable")] for places in members]


def _with_what_lies_within(boxes: Boxes, line: Places) -> Places:
    """Return a low line that lies within a higher one to it: a mark or a piece of a digit."""
    around = hull(boxes, line)
    heights = (boxes[:, 3] - boxes[:, 1]).astype(np.float64)
    usual = np.array([np.median(heights[line == one]) for one in range(len(around))])
    first, second = near_pairs(around, 0.0)
    small, large = np.concatenate([first, second]), np.concatenate([second, first])
    shared = np.maximum(overlap(around[small], around[large], 0), 0)
    shared *= np.maximum(overlap(around[small], around[large], 1), 0)
    areas = (around[:, 2:] - around[:, :2]).prod(axis=1)
    within = (usual[small] <= LOW * usual[large]) & (shared >= WITHIN * areas[small])
    return grouped(len(around), (small[within], large[within]))[line]


def _links(boxes: Boxes, slope: float) -> tuple[Places, Places]:
    """Link each unit to the next one on its right, where each is the other's nearest."""
    heights = boxes[:, 3] - boxes[:, 1]
    first, second = near_pairs(boxes, REACH * float(np.median(heights)))
    cols, rows = (boxes[:, axis] + boxes[:, axis + 2] for axis in (0, 1))
    turned = cols[first] > cols[second]
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    one, other = boxes[first], boxes[second]
    low = np.minimum(heights[first], heights[second])
    climb = slope * (cols[second] - cols[first]) / 2
    shifted = other - np.outer(climb, [0, 1, 0, 1])
    level = overlap(one, shifted, 1) >= LEVEL * low
    aside = (cols[second] - cols[first]) / 2 + CLIMB * np.abs(rows[second] - rows[first]) / 2
    first, second, cost = first[level], second[level], (aside / low)[level]
    nexts = cheapest(first, second, cost, count=len(boxes))
    befores = cheapest(second, first, cost, count=len(boxes))
    mutual = np.flatnonzero((nexts >= 0) & (befores[nexts] == np.arange(len(boxes))))
    return mutual, nexts[mutual]


def _slope(boxes: Boxes, links: tuple[Places, Places]) -> float:
    """Return how many rows lines fall per column on the whole page."""
    cols, rows = ((boxes[:, axis] + boxes[:, axis + 2]) / 2 for axis in (0, 1))
    steps = cols[links[1]] - cols[links[0]]
    heights = boxes[:, 3] - boxes[:, 1]
    fine = steps >= LEAST_STEP * heights[links[0]]
    if fine.sum() < LEAST_LINKS:
        return 0.0
    slope = np.median((rows[links[1]] - rows[links[0]])[fine] / steps[fine])
    return float(np.clip(slope, -STEEPEST, STEEPEST))


def _chains(boxes: Boxes, line: Places, slope: float) -> Chains:
    """Fit a straight course to each chain; short ones keep to the slope of the page.

    High units count more: small letters beside digits lie lower than their middles.
    """
    cols, rows = ((boxes[:, axis] + boxes[:, axis + 2]) / 2 for axis in (0, 1))
    heights = (boxes[:, 3] - boxes[:, 1]).astype(np.float64)
    weights = heights**2
    whole = np.bincount(line, weights)
    col, row = (np.bincount(line, weights * places) / whole for places in (cols, rows))
    height = np.bincount(line, weights * heights) / whole
    aside, below = cols - col[line], rows - row[line]
    # The page's slope weighs as much as a unit at some distance.
    own = np.bincount(line, weights * aside * below) / height**2
    spread = np.bincount(line, weights * aside**2) / height**2
    slopes = (own + OWN_SLOPE * height**2 * slope) / (spread + OWN_SLOPE * height**2)
    bottoms = np.bincount(line, weights * boxes[:, 3]) / whole
    slopes = np.clip(slopes, -STEEPEST, STEEPEST)
    return Chains(hull(boxes, line), col, np.stack([row, bottoms]), slopes, height)


def _joints(chains: Chains) -> tuple[Places, Places]:
    """Find pairs of chains that go on in each other, where each is the other's best."""
    count = len(chains.boxes)
    parts = [
        _near(chains, part) for part in np.split(np.arange(count), range(AT_ONCE, count, AT_ONCE))
    ]
    first, second, cost = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    nexts = cheapest(first, second, cost, count=count)
    befores = cheapest(second, first, cost, count=count)
    mutual = np.flatnonzero((nexts >= 0) & (befores[nexts] == np.arange(count)))
    return mutual, nexts[mutual]


def _near(chains: Chains, some: Places) -> tuple[Places, Places, Floats]:
    """Pair some chains with those on their right that may go on in them; give the cost."""
    first = np.repeat(some, len(chains.boxes))
    second = np.tile(np.arange(len(chains.boxes)), len(some))
    ahead = chains.cols[first] < chains.cols[second]
    first, second = first[ahead], second[ahead]
    size = np.sqrt(chains.heights[first] * chains.heights[second])
    gap = -overlap(chains.boxes[first], chains.boxes[second], 0) / size
    apart = _step(chains, first, second) / size
    fine = (gap >= -JOINT_OVERLAP) & (apart <= JOINT_LEVEL)
    # No line has another within it, so these are digits that no link went to.
    fine |= apart <= SAME_LEVEL
    return first[fine], second[fine], (apart + FARNESS * np.maximum(gap, 0))[fine]


def _step(chains: Chains, first: Places, second: Places) -> Floats:
    """Rows between two courses, in the middle of the gap between them.

    Digits of two sizes are level in their middles or in their feet; the smaller step counts.
    """
    middle = (chains.boxes[first, 2] + chains.boxes[second, 0]) / 2
    one, other = (
        chains.rows[:, side] + chains.slopes[side] * (middle - chains.cols[side])
        for side in (first, second)
    )
    return np.asarray(np.abs(other - one).min(axis=0))
