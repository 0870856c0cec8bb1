"""Pen strokes drawn as ink: every window, page and generator sends its strokes down this road."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitus.imaging.arrays import Ink

Strokes: TypeAlias = Sequence[Sequence[tuple[float, float]]]
"""Each stroke is the way of the pen from touch to lift: (x, y) points, y downwards."""

MAX_PIXELS = 50_000_000


def render_strokes(strokes: Strokes, *, width: int, height: int, pen_px: float) -> Ink:
    """Draw strokes with a round pen as ink (height, width), 0.0 paper to 1.0 full ink.

    Points are joined by straight segments however far apart; a single point is a dot as wide
    as the pen. What lies outside the canvas is cut off.

    Args:
        strokes: canvas coordinates, (0, 0) the top left corner of the first pixel.
        width: of the canvas, in pixels.
        height: of the canvas, in pixels.
        pen_px: diameter of the pen, in pixels.

    Raises:
        ValueError: if a size is not positive, the canvas huge, or a point no pair of numbers.
    """
    _check_canvas(width, height, pen_px)
    ink = np.zeros((height, width), np.float32)
    for stroke in strokes:
        points = _as_points(stroke)
        for start, end in pairwise(points if len(points) > 1 else [*points, *points]):
            _draw_segment(ink, start, end, pen_px)
    return ink


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
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError("a stroke is a list of (x, y) pairs of finite numbers")
    return points


def _draw_segment(
    ink: Ink, start: NDArray[np.float64], end: NDArray[np.float64], pen_px: float
) -> None:
    """Lay one round-capped segment over the ink: its distance field, cut at the pen's radius.

    A pixel's coverage falls from 1 to 0 while its middle crosses the brim.
    """
    reach = pen_px / 2 + 1
    (left, top), (right, bottom) = (
        np.clip(corner, 0, ink.shape[::-1]).astype(int)
        for corner in (np.minimum(start, end) - reach, np.maximum(start, end) + reach + 1)
    )
    distance = _distance(
        np.arange(left, right) + 0.5, np.arange(top, bottom)[:, None] + 0.5, start, end
    )
    part = ink[top:bottom, left:right]
    np.maximum(part, np.clip(pen_px / 2 + 0.5 - distance, 0, 1), out=part, casting="same_kind")


def _distance(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Distance of each pixel middle (rows, cols) from the nearest point of a segment."""
    along_x, along_y = end - start
    length_squared = along_x**2 + along_y**2
    share = (x - start[0]) * along_x + (y - start[1]) * along_y
    share = np.clip(share / length_squared, 0, 1) if length_squared > 0 else 0 * share
    off_x, off_y = x - start[0] - share * along_x, y - start[1] - share * along_y
    distance: NDArray[np.float64] = np.hypot(off_x, off_y)
    return distance
