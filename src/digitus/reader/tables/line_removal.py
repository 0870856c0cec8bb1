"""The ink within a grid without the grid's lines; strokes that touch or cross them stay whole."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging import Ink
from digitus.imaging.components import FAINTEST_INK
from digitus.reader.layout.boxes import Bools
from digitus.reader.tables.frames import GridFrame
from digitus.reader.tables.table_lines import TableLines

MARGIN = 0.5  # of a cell, around the grid: digits hang out of it
BORDER_PX = 9  # around a grid that is cleared: its outer line
REACH_PX, REACH = 4, 0.06  # how far a line may stray: at least, and of the usual distance
THICK, THICK_PX = 1.5, 1.0  # times the usual thickness: here a stroke touches the line
CLEAR_PX = 0.75  # ink that stands out of a line by more is no brim
STROKE = 1.0  # times the line's thickness that a stroke stands out of it


def cut_out(ink: Ink, frame: GridFrame) -> tuple[Ink, GridFrame, tuple[int, int]]:
    """Cut a grid out of its page, with half a cell around, and clear its lines.

    Args:
        ink: (rows, cols) of the page.
        frame: the grid, in pixels of the page.

    Returns:
        The ink; the frame in its pixels; and column and row of its first pixel in the page.
    """
    left, top, width, height = frame.box
    aside, above = (round(MARGIN * np.median(steps)) for steps in frame.steps_px)
    first = max(0, left - aside), max(0, top - above)
    part = ink[first[1] : top + height + above, first[0] : left + width + aside]
    moved = frame.moved(-first[0], -first[1])
    return without_lines_of(moved, part), moved, first


def without_lines_of(frame: GridFrame, ink: Ink) -> Ink:
    """Clear the lines of a grid from ink (rows, cols); strokes that cross them stay."""
    mask = np.asarray(ink >= FAINTEST_INK)
    across, crossed = _line_pixels(mask, frame.across)
    down, crossed_down = (pixels.T for pixels in _line_pixels(mask.T, frame.down))
    # Where two lines cross, no stroke does.
    lines = (across & (~crossed | down)) | (down & (~crossed_down | across))
    return np.where(lines, np.float32(0), ink)


def _line_pixels(mask: Bools, lines: TableLines) -> tuple[Bools, Bools]:
    """Find the pixels (rows, cols) of lines, and those of them where strokes meet them."""
    pixels, crossed = np.zeros_like(mask), np.zeros_like(mask)
    reach = _reach_px(lines)
    for place in range(len(lines)):
        first = max(0, int(lines.starts[place]) - reach)
        cols = np.arange(first, min(mask.shape[1], int(lines.ends[place]) + reach + 1))
        course = lines.only(np.array([place])).at(cols[None].astype(float))[0]
        rows = np.rint(course).astype(int) + np.arange(-2 * reach, 2 * reach + 1)[:, None]
        inside = (rows >= 0) & (rows < len(mask))
        rows = np.clip(rows, 0, len(mask) - 1)
        band, cross = _band(mask[rows, cols] & inside, reach)
        where = np.broadcast_to(cols, rows.shape)
        pixels[rows[band], where[band]] = True
        crossed[rows[cross], where[cross]] = True
    return pixels, crossed


def _reach_px(lines: TableLines) -> int:
    middle = float((lines.starts + lines.ends).mean()) / 2
    steps = np.diff(np.sort(lines.at(np.float64(middle))))
    return max(REACH_PX, round(REACH * float(np.median(steps))))


def _band(inked: Bools, reach: int) -> tuple[Bools, Bools]:
    """Find a line in what lies around its course, (4 reach + 1, cols).

    Returns:
        The line's pixels, and those of them where a stroke meets it.
    """
    top, bottom, found = _run_at(inked, reach)
    if not found.any():
        return np.zeros_like(inked), np.zeros_like(inked)
    usual = float(np.median((bottom - top)[found]))
    thin = found & (bottom - top <= THICK * usual + THICK_PX)
    cols = np.arange(inked.shape[1])
    thin = thin if thin.any() else found
    middle = np.interp(cols, cols[thin], ((top + bottom - 1) / 2)[thin])
    half = np.where(thin, (bottom - top) / 2, (usual + 1) / 2)
    offset = np.arange(len(inked))[:, None] - middle
    band = inked & found & (np.abs(offset) <= half)
    out = np.maximum(middle - usual / 2 - top, bottom - 1 - middle - usual / 2)
    return band, band & _of_strokes(
        found & (out > CLEAR_PX), out > STROKE * usual + CLEAR_PX, usual
    )


def _run_at(inked: Bools, reach: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Bools]:
    """Find in every column the run of ink that is nearest to the middle row.

    Returns:
        Its first row, the row after its last, and whether one is within reach; each (cols,).
    """
    place = np.arange(len(inked))[:, None]
    distance = np.where(inked, np.abs(place - len(inked) // 2), len(inked))
    nearest = distance.argmin(axis=0)
    found = distance.min(axis=0) <= reach
    before = np.maximum.accumulate(np.where(inked, -1, place), axis=0)
    after = np.minimum.accumulate(np.where(inked, len(inked), place)[::-1], axis=0)[::-1]
    cols = np.arange(inked.shape[1])
    return before[nearest, cols] + 1, after[nearest, cols], found


def _of_strokes(touched: Bools, left: Bools, width_px: float) -> Bools:
    """Mark the columns (n,) of strokes that meet a line and clearly leave it somewhere near."""
    window = np.ones((1, 2 * round(width_px / 2) + 1), np.uint8)  # strokes may cross aslant
    wide = np.asarray(cv2.dilate(touched.astype(np.uint8)[None], window), np.uint8)
    stroke = np.asarray(cv2.connectedComponents(wide)[1])[0]
    leaves = np.bincount(stroke, touched & left, minlength=int(stroke.max()) + 1) > 0
    return np.asarray(leaves[stroke] & (stroke > 0))


def without_grids(ink: Ink, frames: Sequence[GridFrame]) -> Ink:
    """Clear whole grids, their cells included: what is left are the lines of numbers beside.

    Args:
        ink: (rows, cols) of the page.
        frames: grids on this page.
    """
    rest = ink.copy()
    for frame in frames:
        edges = [frame.corners[0], frame.corners[:, -1], frame.corners[-1, ::-1]]
        outline = np.rint(np.concatenate([*edges, frame.corners[::-1, 0]])).astype(np.int32)
        cv2.fillPoly(rest, [outline], 0.0)
        cv2.polylines(rest, [outline], True, 0.0, BORDER_PX)
    return rest
