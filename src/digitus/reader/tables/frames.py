"""A grid's geometry: its lines, where they cross, and the cells between them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from digitus.reader.layout.boxes import Floats
from digitus.reader.results.reading import Box
from digitus.reader.tables.table_lines import TableLines


@dataclass(frozen=True, eq=False)
class GridFrame:
    """A grid of cells.

    Attributes:
        across: the lines between rows, from top to bottom; one more than rows.
        down: the lines between columns, from left to right.
    """

    across: TableLines
    down: TableLines

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
        return _box(
            self.corners.reshape(-1, 2).min(axis=0), self.corners.reshape(-1, 2).max(axis=0)
        )

    @property
    def rows(self) -> tuple[tuple[Box, ...], ...]:
        """The cells of each row; on a skewed grid their corners are those of the mean."""
        first = (self.corners[:-1, :-1] + self.corners[1:, :-1]) / 2
        last = (self.corners[:-1, 1:] + self.corners[1:, 1:]) / 2
        top = (self.corners[:-1, :-1] + self.corners[:-1, 1:]) / 2
        bottom = (self.corners[1:, :-1] + self.corners[1:, 1:]) / 2
        low = np.stack([first[..., 0], top[..., 1]], axis=-1)
        high = np.stack([last[..., 0], bottom[..., 1]], axis=-1)
        return tuple(
            tuple(_box(*ends) for ends in zip(*row, strict=True))
            for row in zip(low, high, strict=True)
        )

    def moved(self, cols: int, rows: int) -> "GridFrame":
        """Move the grid right and down."""
        return GridFrame(
            self.across.moved(cols=cols, rows=rows), self.down.moved(cols=rows, rows=cols)
        )

    def cell_at(self, cols: Floats, rows: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Tell the row and the column of the cell around points (n,).

        Outside they are -1, or as many as there are.
        """
        row = (self.across.at(np.tile(cols, (len(self.across), 1))) < rows).sum(axis=0) - 1
        col = (self.down.at(np.tile(rows, (len(self.down), 1))) < cols).sum(axis=0) - 1
        return row, col


def crossings(across: TableLines, down: TableLines) -> Floats:
    """Column and row where lines cross, or would if they went on, (across, down, 2)."""
    cols = np.tile(down.at(np.float64(0)), (len(across), 1))
    for _ in range(4):  # lines are nearly upright and level: each round takes the slopes' product
        rows = across.at(cols)
        cols = down.at(rows.T).T
    return np.stack([cols, across.at(cols)], axis=-1)


def _box(low: Floats, high: Floats) -> Box:
    left, top = (round(float(value)) for value in low)
    right, bottom = (round(float(value)) for value in high)
    return left, top, right - left, bottom - top
