"""Lines taken out of the ink of a page, without the strokes that cross them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.ink.darkness import Levels
from digitus.imaging.ruled_lines.detection import Mask, RuledLine, bands, find_ruled_lines

Offsets = NDArray[np.signedinteger]
"""(m, 1) rows from a line's middle."""

INKED = 0.2  # ink from which a pixel may belong to a stroke
BESIDE_PX = 2  # so far beyond a line its strokes are looked for
PALE = 0.65  # of the full ink: strokes that cross a paler line are known by their darkness


def without_ruled_lines(ink: Ink, darkness: Levels, dark: Mask) -> Ink | None:
    """Take the lines out of the ink, but leave the strokes that cross them.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        darkness: (rows, cols), 0 to 255, what the ink was made of: there a pale line is as pale
            beside strokes as far from them.
        dark: (rows, cols), what is darker than paper, however faint.

    Returns:
        The ink without lines; None if there are none, or nothing else.
    """
    across, down = find_ruled_lines(dark)
    if not across and not down:
        return None
    along_rows, along_cols = bands(across, ink.shape), bands(down, ink.shape[::-1]).T
    rest = ink.copy()
    strokes = (ink > INKED) & ~along_rows & ~along_cols
    full = float(np.median(darkness[strokes])) if strokes.any() else 0.0
    _erase(rest, darkness, full=full, strokes=(ink > INKED) & ~along_cols, rules=across)
    _erase(rest.T, darkness.T, full=full, strokes=((ink > INKED) & ~along_rows).T, rules=down)
    return rest if rest.any() else None


def _erase(
    rest: Ink, darkness: Levels, *, full: float, strokes: Mask, rules: list[RuledLine]
) -> None:
    """Clear the ink along lines, in place.

    Args:
        rest: (rows, cols), changed.
        darkness: (rows, cols), 0 to 255.
        full: darkness of the strokes.
        strokes: (rows, cols), ink that may belong to strokes.
        rules: lines along the rows.
    """
    height, width = rest.shape
    for rule in rules:
        cols = np.arange(max(0, int(rule.first) - 2), min(width, int(np.ceil(rule.last)) + 2))
        far = int(np.ceil(rule.width_px / 2 + 1)) + BESIDE_PX
        offsets = np.arange(-far, far + 1)[:, None]
        rows = np.rint(rule.course(cols)).astype(np.intp)[None]
        at = np.clip(rows + offsets, 0, height - 1)
        tone = float(np.median(darkness[at[far], cols]))
        if tone <= PALE * full:
            line = _pale_line(darkness[at, cols] > (full + tone) / 2, offsets, rule)
        else:
            line = _dark_line(strokes[at, cols], offsets, rule)
        rest[at[line], np.broadcast_to(cols, at.shape)[line]] = 0


def _pale_line(stroke: Mask, offsets: Offsets, rule: RuledLine) -> Mask:
    """Mark all on the line that is not clearly darker, nor the edge of what is."""
    near = np.asarray(cv2.dilate(stroke.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    return np.asarray((np.abs(offsets) <= rule.width_px / 2 + 1) & ~near)


def _dark_line(beside: Mask, offsets: Offsets, rule: RuledLine) -> Mask:
    """Mark all on the line but for the columns where a stroke leaves it on both sides.

    A stroke that only ends at the line loses what lies upon it, and no more.
    """
    reach = rule.width_px / 2 + 1
    near = beside & (np.abs(offsets) > reach)
    above, below = (
        _widened(near & side, int(np.ceil(reach))) for side in (offsets < 0, offsets > 0)
    )
    touched = _widened(near, 1)
    line = np.abs(offsets) <= np.where(touched, rule.width_px / 2, reach)
    return np.asarray(line & ~(above & below & touched))


def _widened(stroke: Mask, by_px: int) -> Mask:
    """Mark the columns (cols,) within some pixels of a stroke (rows, cols)."""
    columns = np.asarray(stroke.any(axis=0, keepdims=True), np.uint8)
    kernel = np.ones((1, 2 * by_px + 1), np.uint8)
    return np.asarray(np.asarray(cv2.dilate(columns, kernel))[0] > 0)
