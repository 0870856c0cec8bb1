"""Curves of pen strokes: parse the notation of ``allographs``, resample and smooth curves."""

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""(n, 2) of x and y, y downwards."""

STEPS_PER_SPAN = 8  # points of the curve from one control point to the next
STEP = 0.03  # distance between points of a resampled curve, in heights of the box


@cache
def parse(notation: str) -> tuple[tuple[Points, Points], ...]:
    """Return the control points (k, 2) of each stroke, in boxes, and the basis (m, k) of its curve.

    The curve is ``basis @ points``: it is linear in the control points.

    >>> (points, basis), = parse("0 0, 50 100")
    >>> points.tolist()
    [[0.0, 0.0], [0.5, 1.0]]
    >>> (basis @ points)[-1].tolist()
    [0.5, 1.0]
    """
    return tuple(_parse_stroke(stroke) for stroke in notation.split("/"))


def resample(curve: Points, *, before: float = 0.0, after: float = 0.0) -> Points:
    """Return points one ``STEP`` apart along a curve, extended or shortened at its ends.

    Args:
        curve: (n, 2), at least two different points.
        before: length to add at the start; below 0, length to cut off.
        after: length to add at the end; below 0, length to cut off.
    """
    lengths = np.hypot(*np.diff(curve, axis=0).T)
    moved = np.concatenate([[True], lengths > 0])
    curve, arc_length = curve[moved], np.concatenate([[0.0], lengths.cumsum()])[moved]
    if before > 0:
        curve = np.vstack([_extension(curve, before), curve])
        arc_length = np.append(-before, arc_length)
    if after > 0:
        curve = np.vstack([curve, _extension(curve[::-1], after)])
        arc_length = np.append(arc_length, arc_length[-1] + after)
    start, end = arc_length[0] + max(-before, 0), arc_length[-1] - max(-after, 0)
    at = np.linspace(start, end, max(2, 1 + round((end - start) / STEP)))
    return np.column_stack([np.interp(at, arc_length, axis) for axis in curve.T])


def smooth(curve: Points, sigma: float) -> Points:
    """Smooth a resampled curve with a Gaussian; its ends stay in place.

    Args:
        curve: (n, 2), points one ``STEP`` apart.
        sigma: standard deviation of the Gaussian along the curve, in heights of the box.
    """
    radius = min(int(np.ceil(2.5 * sigma / STEP)), len(curve) - 1)
    if sigma < STEP / 10 or radius < 1:
        return curve
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) * STEP / sigma) ** 2)
    weights /= weights.sum()
    head = 2 * curve[0] - curve[radius:0:-1]
    tail = 2 * curve[-1] - curve[-2 : -radius - 2 : -1]
    padded = np.vstack([head, curve, tail])
    return np.column_stack([np.convolve(axis, weights, "valid") for axis in padded.T])


def _extension(curve: Points, length: float) -> Points:
    """Return the point (2,) at a distance before the start, along the curve's direction there."""
    back = curve[0] - curve[min(2, len(curve) - 1)]
    tip: Points = curve[0] + length * back / max(np.hypot(*back), 1e-9)
    return tip


def _parse_stroke(notation: str) -> tuple[Points, Points]:
    smooth_parts = [
        np.array([point.split() for point in part.split(",")], float) / 100
        for part in notation.split(">")
    ]
    points = np.vstack(smooth_parts)
    ends = np.cumsum([len(part) for part in smooth_parts])
    starts = [0, *(ends[:-1] - 1)]  # each part starts at the corner where the last one ends
    basis = np.zeros((0, len(points)))
    for start, end in zip(starts, ends, strict=True):
        rows = np.zeros((STEPS_PER_SPAN * (end - start - 1) + 1, len(points)))
        rows[:, start:end] = _catmull_rom_basis(end - start)
        basis = np.vstack([basis, rows])
    return points, basis


@cache
def _catmull_rom_basis(count: int) -> Points:
    """Return the basis (m, count) of a Catmull-Rom spline through ``count`` control points.

    E. Catmull, R. Rom, "A class of local interpolating splines", 1974. Beyond each end one control
    point is added by point reflection.
    """
    if count == 1:
        return np.ones((1, 1))
    inner = np.eye(count)
    outer = np.vstack([2 * inner[0] - inner[1], inner, 2 * inner[-1] - inner[-2]])
    p0, p1, p2, p3 = (outer[start : start + count - 1, None] for start in range(4))
    t = np.linspace(0, 1, STEPS_PER_SPAN, endpoint=False)[:, None]
    spans = (
        p1
        + t * (p2 - p0) / 2
        + t**2 * (2 * p0 - 5 * p1 + 4 * p2 - p3) / 2
        + t**3 * (3 * (p1 - p2) + p3 - p0) / 2
    )
    return np.vstack([spans.reshape(-1, count), inner[-1:]])
