"""Lines removed from the ink; strokes that touch or cross them stay whole."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import COMPONENTS
from digitus.imaging.ruled_lines.detection import find_ruled_lines
from digitus.imaging.ruled_lines.line_set import Mask, RuledLines

Values = NDArray[np.uint8 | np.float32]


@dataclass(frozen=True)
class RemovalParameters:
    """Parameters of ``erase_lines``.

    Those of the tables' lines, set by hand, and kept for all; see ``TracingParameters``.

    Attributes:
        reach_px: least number of rows that a line may lie off its fitted course.
        thick: multiple of its usual thickness from which a stroke touches a line.
        thick_px: number of pixels that are added to that multiple.
        edge_px: distance that the blurred edge of a line stands out of it.
        stroke: distance, in thicknesses of the line, that a stroke stands out of it somewhere.
        beside_px: number of columns beside a line that belong to its crossing with another one.
        pale: darkness, as a share of the strokes', below which a line is pale: strokes that cross
            it are recognized by their darkness instead of their shape.
        inked: ink from which a pixel belongs to a stroke when that darkness is measured.
    """

    reach_px: int = 4
    thick: float = 1.5
    thick_px: float = 1.0
    edge_px: float = 0.75
    stroke: float = 1.0
    beside_px: int = 2
    pale: float = 0.65
    inked: float = 0.2


REMOVAL = RemovalParameters()


@dataclass(frozen=True, eq=False)
class _Band:
    """The pixels around the course of one line.

    Attributes:
        rows: (4 reach + 1, cols) rows of the image; some may lie outside.
        cols: (cols,) columns of the image.
        offsets: (4 reach + 1, 1) rows off the course.
        reach: rows that the line may lie off its course.
        width_px: thickness of the line, as it was traced.
    """

    rows: NDArray[np.intp]
    cols: NDArray[np.intp]
    offsets: NDArray[np.intp]
    reach: int
    width_px: float

    def look_up(self, image: NDArray[Any]) -> NDArray[Any]:
        """Return an image's values, those beyond its border repeated from it."""
        return np.asarray(image[np.clip(self.rows, 0, len(image) - 1), self.cols])


def without_ruled_lines(ink: Ink, darkness: Values, dark: Mask) -> Ink | None:
    """Remove the ruled, squared and form lines of a page.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        darkness: (rows, cols), from which the ink was extracted.
        dark: (rows, cols), all that is darker than paper, however faint.

    Returns:
        The ink without lines; None if there are none, or nothing else.
    """
    across, down = find_ruled_lines(dark)
    if not len(across) and not len(down):
        return None
    rest = erase_lines(ink, across, down, darkness=darkness)
    return rest if rest.any() else None


def erase_lines(
    ink: Ink,
    across: RuledLines,
    down: RuledLines,
    *,
    darkness: Values | None = None,
    reach_px: tuple[int, int] | None = None,
) -> Ink:
    """Erase lines from ink, but not the strokes that touch or cross them.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        across: lines along the rows.
        down: lines along the columns, on the transposed image.
        darkness: (rows, cols), from which the ink was extracted: a line that is paler than the
            strokes is as pale there as its pen was, while ink is scaled up. None if unknown.
        reach_px: rows that lines may lie off their courses, for both directions; by default
            ``REMOVAL.reach_px``.
    """
    full = 0.0
    if darkness is not None:
        strokes = (ink > REMOVAL.inked) & ~across.mask(ink.shape) & ~down.mask(ink.T.shape).T
        full = float(np.median(darkness[strokes])) if strokes.any() else 0.0
    mask = np.asarray(ink >= COMPONENTS.faintest_ink)
    reach_across, reach_down = reach_px or (REMOVAL.reach_px, REMOVAL.reach_px)
    level, level_crossed = _line_pixels(mask, across, reach_across, darkness, full)
    turned = None if darkness is None else darkness.T
    upright, upright_crossed = (
        pixels.T for pixels in _line_pixels(mask.T, down, reach_down, turned, full)
    )
    # Where two lines cross, or within the columns that a slanting stroke may cover, no stroke does.
    beside = np.ones((1, 2 * REMOVAL.beside_px + 1), np.uint8)
    at_upright = np.asarray(cv2.dilate(upright.astype(np.uint8), beside)) > 0
    at_level = np.asarray(cv2.dilate(level.astype(np.uint8), beside.T)) > 0
    lines = (level & (~level_crossed | at_upright)) | (upright & (~upright_crossed | at_level))
    return np.where(lines, np.float32(0), ink)


def _line_pixels(
    mask: Mask,
    lines: RuledLines,
    reach: int,
    darkness: Values | None,
    full: float,
) -> tuple[Mask, Mask]:
    """Return the pixels (rows, cols) of lines, and those of them where strokes meet them."""
    pixels, crossed = np.zeros_like(mask), np.zeros_like(mask)
    for place in range(len(lines)):
        band = _band(lines, place, reach, mask.shape)
        inside = (band.rows >= 0) & (band.rows < len(mask))
        values = None if darkness is None else band.look_up(darkness)
        tone = full if values is None else float(np.median(values[len(values) // 2]))
        if values is not None and tone <= REMOVAL.pale * full:
            line, cross = _pale_line(values > (full + tone) / 2, band), np.zeros_like(inside)
        else:
            line, cross = _dark_line(band.look_up(mask) & inside, band)
        where = np.broadcast_to(band.cols, band.rows.shape)
        for marked, found in ((pixels, line & inside), (crossed, cross)):
            marked[band.rows[found], where[found]] = True
    return pixels, crossed


def _band(lines: RuledLines, place: int, reach: int, shape: tuple[int, ...]) -> _Band:
    line = lines.only(np.array([place]))
    width = float(line.widths_px[0])
    reach = max(reach, int(np.ceil(width / 4)) + 1)
    first = max(0, int(line.starts[0]) - reach)
    cols = np.arange(first, min(shape[1], int(line.ends[0]) + reach + 1))
    offsets = np.arange(-2 * reach, 2 * reach + 1)[:, None]
    rows = np.rint(line.at(cols[None].astype(float))[0]).astype(np.intp) + offsets
    return _Band(rows, cols, offsets, reach, width)


def _pale_line(stroke: Mask, band: _Band) -> Mask:
    """Mark the pixels of a line (rows, cols) that are neither darker strokes nor their edges."""
    near = np.asarray(cv2.dilate(stroke.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    return np.asarray((np.abs(band.offsets) <= band.width_px / 2 + 1) & ~near)


def _dark_line(inked: Mask, band: _Band) -> tuple[Mask, Mask]:
    """Follow the ink of a line along its course and find where strokes stand out of it.

    Returns:
        The line's pixels (4 reach + 1, cols), and those of them where a stroke meets it.
    """
    top, bottom, found = _nearest_ink(inked, band.reach)
    if not found.any():
        return np.zeros_like(inked), np.zeros_like(inked)
    usual = float(np.median((bottom - top)[found]))
    thin = found & (bottom - top <= REMOVAL.thick * usual + REMOVAL.thick_px)
    cols = np.arange(inked.shape[1])
    thin = thin if thin.any() else found
    middle = np.interp(cols, cols[thin], ((top + bottom - 1) / 2)[thin])
    half = np.where(thin, (bottom - top) / 2, (usual + 1) / 2)
    offset = np.arange(len(inked))[:, None] - middle
    line = inked & found & (np.abs(offset) <= half)
    out = np.maximum(middle - usual / 2 - top, bottom - 1 - middle - usual / 2)
    touched = found & (out > REMOVAL.edge_px)
    left = touched & (out > REMOVAL.stroke * usual + REMOVAL.edge_px)
    return line, line & _columns_of_strokes(touched, left, usual)


def _nearest_ink(inked: Mask, reach: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Mask]:
    """Find in every column the adjacent inked rows that are nearest to the middle row.

    Returns:
        Their first row, the row after their last, and whether they are within reach; each (cols,).
    """
    place = np.arange(len(inked))[:, None]
    distance = np.where(inked, np.abs(place - len(inked) // 2), len(inked))
    nearest = distance.argmin(axis=0)
    found = distance.min(axis=0) <= reach
    before = np.maximum.accumulate(np.where(inked, -1, place), axis=0)
    after = np.minimum.accumulate(np.where(inked, len(inked), place)[::-1], axis=0)[::-1]
    cols = np.arange(inked.shape[1])
    return before[nearest, cols] + 1, after[nearest, cols], found


def _columns_of_strokes(touched: Mask, left: Mask, width_px: float) -> Mask:
    """Mark the columns (cols,) of strokes that touch a line and clearly leave it nearby."""
    window = np.ones((1, 2 * round(width_px / 2) + 1), np.uint8)  # strokes may cross at a slant
    wide = np.asarray(cv2.dilate(touched.astype(np.uint8)[None], window), np.uint8)
    stroke = np.asarray(cv2.connectedComponents(wide)[1])[0]
    leaves = np.bincount(stroke, left, minlength=int(stroke.max()) + 1) > 0
    return np.asarray(leaves[stroke] & (stroke > 0))
