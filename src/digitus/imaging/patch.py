"""A patch out of ink, laid out as MNIST's makers did it.

Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits": the digit fits a box
of 20 x 20 pixels with its aspect kept, and its center of mass lies in the middle of 28 x 28.
"""

import numpy as np
from PIL import Image

from digitus.imaging.arrays import Ink, Patch

PATCH_PX = 28
LONG_SIDE_PX = 20
# MNIST's centers lie between 13.5 and 14.5, counted from the middle of the first pixel. A hair
# below 14 gives its pictures back as they are, and stays within 1 px of the exact 13.5.
CENTER_PX = 13.999
IN_PLACE_PX = 0.52  # the half pixel that rounding leaves, and what the noise floor may move


def make_patch(ink: Ink) -> Patch:
    """Crop the ink, make its long side 20 px, and center its mass in a patch (28, 28).

    The center of mass comes to lie within 1 px of (13.5, 13.5), unless a part of the ink would
    be cut off: then it comes as near as it can. Ink that is laid out so already stays in place.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.

    Raises:
        ValueError: if no pixel carries ink.
    """
    if _is_laid_out(ink):
        return ink / np.float32(ink.max())
    small = _resize(_square(_crop(ink)), LONG_SIDE_PX)
    small /= small.max()  # a thin pen is as dark as a thick one
    row, col = (_start(center) for center in center_of_mass(small))
    patch = np.zeros((PATCH_PX, PATCH_PX), np.float32)
    patch[row : row + LONG_SIDE_PX, col : col + LONG_SIDE_PX] = small
    return patch


def center_of_mass(ink: Ink) -> tuple[float, float]:
    """Row and column of the balance point of the ink, in pixels from the first pixel's middle.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.

    Raises:
        ValueError: if no pixel carries ink.

    >>> center_of_mass(np.array([[0, 0, 0], [0, 1, 1]], np.float32))
    (1.0, 1.5)
    """
    mass = ink.sum(dtype=np.float64)
    if not mass > 0:
        raise ValueError("no ink, so no center of mass; ask is_blank first")
    row = np.arange(ink.shape[0]) @ ink.sum(axis=1, dtype=np.float64) / mass
    col = np.arange(ink.shape[1]) @ ink.sum(axis=0, dtype=np.float64) / mass
    return float(row), float(col)


def _is_laid_out(ink: Ink) -> bool:
    """Tell whether this is a patch: else rounding could push a picture of MNIST by a pixel."""
    return (
        ink.shape == (PATCH_PX, PATCH_PX)
        and LONG_SIDE_PX - 1 <= max(_crop(ink).shape) <= LONG_SIDE_PX
        and all(abs(center - CENTER_PX) <= IN_PLACE_PX for center in center_of_mass(ink))
    )


def _crop(ink: Ink) -> Ink:
    rows = np.flatnonzero(ink.any(axis=1))
    cols = np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        raise ValueError("no ink to make a patch of; ask is_blank first")
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def _square(ink: Ink) -> Ink:
    """Add paper along the short side, so that one factor scales both."""
    side = max(ink.shape)
    return np.pad(ink, [((side - length) // 2, (side - length + 1) // 2) for length in ink.shape])


def _resize(square: Ink, side: int) -> Ink:
    """Scale with antialiasing: each pixel gets the ink of its whole share of the picture."""
    image = Image.fromarray(square).resize((side, side), Image.Resampling.HAMMING)
    return np.asarray(image).clip(0, 1)


def _start(center: float) -> int:
    """Where the box starts on one axis, so that its center of mass lands in the middle."""
    return int(np.clip(round(CENTER_PX - center), 0, PATCH_PX - LONG_SIDE_PX))
