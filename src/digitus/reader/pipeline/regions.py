"""Find what is to be read on a page: text lines in each version of its ink, and grids of cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from digitus.imaging.arrays import Ink
from digitus.reader.layout.page_layout import find_lines
from digitus.reader.orientation.words import without_word_images
from digitus.reader.results.reading import Box
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.tables.cells import CellInk, divide_into_cells
from digitus.reader.tables.grid_removal import without_grids
from digitus.reader.tables.grids import find_grids
from digitus.recognizer import DigitModel


@dataclass(frozen=True, eq=False)
class GridRegion:
    """A grid and the ink of its cells, row by row."""

    box: Box
    rows: list[list[CellInk]]


@dataclass(frozen=True, eq=False)
class PageRegions:
    """What is to be read on a page.

    Attributes:
        versions: for each version of the ink its text lines, for each line its line images.
        grids: from top to bottom; ink within them is in no text line.
    """

    versions: list[list[list[LineImage]]]
    grids: list[GridRegion]

    @property
    def line_images(self) -> list[LineImage]:
        """All line images, in the order that `assign` takes their symbols."""
        lines = chain.from_iterable(chain.from_iterable(self.versions))
        cells = (cell for grid in self.grids for row in grid.rows for cell in row)
        return [*lines, *chain.from_iterable(cell.line_images for cell in cells)]

    def assign(self, symbols: Sequence[list[Symbol]]) -> "ReadRegions":
        """Assign the symbols of all line images to their lines and cells."""
        left = iter(symbols)
        versions = [[[next(left) for _ in line] for line in lines] for lines in self.versions]
        grids = [
            ReadGrid(
                grid.box,
                [
                    [
                        ReadCell(cell, [one for _ in cell.line_images for one in next(left)])
                        for cell in row
                    ]
                    for row in grid.rows
                ],
            )
            for grid in self.grids
        ]
        return ReadRegions(versions, grids)


@dataclass(frozen=True, eq=False)
class ReadCell:
    """A cell and its symbols, line by line from left to right."""

    ink: CellInk
    symbols: list[Symbol]


@dataclass(frozen=True, eq=False)
class ReadGrid:
    """A grid and its cells, row by row."""

    box: Box
    rows: list[list[ReadCell]]

    @property
    def symbols(self) -> list[Symbol]:
        """The symbols of all cells."""
        return [symbol for row in self.rows for cell in row for symbol in cell.symbols]


@dataclass(frozen=True, eq=False)
class ReadRegions:
    """The symbols of a page, by region.

    Attributes:
        versions: for each version of the ink its text lines, for each line its line images, for
            each of these its symbols.
        grids: from top to bottom.
    """

    versions: list[list[list[list[Symbol]]]]
    grids: list[ReadGrid]


def find_regions(model: DigitModel, inks: Sequence[Ink]) -> PageRegions:
    """Find text lines and grids on a page; words are left out.

    Args:
        model: classifies single marks, to recognize words.
        inks: versions of the page's ink (rows, cols), 0.0 paper to 1.0 full ink: the first with
            all its ruled lines, which grids are found by.
    """
    frames = find_grids(inks[0])
    grids = [GridRegion(frame.box, divide_into_cells(inks[0], frame)) for frame in frames]
    lines = (find_lines(without_grids(ink, frames)) for ink in inks)
    return PageRegions([without_word_images(model, one) for one in lines], grids)
