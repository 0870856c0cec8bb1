"""Lines removed from the ink; strokes that touch or cross them stay whole."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import COMPONENTS
from digitus.imaging.ruled_lines.crossing_strokes import CROSSING, LineEdges, crossing_strokes
from digitus.imaging.ruled_lines.detection import find_ruled_lines
from digitus.imaging.ruled_lines.end_bars import without_end_bars
from digitus.imaging.ruled_lines.line_set import Floats, Mask, RuledLines

Values = NDArray[np.uint8 | np.float32]


@dataclass(frozen=True)
class RemovalParameters:
    """Parameters of ``erase_lines``.

    Those of the tables' lines, set by hand, and kept for all; see ``TracingParameters``.

    Attributes:
        reach_px: least number of rows that a line may lie off its fitted course.
        thick: multiple of its usual thickness from which a stroke touches a line.
        thick_px: number of pixels that are added to that multiple.
        beside_px: number of columns beside a line that belong to its crossing with another one.
        pale: darkness, as a share of the strokes', below which a line is pale: strokes that cross
            it are recognized by their darkness instead of their shape.
        inked: ink from which a pixel belongs to a stroke when that darkness is measured.
    """

    reach_px: int = 4
    thick: float = 1.5
    thick_px: float = 1.0
    beside_px: int = 2
    pale: float = 0.65
    inked: float = 0.2


REMOVAL = RemovalParameters()


@dataclass(frozen=True, eq=False)
class _Band:
    """The pixels around the course of one line.

    Attributes:
        middle: (cols,) rows of the image on the course.
        cols: (cols,) columns of the image.
        offsets: (rows, 1) rows off the course.
        reach: rows that the line may lie off its course.
        width_px: thickness of the line, as it was traced.
    """

    middle: NDArray[np.intp]
    cols: NDArray[np.intp]
    offsets: NDArray[np.intp]
    reach: int
    width_px: float

    @property
    def rows(self) -> NDArray[np.intp]:
        """Rows of the image, (rows, cols); some may lie outside."""
        return self.middle + self.offsets

    def look_up(self, image: NDArray[Any]) -> NDArray[Any]:
        """Return an image's values, those beyond its border repeated from it."""
        return np.asarray(image[np.clip(self.rows, 0, len(image) - 1), self.cols])

    def mark(self, image: Mask, marked: Mask) -> None:
        """Mark in an image what is marked in the band (rows, cols)."""
        rows, cols = np.nonzero(marked)
        image[self.middle[cols] + self.offsets[rows, 0], self.cols[cols]] = True


@dataclass(frozen=True, eq=False)
class _DarkLine:
    """A line as dark as strokes, followed along its ink.

    Attributes:
        band: the pixels around its course.
        found: (cols,) whether there is ink within reach.
        middle: (cols,) row of its middle in the band.
        width_px: its usual thickness.
    """

    band: _Band
    found: Mask
    middle: Floats
    width_px: float


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
    rest = without_end_bars(erase_lines(ink, across, down, darkness=darkness), across)
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
    turned = None if darkness is None else darkness.T
    reach_across, reach_down = reach_px or (REMOVAL.reach_px, REMOVAL.reach_px)
    level, dark_level = _line_pixels(mask, across, reach_across, darkness, full)
    upright, dark_upright = _line_pixels(mask.T, down, reach_down, turned, full)
    crossed = _crossed(mask, dark_level, upright.T)
    upright, crossed_upright = upright.T, _crossed(mask.T, dark_upright, level.T).T
    lines = (level & ~crossed) | (upright & ~crossed_upright)
    return np.where(lines, np.float32(0), ink)


def _line_pixels(
    mask: Mask,
    lines: RuledLines,
    reach: int,
    darkness: Values | None,
    full: float,
) -> tuple[Mask, list[_DarkLine]]:
    """Return the pixels (rows, cols) of lines, and the dark ones among the lines."""
    pixels, followed = np.zeros_like(mask), []
    for place in range(len(lines)):
        band = _band(lines, place, reach, mask.shape)
        inside = (band.rows >= 0) & (band.rows < len(mask))
        values = None if darkness is None else band.look_up(darkness)
        tone = full if values is None else float(np.median(values[len(values) // 2]))
        if values is not None and tone <= REMOVAL.pale * full:
            band.mark(pixels, _pale_line(values > (full + tone) / 2, band) & inside)
            continue
        line = _dark_line(band.look_up(mask) & inside, band)
        if line is not None:
            band.mark(pixels, line[0])
            followed.append(line[1])
    return pixels, followed


def _band(lines: RuledLines, place: int, reach: int, shape: tuple[int, ...]) -> _Band:
    line = lines.only(np.array([place]))
    width = float(line.widths_px[0])
    reach = max(reach, int(np.ceil(width / 4)) + 1)
    far = max(2 * reach, CROSSING.farthest_px(width))
    first = max(0, int(line.starts[0]) - reach)
    cols = np.arange(first, min(shape[1], int(line.ends[0]) + reach + 1))
    middle = np.rint(line.at(cols[None].astype(float))[0]).astype(np.intp)
    return _Band(middle, cols, np.arange(-far, far + 1)[:, None], reach, width)


def _pale_line(stroke: Mask, band: _Band) -> Mask:
    """Mark the pixels of a line (rows, cols) that are neither darker strokes nor their edges."""
    near = np.asarray(cv2.dilate(stroke.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    return np.asarray((np.abs(band.offsets) <= band.width_px / 2 + 1) & ~near)


def _dark_line(inked: Mask, band: _Band) -> tuple[Mask, _DarkLine] | None:
    """Follow the ink of a line along its course; return its pixels in the band, (rows, cols)."""
    top, bottom, found = _nearest_ink(inked, band.reach)
    if not found.any():
        return None
    usual = float(np.median((bottom - top)[found]))
    thin = found & (bottom - top <= REMOVAL.thick * usual + REMOVAL.thick_px)
    cols = np.arange(inked.shape[1])
    thin = thin if thin.any() else found
    middle = np.interp(cols, cols[thin], ((top + bottom - 1) / 2)[thin])
    half = np.where(thin, (bottom - top) / 2, (usual + 1) / 2)
    offset = np.arange(len(inked))[:, None] - middle
    line = inked & found & (np.abs(offset) <= half)
    return line, _DarkLine(band, found, middle, usual)


def _crossed(mask: Mask, lines: list[_DarkLine], others: Mask) -> Mask:
    """Mark the pixels (rows, cols) of dark lines that strokes cover.

    Args:
        mask: (rows, cols), where there is ink.
        lines: dark lines along the rows.
        others: (rows, cols), pixels of the lines along the columns: no strokes.
    """
    crossed = np.zeros_like(mask)
    beside = np.ones((1, 2 * REMOVAL.beside_px + 1), np.uint8)
    others = np.asarray(cv2.dilate(others.astype(np.uint8), beside)) > 0
    for line in lines:
        inside = (line.band.rows >= 0) & (line.band.rows < len(mask))
        offset = np.arange(len(inside))[:, None] - line.middle
        half = line.width_px / 2
        hidden: Mask = line.band.look_up(others) & (np.abs(offset) > half + CROSSING.edge_px)
        inked = line.band.look_up(mask) & inside & ~hidden
        top, bottom, _ = _nearest_ink(inked, line.band.reach)
        above, below = line.middle - half - top, bottom - 1 - line.middle - half
        above, below = (np.where(line.found, out, 0.0) for out in (above, below))
        edges = LineEdges(offset, line.width_px, above, below, np.asarray(hidden.any(axis=0)))
        line.band.mark(crossed, crossing_strokes(edges) & inside)
    return crossed


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
