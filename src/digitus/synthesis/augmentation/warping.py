"""Affine maps and elastic distortions of many patches, in one resampling.

The source coordinates of the pixels are linear combinations of a few fixed fields over the patch:
the constant, the row, the column, and cosine waves of low frequency. So the source coordinates of
all patches are one matrix product.

The waves give the elastic distortion of P. Simard, D. Steinkraus, J. Platt, "Best practices for
convolutional neural networks applied to visual document analysis", 2003: white noise, smoothed
with a Gaussian of standard deviation sigma. In the orthonormal cosine basis white noise stays
white, and the smoothing, mirrored at the border, multiplies wave (i, j) by
exp(-(sigma pi / 28)**2 (i**2 + j**2) / 2). Waves whose factor is negligible are left out.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.patch.centering import LONG_SIDE_PX, PATCH_PX
from digitus.synthesis.augmentation.distortions import CELL_PX, MARGIN_PX, Cells, Floats, stacked

CENTER_PX = (PATCH_PX - 1) / 2
WAVES = 7  # half waves across the patch; at sigma 3 px the next one has 2 % of its amplitude
LEAST_SIGMA_PX = 3.0  # a smaller sigma would need more waves


@dataclass(frozen=True)
class Warps:
    """Affine map and elastic distortion of each of n patches; float32.

    Attributes:
        inverse: (n, 2, 2), maps (row, col) of the result, relative to the center, to the source.
        shift_px: (n, 2), shift down and to the right.
        elastic_px: (n,) root mean square of the elastic displacement along each axis, over the
            middle 20 x 20 pixels.
        sigma_px: (n,) standard deviation of the Gaussian that smooths it, 3 or more.
    """

    inverse: Floats
    shift_px: Floats
    elastic_px: Floats
    sigma_px: Floats


def inverse_maps(
    angle_deg: Floats, *, shear: Floats, row_scale: Floats, col_scale: Floats
) -> Floats:
    """Return matrices (n, 2, 2) from result to source: inverse rotation, shear and scale.

    Args:
        angle_deg: (n,) rotation, positive counterclockwise on the screen.
        shear: (n,) columns to the right for each row above the center.
        row_scale: (n,) factor on the height.
        col_scale: (n,) factor on the width.
    """
    angle = np.deg2rad(angle_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    inverse = np.empty((len(angle), 2, 2), np.float32)
    inverse[:, 0] = np.stack([cos, sin], axis=1) / row_scale[:, None]
    unsheared = np.stack([-sin + shear * cos, cos + shear * sin], axis=1)
    inverse[:, 1] = unsheared / col_scale[:, None]
    return inverse


def warp(cells: Cells, warps: Warps, rng: np.random.Generator) -> Floats:
    """Warp cells into patches (n, 28, 28), with bilinear interpolation and paper outside.

    Args:
        cells: (n, 32, 32).
        warps: the map of each cell.
        rng: chooses the elastic displacements.
    """
    n = len(cells)
    rows, cols = _positions(warps, rng)
    top = np.arange(n, dtype=np.float32)[:, None] * CELL_PX
    rows += top
    np.maximum(rows, top, out=rows)  # stay within the cell of the same patch
    np.minimum(rows, top + (CELL_PX - 1), out=rows)
    flat = (n * PATCH_PX, PATCH_PX)
    warped = cv2.remap(
        stacked(cells),
        cols.reshape(flat),
        rows.reshape(flat),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return np.asarray(warped, np.float32).reshape(n, PATCH_PX, PATCH_PX)


def _positions(warps: Warps, rng: np.random.Generator) -> Floats:
    """Source rows and columns in each cell, (2, n, 784), of the pixels of the result."""
    start = CENTER_PX + MARGIN_PX - warps.inverse @ warps.shift_px[:, :, None]
    affine = np.concatenate([start, warps.inverse], axis=2).transpose(1, 0, 2)
    weights = np.concatenate([affine, _random_waves(warps, rng)], axis=2)
    fields = _fields()
    return np.reshape(weights.reshape(-1, len(fields)) @ fields, (2, len(start), -1))


def _random_waves(warps: Warps, rng: np.random.Generator) -> Floats:
    """Amplitudes (2, n, waves) of the waves in the displacement of rows and columns."""
    squares = (_wave_numbers() ** 2).sum(axis=1).astype(np.float32)
    decay = (warps.sigma_px * (np.pi / PATCH_PX)) ** 2 / 2
    amplitudes = np.exp(-decay[:, None] * squares)
    amplitudes *= (warps.elastic_px / np.sqrt(amplitudes**2 @ _mean_squares()))[:, None]
    drawn = rng.standard_normal((2, *amplitudes.shape), dtype=np.float32)
    drawn *= amplitudes
    return drawn


@cache
def _wave_numbers() -> NDArray[np.int64]:
    """Frequencies (waves, 2) of (i, j) in a quarter disc, without (0, 0), which is a shift."""
    pairs: NDArray[np.int64] = np.argwhere(np.ones((WAVES, WAVES), bool))
    squares = (pairs**2).sum(axis=1)
    return np.compress((squares > 0) & (squares < WAVES**2), pairs, axis=0)


@cache
def _mean_squares() -> Floats:
    """Mean square (waves,) over the middle 20 x 20 pixels, where digits are.

    Cosine waves are larger at the border, so the mean over the whole patch would be too large.
    """
    waves = _fields()[3:].reshape(-1, PATCH_PX, PATCH_PX)
    edge = (PATCH_PX - LONG_SIDE_PX) // 2
    return np.asarray((waves[:, edge:-edge, edge:-edge] ** 2).mean(axis=(1, 2)), np.float32)


@cache
def _fields() -> Floats:
    """Fields (3 + waves, 784): constant, row and column from the center, orthogonal waves."""
    pixel = np.arange(PATCH_PX)
    wave = np.cos(np.pi / PATCH_PX * np.outer(np.arange(WAVES), pixel + 0.5))
    wave[1:] *= np.sqrt(2)
    row, col = np.meshgrid(pixel - CENTER_PX, pixel - CENTER_PX, indexing="ij")
    waves = [np.outer(wave[i], wave[j]) for i, j in _wave_numbers()]
    fields = np.stack([np.ones_like(row), row, col, *waves])
    return np.ascontiguousarray(fields.reshape(len(fields), -1), np.float32)
