"""Digits as smooth pen strokes with random variation of shape, slant, width and speed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from digitus.imaging.strokes import Strokes
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.smooth_curves import Points, parse, resample, smooth


@dataclass(frozen=True)
class HandwritingParameters:
    """How much handwriting varies at ``freedom`` 1. Set by hand; no search is recorded.

    Lengths are in heights of the box, which is 1 high. "SD" is a standard deviation.

    Attributes:
        slant_deg: mean and SD of the slant; positive is to the right, as most people write.
        slant_range_deg: limits of the slant.
        tilt_deg: SD of the rotation of the digit.
        width: median of the box's width, and SD of its logarithm.
        width_range: limits of the box's width.
        jitter: SD of the displacement of each control point.
        bend: amplitude of the slow waves that displace all points together.
        lean: SD of the difference in width, and in height, between the two halves of the box.
        lift: SD of the displacement of a whole stroke, after the pen was lifted.
        reach: SD of the length by which a stroke is too long or too short at either end.
        haste: range of the smoothing length, by which a fast writer rounds corners.
        tremor: range of the SD of the tremor.
        tremor_points: points of the curve per knot of the tremor.
        hook_share: share of the strokes' ends at which the pen leaves a small hook.
        hook_deg: range of the angle between hook and stroke.
        hook_length: range of the hook's length.
    """

    slant_deg: tuple[float, float] = (7.0, 9.0)
    slant_range_deg: tuple[float, float] = (-20.0, 35.0)
    tilt_deg: float = 4.0
    width: tuple[float, float] = (0.82, 0.2)
    width_range: tuple[float, float] = (0.45, 1.35)
    jitter: float = 0.022
    bend: float = 0.022
    lean: tuple[float, float] = (0.12, 0.2)
    lift: float = 0.02
    reach: float = 0.02
    haste: tuple[float, float] = (0.0, 0.035)
    tremor: tuple[float, float] = (0.0, 0.006)
    tremor_points: int = 3
    hook_share: float = 0.08
    hook_deg: tuple[float, float] = (50.0, 120.0)
    hook_length: tuple[float, float] = (0.02, 0.07)


HANDWRITING = HandwritingParameters()


def draw_digit(
    digit: int, rng: np.random.Generator, *, freedom: float = 1.0, allograph: str | None = None
) -> Strokes:
    """Draw a digit as strokes in the unit box; its long side fills the box.

    Args:
        digit: 0 to 9.
        rng: chooses the allograph and all variation.
        freedom: factor on the variation: 0.0 is the mean shape, 1.0 usual handwriting.
        allograph: a name in ``DIGITS[digit]``; None chooses at random.

    Raises:
        ValueError: if there is no such digit or allograph.

    >>> strokes = draw_digit(7, np.random.default_rng(0))
    >>> max(y for stroke in strokes for _, y in stroke)
    1.0
    """
    if digit not in DIGITS:
        raise ValueError(f"digit must be 0 to 9; got {digit}")
    shapes = DIGITS[digit]
    drawn = list(shapes)[rng.integers(len(shapes))]  # also where it is not used, so that a named
    name = drawn if allograph is None else allograph  # shape varies as a drawn one
    if name not in shapes:
        raise ValueError(f"allograph of {digit} must be one of {', '.join(shapes)}; got {name}")
    return as_strokes(fill_box(write(shapes[name], rng, freedom=freedom)))


def place(strokes: Strokes, *, size: float, left: float, top: float) -> Strokes:
    """Scale strokes from the unit box to a box of ``size`` pixels and move them.

    >>> place([[(0.0, 0.5)]], size=10, left=3, top=4)
    [[(3.0, 9.0)]]
    """
    return [[(left + size * x, top + size * y) for x, y in stroke] for stroke in strokes]


def write(notation: str, rng: np.random.Generator, *, freedom: float) -> list[Points]:
    """Return the strokes of a shape, written with random variation.

    Args:
        notation: the shape; see ``allographs``.
        rng: chooses the variation.
        freedom: factor on the variation, as in ``draw_digit``.

    Returns:
        Curves (n, 2) around a box of height 1; ``fill_box`` scales them to the unit box.
    """
    bend, shape = _random_bend(rng, freedom), _random_shape(rng, freedom)
    haste = freedom * rng.uniform(*HANDWRITING.haste)
    tremor = freedom * rng.uniform(*HANDWRITING.tremor)
    return [
        _shaken(_written(bend(points), basis, rng, freedom) @ shape, rng, tremor, haste)
        for points, basis in parse(notation)
    ]


def fill_box(strokes: list[Points]) -> list[Points]:
    """Scale strokes to the unit box, keep the aspect ratio and center the short side."""
    points = np.vstack(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max((high - low).max(), 1e-9)
    margin = (1 - (high - low) / size) / 2
    return [(points - low) / size + margin for points in strokes]


def as_strokes(curves: list[Points]) -> Strokes:
    """Convert arrays (n, 2) to lists of pairs of floats."""
    return [[(x, y) for x, y in curve.tolist()] for curve in curves]


def _written(points: Points, basis: Points, rng: np.random.Generator, freedom: float) -> Points:
    """Return the curve of a stroke with displaced points, ends too short or too long, and hooks."""
    vary = HANDWRITING
    points = points + freedom * (
        vary.jitter * rng.standard_normal(points.shape) + vary.lift * rng.standard_normal(2)
    )
    if len(points) == 1:
        return points
    before, after = freedom * vary.reach * rng.standard_normal(2)
    curve = resample(basis @ points, before=before, after=after)
    if rng.random() < freedom * vary.hook_share:
        curve = np.vstack([_hook(curve[:3], rng), curve])
    if rng.random() < freedom * vary.hook_share:
        curve = np.vstack([curve, _hook(curve[:-4:-1], rng)])
    return curve


def _hook(end: Points, rng: np.random.Generator) -> Points:
    """Return the tip (1, 2) of a hook at the first of a stroke's points."""
    angle = np.deg2rad(rng.uniform(*HANDWRITING.hook_deg) * rng.choice([-1, 1]))
    along = end[0] - end[-1]
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    length = rng.uniform(*HANDWRITING.hook_length)
    tip: Points = end[:1] + length * (along @ turn) / max(np.hypot(*along), 1e-9)
    return tip


def _shaken(curve: Points, rng: np.random.Generator, tremor: float, haste: float) -> Points:
    """Round the corners of a curve and add tremor."""
    if len(curve) < 2:
        return curve
    curve = smooth(resample(curve), haste)
    knots = rng.standard_normal((2 + len(curve) // HANDWRITING.tremor_points, 2))
    at = np.linspace(0, len(knots) - 1, len(curve))
    noise = np.column_stack([np.interp(at, np.arange(len(knots)), axis) for axis in knots.T])
    shaken: Points = curve + tremor * noise
    return shaken


def _random_bend(rng: np.random.Generator, freedom: float) -> Callable[[Points], Points]:
    """Return a smooth random displacement of the box.

    Strokes that touch stay together, as the displacement is a function of the place.
    """
    waves = rng.normal(scale=4, size=(2, 2, 2))  # radians across the box, for two waves
    phases = rng.uniform(0, 2 * np.pi, size=(2, 2))
    lean = np.clip(freedom * np.array(HANDWRITING.lean) * rng.standard_normal(2), -0.5, 0.5)

    def bend(points: Points) -> Points:
        x, y = points[:, :1] - 0.5, points[:, 1:]
        leaned = np.hstack([0.5 + x * (1 + lean[0] * (2 * y - 1)), y + lean[1] * y * (1 - y)])
        moved = sum(
            np.sin(points @ wave + phase) for wave, phase in zip(waves, phases, strict=True)
        )
        bent: Points = leaned + freedom * HANDWRITING.bend * moved
        return bent

    return bend


def _random_shape(rng: np.random.Generator, freedom: float) -> Points:
    """Return the matrix (2, 2) for rows of (x, y) that applies width, slant and tilt."""
    vary = HANDWRITING
    deviations = np.array([vary.slant_deg[1], vary.tilt_deg])
    slant_deg, tilt_deg = freedom * deviations * rng.standard_normal(2)
    slant = np.tan(np.deg2rad(np.clip(vary.slant_deg[0] + slant_deg, *vary.slant_range_deg)))
    tilt = np.deg2rad(tilt_deg)
    median, log_deviation = vary.width
    width = np.clip(
        median * np.exp(freedom * log_deviation * rng.standard_normal()), *vary.width_range
    )
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    shape: Points = np.diag([width, 1.0]) @ np.array([[1.0, 0.0], [-slant, 1.0]]) @ turn
    return shape
