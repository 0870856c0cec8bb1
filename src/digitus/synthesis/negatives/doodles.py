"""Doodles: scribbles, lines, polygons, dots, and filled shapes."""

from collections.abc import Callable

import cv2
import numpy as np

from digitus.imaging.arrays import Ink
from digitus.synthesis.negatives.letters_and_signs import SILHOUETTES, THINGS
from digitus.synthesis.negatives.textures import clouds
from digitus.synthesis.pen.digit_strokes import fill_box, write
from digitus.synthesis.pen.pen_drawings import draw_on_canvas, log_uniform, random_pen
from digitus.synthesis.pen.smooth_curves import Points, smooth

FILLED_SIDE_PX = 64  # side of the canvas of a filled shape: twice a patch, and a margin
SUBPIXEL_BITS = 4  # OpenCV draws at 1/16 px


def scribble(rng: np.random.Generator) -> list[Points]:
    """Draw a tangle, a zigzag, a spiral, a coil or hatching."""
    return SCRIBBLES[rng.integers(len(SCRIBBLES))](rng)


def lines(rng: np.random.Generator) -> list[Points]:
    """Draw lines that are not a 1: one far from upright, one with a wide corner, or several."""
    kind = rng.integers(4)
    if kind == 0:
        return [_line(np.deg2rad(rng.uniform(-38, 28)), rng)]
    if kind == 1:
        return [_corner(rng)]
    if kind == 2:  # nearly parallel
        angle = rng.uniform(0, np.pi)
        shift = rng.uniform(0.2, 0.5) * np.array([-np.sin(angle), np.cos(angle)])
        return [_line(angle, rng) + k * shift for k in range(rng.integers(2, 5))]
    angles = rng.uniform(0, np.pi) + np.arange(rng.integers(3, 6)) * rng.uniform(0.5, 0.9)
    return [_line(angle, rng) + rng.normal(scale=0.25, size=2) for angle in angles]


def polygon(rng: np.random.Generator) -> list[Points]:
    """Draw a polygon of three to five corners, or an ellipse that is too wide for a 0."""
    if rng.random() < 0.25:
        return [_ellipse(rng, wide=rng.uniform(1.7, 3))]
    corners = _corners(rng, int(rng.integers(3, 6)))
    corners[:, 0] *= rng.uniform(1.1, 1.6)
    return [_dense(np.vstack([corners, corners[:1]]))]


def dots(rng: np.random.Generator) -> list[Points]:
    """Draw two to nine dots."""
    places = rng.random((rng.integers(2, 10), 2)) * [1, rng.uniform(0.2, 1)]
    return [place[None] for place in places]


def filled(rng: np.random.Generator) -> Ink:
    """Draw a filled polygon, ellipse, blob or silhouette (64, 64), often shaded."""
    kind = rng.integers(4)
    if kind == 0:
        return _blob(rng)
    if kind == 1:
        outline = _ellipse(rng, wide=rng.uniform(0.75, 2.5))
    elif kind == 2:
        outline = _corners(rng, int(rng.integers(3, 9))) * [rng.uniform(0.9, 1.5), 1]
    else:
        thing = THINGS[SILHOUETTES[rng.integers(len(SILHOUETTES))]]
        outline = write(thing.split("/")[0], rng, freedom=0.8)[0] * [rng.uniform(1.2, 1.7), 1]
    return _shaded(_fill(outline), rng)


def dabs(rng: np.random.Generator) -> Ink:
    """Draw one to four large dots of different width (64, 64)."""
    ink = np.zeros((FILLED_SIDE_PX, FILLED_SIDE_PX), np.float32)
    for place in rng.uniform(12, FILLED_SIDE_PX - 12, (rng.integers(1, 5), 1, 2)):
        pen = random_pen(rng, FILLED_SIDE_PX * rng.uniform(0.8, 2))
        np.maximum(ink, draw_on_canvas([place], FILLED_SIDE_PX, pen, rng), out=ink)
    return ink


def _tangle(rng: np.random.Generator) -> list[Points]:
    """A smooth curve through random points."""
    knots = rng.random((rng.integers(8, 22), 2)) * [rng.uniform(0.6, 1.6), 1]
    return [smooth(_dense(knots), rng.uniform(0.02, 0.15))]


def _zigzag(rng: np.random.Generator) -> list[Points]:
    count = int(rng.integers(5, 14))
    knots = np.column_stack([np.linspace(0, rng.uniform(0.7, 2), count), np.arange(count) % 2])
    knots += 0.1 * rng.standard_normal(knots.shape)
    return _turned([smooth(_dense(knots), rng.uniform(0, 0.08))], rng)


def _spiral(rng: np.random.Generator) -> list[Points]:
    turns = rng.uniform(2.5, 6)
    angle = np.linspace(0, 2 * np.pi * turns, round(30 * turns)) + rng.uniform(0, 6)
    radius = np.linspace(rng.uniform(0, 0.15), 0.5, len(angle))
    radius *= 1 + 0.05 * np.sin(angle * rng.uniform(0.3, 1.2))
    return [np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])]


def _coil(rng: np.random.Generator) -> list[Points]:
    """Loops in a row, as when trying a pen."""
    turns = rng.uniform(3, 7)
    angle = np.linspace(0, 2 * np.pi * turns, round(24 * turns))
    x = np.linspace(0, rng.uniform(0.8, 2.2), len(angle)) + rng.uniform(0.1, 0.35) * np.cos(angle)
    return _turned([np.column_stack([x, 0.5 * np.sin(angle) * (1 + 0.1 * np.sin(angle / 3))])], rng)


def _hatching(rng: np.random.Generator) -> list[Points]:
    angles = rng.uniform(0, np.pi) + np.array([0, np.pi / 2])[: rng.integers(1, 3)]
    return [stroke for angle in angles for stroke in _hatch(angle, rng)]


SCRIBBLES: tuple[Callable[[np.random.Generator], list[Points]], ...] = (
    _tangle, _tangle, _zigzag, _spiral, _coil, _hatching,
)  # fmt: skip


def _hatch(angle: float, rng: np.random.Generator) -> list[Points]:
    across = np.array([-np.sin(angle), np.cos(angle)])
    count = int(rng.integers(4, 9))
    return [
        _line(angle + rng.normal(scale=0.06), rng) + across * shift
        for shift in np.linspace(-0.5, 0.5, count)
    ]


def _line(angle: float, rng: np.random.Generator) -> Points:
    """A line about one box long through the center, at an angle to the horizontal."""
    length, bend = rng.uniform(0.7, 1.2), rng.normal(scale=0.05)
    position = np.linspace(-0.5, 0.5, 12)
    along = np.array([np.cos(angle), np.sin(angle)])
    line: Points = position[:, None] * length * along
    line += (bend * (1 - 4 * position**2))[:, None] * np.array([-along[1], along[0]])
    return line


def _corner(rng: np.random.Generator) -> Points:
    """Two lines that meet, open upwards, to the right or between; unlike those of a 7 or a 1."""
    middle = np.deg2rad(rng.choice([-90, -45, 0]) + rng.uniform(-20, 20))
    half = np.deg2rad(rng.uniform(22, 48))
    tips = [
        rng.uniform(0.7, 1) * np.array([np.cos(angle), np.sin(angle)])
        for angle in (middle - half, middle + half)
    ]
    return smooth(_dense(np.vstack([tips[0], [0, 0], tips[1]])), rng.uniform(0, 0.08))


def _corners(rng: np.random.Generator, count: int) -> Points:
    """Corners (count, 2) of a polygon, in order around its center."""
    angle = 2 * np.pi * (np.arange(count) + 0.6 * rng.random(count) + rng.random()) / count
    radius = rng.uniform(0.35, 0.5, count)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _ellipse(rng: np.random.Generator, *, wide: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 49) + rng.uniform(0, 6)
    radius = 0.5 * (1 + 0.05 * np.sin(2 * angle + rng.uniform(0, 6)))
    tilt = rng.normal(scale=0.15)
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    ellipse: Points = (
        np.column_stack([wide * radius * np.cos(angle), radius * np.sin(angle)]) @ turn
    )
    return ellipse


def _turned(curves: list[Points], rng: np.random.Generator) -> list[Points]:
    """Rotate curves by a random angle."""
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [curve @ turn for curve in curves]


def _dense(knots: Points) -> Points:
    """Points close together on the straight lines between the knots."""
    steps = np.arange(0, len(knots) - 1 + 1e-9, 1 / 10)
    at = np.arange(len(knots))
    return np.column_stack([np.interp(steps, at, axis) for axis in knots.T])


def _fill(outline: Points) -> Ink:
    """Scale an outline to the canvas and fill it, as ink (64, 64)."""
    points = fill_box([outline])[0] * (FILLED_SIDE_PX - 8) + 4
    ink = np.zeros((FILLED_SIDE_PX, FILLED_SIDE_PX), np.uint8)
    fixed = np.rint(points * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.fillPoly(ink, [fixed], 255, cv2.LINE_AA, SUBPIXEL_BITS)
    return np.asarray(ink, np.float32) / np.float32(255)


def _blob(rng: np.random.Generator) -> Ink:
    """A filled shape with a wavy outline."""
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    waves = sum(
        rng.normal(scale=0.3 / order) * np.sin(order * angle + rng.uniform(0, 6))
        for order in range(2, 6)
    )
    radius = np.maximum(1 + waves, 0.3)
    return _fill(np.column_stack([1.2 * radius * np.cos(angle), radius * np.sin(angle)]))


def _shaded(ink: Ink, rng: np.random.Generator) -> Ink:
    """Shade a filled shape like the photo of an object, or leave it black."""
    if rng.random() < 0.4:
        return ink
    shade = clouds(rng, int(rng.integers(1, 5)))
    shade = cv2.resize(shade, ink.shape[::-1]) * log_uniform(rng, 0.2, 1)
    return ink * (1 - shade)
