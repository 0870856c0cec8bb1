"""The geometry of a grid: its lines, where they cross, and the cells between them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.reader.layout.boxes import Floats
from digitus.reader.results.reading import Box

CROSSING_STEPS = 4  # lines are nearly orthogonal: each step multiplies the error by both slopes


@dataclass(frozen=True, eq=False)
class GridFrame:
    """A grid of cells.

    Attributes:
        across: the lines between rows, from top to bottom; one more than rows.
        down: the lines between columns, from left to right, on the transposed page.
    """

    across: RuledLines
    down: RuledLines

    @cached_property
    def corners(self) -> Floats:
        """Column and row where the lines cross, (rows + 1, columns + 1, 2)."""
        return crossings(self.across, self.down)

    @property
    def steps_px(self) -> tuple[Floats, Floats]:
        """Widths (rows + 1, columns) and heights (rows, columns + 1) of the cells' sides."""
        return np.diff(self.corners[..., 0], axis=1), np.diff(self.corners[..., 1], axis=0)

    @property
    def box(self) -> Box:
        """Left, top, width and height of all cells together."""
        points = self.corners.reshape(-1, 2)
        return _box(points.min(axis=0), points.max(axis=0))

    @property
    def rows(self) -> tuple[tuple[Box, ...], ...]:
        """The cells of each row; a side of a skewed cell lies halfway between its corners."""
        first = (self.corners[:-1, :-1] + self.corners[1:, :-1]) / 2
        last = (self.corners[:-1, 1:] + self.corners[1:, 1:]) / 2
        top = (self.corners[:-1, :-1] + self.corners[:-1, 1:]) / 2
        bottom = (self.corners[1:, :-1] + self.corners[1:, 1:]) / 2
        low = np.stack([first[..., 0], top[..., 1]], axis=-1)
        high = np.stack([last[..., 0], bottom[..., 1]], axis=-1)
        return tuple(
            tuple(_box(near, far) for near, far in zip(nears, fars, strict=True))
            for nears, fars in zip(low, high, strict=True)
        )

    def moved(self, cols: int, rows: int) -> "GridFrame":
        """Move the grid right and down."""
        return GridFrame(
            self.across.moved(cols=cols, rows=rows), self.down.moved(cols=rows, rows=cols)
        )

    def cell_at(self, cols: Floats, rows: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the row and the column of the cell around points (n,).

        Outside the grid they are -1, or the number of rows or columns.
        """
        row = (self.across.at(np.tile(cols, (len(self.across), 1))) < rows).sum(axis=0) - 1
        col = (self.down.at(np.tile(rows, (len(self.down), 1))) < cols).sum(axis=0) - 1
        return row, col


def crossings(across: RuledLines, down: RuledLines) -> Floats:
    """Return column and row where lines cross, or would if they continued, (across, down, 2)."""
    cols = np.tile(down.at(np.float64(0)), (len(across), 1))
    for _ in range(CROSSING_STEPS):
        rows = across.at(cols)
        cols = down.at(rows.T).T
    return np.stack([cols, across.at(cols)], axis=-1)


def _box(low: Floats, high: Floats) -> Box:
    left, top = (round(float(value)) for value in low)
    right, bottom = (round(float(value)) for value in high)
    return left, top, right - left, bottom - top
