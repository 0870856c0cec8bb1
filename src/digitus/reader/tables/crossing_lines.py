"""Whether lines form a drawn grid: continuous, and crossing each other.

Stacked digits can look like lines, but their strokes end a little above the next line, and
rounded tops leave the course repeatedly.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from digitus.imaging.ruled_lines.line_set import Mask, RuledLines
from digitus.reader.layout.boxes import Bools, Floats, Places
from digitus.reader.tables.frames import GridFrame


@dataclass(frozen=True)
class CrossingParameters:
    """Parameters of ``cross_each_other`` and ``are_continuous``.

    Set by hand between lines and rows of digits, by the shares that the attributes name.

    Attributes:
        beside_px: distances from a crossing, in columns, that are looked up: beyond the edge of
            the other line, whose ink would count otherwise.
        stray_px: rows that a line may lie off its course there.
        narrow_px: rows that it may lie off its course where its whole length is looked up.
        samples: number of columns that are looked up along a line.
        least_continuous: least share of them that is inked; the tops of digits ink 0.9 at most.
        least_beside: least share of the pixels beside a crossing that is inked.
        least_lines: least share of the lines of a direction that pass; the frame includes
            borders that were not drawn.
        least_crossings: least share of the sides of all crossings of a line that are drawn;
            where digits stand on lines it is a half.
    """

    beside_px: tuple[int, ...] = (4, 5, 6, 7, 8, 9)
    stray_px: int = 2
    narrow_px: int = 1
    samples: int = 300
    least_continuous: float = 0.92
    least_beside: float = 0.7
    least_lines: float = 0.5
    least_crossings: float = 0.65


CROSSING = CrossingParameters()


def cross_each_other(frame: GridFrame, mask: Mask) -> bool:
    """Return whether lines of both directions continue on both sides of those that they meet.

    Args:
        frame: a possible grid.
        mask: (rows, cols), the ink of the page.
    """
    return _enough(frame, mask, _continue_beside)


def are_continuous(frame: GridFrame, mask: Mask) -> bool:
    """Return whether lines of both directions are inked from the first crossing to the last.

    Args:
        frame: a possible grid.
        mask: (rows, cols), the ink of the page.
    """
    return _enough(frame, mask, _continue_throughout)


def _enough(
    frame: GridFrame,
    mask: Mask,
    pass_test: Callable[[RuledLines, Floats, Mask], Bools],
) -> bool:
    """Return whether enough lines of both directions pass a test at their crossings."""
    cols, rows = np.moveaxis(frame.corners, -1, 0)
    level = pass_test(frame.across, cols, mask)
    upright = pass_test(frame.down, rows.T, mask.T)
    return bool(min(level.mean(), upright.mean()) >= CROSSING.least_lines)


def _continue_throughout(lines: RuledLines, cols: Floats, mask: Mask) -> Bools:
    """Return which lines (n,) are inked from their first to their last crossing (n, m)."""
    along = np.linspace(cols.min(axis=1), cols.max(axis=1), CROSSING.samples, axis=1)
    inked = _inked(lines, along[:, None], mask, stray_px=CROSSING.narrow_px)[:, 0]
    return np.asarray(inked.mean(axis=1) >= CROSSING.least_continuous)


def _continue_beside(lines: RuledLines, cols: Floats, mask: Mask) -> Bools:
    """Return which lines (n,) are drawn on both sides of the columns (n, m) that they meet."""
    sides, drawn = np.zeros(len(lines)), np.zeros(len(lines))
    for side in (-1, 1):
        places = cols[..., None] + side * np.array(CROSSING.beside_px)
        ends = places[..., [0, -1]]
        within = (ends >= lines.starts[:, None, None]) & (ends <= lines.ends[:, None, None])
        counted = within.all(axis=-1)
        inked = _inked(lines, places, mask, stray_px=CROSSING.stray_px).mean(axis=-1)
        sides += counted.sum(axis=1)
        drawn += (counted & (inked >= CROSSING.least_beside)).sum(axis=1)
    return np.asarray(drawn >= CROSSING.least_crossings * sides)


def _inked(lines: RuledLines, cols: Floats, mask: Mask, *, stray_px: int) -> Bools:
    """Return where lines (n,) are drawn at columns (n, m, j), within +- ``stray_px`` rows."""
    around: Places = np.arange(-stray_px, stray_px + 1)[:, None, None, None]
    rows = np.clip(np.rint(lines.at(cols)).astype(int) + around, 0, mask.shape[0] - 1)
    places = np.clip(np.rint(cols).astype(int), 0, mask.shape[1] - 1)
    return np.asarray(mask[rows, places].any(axis=0))
