"""Seams: ways down through ink that cross as little of it as can be.

A seam runs from the top of a part to its bottom, may go sideways, but never up. Of all seams
through a point the cheapest is found by dynamic programming, so straight and slanted cuts, cuts
at necks and the way of a falling drop (G. Congedo, G. Dimauro, S. Impedovo, G. Pirlo, 1995) are
all among them. Parts are laid side by side, so that one pass serves all of a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

STEP = 0.1  # cost of a pixel of paper beside 1.0 of full ink: of free ways the shortest
WALL = 1e4  # between parts
MARGIN_PX = 2

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Half:
    """The cheapest way from one end of the image to each of its pixels.

    Attributes:
        cost: (rows, cols) of the way, its last pixel included.
        entry: (rows, cols) the column in which the way came into this row.
    """

    cost: Floats
    entry: Ints


class Seams:
    """The cheapest seams through any pixel of several parts.

    Args:
        parts: ink (rows, cols) of each.
    """

    def __init__(self, parts: Sequence[Ink]) -> None:
        heights, widths = zip(*(part.shape for part in parts), strict=True)
        self._lefts = np.cumsum([0, *(width + 2 * MARGIN_PX + 1 for width in widths)])
        cost = np.full((max(heights), int(self._lefts[-1])), STEP)
        for left, part in zip(self._lefts, parts, strict=False):
            start = left + MARGIN_PX
            cost[: part.shape[0], start : start + part.shape[1]] += part
        cost[:, self._lefts[1:] - 1] = WALL
        self._down, self._up = _walk(cost), _walk(cost[::-1])
        self._up = _Half(self._up.cost[::-1], self._up.entry[::-1])
        self._through = self._down.cost + self._up.cost - cost

    def costs(self, part: int, row: int) -> Floats:
        """Cost (cols,) of the cheapest seam through each pixel of a part's row."""
        start = self._lefts[part] + MARGIN_PX
        return self._through[row, start : self._lefts[part + 1] - MARGIN_PX - 1]

    def borders(self, part: Ints, row: Ints, col: Ints) -> Ints:
        """For seams through pixels of parts: the first column (n, rows) on their right.

        Args:
            part: (n,) number of each pixel's part.
            row: (n,) its row.
            col: (n,) its column within the part.
        """
        offset = self._lefts[part] + MARGIN_PX
        rows = len(self._through)
        border = np.empty((rows, len(row)), np.intp)
        start = col + offset
        here = start.copy()
        for above in range(rows - 1, -1, -1):
            border[above] = here
            here = np.where(above <= row, self._down.entry[above, here], here)
        here = start.copy()
        for below in range(rows):
            np.copyto(border[below], here, where=below > row)
            here = np.where(below >= row, self._up.entry[below, here], here)
        borders: Ints = border.T - offset[:, None]
        return borders


def _walk(cost: Floats) -> _Half:
    """Walk down, with any way sideways within each row."""
    total, entry = np.empty_like(cost), np.empty(cost.shape, np.intp)
    index = np.arange(cost.shape[1])
    before = np.zeros(cost.shape[1])
    for row, price in enumerate(cost):
        start, travel = before + price, np.cumsum(price)
        right, right_from = _prefix_minimum(start - travel, index)
        left, left_from = _prefix_minimum((start + travel - price)[::-1], index)
        right += travel
        left = left[::-1] - travel + price
        nearer = right <= left
        total[row] = before = np.where(nearer, right, left)
        entry[row] = np.where(nearer, right_from, len(index) - 1 - left_from[::-1])
    return _Half(total, entry)


def _prefix_minimum(values: Floats, index: Ints) -> tuple[Floats, Ints]:
    """The least value so far, and where it stood last."""
    least = np.minimum.accumulate(values)
    return least, np.maximum.accumulate(np.where(values <= least, index, 0))
