"""Pen strokes rendered as ink, for the window, the web page and the synthesis alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitus.imaging.arrays import Ink

Strokes: TypeAlias = Sequence[Sequence[tuple[float, ...]]]
"""Each stroke is a sequence of (x, y) points from pen down to pen up, y downwards.

A third number, for all points of a stroke or for none, is the share of the pen's width there: a
tablet's pen draws wider where it is pressed.
"""

WIDEST_PEN = 32_767  # OpenCV's limit
SHIFT = 4  # binary places of OpenCV's fixed-point coordinates


@dataclass(frozen=True)
class RenderParameters:
    """Parameters of the antialiasing: strokes are drawn on a larger canvas and shrunk.

    Set by hand: edges are smoothly grey, and the canvases fit into memory.

    Attributes:
        most_canvas_pixels: greatest number of pixels of the canvas.
        fine_px: least long side of the larger canvas.
        most_coarse: largest of the scales that are tried first.
        most_pixels: greatest number of pixels of the larger canvas.
    """

    most_canvas_pixels: int = 50_000_000
    fine_px: int = 900
    most_coarse: int = 8
    most_pixels: int = 200_000_000


RENDER = RenderParameters()


def render_strokes(strokes: Strokes, *, width: int, height: int, pen_px: float) -> Ink:
    """Render strokes of a round pen as ink (height, width), 0.0 paper to 1.0 full ink.

    Points are joined by straight segments; a single point is a dot as wide as the pen. What
    lies outside the canvas is cut off.

    Args:
        strokes: canvas coordinates, (0, 0) the top left corner of the first pixel; a third
            number, if any, is the share of the pen's width there.
        width: width of the canvas, in pixels.
        height: height of the canvas, in pixels.
        pen_px: diameter of the pen, in pixels.

    Raises:
        ValueError: if a size is not positive, the canvas too large, or a point not a pair of
            finite numbers.
    """
    _check_canvas(width, height, pen_px)
    lines = [points for points in map(_as_points, strokes) if len(points)]
    if not lines:
        return np.zeros((height, width), np.float32)
    ink = np.zeros((height, width), np.float32)
    left, top, right, bottom = _reach(lines, (width, height), pen_px)
    if left < right and top < bottom:
        scale = _fine_scale(width, height, pen_px)
        fine = np.zeros((scale * (bottom - top), scale * (right - left)), np.uint8)
        for points in lines:
            places = _fixed_point((points[:, :2] - (left, top)) * scale - 0.5)
            _draw(fine, places, _widths(points, scale * pen_px))
        box = (right - left, bottom - top)
        small = cv2.resize(fine, box, interpolation=cv2.INTER_AREA)
        np.divide(small, np.float32(255), out=ink[top:bottom, left:right])
    return ink


def _reach(
    lines: Sequence[NDArray[np.float64]], size: tuple[int, int], pen_px: float
) -> NDArray[np.int64]:
    """Return the box that the pen may touch: left, top, right, bottom in whole pixels."""
    points = np.concatenate([line[:, :2] for line in lines])
    margin = max(_widths(line, pen_px).max() for line in lines) / 2 + 2
    ends = [np.floor(points.min(axis=0) - margin), np.ceil(points.max(axis=0) + margin)]
    box: NDArray[np.int64] = np.clip(ends, 0, size).astype(np.int64).ravel()
    return box


def _widths(points: NDArray[np.float64], pen_px: float) -> NDArray[np.float64]:
    """Return the pen's width, one for a stroke, or one for each segment: that of its wider end."""
    if points.shape[1] == 2:
        return np.array([pen_px])
    shares = np.maximum(points[:-1, 2], points[1:, 2]) if len(points) > 1 else points[:, 2]
    widths: NDArray[np.float64] = pen_px * shares
    return widths


def _draw(fine: NDArray[np.uint8], places: NDArray[np.int32], widths: NDArray[np.float64]) -> None:
    """Draw one stroke at once, or segment by segment where its width varies."""
    if len(places) == 1:
        places = np.repeat(places, 2, axis=0)
    whole = len(widths) == 1
    segments = [places] if whole else [places[i : i + 2] for i in range(len(widths))]
    for segment, width in zip(segments, widths.tolist(), strict=True):
        # OpenCV's lines of an even thickness come out one pixel wider, those of an odd one two.
        thickness = min(max(_nearest_odd(width) - 1, 1), WIDEST_PEN)
        cv2.polylines(fine, [segment], isClosed=False, color=255, thickness=thickness, shift=SHIFT)


def _fine_scale(width: int, height: int, pen_px: float) -> int:
    """Choose how many pixels to draw along one pixel of the canvas.

    OpenCV draws lines an odd number of pixels wide, so the scale is chosen to fit the pen.
    """
    coarsest = min(max(RENDER.fine_px // max(width, height), 2), RENDER.most_coarse)
    finest = int((RENDER.most_pixels / (width * height)) ** 0.5)
    scales = range(min(coarsest, finest), min(coarsest + 2, finest) + 1)
    return min(scales, key=lambda scale: abs(_nearest_odd(scale * pen_px) / scale - pen_px))


def _nearest_odd(number: float) -> int:
    return max(1, 2 * round((min(number, WIDEST_PEN) - 1) / 2) + 1)


def _fixed_point(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Convert pixels to OpenCV's fixed-point numbers; values beyond its range are clipped."""
    reach = np.iinfo(np.int32).max / 4
    return np.asarray(np.rint(np.clip(points * 2**SHIFT, -reach, reach)), np.int32)


def _check_canvas(width: int, height: int, pen_px: float) -> None:
    most = RENDER.most_canvas_pixels
    if not (width > 0 and height > 0 and width * height <= most):
        raise ValueError(
            f"a canvas has 1 to {most // 10**6} million pixels; got {width} x {height}"
        )
    if not 0 < pen_px < np.inf:
        raise ValueError(f"a pen's width is a positive number of pixels; got {pen_px}")


_WANTED = "a stroke is a list of (x, y) pairs of finite numbers, or of (x, y, share) triples"


def _as_points(stroke: ArrayLike) -> NDArray[np.float64]:
    try:
        points: NDArray[np.float64] = np.asarray(stroke, np.float64)
    except ValueError as error:  # pairs beside triples
        raise ValueError(_WANTED) from error
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] not in (2, 3) or not np.isfinite(points).all():
        raise ValueError(_WANTED)
    if points.shape[1] == 3 and not (points[:, 2] >= 0).all():
        raise ValueError("the third number of a point is a share of the pen's width, not negative")
    return points
