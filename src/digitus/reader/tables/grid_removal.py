"""The ink within a grid without the grid's lines, and the ink of a page without its grids."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from digitus.imaging.arrays import Ink
from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.imaging.ruled_lines.removal import erase_lines
from digitus.reader.tables.frames import GridFrame


@dataclass(frozen=True)
class GridRemovalParameters:
    """Parameters of the removal of grids and their lines.

    Set by hand: wide enough for hand-drawn lines, narrower than the digits beside them.

    Attributes:
        margin: width of the surroundings cut out with a grid, in cells: digits reach beyond it.
        border_px: width of the outline that is cleared with a grid: its outer line.
        reach_px: greatest distance of a hand-drawn line from its course, in pixels.
        reach: the same, as a share of the usual distance of the lines; the larger counts.
    """

    margin: float = 0.5
    border_px: int = 9
    reach_px: int = 4
    reach: float = 0.06


GRID_REMOVAL = GridRemovalParameters()


@dataclass(frozen=True, eq=False)
class GridCutout:
    """A grid cut out of its page, with its lines erased.

    Attributes:
        ink: (rows, cols), of the grid and a margin around it.
        frame: the grid, in pixels of this ink.
        left: column of its first pixel in the page.
        top: row of its first pixel in the page.
    """

    ink: Ink
    frame: GridFrame
    left: int
    top: int


def cut_out(ink: Ink, frame: GridFrame) -> GridCutout:
    """Cut a grid out of its page, with half a cell around it, and erase its lines.

    Args:
        ink: (rows, cols) of the page.
        frame: the grid, in pixels of the page.
    """
    left, top, width, height = frame.box
    aside, above = (round(GRID_REMOVAL.margin * np.median(steps)) for steps in frame.steps_px)
    first_col, first_row = max(0, left - aside), max(0, top - above)
    cut = ink[first_row : top + height + above, first_col : left + width + aside]
    moved = frame.moved(-first_col, -first_row)
    reach_px = _reach_px(moved.across), _reach_px(moved.down)
    rest = erase_lines(cut, moved.across, moved.down, reach_px=reach_px)
    return GridCutout(rest, moved, first_col, first_row)


def without_grids(ink: Ink, frames: Sequence[GridFrame]) -> Ink:
    """Clear whole grids, cells included; the lines of numbers beside them stay.

    Args:
        ink: (rows, cols) of the page.
        frames: grids on this page.
    """
    rest = ink.copy()
    for frame in frames:
        edges = [frame.corners[0], frame.corners[:, -1], frame.corners[-1, ::-1]]
        outline = np.rint(np.concatenate([*edges, frame.corners[::-1, 0]])).astype(np.int32)
        cv2.fillPoly(rest, [outline], 0.0)
        cv2.polylines(rest, [outline], True, 0.0, GRID_REMOVAL.border_px)
    return rest


def _reach_px(lines: RuledLines) -> int:
    middle = float((lines.starts + lines.ends).mean()) / 2
    steps = np.diff(np.sort(lines.at(np.float64(middle))))
    return max(GRID_REMOVAL.reach_px, round(GRID_REMOVAL.reach * float(np.median(steps))))
