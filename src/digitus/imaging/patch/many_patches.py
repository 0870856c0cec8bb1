"""The layout of many patches at once, for the candidates of a page."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.centering import LONG_SIDE_PX, PATCH, PATCH_PX

_PLACES = np.arange(LONG_SIDE_PX, dtype=np.float32)


def lay_out_all(inks: Sequence[Ink]) -> NDArray[np.float32]:
    """Return the patch of each ink (rows, cols), in the layout of ``patch.lay_out``.

    Stroke widths are not adjusted, because candidates of a page share its pen.

    Args:
        inks: each (rows, cols), 0.0 paper to 1.0 full ink.

    Returns:
        (n, 28, 28), 0.0 paper to 1.0 full ink; all paper where there is no ink.
    """
    boxes = np.zeros((len(inks), LONG_SIDE_PX, LONG_SIDE_PX), np.float32)
    for box, ink in zip(boxes, inks, strict=True):
        _fill(box, ink)
    peaks = boxes.max(axis=(1, 2))
    boxes /= np.where(peaks > 0, peaks, 1)[:, None, None]
    patches = np.zeros((len(inks), PATCH_PX, PATCH_PX), np.float32)
    for patch, box, (row, col) in zip(patches, boxes, _starts(boxes), strict=True):
        patch[row : row + LONG_SIDE_PX, col : col + LONG_SIDE_PX] = box
    return patches


def _fill(box: Ink, ink: Ink) -> None:
    """Scale the ink, without its margins, so that its long side fills a box (20, 20)."""
    across, down = ink.max(axis=0), ink.max(axis=1)
    least = PATCH.faintest_edge * float(across.max(initial=0))
    cols, rows = np.flatnonzero(across > least), np.flatnonzero(down > least)
    if not cols.size:
        return
    crop = ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    side = max(crop.shape)
    top, left = ((side - length) // 2 for length in crop.shape)
    square = np.zeros((side, side), np.float32)
    square[top : top + crop.shape[0], left : left + crop.shape[1]] = crop
    how = cv2.INTER_AREA if side > LONG_SIDE_PX else cv2.INTER_LINEAR
    cv2.resize(square, (LONG_SIDE_PX, LONG_SIDE_PX), dst=box, interpolation=how)


def _starts(boxes: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the row and column (n, 2) of each box (n, 20, 20) in its patch, its mass centered."""
    mass = np.maximum(boxes.sum(axis=(1, 2)), np.finfo(np.float32).tiny)
    down, across = boxes.sum(axis=2) @ _PLACES / mass, boxes.sum(axis=1) @ _PLACES / mass
    starts = np.rint(PATCH.center_px - np.stack([down, across], axis=1))
    return np.clip(starts, 0, PATCH_PX - LONG_SIDE_PX).astype(np.intp)
