"""Lines of a grid run through each other; stacked digits end a little above the next line."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitus.reader.layout.boxes import Bools, Floats, Places
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.table_lines import TableLines

BESIDE_PX = np.arange(4, 10)  # from the middle of a crossing: beyond the other line's brim
STRAY_PX = np.arange(-2, 3)
NARROW_PX = np.arange(-1, 2)
SAMPLES = 300  # places along a line
WHOLE = 0.92  # of them that a straight line inks; the tops of digits ink 0.9 at most
DRAWN = 0.7  # of the pixels beside a crossing
LEAST_LINES = 0.5  # share of the lines
LEAST_SHARE = 0.65  # of the sides of all crossings; where digits stand on lines it is a half


def runs_through(frame: GridFrame, marks: NDArray[np.uint8]) -> bool:
    """Return whether lines of both directions go on on both sides of those that they meet.

    Half of them will do: where no border was drawn, the frame has one nevertheless.

    Args:
        frame: what may be a grid.
        marks: (rows, cols) of the page, more than 0 where there is ink.
    """
    return _most(frame, marks, _go_on)


def are_drawn(frame: GridFrame, marks: NDArray[np.uint8]) -> bool:
    """Return whether lines of both directions are inked from the first crossing to the last.

    The rounded tops of zeros side by side make a line that leaves its course again and again.
    Half of the lines will do, as above.

    Args:
        frame: what may be a grid.
        marks: (rows, cols) of the page, more than 0 where there is ink.
    """
    return _most(frame, marks, _are_whole)


def _most(
    frame: GridFrame,
    marks: NDArray[np.uint8],
    are_fine: Callable[[TableLines, Floats, NDArray[np.uint8]], Bools],
) -> bool:
    """Return whether enough lines of both directions are fine, at the crossings."""
    cols, rows = np.moveaxis(frame.corners, -1, 0)
    level = are_fine(frame.across, cols, marks)
    upright = are_fine(frame.down, rows.T, np.asarray(marks.T))
    return bool(min(level.mean(), upright.mean()) >= LEAST_LINES)


def _are_whole(lines: TableLines, cols: Floats, marks: NDArray[np.uint8]) -> Bools:
    """Return which lines (n,) are drawn nearly all the way between the outer of (n, m) columns."""
    along = np.linspace(cols.min(axis=1), cols.max(axis=1), SAMPLES, axis=1)
    inked = _inked(lines, along[:, None], marks, stray_px=NARROW_PX)[:, 0]
    return np.asarray(inked.mean(axis=1) >= WHOLE)


def _go_on(lines: TableLines, cols: Floats, marks: NDArray[np.uint8]) -> Bools:
    """Return which level lines (n,) are drawn on both sides of columns (n, m) that they meet."""
    sides, drawn = np.zeros(len(lines)), np.zeros(len(lines))
    for side in (-1, 1):
        places = cols[..., None] + side * BESIDE_PX
        ends = places[..., [0, -1]]
        within = (ends >= lines.starts[:, None, None]) & (ends <= lines.ends[:, None, None])
        counted = within.all(axis=-1)
        inked = _inked(lines, places, marks).mean(axis=-1) >= DRAWN
        sides += counted.sum(axis=1)
        drawn += (counted & inked).sum(axis=1)
    return np.asarray(drawn >= LEAST_SHARE * sides)


def _inked(
    lines: TableLines, cols: Floats, marks: NDArray[np.uint8], *, stray_px: Places = STRAY_PX
) -> Bools:
    """Return where lines (n,) are drawn at columns (n, m, j), give or take some rows."""
    rows = np.rint(lines.at(cols)).astype(int) + stray_px[:, None, None, None]
    rows = np.clip(rows, 0, marks.shape[0] - 1)
    places = np.clip(np.rint(cols).astype(int), 0, marks.shape[1] - 1)
    return np.asarray((marks[rows, places] > 0).any(axis=0))
