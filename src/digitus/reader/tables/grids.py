"""Printed and drawn grids on a page: lines that cross, and the cells between them."""

import cv2
import numpy as np

from digitus.imaging import Ink
from digitus.imaging.components import marks_of
from digitus.reader.layout.boxes import Bools, Floats, grouped
from digitus.reader.results.reading import Box
from digitus.reader.tables.crossing_lines import are_drawn, runs_through
from digitus.reader.tables.frames import GridFrame, crossings
from digitus.reader.tables.squared_paper import is_squared_paper
from digitus.reader.tables.table_lines import TableLines, find_rulings, least_length_px

SHORTFALL = 0.25  # shortest rulings that a line may end before it meets another
LEAST_OF_LONGEST = 0.7  # length of a line of the grid
LEAST_CROSSED = 0.5  # of the lines of the other direction
LEAST_LINES = 2
DOUBLE = 0.12  # of the usual distance: nearer lines are one, drawn twice
OPEN_EDGE = 0.45  # of the usual distance, by which lines overhang where no border was drawn
WIDEST_OPEN = 3.0  # of the widest closed column or row
LEAST_CELLS = 2
# In shortest rulings; what is smaller lies within a digit, between its strokes.
LEAST_STEP, LEAST_SIDE, LEAST_LONG_SIDE = 0.5, 1.0, 2.5


def find_grids(ink: Ink) -> list[GridFrame]:
    """Find grids of at least two cells, from top to bottom.

    Lines may be skewed, curved or broken, and outer borders may be missing. Squared paper, a
    single box and ruled paper are no grids.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    marks = marks_of(ink)
    across = find_rulings(marks)
    if len(across) < LEAST_LINES:
        return []
    down = find_rulings(np.asarray(cv2.transpose(marks), np.uint8))
    least = least_length_px(ink.shape)
    sets = _connected(across, down, SHORTFALL * least)
    frames = [frame for parts in sets for frame in _frame(*parts, least)]
    frames = [
        frame
        for frame in frames
        if not any(_lies_in(frame.box, other.box) for other in frames)
        and runs_through(frame, marks)
        and are_drawn(frame, marks)
        and not is_squared_paper(ink, frame)
    ]
    return sorted(frames, key=lambda frame: (frame.box[1], frame.box[0]))


def _lies_in(box: Box, other: Box) -> bool:
    """Return whether the middle of a smaller box lies in another: it is some thick stroke there."""
    left, top, width, height = box
    inside = (
        0 < left + width / 2 - other[0] < other[2] and 0 < top + height / 2 - other[1] < other[3]
    )
    return inside and width * height < other[2] * other[3]


def _connected(
    across: TableLines, down: TableLines, reach: float
) -> list[tuple[TableLines, TableLines]]:
    """Part lines into sets that cross each other."""
    if len(down) < LEAST_LINES:
        return []
    meet = _meet(across, down, reach)
    first, second = np.nonzero(meet)
    group = grouped(len(across) + len(down), (first, second + len(across)))
    sets = []
    for one in np.unique(group):
        mine, yours = group[: len(across)] == one, group[len(across) :] == one
        sets.append((across.only(mine), down.only(yours)))
    return sets


def _meet(across: TableLines, down: TableLines, reach: float) -> Bools:
    """Return which lines meet which, (across, down)."""
    points = crossings(across, down)
    return np.asarray(
        across.reaches(points[..., 0], reach) & down.reaches(points[..., 1].T, reach).T
    )


def _frame(across: TableLines, down: TableLines, least: int) -> list[GridFrame]:
    """Make a grid of lines that cross: none or one. Strokes of digits and strikes are left out."""
    across, down = (
        lines.only(lines.lengths >= LEAST_OF_LONGEST * lines.lengths.max(initial=0))
        for lines in (across, down)
    )
    while min(len(across), len(down)) >= LEAST_LINES:
        meet = _meet(across, down, SHORTFALL * least)
        fine = [
            meet.sum(axis=axis) >= max(LEAST_LINES, LEAST_CROSSED * meet.shape[axis])
            for axis in (1, 0)
        ]
        if all(kept.all() for kept in fine):
            break
        across, down = across.only(fine[0]), down.only(fine[1])
    if min(len(across), len(down)) < LEAST_LINES:
        return []
    points = crossings(across, down)
    across = _closed(across, points[..., 1].mean(axis=1), down)
    down = _closed(down, points[..., 0].mean(axis=0), across)
    if (len(across) - 1) * (len(down) - 1) < LEAST_CELLS:
        return []
    frame = GridFrame(across, down)
    step = min(float(np.median(steps)) for steps in frame.steps_px)
    sides = sorted(frame.box[2:])
    large = sides[0] >= LEAST_SIDE * least and sides[1] >= LEAST_LONG_SIDE * least
    return [frame] if large and step >= LEAST_STEP * least else []


def _closed(lines: TableLines, places: Floats, others: TableLines) -> TableLines:
    """Order lines, join double ones, and add the borders that were not drawn.

    Args:
        lines: of one direction.
        places: (n,) where they cross the others, in the mean.
        others: those of the other direction; their ends tell where a border would be.
    """
    order = np.argsort(places)
    lines, places = lines.only(order), places[order]
    usual = float(np.median(np.diff(places))) if len(places) > 1 else 0.0
    usual = max(usual, float(np.diff(places).max(initial=0.0)) / 4)
    single = np.concatenate([[True], np.diff(places) >= DOUBLE * usual])
    lines, places = lines.only(single), places[single]
    if len(places) < LEAST_LINES:
        return lines
    steps = np.diff(places)
    first, last = float(np.median(others.starts)), float(np.median(others.ends))
    for at_start, overhang in ((True, places[0] - first), (False, last - places[-1])):
        if OPEN_EDGE * np.median(steps) <= overhang <= WIDEST_OPEN * steps.max():
            lines = _with_border(lines, overhang, at_start=at_start)
    return lines


def _with_border(lines: TableLines, overhang: float, *, at_start: bool) -> TableLines:
    """Add a copy of the outermost line, moved outwards."""
    edge = lines.only(np.array([0 if at_start else len(lines) - 1]))
    parts = [edge.moved(cols=0, rows=-overhang if at_start else overhang), lines]
    one, other = parts if at_start else parts[::-1]
    return TableLines(
        np.concatenate([one.courses, other.courses]),
        np.concatenate([one.starts, other.starts]),
        np.concatenate([one.ends, other.ends]),
    )
