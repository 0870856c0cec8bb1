"""Cells: patches in rows below each other, each with a margin, for one call of OpenCV on all.

A call per image costs more than its work. Two pixels of paper around every patch keep the
neighbours apart.
"""

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.patch.patch import PATCH_PX

MARGIN_PX = 2
CELL_PX = PATCH_PX + 2 * MARGIN_PX

Floats: TypeAlias = NDArray[np.float32]
Cells: TypeAlias = NDArray[np.float32]
"""(n, 32, 32), contiguous, the patch in the middle, paper around it."""

Rows: TypeAlias = NDArray[np.intp]
"""(m,) numbers of the cells or patches that something happens to."""

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
_BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16  # variance 1 px**2


def put_into_cells(patches: Floats) -> Cells:
    """Copy patches (n, 28, 28) into new cells."""
    cells = np.zeros((len(patches), CELL_PX, CELL_PX), np.float32)
    cells[:, MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = patches
    return cells


def sheet_of(cells: Cells) -> Floats:
    """View all cells as one tall image (32 n, 32)."""
    return cells.reshape(-1, CELL_PX)


def thicken(cells: Cells, which: Rows, amount_px: Floats) -> None:
    """Widen strokes by up to a pixel on every side: part of the way to a grey dilation.

    Args:
        cells: changed in place.
        which: (m,) cells to change.
        amount_px: (m,) 0.0 to 1.0; the rim that is added has this share of the ink.
    """
    _blend(cells, which, _dilated, amount_px)


def thin(cells: Cells, which: Rows, amount_px: Floats) -> None:
    """Narrow strokes by up to a pixel on every side, but leave what would vanish.

    That is one step of C. Lantuejoul's skeleton, 1978: the erosion, and beside it what an
    opening removes, which are the strokes too thin to be eroded.

    Args:
        cells: changed in place.
        which: (m,) cells to change.
        amount_px: (m,) 0.0 to 1.0, the way to the full step.
    """
    _blend(cells, which, _thinned, amount_px)


def blur(cells: Cells, which: Rows, sigma_px: Floats) -> None:
    """Blur by a deviation of up to a pixel.

    A mixture of the image and its binomial blur of variance one has, as a kernel, the share
    of the blur as its variance.

    Args:
        cells: changed in place.
        which: (m,) cells to change.
        sigma_px: (m,) 0.0 to 1.0.
    """
    _blend(cells, which, _blurred, sigma_px**2)


def _dilated(sheet: Floats) -> Floats:
    return np.asarray(cv2.dilate(sheet, _CROSS), np.float32)


def _thinned(sheet: Floats) -> Floats:
    eroded = cv2.erode(sheet, _CROSS)
    return np.asarray(np.maximum(eroded, sheet - cv2.dilate(eroded, _CROSS)), np.float32)


def _blurred(sheet: Floats) -> Floats:
    border = cv2.BORDER_CONSTANT
    return np.asarray(cv2.sepFilter2D(sheet, -1, _BINOMIAL, _BINOMIAL, borderType=border))


def _blend(cells: Cells, which: Rows, change: Callable[[Floats], Floats], share: Floats) -> None:
    """Go a share (m,) of the way to changed cells; ink that left its patch is cut off."""
    if not len(which):  # OpenCV refuses an empty sheet
        return
    some = cells[which]
    way = change(sheet_of(some)).reshape(some.shape)
    way -= some
    way *= share[:, None, None]
    inner = slice(MARGIN_PX, -MARGIN_PX)
    cells[which, inner, inner] += way[:, inner, inner]
