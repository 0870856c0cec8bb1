"""The cells of a grid: what is written in each, whether it is blank or struck out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import Components, digit_height_px, find_components, pen_width_px
from digitus.reader.layout.boxes import Places
from digitus.reader.layout.page_layout import crop_line_image, line_images_of
from digitus.reader.layout.segments import group_components, is_writing
from digitus.reader.layout.text_lines import order_into_lines
from digitus.reader.results.reading import Box
from digitus.reader.results.symbols import LineImage
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.grid_removal import cut_out
from digitus.reader.tables.struck_out import is_struck_out


@dataclass(frozen=True)
class CellDivisionParameters:
    """Parameters of ``divide_into_cells``; all lengths in digit heights.

    Set by hand: strokes reach over the lines of their cells, and cells must stay separate.

    Attributes:
        foreign_across: width from which the share of a component in a cell beside its own
            belongs to that cell; a narrower one is a stroke that reaches beyond its cell.
        foreign_down: height of the same in the cell above or below; descenders reach farther.
        spacing: distance by which cells are moved apart when their lines of writing are
            searched; far larger than any gap that is joined.
        least_component: size from which a component that is not writing, such as a dash, keeps
            a cell from being blank.
    """

    foreign_across: float = 0.4
    foreign_down: float = 0.65
    spacing: float = 40.0
    least_component: float = 0.3


CELL_DIVISION = CellDivisionParameters()


@dataclass(frozen=True, eq=False)
class CellInk:
    """The content of one cell.

    Attributes:
        box: left, top, width and height in the page.
        line_images: what is written, line by line from left to right.
        is_blank: whether nothing is written.
        is_struck_out: whether a stroke or a scribble was drawn through what is written.
    """

    box: Box
    line_images: tuple[LineImage, ...]
    is_blank: bool
    is_struck_out: bool


def divide_into_cells(ink: Ink, frame: GridFrame) -> list[list[CellInk]]:
    """Divide the ink of a grid into cells and line images, row by row.

    The grid's lines are erased. A digit that touches or crosses one stays whole, in the cell
    that holds most of it.

    Args:
        ink: (rows, cols) of the page, 0.0 paper to 1.0 full ink.
        frame: a grid on this page.
    """
    grid = cut_out(ink, frame)
    components, cell = _assign_to_cells(grid.ink, grid.frame)
    height = digit_height_px(components.only(cell >= 0))
    found = _line_images(grid.ink, components, cell, height) if height else {}
    large = components.heights_px >= CELL_DIVISION.least_component * height
    pen = pen_width_px(components.only((cell >= 0) & large))
    columns = len(frame.down) - 1
    cells: list[list[CellInk]] = []
    for row, boxes in enumerate(frame.rows):
        cells.append([])
        for col, box in enumerate(boxes):
            lines = [
                replace(line, left=line.left + grid.left, top=line.top + grid.top)
                for line in found.get(row * columns + col, [])
            ]
            struck_out = is_struck_out(lines, height, pen)
            cells[-1].append(CellInk(box, tuple(lines), not lines, struck_out))
    return cells


def _assign_to_cells(ink: Ink, frame: GridFrame) -> tuple[Components, Places]:
    """Find the components of a grid and the cell of each, (n,); -1 outside of all."""
    components = find_components(ink)
    first = _cell_numbers(components.boxes[:, :2], frame)
    last = _cell_numbers(components.boxes[:, 2:] - 1, frame)
    height = digit_height_px(components.only((first >= 0) & (last >= 0)))
    least = min(CELL_DIVISION.foreign_across, CELL_DIVISION.foreign_down)
    shared = np.flatnonzero((first != last) & (components.spans_px >= least * height))
    for place in shared:
        components = _divide(components, int(place), frame, height)
    middles = (components.boxes[:, :2] + components.boxes[:, 2:] - 1) / 2
    cells = _cell_numbers(middles, frame)
    for place in shared:
        cells[place] = _main_cell(_cell_numbers(_points(components, int(place)), frame))
    return components, cells


def _cell_numbers(points: NDArray[np.int64] | NDArray[np.float64], frame: GridFrame) -> Places:
    """Number the cells around points (n, 2) of column and row, row by row; -1 outside."""
    places = np.asarray(points, float)
    row, col = frame.cell_at(places[:, 0], places[:, 1])
    rows, cols = len(frame.across) - 1, len(frame.down) - 1
    inside = (row >= 0) & (row < rows) & (col >= 0) & (col < cols)
    return np.where(inside, row * cols + col, -1)


def _main_cell(numbers: Places) -> int:
    """Return the cell that most of some points lie in."""
    return int(np.argmax(np.bincount(numbers + 1))) - 1


def _points(components: Components, place: int) -> NDArray[np.int64]:
    """Return column and row of every pixel of a component, (m, 2)."""
    rows, cols = np.nonzero(components.mask(place))
    return np.stack([cols, rows], axis=1) + components.boxes[place, :2]


def _divide(
    components: Components,
    place: int,
    frame: GridFrame,
    height_px: float,
) -> Components:
    """Divide a component where it reaches far into cells besides its main one."""
    points = _points(components, place)
    numbers = _cell_numbers(points, frame)
    main = _main_cell(numbers)
    columns = len(frame.down) - 1
    for number in np.unique(numbers[numbers != main]):
        foreign = points[numbers == number]
        below = number % columns == main % columns
        axis, least = (
            (1, CELL_DIVISION.foreign_down) if below else (0, CELL_DIVISION.foreign_across)
        )
        if np.ptp(foreign[:, axis]) + 1 >= least * height_px:
            components = _with_label(components, foreign)
    left = points[components.labels[points[:, 1], points[:, 0]] == components.numbers[place]]
    boxes, areas = components.boxes.copy(), components.areas_px.copy()
    boxes[place], areas[place] = _bounds(left), len(left)
    return replace(components, boxes=boxes, areas_px=areas)


def _with_label(components: Components, points: NDArray[np.int64]) -> Components:
    """Make points (m, 2) a component of their own."""
    number = int(components.numbers.max()) + 1
    components.labels[points[:, 1], points[:, 0]] = number
    return replace(
        components,
        numbers=np.append(components.numbers, number),
        boxes=np.concatenate([components.boxes, _bounds(points)[None]]),
        areas_px=np.append(components.areas_px, len(points)),
    )


def _bounds(points: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([points.min(axis=0), points.max(axis=0) + 1])


def _line_images(
    ink: Ink,
    components: Components,
    cell: Places,
    height_px: float,
) -> dict[int, list[LineImage]]:
    """Return the line images of every cell that has any."""
    kept = (cell >= 0) & is_writing(components, height_px)
    writing, home = components.only(kept), cell[kept]
    spacing = int(CELL_DIVISION.spacing * height_px)
    moved = writing.boxes + np.outer(home * spacing, [0, 1, 0, 1])
    units = group_components(writing, moved, height_px)
    found: dict[int, list[LineImage]] = {}
    for line in order_into_lines(units.boxes):
        number = int(home[np.flatnonzero(units.number == line[0])[0]])
        found.setdefault(number, []).extend(line_images_of(ink, units, line))
    large = components.spans_px >= CELL_DIVISION.least_component * height_px
    for number in set(cell[large & (cell >= 0)].tolist()) - set(found):
        found[number] = [crop_line_image(ink, components.only(large & (cell == number)), height_px)]
    return found
