"""A patch out of ink, laid out as MNIST's makers did it."""

import cv2
import numpy as np

from digitus.imaging.arrays import Ink, Patch
from digitus.imaging.patch.centering import (
    CENTER_PX,
    LONG_SIDE_PX,
    PATCH_PX,
    center_of_mass,
    cropped,
    is_laid_out,
)
from digitus.imaging.patch.stroke_width import with_usual_strokes

__all__ = ["PATCH_PX", "lay_out", "make_patch"]

BRIM = 0.3  # of the darkest ink: what JPEG and soft light leave around is no part of the box


def make_patch(ink: Ink) -> Patch:
    """Crop the ink, make its long side 20 px, and center its mass in a patch (28, 28).

    Strokes far thinner or thicker than MNIST's are brought to its range. The center of mass
    comes to lie within 1 px of (13.5, 13.5), unless a part of the ink would be cut off: then
    it comes as near as it can. Ink that is laid out so already stays in place.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.

    Raises:
        ValueError: if no pixel carries ink.
    """
    if is_laid_out(ink):
        return ink / np.float32(ink.max())
    return lay_out(with_usual_strokes(_digit_box(ink)))


def lay_out(ink: Ink) -> Patch:
    """Scale and center ink (rows, cols) as ``make_patch`` does, its strokes as they are.

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
    return cropped(ink, least=BRIM * float(ink.max()))


def _square(ink: Ink) -> Ink:
    """Add paper along the short side, so that one factor scales both."""
    rows, cols = (max(ink.shape) - length for length in ink.shape)
    margins = (rows // 2, rows - rows // 2, cols // 2, cols - cols // 2)  # quicker than np.pad
    return np.asarray(cv2.copyMakeBorder(ink, *margins, cv2.BORDER_CONSTANT))


def _resize(square: Ink, side: int) -> Ink:
    """Scale with antialiasing: each pixel gets the ink of its whole share of the image."""
    how = cv2.INTER_AREA if len(square) > side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (side, side), interpolation=how), np.float32)


def _start(center: float) -> int:
    """Where the box starts on one axis, so that its center of mass lands in the middle."""
    return int(np.clip(round(CENTER_PX - center), 0, PATCH_PX - LONG_SIDE_PX))
