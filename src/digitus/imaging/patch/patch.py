"""The network's input: ink in MNIST's layout."""

import cv2
import numpy as np

from digitus.imaging.arrays import Ink, Patch
from digitus.imaging.patch.centering import (
    LONG_SIDE_PX,
    PATCH,
    PATCH_PX,
    center_of_mass,
    cropped,
    is_laid_out,
)
from digitus.imaging.patch.stroke_width import with_usual_strokes

__all__ = ["PATCH_PX", "lay_out", "make_patch"]


def make_patch(ink: Ink) -> Patch:
    """Crop the ink, scale its long side to 20 px, and center its mass in a patch (28, 28).

    Strokes much thinner or thicker than MNIST's are brought into its range. The center of mass
    lies within 1 px of (13.5, 13.5), or as near as the box of 20 px can be moved within the
    patch. Ink that has this layout already stays in place.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.

    Raises:
        ValueError: if no pixel carries ink.
    """
    if is_laid_out(ink):
        return ink / np.float32(ink.max())
    return lay_out(with_usual_strokes(_digit_box(ink)))


def lay_out(ink: Ink) -> Patch:
    """Scale and center ink (rows, cols) like ``make_patch``, without changing its strokes.

    Raises:
        ValueError: if no pixel carries ink.
    """
    small = _resize(_square(_digit_box(ink)), LONG_SIDE_PX)
    small /= small.max()  # a thin pen is as dark as a thick one
    row, col = (_start(center) for center in center_of_mass(small))
    patch = np.zeros((PATCH_PX, PATCH_PX), np.float32)
    patch[row : row + LONG_SIDE_PX, col : col + LONG_SIDE_PX] = small
    return patch


def _digit_box(ink: Ink) -> Ink:
    return cropped(ink, least=PATCH.faintest_edge * float(ink.max()))


def _square(ink: Ink) -> Ink:
    """Add margins along the short side, so that one factor scales both sides."""
    rows, cols = (max(ink.shape) - length for length in ink.shape)
    top, left = rows // 2, cols // 2
    return np.asarray(  # faster than np.pad
        cv2.copyMakeBorder(ink, top, rows - top, left, cols - left, cv2.BORDER_CONSTANT)
    )


def _resize(square: Ink, side: int) -> Ink:
    """Scale with antialiasing: each pixel is the mean of the area that it covers."""
    how = cv2.INTER_AREA if len(square) > side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (side, side), interpolation=how), np.float32)


def _start(center: float) -> int:
    """Return where the box starts on one axis, so that its center of mass is in the middle."""
    return int(np.clip(round(PATCH.center_px - center), 0, PATCH_PX - LONG_SIDE_PX))
