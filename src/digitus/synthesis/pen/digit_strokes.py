"""Our own pen: digits as smooth strokes, each time a little different."""

from collections.abc import Callable

import numpy as np

from digitus.imaging.strokes import Strokes
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.smooth_curves import Points, parse, resample, smooth

SLANT_DEG = (7.0, 9.0)  # mean and standard deviation; to the right, as most people write
SLANTS_DEG = (-20.0, 35.0)  # beyond these nobody writes
TILT_DEG = 4.0  # standard deviation
WIDTH = (0.82, 0.2)  # of the box, whose height is one: median, standard deviation of its logarithm
WIDTHS = (0.45, 1.35)
JITTER = 0.022  # of each control point; all lengths below are in heights of the box
BEND = 0.022  # amplitude of the slow waves that tell two digits of one hand apart
LEAN = (0.12, 0.2)  # how much wider, and how much higher, one half is than the other
LIFT = 0.02  # how far the pen misses its place when it comes back to the paper
REACH = 0.02  # how far a stroke ends before or beyond its place
HASTE = (0.0, 0.035)  # over which length a fast hand rounds the corners
TREMOR = (0.0, 0.006)
HOOK_SHARE = 0.08  # of the ends of strokes where a hasty pen leaves a small hook


def draw_digit(
    digit: int, rng: np.random.Generator, *, freedom: float = 1.0, way: str | None = None
) -> Strokes:
    """Write a digit as strokes in a box from 0 to 1 both ways; its long side fills the box.

    Args:
        digit: 0 to 9.
        rng: chooses the allograph, slant, tilt, width, bends, haste and tremor.
        freedom: 0.0 keeps to the mean shape, 1.0 is a natural hand, more a hasty one.
        way: the name of the allograph, one of ``DIGITS[digit]``; None draws lots.

    Raises:
        ValueError: if there is no such digit, or no such way to write it.

    >>> strokes = draw_digit(7, np.random.default_rng(0))
    >>> max(y for stroke in strokes for _, y in stroke)
    1.0
    """
    if digit not in DIGITS:
        raise ValueError(f"digits go from 0 to 9; got {digit}")
    ways = DIGITS[digit]
    name = list(ways)[rng.integers(len(ways))] if way is None else way
    if name not in ways:
        raise ValueError(f"a {digit} is written {', '.join(ways)}; got {way}")
    return as_strokes(fill_box(write(ways[name], rng, freedom=freedom)))


def place(strokes: Strokes, *, size: float, left: float, top: float) -> Strokes:
    """Lay strokes of the unit box onto a canvas, where the box is ``size`` pixels wide.

    >>> place([[(0.0, 0.5)]], size=10, left=3, top=4)
    [[(3.0, 9.0)]]
    """
    return [[(left + size * x, top + size * y) for x, y in stroke] for stroke in strokes]


def write(notation: str, rng: np.random.Generator, *, freedom: float) -> list[Points]:
    """Write what a notation says by a random hand; see ``allographs`` for the notation.

    The strokes lie about a box of height one; ``fill_box`` brings them back into it.
    """
    bend, shape = _random_bend(rng, freedom), _random_shape(rng, freedom)
    haste = freedom * rng.uniform(*HASTE)
    tremor = freedom * rng.uniform(*TREMOR)
    return [
        _shake(_move(bend(points), basis, rng, freedom) @ shape, rng, tremor, haste)
        for points, basis in parse(notation)
    ]


def fill_box(strokes: list[Points]) -> list[Points]:
    """Scale to the unit box with the aspect kept, the short side in the middle."""
    points = np.vstack(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max((high - low).max(), 1e-9)
    margin = (1 - (high - low) / size) / 2
    return [(points - low) / size + margin for points in strokes]


def as_strokes(curves: list[Points]) -> Strokes:
    """Turn arrays (n, 2) into lists of plain numbers."""
    return [[(x, y) for x, y in curve.tolist()] for curve in curves]


def _move(points: Points, basis: Points, rng: np.random.Generator, freedom: float) -> Points:
    """Move the pen along a stroke: points a little off, ends too short or too long, hooks."""
    points = points + freedom * (
        JITTER * rng.standard_normal(points.shape) + LIFT * rng.standard_normal(2)
    )
    if len(points) == 1:
        return points
    before, after = freedom * REACH * rng.standard_normal(2)
    curve = resample(basis @ points, before=before, after=after)
    if rng.random() < freedom * HOOK_SHARE:
        curve = np.vstack([_hook(curve[:3], rng), curve])
    if rng.random() < freedom * HOOK_SHARE:
        curve = np.vstack([curve, _hook(curve[:-4:-1], rng)])
    return curve


def _hook(end: Points, rng: np.random.Generator) -> Points:
    """Tip (1, 2) of a small tick at the end of a stroke, its points counted from there."""
    angle = np.deg2rad(rng.uniform(50, 120) * rng.choice([-1, 1]))
    along = end[0] - end[-1]
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    tip: Points = end[:1] + rng.uniform(0.02, 0.07) * (along @ turn) / max(np.hypot(*along), 1e-9)
    return tip


def _shake(curve: Points, rng: np.random.Generator, tremor: float, haste: float) -> Points:
    """Round the corners as a fast hand does, and let the hand tremble a little."""
    if len(curve) < 2:
        return curve
    curve = smooth(resample(curve), haste)
    knots = rng.standard_normal((2 + len(curve) // 3, 2))
    at = np.linspace(0, len(knots) - 1, len(curve))
    noise = np.column_stack([np.interp(at, np.arange(len(knots)), axis) for axis in knots.T])
    shaken: Points = curve + tremor * noise
    return shaken


def _random_bend(rng: np.random.Generator, freedom: float) -> Callable[[Points], Points]:
    """Slow waves over the box: points that touch stay together, no line stays straight."""
    waves = rng.normal(scale=4, size=(2, 2, 2))  # radians across the box, for two waves
    phases = rng.uniform(0, 2 * np.pi, size=(2, 2))
    lean = np.clip(freedom * np.array(LEAN) * rng.standard_normal(2), -0.5, 0.5)

    def bend(points: Points) -> Points:
        x, y = points[:, :1] - 0.5, points[:, 1:]
        leaned = np.hstack([0.5 + x * (1 + lean[0] * (2 * y - 1)), y + lean[1] * y * (1 - y)])
        moved = sum(
            np.sin(points @ wave + phase) for wave, phase in zip(waves, phases, strict=True)
        )
        bent: Points = leaned + freedom * BEND * moved
        return bent

    return bend


def _random_shape(rng: np.random.Generator, freedom: float) -> Points:
    """Matrix (2, 2) for rows of (x, y): width, then slant, then tilt."""
    slant_deg, tilt_deg = freedom * np.array([SLANT_DEG[1], TILT_DEG]) * rng.standard_normal(2)
    slant = np.tan(np.deg2rad(np.clip(SLANT_DEG[0] + slant_deg, *SLANTS_DEG)))
    tilt = np.deg2rad(tilt_deg)
    width = np.clip(WIDTH[0] * np.exp(freedom * WIDTH[1] * rng.standard_normal()), *WIDTHS)
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    shape: Points = np.diag([width, 1.0]) @ np.array([[1.0, 0.0], [-slant, 1.0]]) @ turn
    return shape
