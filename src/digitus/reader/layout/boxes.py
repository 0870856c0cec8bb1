"""Boxes beside each other: which are near, how they overlap, what hangs together."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]
Boxes: TypeAlias = NDArray[np.int64]
"""(n, 4) left, top, right, bottom in pixels; the last two lie outside."""


def near_pairs(boxes: Boxes, reach_px: float) -> tuple[Places, Places]:
    """Find all pairs of boxes that have at most some columns between them.

    Returns:
        Two arrays of places; the first of each pair begins left of the second, or level.
    """
    order = np.argsort(boxes[:, 0], kind="stable")
    left, right = boxes[order, 0], boxes[order, 2]
    counts = np.searchsorted(left, right + reach_px, side="right") - np.arange(len(left)) - 1
    first = np.repeat(np.arange(len(left)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[first], order[first + 1 + within]


def overlap(low: Boxes, high: Boxes, axis: int) -> Boxes:
    """Pixels that boxes (m, 4) share with others along an axis; negative are gaps, (m,).

    Args:
        low: boxes.
        high: others, one for each.
        axis: 0 across, 1 down.
    """
    ends = np.minimum(low[:, 2 + axis], high[:, 2 + axis])
    return np.asarray(ends - np.maximum(low[:, axis], high[:, axis]))


def grouped(count: int, pairs: tuple[Places, Places]) -> Places:
    """Number the groups that pairs connect, (count,): 0, 1, ... by their lowest place."""
    first, second = pairs
    group = np.arange(count)
    while True:
        low = np.minimum(group[first], group[second])
        lower = group.copy()
        np.minimum.at(lower, first, low)
        np.minimum.at(lower, second, low)
        lower = lower[lower]
        if (lower == group).all():
            return np.asarray(np.unique(group, return_inverse=True)[1], np.intp)
        group = lower


def cheapest(of: Places, to: Places, cost: Floats, *, count: int) -> Places:
    """Find for every place the partner of least cost, (count,); -1 where there is none."""
    best = np.full(count, -1, np.intp)
    order = np.argsort(-cost, kind="stable")  # the last one written stays
    best[of[order]] = to[order]
    return best


def hull(boxes: Boxes, group: Places) -> Boxes:
    """Bound the boxes (n, 4) of each group 0, 1, ..., (groups, 4)."""
    count = int(group.max()) + 1 if len(group) else 0
    bounds = np.empty((count, 4), np.int64)
    bounds[:, :2], bounds[:, 2:] = np.iinfo(np.int64).max, 0
    np.minimum.at(bounds[:, :2], group, boxes[:, :2])
    np.maximum.at(bounds[:, 2:], group, boxes[:, 2:])
    return bounds
