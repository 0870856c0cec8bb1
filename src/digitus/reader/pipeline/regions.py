"""All that is to be read on a page, laid out: lines of each version of its ink, and grids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from digitus.imaging.arrays import Ink
from digitus.reader.layout.page_layout import find_lines
from digitus.reader.results.symbols import Box, LineImage, Symbol
from digitus.reader.tables.cells import CellInk, cell_runs
from digitus.reader.tables.grid_removal import without_grids
from digitus.reader.tables.grids import find_grids

Runs: TypeAlias = list[LineImage]


@dataclass(frozen=True, eq=False)
class GridInk:
    """A grid and what is in its cells, row by row."""

    box: Box
    cells: list[list[CellInk]]


@dataclass(frozen=True, eq=False)
class LaidOut:
    """What is to be read on a page.

    Attributes:
        versions: of each version of the ink the lines, of each line its runs.
        grids: from top to bottom; what stands in them is in no line.
    """

    versions: list[list[Runs]]
    grids: list[GridInk]

    @property
    def runs(self) -> list[LineImage]:
        """All runs, in the order in which ``Read`` wants their pieces."""
        lines = [run for version in self.versions for line in version for run in line]
        return lines + [run for cell in self._cells() for run in cell.runs]

    def share(self, pieces: Sequence[list[Symbol]]) -> "Read":
        """Return the pieces of all runs back to their lines and cells."""
        left = iter(pieces)
        lines = [[list(islice(left, len(line))) for line in one] for one in self.versions]
        cells = [list(islice(left, len(cell.runs))) for cell in self._cells()]
        return Read(lines, cells)

    def _cells(self) -> Iterator[CellInk]:
        return (cell for grid in self.grids for row in grid.cells for cell in row)


@dataclass(frozen=True, eq=False)
class Read:
    """The pieces of what was laid out.

    Attributes:
        versions: of each version the lines, of each line its runs, of each run its pieces.
        cells: of each cell its runs' pieces; the cells of all grids, row by row.
    """

    versions: list[list[list[list[Symbol]]]]
    cells: list[list[list[Symbol]]]


def lay_out(inks: Sequence[Ink]) -> LaidOut:
    """Find lines and grids on a page.

    Args:
        inks: versions of the page's ink (rows, cols), the first with all its lines.
    """
    frames = find_grids(inks[0])
    grids = [GridInk(frame.box, cell_runs(inks[0], frame)) for frame in frames]
    return LaidOut([find_lines(without_grids(ink, frames)) for ink in inks], grids)
