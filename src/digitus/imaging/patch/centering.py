"""MNIST's layout: a box of 20 px, its center of mass in the middle of 28 x 28 pixels.

Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
"""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink

PATCH_PX = 28
LONG_SIDE_PX = 20


@dataclass(frozen=True)
class PatchParameters:
    """Parameters of the layout of patches.

    Attributes:
        center_px: row and column of the center of mass, from the middle of the first pixel.
            MNIST's centers lie between 13.5 and 14.5: a value just below 14 leaves its images
            unchanged and stays within 1 px of the exact 13.5.
        in_place_px: distance from there within which a center of mass is in place: half a pixel
            of rounding, and a margin for other implementations.
        faintest_edge: share of the darkest ink, set by hand, below which pixels around the digit
            are blur and JPEG noise.
    """

    center_px: float = 13.999
    in_place_px: float = 0.52
    faintest_edge: float = 0.3


PATCH = PatchParameters()


def is_laid_out(ink: Ink) -> bool:
    """Return whether ink (rows, cols) has MNIST's layout already, so that it need not be scaled."""
    return (
        ink.shape == (PATCH_PX, PATCH_PX)
        and bool(ink.any())
        and LONG_SIDE_PX - 1 <= max(cropped(ink).shape) <= LONG_SIDE_PX
        and all(
            abs(center - PATCH.center_px) <= PATCH.in_place_px for center in center_of_mass(ink)
        )
    )


def center_of_mass(ink: Ink) -> tuple[float, float]:
    """Return row and column of the center of mass, in pixels from the first pixel's middle.

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


def cropped(ink: Ink, *, least: float = 0.0) -> Ink:
    """Crop ink (rows, cols) to the pixels that have more ink than ``least``.

    Raises:
        ValueError: if no pixel carries ink.
    """
    rows = np.flatnonzero((ink > least).any(axis=1))
    cols = np.flatnonzero((ink > least).any(axis=0))
    if not rows.size:
        raise ValueError("no ink to make a patch of; ask is_blank first")
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
