"""Printed and drawn grids on a page: lines that cross, and the cells between them."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.components import COMPONENTS
from digitus.imaging.ruled_lines.line_set import RuledLines, transposed
from digitus.imaging.ruled_lines.tracing import TRACING, trace_lines
from digitus.reader.layout.boxes import Bools, Floats, grouped
from digitus.reader.results.reading import Box
from digitus.reader.tables.crossing_lines import are_continuous, cross_each_other
from digitus.reader.tables.frames import GridFrame, crossings
from digitus.reader.tables.squared_paper import is_squared_paper


@dataclass(frozen=True)
class GridSearchParameters:
    """Parameters of ``find_grids``; "least lengths" are those of the tracing of lines.

    Set by hand: loose enough for hand-drawn lines, strict enough for strokes of large digits.

    Attributes:
        least_lines: least number of lines of either direction; two enclose a cell.
        least_cells: least number of cells; a single box is not a grid.
        shortfall: longest gap, in least lengths, between a line's end and a line that it meets.
        shortfall_of_line: the same, as a share of the line's length; the smaller counts.
        least_of_longest: least length of a line of the grid, as a share of the longest one's.
        least_crossed: least share of the lines of the other direction that a line meets.
        double: distance, as a share of the usual one, below which two lines are one that was
            drawn twice.
        open_edge: length, as a share of the usual distance, by which the other lines overhang
            where no border was drawn.
        widest_open: greatest size of such an open column or row, as a multiple of the widest
            closed one.
        least_step: least side of a cell, in least lengths; smaller cells lie between the strokes
            of a digit.
        least_side: least shorter side of a grid, in least lengths, for the same reason.
        least_long_side: least longer side of a grid, likewise.
    """

    least_lines: int = 2
    least_cells: int = 2
    shortfall: float = 0.25
    shortfall_of_line: float = 0.1
    least_of_longest: float = 0.7
    least_crossed: float = 0.5
    double: float = 0.12
    open_edge: float = 0.45
    widest_open: float = 3.0
    least_step: float = 0.5
    least_side: float = 1.0
    least_long_side: float = 2.5


GRID_SEARCH = GridSearchParameters()


def find_grids(ink: Ink) -> list[GridFrame]:
    """Find grids of at least two cells, from top to bottom.

    Lines may be skewed, curved or broken, and outer borders may be missing. Squared paper, a
    single box and ruled paper are not grids.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    mask = np.asarray(ink >= COMPONENTS.faintest_ink)
    across = trace_lines(mask)
    if len(across) < GRID_SEARCH.least_lines:
        return []
    down = trace_lines(transposed(mask))
    least = TRACING.least_length_px(ink.shape)
    frames = [
        frame
        for rows, columns in _connected(across, down, least)
        if (frame := _frame(rows, columns, least)) is not None
    ]
    frames = [
        frame
        for frame in frames
        if not any(_lies_in(frame.box, other.box) for other in frames)
        and cross_each_other(frame, mask)
        and are_continuous(frame, mask)
        and not is_squared_paper(ink, frame)
    ]
    return sorted(frames, key=lambda frame: (frame.box[1], frame.box[0]))


def _lies_in(box: Box, other: Box) -> bool:
    """Return whether the middle of a smaller box lies in another: then it is a thick stroke."""
    left, top, width, height = box
    inside = (
        0 < left + width / 2 - other[0] < other[2] and 0 < top + height / 2 - other[1] < other[3]
    )
    return inside and width * height < other[2] * other[3]


def _connected(
    across: RuledLines, down: RuledLines, least: int
) -> list[tuple[RuledLines, RuledLines]]:
    """Divide lines into sets that meet each other."""
    if len(down) < GRID_SEARCH.least_lines:
        return []
    first, second = np.nonzero(_meet(across, down, least))
    group = grouped(len(across) + len(down), (first, second + len(across)))
    of_across, of_down = group[: len(across)], group[len(across) :]
    return [(across.only(of_across == one), down.only(of_down == one)) for one in np.unique(group)]


def _meet(across: RuledLines, down: RuledLines, least: int) -> Bools:
    """Return which lines meet which, (across, down)."""
    points = crossings(across, down)
    level = _reaches(across, points[..., 0], least)
    return np.asarray(level & _reaches(down, points[..., 1].T, least).T)


def _reaches(lines: RuledLines, cols: Floats, least: int) -> Bools:
    """Return which lines come near columns, (n, m)."""
    of_line = GRID_SEARCH.shortfall_of_line * lines.lengths_px
    short = np.minimum(GRID_SEARCH.shortfall * least, of_line)[:, None]
    return np.asarray(
        (cols >= lines.starts[:, None] - short) & (cols <= lines.ends[:, None] + short)
    )


def _frame(across: RuledLines, down: RuledLines, least: int) -> GridFrame | None:
    """Make a grid of the lines that meet, strokes left out; None if they form none."""
    across, down = _crossed_often(across, down, least)
    if min(len(across), len(down)) < GRID_SEARCH.least_lines:
        return None
    points = crossings(across, down)
    across = _closed(across, points[..., 1].mean(axis=1), down)
    down = _closed(down, points[..., 0].mean(axis=0), across)
    if (len(across) - 1) * (len(down) - 1) < GRID_SEARCH.least_cells:
        return None
    frame = GridFrame(across, down)
    step = min(float(np.median(steps)) for steps in frame.steps_px)
    short, long = sorted(frame.box[2:])
    large = short >= GRID_SEARCH.least_side * least and long >= GRID_SEARCH.least_long_side * least
    return frame if large and step >= GRID_SEARCH.least_step * least else None


def _crossed_often(
    across: RuledLines, down: RuledLines, least: int
) -> tuple[RuledLines, RuledLines]:
    """Keep the long lines that meet enough of the others, until none is left out."""
    across, down = (
        lines.only(
            lines.lengths_px >= GRID_SEARCH.least_of_longest * lines.lengths_px.max(initial=0)
        )
        for lines in (across, down)
    )
    while min(len(across), len(down)) >= GRID_SEARCH.least_lines:
        meet = _meet(across, down, least)
        enough = [
            meet.sum(axis=axis)
            >= max(GRID_SEARCH.least_lines, GRID_SEARCH.least_crossed * meet.shape[axis])
            for axis in (1, 0)
        ]
        if all(kept.all() for kept in enough):
            break
        across, down = across.only(enough[0]), down.only(enough[1])
    return across, down


def _closed(lines: RuledLines, places: Floats, others: RuledLines) -> RuledLines:
    """Sort lines, join double ones, and add the borders that were not drawn.

    Args:
        lines: the lines of one direction.
        places: (n,) mean position where they cross the others.
        others: those of the other direction; a missing border lies at their ends.
    """
    order = np.argsort(places)
    lines, places = lines.only(order), places[order]
    usual = float(np.median(np.diff(places))) if len(places) > 1 else 0.0
    usual = max(usual, float(np.diff(places).max(initial=0.0)) / 4)
    single = np.concatenate([[True], np.diff(places) >= GRID_SEARCH.double * usual])
    lines, places = lines.only(single), places[single]
    if len(places) < GRID_SEARCH.least_lines:
        return lines
    steps = np.diff(places)
    least = GRID_SEARCH.open_edge * float(np.median(steps))
    most = GRID_SEARCH.widest_open * float(steps.max())
    first, last = lines.only(np.array([0])), lines.only(np.array([len(lines) - 1]))
    before = float(places[0] - np.median(others.starts))
    after = float(np.median(others.ends) - places[-1])
    if least <= before <= most:
        lines = first.moved(cols=0, rows=-before).joined(lines)
    if least <= after <= most:
        lines = lines.joined(last.moved(cols=0, rows=after))
    return lines
