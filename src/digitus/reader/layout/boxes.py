"""Geometry of many boxes: which are near each other, how they overlap, which are connected."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]
Boxes: TypeAlias = NDArray[np.int64]
"""(n, 4) left, top, right, bottom in pixels; right and bottom are exclusive."""


def near_pairs(boxes: Boxes, reach_px: float) -> tuple[Places, Places]:
    """Return all pairs of boxes with at most some columns between them.

    Returns:
        Two arrays (m,) of places; the first box of a pair does not begin right of the second.
    """
    order = np.argsort(boxes[:, 0], kind="stable")
    left, right = boxes[order, 0], boxes[order, 2]
    counts = np.searchsorted(left, right + reach_px, side="right") - np.arange(len(left)) - 1
    first = np.repeat(np.arange(len(left)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[first], order[first + 1 + within]


def overlap(low: Boxes, high: Boxes, axis: int) -> Boxes:
    """Return the pixels (m,) that pairs of boxes share along an axis; a gap is negative.

    Args:
        low: (m, 4) boxes.
        high: (m, 4) others, one for each.
        axis: 0 for columns, 1 for rows.
    """
    ends = np.minimum(low[:, 2 + axis], high[:, 2 + axis])
    return np.asarray(ends - np.maximum(low[:, axis], high[:, axis]))


def grouped(count: int, pairs: tuple[Places, Places]) -> Places:
    """Number the groups (count,) that pairs connect: 0, 1, ... by their lowest place.

    >>> grouped(4, (np.array([0]), np.array([2])))
    array([0, 1, 0, 2])
    """
    graph = coo_array((np.ones(len(pairs[0]), bool), pairs), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels, np.intp)


def cheapest(of: Places, to: Places, cost: Floats, *, count: int) -> Places:
    """Return the partner (count,) of least cost of every place; -1 where there is none.

    Args:
        of: (m,) places.
        to: (m,) their possible partners.
        cost: (m,) of each pair.
        count: number of places.
    """
    best = np.full(count, -1, np.intp)
    order = np.argsort(-cost, kind="stable")  # of several writes to one place the last counts
    best[of[order]] = to[order]
    return best


def hull(boxes: Boxes, group: Places) -> Boxes:
    """Return the bounding box (groups, 4) of each group 0, 1, ... of boxes (n, 4)."""
    count = int(group.max()) + 1 if len(group) else 0
    bounds = np.empty((count, 4), np.int64)
    bounds[:, :2], bounds[:, 2:] = np.iinfo(np.int64).max, 0
    np.minimum.at(bounds[:, :2], group, boxes[:, :2])
    np.maximum.at(bounds[:, 2:], group, boxes[:, 2:])
    return bounds
