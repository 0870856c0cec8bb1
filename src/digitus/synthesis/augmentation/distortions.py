"""Change of stroke width, blur, erased bars, grain and contrast of many patches at once.

The morphological operations and the blur work on cells: the patches stacked in one tall image, each
with a margin of blank paper, so that OpenCV is called once for all patches. A call per patch costs
more than its work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.patch.patch import PATCH_PX

MARGIN_PX = 2  # the largest reach of an operation: the binomial blur's
CELL_PX = PATCH_PX + 2 * MARGIN_PX

Floats: TypeAlias = NDArray[np.float32]
Cells: TypeAlias = NDArray[np.float32]
"""(n, 32, 32), contiguous: each patch with a margin of paper around it."""

Rows: TypeAlias = NDArray[np.intp]
"""(m,) indices of the cells or patches to change."""

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
_BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16  # variance 1 px**2


@dataclass(frozen=True)
class BarParameters:
    """Place and size of an erased bar.

    Attributes:
        length_px: range of its length: from a stroke's width to half of a digit.
        reach_px: largest distance of its center from the patch's center, along each axis. The bar
            stays on the digit, which is 20 px long.
    """

    length_px: tuple[float, float] = (3.0, 9.0)
    reach_px: float = 9.0


BAR = BarParameters()


def put_into_cells(patches: Floats) -> Cells:
    """Copy patches (n, 28, 28) into new cells."""
    cells = np.zeros((len(patches), CELL_PX, CELL_PX), np.float32)
    cells[:, MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = patches
    return cells


def stacked(cells: Cells) -> Floats:
    """Return a view of all cells as one tall image (32 n, 32)."""
    return cells.reshape(-1, CELL_PX)


def thicken(cells: Cells, which: Rows, amount_px: Floats) -> None:
    """Widen strokes by up to a pixel on every side.

    The result lies between the cell and its grey dilation with a cross of 3 x 3 pixels.

    Args:
        cells: changed in place.
        which: (m,) cells to change.
        amount_px: (m,) 0.0 to 1.0, the weight of the dilation.
    """
    _blend(cells, which, _dilated, amount_px)


def thin(cells: Cells, which: Rows, amount_px: Floats) -> None:
    """Narrow strokes by up to a pixel on every side; strokes too thin for it are kept.

    The full step is one step of the morphological skeleton (C. Lantuejoul, 1978): the maximum of
    the erosion and of what an opening removes, which are the strokes too thin to be eroded.

    Args:
        cells: changed in place.
        which: (m,) cells to change.
        amount_px: (m,) 0.0 to 1.0, the weight of the full step.
    """
    _blend(cells, which, _thinned, amount_px)


def blur(cells: Cells, which: Rows, sigma_px: Floats) -> None:
    """Blur by a kernel with a standard deviation of up to a pixel.

    The kernel mixes the identity and a binomial kernel of variance 1, so its variance is the weight
    of the binomial kernel.

    Args:
        cells: changed in place.
        which: (m,) cells to change.
        sigma_px: (m,) 0.0 to 1.0.
    """
    _blend(cells, which, _blurred, sigma_px**2)


def erase_bars(patches: Floats, which: Rows, width_px: Floats, rng: np.random.Generator) -> None:
    """Erase a bar at a random place and angle, like a fold, a hair or a removed ruled line.

    Args:
        patches: (n, 28, 28), changed in place.
        which: (m,) patches to change.
        width_px: (m,) of each bar.
        rng: chooses place, angle and length.
    """
    along, across = _bar_coordinates(len(which), rng)
    length_px = rng.uniform(*BAR.length_px, len(which)).astype(np.float32)
    covered = _band(along, length_px) * _band(across, width_px)
    patches[which] *= 1 - covered


def speckle(patches: Floats, which: Rows, deviation: Floats, rng: np.random.Generator) -> None:
    """Multiply every pixel by a normal factor of mean 1, like grain; negative factors become 0.

    Args:
        patches: (n, 28, 28), changed in place.
        which: (m,) patches to change.
        deviation: (m,) standard deviation of the factor.
        rng: chooses the factors.
    """
    factor = rng.standard_normal((len(which), PATCH_PX, PATCH_PX), dtype=np.float32)
    factor *= deviation[:, None, None]
    factor += 1
    patches[which] *= np.maximum(factor, 0)


def scale_ink(patches: Floats, which: Rows, factor: Floats) -> None:
    """Multiply the ink of some patches by a factor, then clip all patches to 0.0 to 1.0.

    Args:
        patches: (n, 28, 28), changed in place.
        which: (m,) patches to scale.
        factor: (m,) 0 or more.
    """
    patches[which] *= factor[:, None, None]
    np.clip(patches, 0, 1, out=patches)


def _dilated(stack: Floats) -> Floats:
    return np.asarray(cv2.dilate(stack, _CROSS), np.float32)


def _thinned(stack: Floats) -> Floats:
    eroded = cv2.erode(stack, _CROSS)
    return np.asarray(np.maximum(eroded, stack - cv2.dilate(eroded, _CROSS)), np.float32)


def _blurred(stack: Floats) -> Floats:
    border = cv2.BORDER_CONSTANT
    return np.asarray(cv2.sepFilter2D(stack, -1, _BINOMIAL, _BINOMIAL, borderType=border))


def _blend(cells: Cells, which: Rows, change: Callable[[Floats], Floats], weight: Floats) -> None:
    """Mix some cells with their changed form by weights (m,); margins stay blank."""
    if not len(which):  # OpenCV refuses an empty image
        return
    chosen = cells[which]
    difference = change(stacked(chosen)).reshape(chosen.shape)
    difference -= chosen
    difference *= weight[:, None, None]
    inner = slice(MARGIN_PX, -MARGIN_PX)
    cells[which, inner, inner] += difference[:, inner, inner]


def _bar_coordinates(m: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Coordinates (m, 28, 28) of the pixels along and across a bar of random center and angle."""
    angle = rng.uniform(0, np.pi, m).astype(np.float32)[:, None, None]
    center = (PATCH_PX - 1) / 2 + rng.uniform(-BAR.reach_px, BAR.reach_px, (2, m, 1, 1))
    pixel = np.arange(PATCH_PX, dtype=np.float32)
    row = pixel[:, None] - center[0].astype(np.float32)
    col = pixel - center[1].astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    return cos * col + sin * row, cos * row - sin * col


def _band(position_px: Floats, width_px: Floats) -> Floats:
    """Coverage of a band around zero: 1 inside, 0 outside, linear over one pixel at its edges."""
    return np.clip(width_px[:, None, None] / 2 + 0.5 - np.abs(position_px), 0, 1)
