"""Pens: chisel nib, brush, dry ballpoint, bleeding felt-tip, colored pencil, chalk, carbon copy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from held_out.shapes import Points

Ink: TypeAlias = NDArray[np.float32]
"""(rows, cols), 0.0 no ink to 1.0 full ink."""

Rgb: TypeAlias = tuple[float, float, float]
"""Red, green and blue from 0.0 to 1.0."""

Texture: TypeAlias = Callable[[Ink, float, np.random.Generator], Ink]
"""Changes even ink to that of a pen of a width in pixels."""

SCALE = 4  # strokes are drawn this much larger
STEP_PX = 0.7  # between two points of a stroke


@dataclass(frozen=True)
class Pen:
    """What draws a stroke.

    Attributes:
        colors: one is chosen for each page.
        width: range of the width, as a share of a digit's height.
        nib: round; chisel: broad in one direction; brush: broad where it is pressed.
        texture: of the ink on the paper.
        gaps: share of the stroke where the ink fails.
        least_px: smallest width.
    """

    colors: tuple[Rgb, ...]
    width: tuple[float, float]
    nib: Literal["round", "chisel", "brush"] = "round"
    texture: Texture | None = None
    gaps: float = 0.0
    least_px: float = 1.4

    def width_px(self, height_px: float, rng: np.random.Generator) -> float:
        """Return a width for digits of a height."""
        return max(self.least_px, float(rng.uniform(*self.width)) * height_px)


def draw_strokes(
    strokes: Sequence[Points], pen: Pen, width_px: float, rng: np.random.Generator
) -> tuple[Ink, int, int]:
    """Draw strokes, given in pixels; return the ink, its left column and its top row."""
    points = np.vstack(strokes)
    margin = width_px + 3
    left, top = np.floor(points.min(axis=0) - margin).astype(int).tolist()
    cols, rows = np.ceil(np.ptp(points, axis=0) + 2 * margin + 1).astype(int).tolist()
    canvas = np.zeros((rows * SCALE, cols * SCALE), np.uint8)
    for stroke in strokes:
        _draw((_resampled(stroke) - (left, top)) * SCALE, pen, width_px * SCALE, canvas, rng)
    small = cv2.resize(canvas, (cols, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255), left, top


def _draw(
    path: Points, pen: Pen, width: float, canvas: NDArray[np.uint8], rng: np.random.Generator
) -> None:
    """Draw one dense path on a canvas, all in pixels of the canvas."""
    strength = _strength(len(path), pen.gaps, rng)
    radii = _radii(path, pen.nib, width / 2)
    nib = np.array([np.cos(-0.75), np.sin(-0.75)]) * width / 2
    for i, (start, end) in enumerate(pairwise(path)):
        value = int(255 * strength[i])
        if pen.nib == "chisel":
            corners = np.array([start - nib, start + nib, end + nib, end - nib])
            hull = cv2.convexHull(np.rint(corners).astype(np.int32))
            cv2.fillConvexPoly(canvas, hull, value, cv2.LINE_AA)
        thickness = max(1, round(2 * radii[i]))
        ends = np.rint([start, end]).astype(int).tolist()
        cv2.line(canvas, ends[0], ends[1], value, thickness, cv2.LINE_AA)


def _radii(path: Points, nib: str, radius: float) -> NDArray[np.float64]:
    """Return the radius at each point: even, or that of a brush pressed more going down."""
    n = len(path)
    if nib == "chisel":
        return np.full(n, radius * 0.34)
    if nib == "round" or n < 4:
        return np.full(n, radius)
    step = np.gradient(path, axis=0)
    down = step[:, 1] / np.maximum(np.hypot(*step.T), 1e-9)
    ends = np.sin(np.linspace(0.3, np.pi - 0.3, n)) ** 0.4
    pressed = np.convolve(np.pad(0.72 + 0.33 * down, 6, mode="edge"), np.full(13, 1 / 13), "valid")
    return radius * ends * pressed


def _strength(n: int, gaps: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the ink's strength along n points: it fails in short runs of a share of them."""
    strength = np.ones(n)
    if gaps and n > 12:
        for _ in range(rng.poisson(gaps * n / 5)):
            start = int(rng.integers(2, n - 4))
            strength[start : start + int(rng.integers(3, 8))] = rng.uniform(0.15, 0.5)
    return strength


def _resampled(stroke: Points) -> Points:
    """Return points at even distances along a stroke in pixels."""
    at = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    even = np.linspace(0, at[-1], max(2, round(at[-1] / STEP_PX)))
    return np.column_stack([np.interp(even, at, stroke[:, axis]) for axis in (0, 1)])


def noise(shape: tuple[int, ...], size_px: float, rng: np.random.Generator) -> Ink:
    """Return smooth noise (rows, cols) of mean 0 and standard deviation 1."""
    rows, cols = shape
    shrink = max(1.0, size_px / 1.5)
    small = (int(rows / shrink) + 3, int(cols / shrink) + 3)
    grains = rng.standard_normal(small, np.float32)
    blurred = cv2.GaussianBlur(grains, (0, 0), max(0.3, size_px / shrink))
    large = cv2.resize(blurred, (cols, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray((large - large.mean()) / max(float(large.std()), 1e-6), np.float32)


def _bleeding(ink: Ink, width_px: float, rng: np.random.Generator) -> Ink:
    """Feather the edges along the fibres, with a pale halo."""
    soft = cv2.GaussianBlur(ink, (0, 0), max(0.5, 0.22 * width_px))
    feathered = (soft + 0.09 * noise(ink.shape, 1.3, rng) * (soft > 0.03) - 0.3) / 0.3
    halo = 0.22 * cv2.GaussianBlur(ink, (0, 0), max(1.0, 0.7 * width_px))
    return np.asarray(np.clip(np.maximum(feathered, halo), 0, 1), np.float32)


def _waxy(ink: Ink, width_px: float, rng: np.random.Generator) -> Ink:
    """Leave the valleys of a rough paper free, as a colored pencil does."""
    tooth = 0.6 * noise(ink.shape, 0.7, rng) + 0.5 * noise(ink.shape, 1.6, rng)
    return np.asarray(ink * np.clip(0.72 + 0.34 * tooth, 0.12, 1), np.float32)


def _chalky(ink: Ink, width_px: float, rng: np.random.Generator) -> Ink:
    """Break the strokes into grains, with dust around them."""
    grains = 0.8 * noise(ink.shape, 0.8, rng) + 0.5 * noise(ink.shape, 2.2, rng)
    dust = 0.1 * cv2.GaussianBlur(ink, (0, 0), 2.5 * width_px)
    return np.asarray(np.clip(ink * np.clip(0.85 + 0.36 * grains, 0.1, 1) + dust, 0, 1), np.float32)


def _copied(ink: Ink, width_px: float, rng: np.random.Generator) -> Ink:
    """Blur the strokes and press them unevenly through, as carbon paper does."""
    soft = cv2.GaussianBlur(ink, (0, 0), max(0.8, 0.35 * width_px))
    pressure = np.clip(0.92 + 0.16 * noise(ink.shape, 14, rng), 0.55, 1.15)
    grains = 1 + 0.1 * noise(ink.shape, 0.8, rng)
    return np.asarray(np.clip(1.25 * soft * pressure * grains, 0, 1), np.float32)


def _dry(ink: Ink, width_px: float, rng: np.random.Generator) -> Ink:
    """Make the ink a little uneven along the paper's grain."""
    return np.asarray(ink * np.clip(0.9 + 0.14 * noise(ink.shape, 1.1, rng), 0, 1), np.float32)


CHISEL = Pen(((0.16, 0.1, 0.08), (0.1, 0.12, 0.3), (0.08, 0.25, 0.22)), (0.13, 0.19), "chisel")
BRUSH = Pen(((0.07, 0.07, 0.08), (0.3, 0.08, 0.1)), (0.14, 0.2), "brush", _dry)
BALLPOINT = Pen(((0.12, 0.16, 0.48), (0.1, 0.1, 0.11)), (0.055, 0.085), "round", _dry, 0.02)
FELT_TIP = Pen(
    ((0.1, 0.1, 0.14), (0.12, 0.16, 0.42), (0.35, 0.1, 0.4)), (0.1, 0.15), "round", _bleeding
)
COLORED_PENCIL = Pen(
    ((0.62, 0.16, 0.14), (0.12, 0.36, 0.2), (0.2, 0.26, 0.6)), (0.08, 0.12), "round", _waxy
)
CHALK = Pen(
    ((0.93, 0.93, 0.9), (0.95, 0.9, 0.66), (0.95, 0.8, 0.84)), (0.11, 0.15), "round", _chalky
)
CARBON = Pen(((0.2, 0.24, 0.56), (0.28, 0.24, 0.5)), (0.08, 0.11), "round", _copied)
