"""Find what is to be read on a page: text lines in each version of its ink, and grids of cells.

Words are left out, see `reader.orientation.words`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from digitus.imaging.ink.page_ink import PageInks
from digitus.reader.layout.page_layout import find_lines
from digitus.reader.orientation.words import without_word_images
from digitus.reader.pipeline.digit_bodies import with_bodies
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
        versions: text lines of each version of the ink, each given by its line images.
        grids: from top to bottom; ink within them is in no text line.
    """

    versions: list[list[list[LineImage]]]
    grids: list[GridRegion]

    @property
    def line_images(self) -> list[LineImage]:
        """All line images of the text lines and cells."""
        lines = chain.from_iterable(chain.from_iterable(self.versions))
        cells = (cell for grid in self.grids for row in grid.rows for cell in row)
        return [*lines, *chain.from_iterable(cell.line_images for cell in cells)]

    def assign(self, symbols: Sequence[list[Symbol]]) -> "ReadRegions":
        """Assign the symbols of all line images to their lines and cells.

        Args:
            symbols: symbols of each of ``line_images``, in the same order.
        """
        symbols_of = dict(zip(self.line_images, symbols, strict=True))
        for image in chain.from_iterable(chain.from_iterable(self.versions[:-1])):
            symbols_of[image] = with_bodies(symbols_of[image], image)  # it has its ruled lines
        versions = [
            [[symbols_of[one] for one in line] for line in lines] for lines in self.versions
        ]
        grids = [
            ReadGrid(
                grid.box, [[_read_cell(cell, symbols_of) for cell in row] for row in grid.rows]
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
        versions: text lines of each version of the ink, each given by its line images, and each of
            these by its symbols.
        grids: from top to bottom.
    """

    versions: list[list[list[list[Symbol]]]]
    grids: list[ReadGrid]


def _read_cell(cell: CellInk, symbols_of: Mapping[LineImage, list[Symbol]]) -> ReadCell:
    return ReadCell(cell, list(chain.from_iterable(symbols_of[one] for one in cell.line_images)))


def find_regions(model: DigitModel, inks: PageInks) -> PageRegions:
    """Find text lines and grids on a page; words are left out.

    Args:
        model: classifies single components, to recognize words.
        inks: of the page.
    """
    frames = find_grids(inks.lined)
    grids = [GridRegion(frame.box, divide_into_cells(inks.lined, frame)) for frame in frames]
    lines = (find_lines(without_grids(ink, frames)) for ink in inks.versions)
    return PageRegions([without_word_images(model, one) for one in lines], grids)
