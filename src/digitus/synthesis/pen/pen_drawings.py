"""Labelled drawings without limit: digits of our own pen, laid out as the networks want them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.patch import PATCH_PX, make_patch
from digitus.imaging.strokes import render_strokes
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.digit_strokes import as_strokes, fill_box, write
from digitus.synthesis.pen.smooth_curves import Points

CANVAS_PX = (48, 300)  # a small window to a large one
FILLED = (0.4, 0.92)  # share of the canvas that the drawing takes
PEN = (0.03, 0.19)  # of the drawing's long side: from a ballpoint to a fat marker
FREEDOM = (0.4, 1.35)
PRESSURE_SHARE = 0.4  # of the drawings, those whose pen grows wider where it is pressed
PRESSURE = (0.1, 0.4)
PRESSURE_LEVELS = 3
MOUSE_SHARE = 0.15  # of the drawings, those with points as far apart as a quick mouse reports
MOUSE_STEPS = (3, 7)  # it keeps every third to every seventh point
BLUR_SHARE = 0.3
BLUR = (0.1, 0.35)  # of the pen's width
HARD_SHARE = 0.15  # of the drawings, those without any grey, as an old paint program makes them


@dataclass(frozen=True)
class Pen:
    """What draws; lengths in pixels.

    Attributes:
        width_px: diameter of the line.
        pressure: by which share the line grows and shrinks on its way.
        blur_px: standard deviation of the soft edge; 0.0 is a sharp one.
        is_hard: whether a pixel is either paper or full ink.
    """

    width_px: float
    pressure: float = 0.0
    blur_px: float = 0.0
    is_hard: bool = False


def pen_patches(n: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw ``n`` digits, as many of each as of the others, give or take one, in random order.

    Returns:
        Patches (n, 28, 28), 0.0 paper to 1.0 full ink, and labels (n,).

    Raises:
        ValueError: if ``n`` is negative.

    >>> patches, labels = pen_patches(20, np.random.default_rng(0))
    >>> np.bincount(labels).tolist()
    [2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    """
    if n < 0:
        raise ValueError(f"cannot draw {n} digits")
    labels = rng.permutation(np.arange(n) % 10)
    patches = np.empty((n, PATCH_PX, PATCH_PX), np.float32)
    for patch, label in zip(patches, labels.tolist(), strict=True):
        patch[:] = make_patch(draw_ink(label, rng))
    return patches, labels


def draw_ink(digit: int, rng: np.random.Generator, *, way: str | None = None) -> Ink:
    """Draw a digit with a random pen on a random square canvas as ink.

    Args:
        digit: 0 to 9.
        rng: chooses everything else.
        way: the name of the allograph, one of ``DIGITS[digit]``; None draws lots.
    """
    ways = DIGITS[digit]
    name = list(ways)[rng.integers(len(ways))] if way is None else way
    return ink_of(write(ways[name], rng, freedom=rng.uniform(*FREEDOM)), rng)


def ink_of(curves: list[Points], rng: np.random.Generator) -> Ink:
    """Draw curves of any size with a random pen on a random square canvas as ink."""
    side = round(log_uniform(rng, *CANVAS_PX))
    if rng.random() < MOUSE_SHARE:
        curves = _as_a_mouse_reports(curves, rng)
    size = side * rng.uniform(*FILLED)
    return draw(_placed(curves, size, side, rng), side, random_pen(rng, size), rng)


def draw(curves: list[Points], side: int, pen: Pen, rng: np.random.Generator) -> Ink:
    """Draw curves, in pixels, on a square canvas as ink (side, side)."""
    if pen.pressure:
        ink = _draw_with_pressure(curves, side, pen, rng)
    else:
        ink = render_strokes(as_strokes(curves), width=side, height=side, pen_px=pen.width_px)
    if pen.is_hard:
        ink[:] = ink >= min(0.5, ink.max())
        return ink
    return blurred(ink, pen.blur_px) if pen.blur_px else ink


def random_pen(rng: np.random.Generator, size: float) -> Pen:
    """Choose a pen for a drawing whose long side is ``size`` pixels."""
    width_px = max(1.0, size * rng.uniform(*PEN))
    return Pen(
        width_px,
        pressure=rng.uniform(*PRESSURE) if rng.random() < PRESSURE_SHARE else 0.0,
        blur_px=width_px * rng.uniform(*BLUR) if rng.random() < BLUR_SHARE else 0.0,
        is_hard=rng.random() < HARD_SHARE,
    )


def blurred(ink: Ink, sigma_px: float) -> Ink:
    """Blur ink by a Gaussian."""
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), sigma_px), np.float32)


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number whose logarithm is uniform: as often from 1 to 2 as from 2 to 4."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _placed(curves: list[Points], size: float, side: int, rng: np.random.Generator) -> list[Points]:
    corner = rng.uniform(0.04, 1, 2) * (side - size) * 0.96
    return [corner + size * curve for curve in fill_box(curves)]


def _as_a_mouse_reports(curves: list[Points], rng: np.random.Generator) -> list[Points]:
    """Points so far apart that the straight lines between them show."""
    step = int(rng.integers(*MOUSE_STEPS, endpoint=True))
    return [np.vstack([curve[:-1:step], curve[-1:]]) for curve in curves]


def _draw_with_pressure(curves: list[Points], side: int, pen: Pen, rng: np.random.Generator) -> Ink:
    """Draw the parts of the curves that have about the same width together."""
    parts: list[list[Points]] = [[] for _ in range(PRESSURE_LEVELS)]
    for curve in curves:
        for level, part in _parts(curve, rng):
            parts[level].append(part)
    ink = np.zeros((side, side), np.float32)
    for level, of_level in enumerate(parts):
        if of_level:
            share = 2 * level / (PRESSURE_LEVELS - 1) - 1
            width_px = max(1.0, pen.width_px * (1 + pen.pressure * share))
            strokes = as_strokes(of_level)
            np.maximum(
                ink, render_strokes(strokes, width=side, height=side, pen_px=width_px), out=ink
            )
    return ink


def _parts(curve: Points, rng: np.random.Generator) -> list[tuple[int, Points]]:
    """Split a curve where the pressure changes, which it does slowly: levels and points."""
    way = np.linspace(0, 1, len(curve))
    wave = np.sin(2 * np.pi * (rng.uniform(0.3, 1.3) * way + rng.random()))
    levels = np.rint((wave + 1) / 2 * (PRESSURE_LEVELS - 1)).astype(int)
    cuts = np.flatnonzero(np.diff(levels)) + 1
    starts, ends = [0, *cuts], [*(cuts + 1), len(curve)]  # each part reaches into the next
    return [(int(levels[start]), curve[start:end]) for start, end in zip(starts, ends, strict=True)]
