"""Smooth curves of a pen: from the notation of ``allographs`` to points, bent by a hand."""

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""(n, 2) of x, y, y downwards."""

STEPS_PER_SPAN = 8
STEP = 0.03  # between two points of a finished curve, in heights of the box


@cache
def parse(notation: str) -> tuple[tuple[Points, Points], ...]:
    """For each stroke its control points (k, 2), in boxes, and the basis (m, k) of its curve.

    The curve is ``basis @ points``: it is linear in the control points.

    >>> (points, basis), = parse("0 0, 50 100")
    >>> points.tolist()
    [[0.0, 0.0], [0.5, 1.0]]
    >>> (basis @ points)[-1].tolist()
    [0.5, 1.0]
    """
    return tuple(_parse_stroke(stroke) for stroke in notation.split("/"))


def resample(curve: Points, *, before: float = 0.0, after: float = 0.0) -> Points:
    """Points one ``STEP`` apart along the curve, which is lengthened or, below 0, cut at its ends.

    Args:
        curve: (n, 2), at least two points that are not all the same.
        before: length to add at the start.
        after: length to add at the end.
    """
    lengths = np.hypot(*np.diff(curve, axis=0).T)
    moved = np.concatenate([[True], lengths > 0])
    curve, way = curve[moved], np.concatenate([[0.0], lengths.cumsum()])[moved]
    if before > 0:
        curve, way = np.vstack([_beyond(curve, before), curve]), np.append(-before, way)
    if after > 0:
        tip = _beyond(curve[::-1], after)
        curve, way = np.vstack([curve, tip]), np.append(way, way[-1] + after)
    start, end = way[0] + max(-before, 0), way[-1] - max(-after, 0)
    at = np.linspace(start, end, max(2, 1 + round((end - start) / STEP)))
    return np.column_stack([np.interp(at, way, axis) for axis in curve.T])


def smooth(curve: Points, sigma: float) -> Points:
    """Round the corners of a resampled curve: a Gaussian over ``sigma`` boxes; the ends stay."""
    radius = min(int(np.ceil(2.5 * sigma / STEP)), len(curve) - 1)
    if sigma < STEP / 10 or radius < 1:
        return curve
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) * STEP / sigma) ** 2)
    weights /= weights.sum()
    head = 2 * curve[0] - curve[radius:0:-1]
    tail = 2 * curve[-1] - curve[-2 : -radius - 2 : -1]
    padded = np.vstack([head, curve, tail])
    return np.column_stack([np.convolve(axis, weights, "valid") for axis in padded.T])


def _beyond(curve: Points, length: float) -> Points:
    """Point (2,) that lies before the start, in the direction in which the curve comes."""
    back = curve[0] - curve[min(2, len(curve) - 1)]
    tip: Points = curve[0] + length * back / max(np.hypot(*back), 1e-9)
    return tip


def _parse_stroke(notation: str) -> tuple[Points, Points]:
    pieces = [
        np.array([point.split() for point in piece.split(",")], float) / 100
        for piece in notation.split(">")
    ]
    points = np.vstack(pieces)
    ends = np.cumsum([len(piece) for piece in pieces])
    starts = [0, *(ends[:-1] - 1)]  # each piece starts in the corner where the last one ended
    basis = np.zeros((0, len(points)))
    for start, end in zip(starts, ends, strict=True):
        part = np.zeros((STEPS_PER_SPAN * (end - start - 1) + 1, len(points)))
        part[:, start:end] = _catmull_rom_basis(end - start)
        basis = np.vstack([basis, part])
    return points, basis


@cache
def _catmull_rom_basis(count: int) -> Points:
    """Matrix (m, count) of a smooth curve through all of ``count`` points.

    E. Catmull, R. Rom, "A class of local interpolating splines", 1974. Beyond the ends the
    control points go on as a mirror image.
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
