"""Pen strokes drawn as ink: every window, page and generator sends its strokes down this road."""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitus.imaging.arrays import Ink

Strokes: TypeAlias = Sequence[Sequence[tuple[float, ...]]]
"""Each stroke is the way of the pen from touch to lift: (x, y) points, y downwards.

A tablet's pen draws wider where it is pressed: a third number, all along a stroke or nowhere in
it, is the share of the pen's width there.
"""

MAX_PIXELS = 50_000_000
FINE_CANVAS_PX = 900  # drawn at least this large and shrunk, so that brims are grey
COARSEST_AT_MOST = 8
MOST_FINE_PIXELS = 200_000_000
WIDEST_PEN = 32_767  # OpenCV's
SHIFT = 4  # binary places of a coordinate


def render_strokes(strokes: Strokes, *, width: int, height: int, pen_px: float) -> Ink:
    """Draw strokes with a round pen as ink (height, width), 0.0 paper to 1.0 full ink.

    Points are joined by straight segments however far apart; a single point is a dot as wide
    as the pen. What lies outside the canvas is cut off.

    Args:
        strokes: canvas coordinates, (0, 0) the top left corner of the first pixel; a third
            number, if any, is the share of the pen's width there.
        width: of the canvas, in pixels.
        height: of the canvas, in pixels.
        pen_px: diameter of the pen, in pixels.

    Raises:
        ValueError: if a size is not positive, the canvas huge, or a point no pair of numbers.
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
    """Box of the canvas that the pen may touch: left, top, right, bottom in whole pixels."""
    points = np.concatenate([line[:, :2] for line in lines])
    margin = max(_widths(line, pen_px).max() for line in lines) / 2 + 2
    ends = [np.floor(points.min(axis=0) - margin), np.ceil(points.max(axis=0) + margin)]
    box: NDArray[np.int64] = np.clip(ends, 0, size).astype(np.int64).ravel()
    return box


def _widths(points: NDArray[np.float64], pen_px: float) -> NDArray[np.float64]:
    """Width of the pen: one for all of a stroke, or one a piece, that of its wider end."""
    if points.shape[1] == 2:
        return np.array([pen_px])
    shares = np.maximum(points[:-1, 2], points[1:, 2]) if len(points) > 1 else points[:, 2]
    widths: NDArray[np.float64] = pen_px * shares
    return widths


def _draw(fine: NDArray[np.uint8], places: NDArray[np.int32], widths: NDArray[np.float64]) -> None:
    """Draw one stroke in one go, or piece by piece where its width varies."""
    if len(places) == 1:
        places = np.repeat(places, 2, axis=0)
    pieces = [places] if len(widths) == 1 else [places[i : i + 2] for i in range(len(widths))]
    for piece, width in zip(pieces, widths.tolist(), strict=True):
        # OpenCV's lines of an even thickness come out one pixel wider, those of an odd one two.
        thickness = min(max(_nearest_odd(width) - 1, 1), WIDEST_PEN)
        cv2.polylines(fine, [piece], isClosed=False, color=255, thickness=thickness, shift=SHIFT)


def _fine_scale(width: int, height: int, pen_px: float) -> int:
    """Choose how many pixels to draw for one of the canvas, either way.

    OpenCV draws lines an odd number of pixels wide, so the scale is chosen to fit the pen.
    """
    coarsest = min(max(FINE_CANVAS_PX // max(width, height), 2), COARSEST_AT_MOST)
    finest = int((MOST_FINE_PIXELS / (width * height)) ** 0.5)
    scales = range(min(coarsest, finest), min(coarsest + 2, finest) + 1)
    return min(scales, key=lambda scale: abs(_nearest_odd(scale * pen_px) / scale - pen_px))


def _nearest_odd(number: float) -> int:
    return max(1, 2 * round((min(number, WIDEST_PEN) - 1) / 2) + 1)


def _fixed_point(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Turn pixels into OpenCV's binary fractions; what is beyond its range comes closer."""
    reach = np.iinfo(np.int32).max / 4
    return np.asarray(np.rint(np.clip(points * 2**SHIFT, -reach, reach)), np.int32)


def _check_canvas(width: int, height: int, pen_px: float) -> None:
    if not (width > 0 and height > 0 and width * height <= MAX_PIXELS):
        raise ValueError(
            f"a canvas has 1 to {MAX_PIXELS // 10**6} million pixels; got {width} x {height}"
        )
    if not 0 < pen_px < np.inf:
        raise ValueError(f"a pen's width is a positive number of pixels; got {pen_px}")


def _as_points(stroke: ArrayLike) -> NDArray[np.float64]:
    points: NDArray[np.float64] = np.asarray(stroke, np.float64)
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] not in (2, 3) or not np.isfinite(points).all():
        raise ValueError("a stroke is a list of (x, y) pairs of finite numbers")
    if points.shape[1] == 3 and not (points[:, 2] >= 0).all():
        raise ValueError("the third number of a point is a share of the pen's width, not negative")
    return points
