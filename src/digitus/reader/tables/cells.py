"""The cells of a grid: what is written in each, whether it is blank or struck out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitus.imaging import Ink
from digitus.imaging.components import Components, digit_height_px, find_components, pen_width_px
from digitus.reader.layout.boxes import Places
from digitus.reader.layout.page_layout import crop_line_image, line_images_of
from digitus.reader.layout.segments import group_components, is_writing
from digitus.reader.layout.text_lines import order_into_lines
from digitus.reader.results.reading import Box
from digitus.reader.results.symbols import LineImage
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.line_removal import cut_out
from digitus.reader.tables.struck_out import is_struck_out

FOREIGN = 0.4, 0.65  # digit heights, across and down, that a part reaches into its own cell
APART = 40.0  # digit heights between cells, so that none sees its neighbour
LEAST_MARK = 0.3  # digit heights; smaller marks leave a cell blank


@dataclass(frozen=True, eq=False)
class CellInk:
    """What is in one cell.

    Attributes:
        box: of the cell, in the page.
        runs: of ink, line by line from left to right.
        is_blank: whether nothing is written.
        is_struck_out: whether a stroke or a scribble was drawn through what is written.
    """

    box: Box
    runs: tuple[LineImage, ...]
    is_blank: bool
    is_struck_out: bool


def cell_runs(ink: Ink, frame: GridFrame) -> list[list[CellInk]]:
    """Cut a grid into cells and their ink into runs, row by row.

    The grid's lines are left out. A digit that touches or crosses one stays whole, in the cell
    that holds most of it.

    Args:
        ink: (rows, cols) of the page, 0.0 paper to 1.0 full ink.
        frame: a grid on this page.
    """
    rest, moved, first = cut_out(ink, frame)
    components, cell = _in_cells(rest, moved)
    height = digit_height_px(components.only(cell >= 0))
    runs = _runs(rest, components, cell, height) if height else {}
    pen = pen_width_px(
        components.only((cell >= 0) & (components.heights_px >= LEAST_MARK * height))
    )
    columns = len(frame.down) - 1
    return [
        [
            _cell(box, _moved(runs.get(row * columns + col, []), *first), (height, pen))
            for col, box in enumerate(boxes)
        ]
        for row, boxes in enumerate(frame.rows)
    ]


def _cell(box: Box, runs: Sequence[LineImage], sizes_px: tuple[float, float]) -> CellInk:
    return CellInk(box, tuple(runs), not runs, is_struck_out(runs, *sizes_px))


def _moved(runs: Sequence[LineImage], cols: int, rows: int) -> list[LineImage]:
    return [replace(run, left=run.left + cols, top=run.top + rows) for run in runs]


def _in_cells(ink: Ink, frame: GridFrame) -> tuple[Components, Places]:
    """Find the components of a grid and the cell of each, (n,); -1 outside of all."""
    components = find_components(ink)
    first, last = (
        _cell_numbers(components.boxes[:, side : side + 2] - side // 2, frame) for side in (0, 2)
    )
    height = digit_height_px(components.only((first >= 0) & (last >= 0)))
    large = components.spans_px >= FOREIGN[0] * height
    for place in np.flatnonzero((first != last) & large):
        components = _parted(components, int(place), frame, height)
    middles = (components.boxes[:, :2] + components.boxes[:, 2:] - 1) / 2
    cells = _cell_numbers(middles, frame)
    for place in np.flatnonzero((first != last) & large):
        numbers = _cell_numbers(_points(components, int(place)), frame)
        cells[place] = np.argmax(np.bincount(numbers + 1)) - 1
    return components, cells


def _cell_numbers(points: NDArray[np.int64] | NDArray[np.float64], frame: GridFrame) -> Places:
    """Number the cells around points (n, 2) of column and row, row by row; -1 outside."""
    row, col = frame.cell_at(*np.asarray(points, float).T)
    rows, cols = len(frame.across) - 1, len(frame.down) - 1
    inside = (row >= 0) & (row < rows) & (col >= 0) & (col < cols)
    return np.where(inside, row * cols + col, -1)


def _points(components: Components, place: int) -> NDArray[np.int64]:
    """Column and row of every pixel of a component, (m, 2)."""
    rows, cols = np.nonzero(components.mask(place))
    return np.stack([cols, rows], axis=1) + components.boxes[place, :2]


def _parted(components: Components, place: int, frame: GridFrame, height_px: float) -> Components:
    """Cut a component where it reaches far into cells besides its own."""
    points = _points(components, place)
    numbers = _cell_numbers(points, frame)
    own = np.argmax(np.bincount(numbers + 1)) - 1
    columns = len(frame.down) - 1
    for number in np.unique(numbers[numbers != own]):
        part = points[numbers == number]
        axis = int(number % columns == own % columns)  # below each other, or beside
        if np.ptp(part[:, axis]) + 1 >= FOREIGN[axis] * height_px:
            components = _with_label(components, part)
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


def _runs(
    ink: Ink, components: Components, cell: Places, height_px: float
) -> dict[int, list[LineImage]]:
    """Gather the runs of every cell that has any."""
    kept = (cell >= 0) & is_writing(components, height_px)
    writing, home = components.only(kept), cell[kept]
    moved = writing.boxes + np.outer(home * int(APART * height_px), [0, 1, 0, 1])
    units = group_components(writing, moved, height_px)
    found: dict[int, list[LineImage]] = {}
    for line in order_into_lines(units.boxes):
        number = int(home[np.flatnonzero(units.number == line[0])[0]])
        found.setdefault(number, []).extend(line_images_of(ink, units, line))
    large = components.spans_px >= LEAST_MARK * height_px
    for number in set(cell[large & (cell >= 0)].tolist()) - set(found):
        found[number] = [crop_line_image(ink, components.only(large & (cell == number)), height_px)]
    return found
