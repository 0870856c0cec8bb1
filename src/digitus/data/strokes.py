"""Our own pen: digits as smooth strokes, each time a little different."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.strokes import Strokes

Points: TypeAlias = NDArray[np.float64]
"""(n, 2) of x, y, y downwards."""

STEPS_PER_SPAN = 10
SLANT_DEG = (9.0, 7.0)  # mean and standard deviation; to the right, as most people write
TILT_DEG = 3.0  # standard deviation
ASPECT = (0.60, 0.82)  # least and greatest width of the box, whose height is one
TREMOR = 0.018  # amplitude of the slow bends that tell two digits of one hand apart

# Two ways to write each digit, in percent of the box: x y, x y ... A smooth curve runs through
# the points; ">" is a corner, "/" lifts the pen.
_WAYS = {
    0: (
        "62 4, 34 6, 12 32, 10 66, 30 94, 58 95, 84 70, 88 36, 70 8, 48 6",
        "40 10, 16 34, 12 72, 42 98, 76 86, 90 46, 76 8, 48 2, 30 16",
    ),
    1: (
        "54 2, 51 50, 50 98",
        "30 27, 44 17, 56 2 > 54 50, 53 98",
    ),
    2: (
        "14 26, 30 6, 62 3, 80 24, 66 52, 36 80, 10 96 > 50 93, 92 95",
        "16 24, 40 3, 74 12, 74 40, 46 78, 22 95, 10 86, 26 77, 52 90, 92 92",
    ),
    3: (
        "16 14, 42 2, 74 10, 74 34, 38 47 > 72 52, 86 74, 62 96, 34 98, 12 86",
        "16 7, 50 5, 82 5 > 62 24, 44 41 > 76 48, 84 74, 60 96, 14 90",
    ),
    4: (
        "34 4, 24 32, 12 60 > 50 59, 92 56 / 70 16, 66 56, 62 98",
        "62 3, 40 32, 8 64 > 50 64, 94 61 / 64 4, 64 50, 63 98",
    ),
    5: (
        "32 6, 28 24, 24 44 > 52 36, 80 50, 82 76, 52 97, 14 90 / 32 6, 60 6, 88 3",
        "84 4, 56 6, 30 6 > 26 24, 22 43 > 54 38, 82 58, 74 88, 42 98, 14 88",
    ),
    6: (
        "72 3, 44 20, 20 52, 18 82, 44 98, 74 86, 76 64, 52 54, 22 70",
        "58 2, 32 28, 18 66, 34 95, 66 94, 82 72, 62 54, 36 60, 20 78",
    ),
    7: (
        "12 9, 50 8, 88 6 > 64 40, 44 98",
        "12 16, 16 7, 50 8, 88 6 > 62 46, 46 98 / 32 54, 56 51, 80 49",
    ),
    8: (
        "76 17, 52 3, 26 14, 32 36, 60 54, 80 76, 54 98, 22 84, 30 60, 62 40, 78 20, 68 7",
        "52 46, 26 30, 36 6, 68 5, 78 26, 52 46, 22 66, 24 92, 56 98, 82 84, 76 60, 50 45",
    ),
    9: (
        "80 14, 54 3, 24 14, 22 38, 48 48, 72 32, 80 10 > 76 50, 66 98",
        "78 22, 56 3, 26 12, 20 36, 44 50, 70 38, 80 14, 82 50, 70 86, 44 98, 18 88",
    ),
}


def draw_digit(digit: int, rng: np.random.Generator, *, freedom: float = 1.0) -> Strokes:
    """Write a digit as strokes in a box from 0 to 1 both ways; its long side fills the box.

    Args:
        digit: 0 to 9.
        rng: chooses the way of writing, slant, tilt, aspect and tremor.
        freedom: 0.0 keeps to the mean shape, 1.0 is a natural hand, more a hasty one.

    Raises:
        ValueError: if there is no such digit.

    >>> strokes = draw_digit(7, np.random.default_rng(0))
    >>> max(y for stroke in strokes for _, y in stroke)
    1.0
    """
    if digit not in _WAYS:
        raise ValueError(f"digits go from 0 to 9; got {digit}")
    way = _WAYS[digit][rng.integers(len(_WAYS[digit]))]
    bend, shape = _random_bend(rng, freedom), _random_shape(rng, freedom)
    return _fill_box([bend(_smooth_stroke(stroke)) @ shape for stroke in way.split("/")])


def place(strokes: Strokes, *, size: float, left: float, top: float) -> Strokes:
    """Lay strokes of the unit box onto a canvas, where the box is ``size`` pixels wide.

    >>> place([[(0.0, 0.5)]], size=10, left=3, top=4)
    [[(3.0, 9.0)]]
    """
    return [[(left + size * x, top + size * y) for x, y in stroke] for stroke in strokes]


def _smooth_stroke(notation: str) -> Points:
    """Points of one stroke; each piece starts in the corner where the last one ended."""
    corner = np.empty((0, 2))
    curves = []
    for piece in notation.split(">"):
        points = np.array([point.split() for point in piece.split(",")], float) / 100
        curves.append(_catmull_rom(np.vstack([corner, points])))
        corner = points[-1:]
    return np.vstack(curves)


def _catmull_rom(points: Points) -> Points:
    """A smooth curve through all points: E. Catmull, R. Rom, "A class of local splines", 1974."""
    first, last = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    p0, p1, p2, p3 = (
        np.vstack([first, points, last])[start : start + len(points) - 1, None]
        for start in range(4)
    )
    t = np.linspace(0, 1, STEPS_PER_SPAN, endpoint=False)[:, None]
    spans = (
        p1
        + t * (p2 - p0) / 2
        + t**2 * (2 * p0 - 5 * p1 + 4 * p2 - p3) / 2
        + t**3 * (3 * (p1 - p2) + p3 - p0) / 2
    )
    return np.vstack([spans.reshape(-1, 2), points[-1:]])


def _random_bend(rng: np.random.Generator, freedom: float) -> Callable[[Points], Points]:
    """A slow wave over the box: points that touch stay together, no line stays straight."""
    waves = rng.normal(scale=4, size=(2, 2))  # radians across the box, for dx and dy
    phases = rng.uniform(0, 2 * np.pi, size=2)
    return lambda points: points + freedom * TREMOR * np.sin(points @ waves + phases)


def _random_shape(rng: np.random.Generator, freedom: float) -> Points:
    """Matrix (2, 2) for rows of (x, y): width, then slant, then tilt."""
    mean, spread = SLANT_DEG
    slant = np.tan(np.deg2rad(mean + freedom * spread * rng.standard_normal()))
    tilt = np.deg2rad(freedom * TILT_DEG * rng.standard_normal())
    middle, half = (ASPECT[0] + ASPECT[1]) / 2, (ASPECT[1] - ASPECT[0]) / 2
    width = np.diag([middle + freedom * half * rng.uniform(-1, 1), 1.0])
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    shape: Points = width @ np.array([[1.0, 0.0], [-slant, 1.0]]) @ turn
    return shape


def _fill_box(strokes: list[Points]) -> Strokes:
    """Scale to the unit box with the aspect kept, the short side in the middle."""
    low, high = (edge(np.vstack(strokes), axis=0) for edge in (np.min, np.max))
    size = (high - low).max()
    margin = (1 - (high - low) / size) / 2
    return [[(float(x), float(y)) for x, y in (points - low) / size + margin] for points in strokes]
