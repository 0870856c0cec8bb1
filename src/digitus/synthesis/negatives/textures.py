"""Textures: noise, clouds, stripes, grids and parts of photos."""

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.pen.pen_drawings import blurred

TEXTURE_PX = 56  # twice the side of a patch, which holds all detail that a patch can show

Waves: TypeAlias = NDArray[np.float32]
"""(56, 56), -1.0 to 1.0."""


def texture(rng: np.random.Generator) -> Ink:
    """Draw a random texture as ink (56, 56), in some cases within a window with paper around it."""
    ink = TEXTURES[rng.integers(len(TEXTURES))](rng)
    if rng.random() < 0.4:
        ink = ink * _window(rng)
    return as_ink(ink)


def clouds(rng: np.random.Generator, cells: int) -> Ink:
    """Return a smooth random field (56, 56) from 0 to 1.

    Args:
        rng: chooses the field.
        cells: number of light and dark areas along a side, about.
    """
    octaves = [rng.standard_normal((cells * 2**k + 1,) * 2).astype(np.float32) for k in range(2)]
    size = (TEXTURE_PX, TEXTURE_PX)
    coarse, fine = (cv2.resize(octave, size, interpolation=cv2.INTER_CUBIC) for octave in octaves)
    return _stretch(np.asarray(coarse + fine / 2, np.float32))


def as_ink(values: ArrayLike) -> Ink:
    """Clip to the range of ink, 0.0 to 1.0."""
    return np.asarray(values, np.float32).clip(0, 1)


def _noise(rng: np.random.Generator) -> Ink:
    cells = int(rng.integers(8, TEXTURE_PX))
    noise = rng.random((cells, cells), np.float32) ** rng.uniform(0.5, 6)
    return as_ink(cv2.resize(noise, (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_AREA))


def _clouds(rng: np.random.Generator) -> Ink:
    ink = clouds(rng, int(rng.integers(2, 6)))
    if rng.random() < 0.4:  # thresholded, with a soft edge
        return as_ink((ink - rng.uniform(0.35, 0.65)) * rng.uniform(3, 20) + 0.5)
    return ink


def _stripes(rng: np.random.Generator) -> Ink:
    return _sharpened(_wave(rng, rng.uniform(3, 9)), rng)


def _checkers(rng: np.random.Generator) -> Ink:
    angle, periods = rng.uniform(0, np.pi), rng.uniform(1.5, 5)
    return _sharpened(_wave(rng, periods, angle) * _wave(rng, periods, angle + np.pi / 2), rng)


def _grid(rng: np.random.Generator) -> Ink:
    angle, periods, width = rng.normal(scale=0.15), rng.uniform(2, 6), rng.uniform(0.6, 0.95)
    waves = [_wave(rng, periods, angle + turn) for turn in (0, np.pi / 2)]
    return as_ink((np.maximum(*waves) - width) * 12)


def _gradient(rng: np.random.Generator) -> Ink:
    """Part of a photo: a slow change of light and the edges of a few objects."""
    ink = _wave(rng, rng.uniform(0.2, 0.8)) / 2 + 0.5
    for _ in range(rng.integers(1, 5)):
        side = _wave(rng, rng.uniform(0.3, 1)) > rng.uniform(-0.7, 0.7)
        ink = np.where(side, ink * rng.uniform(0.2, 0.9) + rng.uniform(0, 0.5), ink)
    return blurred(as_ink(ink), rng.uniform(0.4, 2))


def _photo(rng: np.random.Generator) -> Ink:
    """Areas of a few shades with dark edges between them."""
    field = clouds(rng, int(rng.integers(2, 4)))
    shades = rng.random(int(rng.integers(3, 6))).astype(np.float32)
    areas = shades[np.minimum((field * len(shades)).astype(int), len(shades) - 1)]
    edges = np.abs(cv2.Laplacian(areas, cv2.CV_32F))
    return as_ink(areas * rng.uniform(0, 1) + edges)


TEXTURES: tuple[Callable[[np.random.Generator], Ink], ...] = (
    _noise, _clouds, _stripes, _checkers, _grid, _gradient, _photo,
)  # fmt: skip


def _wave(rng: np.random.Generator, periods: float, angle: float | None = None) -> Waves:
    """A slightly bent plane wave (56, 56) from -1 to 1."""
    angle = rng.uniform(0, np.pi) if angle is None else angle
    rows, cols = _ROWS_COLS
    along = np.cos(angle) * cols + np.sin(angle) * rows
    across = np.cos(angle) * rows - np.sin(angle) * cols
    bent = along + rng.uniform(0, 0.04) * np.sin(2 * np.pi * (across + rng.random()))
    wave: Waves = np.sin(2 * np.pi * (periods * bent + rng.random()), dtype=np.float32)
    return wave


def _sharpened(wave: Waves, rng: np.random.Generator) -> Ink:
    """Turn waves into bars of random width and sharpness."""
    return as_ink((wave - rng.uniform(-0.6, 0.6)) * rng.uniform(1, 8) + 0.5)


def _window(rng: np.random.Generator) -> Ink:
    """Mask (56, 56) of an ellipse or a rectangle, which is not clearly higher than wide."""
    rows, cols = _ROWS_COLS
    height, width = rng.uniform(0.25, 0.5), rng.uniform(0.35, 0.5)
    power = rng.choice([2, 8])
    inside = np.abs((rows - 0.5) / height) ** power + np.abs((cols - 0.5) / width) ** power <= 1
    return as_ink(inside)


def _stretch(field: Waves) -> Ink:
    low, high = field.min(), field.max()
    return as_ink((field - low) / max(float(high - low), 1e-6))


_ROWS_COLS = np.indices((TEXTURE_PX, TEXTURE_PX), np.float32) / TEXTURE_PX + 0.5 / TEXTURE_PX
