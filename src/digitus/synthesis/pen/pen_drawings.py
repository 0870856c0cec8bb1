"""Labelled patches of digits drawn with random pens on canvases of random size."""

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


@dataclass(frozen=True)
class DrawingParameters:
    """Ranges of the random drawings. Set by hand; no search is recorded.

    A share is that of the drawings to which a property applies.

    Attributes:
        canvas_px: side of the canvas, log-uniform: from a small window to a large one.
        filled: long side of the drawing, as a share of the canvas.
        pen: width of the pen, as a share of the drawing's long side: from a ballpoint to a thick
            marker.
        freedom: variation of the handwriting; see ``draw_digit``.
        pressure_share: pens whose width changes with the pressure.
        pressure: change of the width, as a share of it.
        pressure_levels: number of different widths of such a pen.
        mouse_share: drawings whose points are as far apart as those of a fast mouse.
        mouse_steps: such a drawing keeps every third to every seventh point.
        blur_share: pens with a soft edge.
        blur: standard deviation of that blur, as a share of the pen's width.
        hard_share: drawings without grey, as made without antialiasing.
    """

    canvas_px: tuple[float, float] = (48, 300)
    filled: tuple[float, float] = (0.4, 0.92)
    pen: tuple[float, float] = (0.03, 0.19)
    freedom: tuple[float, float] = (0.4, 1.35)
    pressure_share: float = 0.4
    pressure: tuple[float, float] = (0.1, 0.4)
    pressure_levels: int = 3
    mouse_share: float = 0.15
    mouse_steps: tuple[int, int] = (3, 7)
    blur_share: float = 0.3
    blur: tuple[float, float] = (0.1, 0.35)
    hard_share: float = 0.15


DRAWINGS = DrawingParameters()


@dataclass(frozen=True)
class Pen:
    """A round pen.

    Attributes:
        width_px: diameter of the line.
        pressure: largest change of the width along the line, as a share of it.
        blur_px: standard deviation of the blur of the edge; 0.0 is a sharp edge.
        is_hard: whether every pixel is either paper or full ink.
    """

    width_px: float
    pressure: float = 0.0
    blur_px: float = 0.0
    is_hard: bool = False


def pen_patches(n: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw ``n`` digits in random order, each of the ten equally often (to within one).

    Args:
        n: number of patches.
        rng: chooses everything.

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


def draw_ink(digit: int, rng: np.random.Generator) -> Ink:
    """Draw a digit with a random pen on a random square canvas as ink.

    Args:
        digit: 0 to 9.
        rng: chooses allograph, variation, pen and canvas.
    """
    shapes = list(DIGITS[digit].values())
    shape = shapes[rng.integers(len(shapes))]
    return ink_of(write(shape, rng, freedom=rng.uniform(*DRAWINGS.freedom)), rng)


def ink_of(curves: list[Points], rng: np.random.Generator) -> Ink:
    """Draw curves of any size with a random pen on a random square canvas as ink."""
    side = round(log_uniform(rng, *DRAWINGS.canvas_px))
    if rng.random() < DRAWINGS.mouse_share:
        curves = _thinned_out(curves, rng)
    size = side * rng.uniform(*DRAWINGS.filled)
    return draw_on_canvas(_placed(curves, size, side, rng), side, random_pen(rng, size), rng)


def draw_on_canvas(curves: list[Points], side: int, pen: Pen, rng: np.random.Generator) -> Ink:
    """Draw curves, in pixels, on a square canvas as ink (side, side); rng chooses the pressure."""
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
    width_px = max(1.0, size * rng.uniform(*DRAWINGS.pen))
    return Pen(
        width_px,
        pressure=rng.uniform(*DRAWINGS.pressure) if rng.random() < DRAWINGS.pressure_share else 0.0,
        blur_px=width_px * rng.uniform(*DRAWINGS.blur)
        if rng.random() < DRAWINGS.blur_share
        else 0.0,
        is_hard=rng.random() < DRAWINGS.hard_share,
    )


def blurred(ink: Ink, sigma_px: float) -> Ink:
    """Blur ink with a Gaussian."""
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), sigma_px), np.float32)


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number from a log-uniform distribution."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _placed(curves: list[Points], size: float, side: int, rng: np.random.Generator) -> list[Points]:
    corner = rng.uniform(0.04, 1, 2) * (side - size) * 0.96
    return [corner + size * curve for curve in fill_box(curves)]


def _thinned_out(curves: list[Points], rng: np.random.Generator) -> list[Points]:
    """Keep so few points that the straight lines between them are visible, as a fast mouse does."""
    step = int(rng.integers(*DRAWINGS.mouse_steps, endpoint=True))
    return [np.vstack([curve[:-1:step], curve[-1:]]) for curve in curves]


def _draw_with_pressure(curves: list[Points], side: int, pen: Pen, rng: np.random.Generator) -> Ink:
    """Draw the sections of the curves, those of the same width at once."""
    by_level: list[list[Points]] = [[] for _ in range(DRAWINGS.pressure_levels)]
    for curve in curves:
        for level, section in _sections(curve, rng):
            by_level[level].append(section)
    ink = np.zeros((side, side), np.float32)
    for level, sections in enumerate(by_level):
        if sections:
            change = 2 * level / (DRAWINGS.pressure_levels - 1) - 1
            width_px = max(1.0, pen.width_px * (1 + pen.pressure * change))
            strokes = as_strokes(sections)
            drawn = render_strokes(strokes, width=side, height=side, pen_px=width_px)
            np.maximum(ink, drawn, out=ink)
    return ink


def _sections(curve: Points, rng: np.random.Generator) -> list[tuple[int, Points]]:
    """Split a curve into sections of one pressure level; the pressure is a slow sine wave."""
    position = np.linspace(0, 1, len(curve))
    wave = np.sin(2 * np.pi * (rng.uniform(0.3, 1.3) * position + rng.random()))
    levels = np.rint((wave + 1) / 2 * (DRAWINGS.pressure_levels - 1)).astype(int)
    cuts = np.flatnonzero(np.diff(levels)) + 1
    starts, ends = [0, *cuts], [*(cuts + 1), len(curve)]  # each section overlaps the next
    return [(int(levels[start]), curve[start:end]) for start, end in zip(starts, ends, strict=True)]
