"""The width of a pen's strokes: measured, and brought to what MNIST shows."""

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

# 5 % of MNIST's training images have thinner, 5 % thicker strokes (in the 20 px box).
THINNEST_PX = 1.6
THICKEST_PX = 3.6
BOX_PX = 20
FINE_SIDE_PX = 160  # strokes are grown and shaved at eight pixels to one of the patch
FINER = 3  # pixels to one of a run, whose strokes are grown or shaved
MOST_SHAVED = 0.2  # of the width, from either side, so that no thin part vanishes
INKED = 0.35  # of the darkest ink; a resized thin line is never full


def stroke_width_px(ink: Ink) -> float:
    """Mean width of the strokes in pixels; 0.0 without ink.

    A stroke of length l and width w has the area l w and the brim 2 l. The brim's length is
    the sum of the gradients: the total variation of the ink, however soft the brim is.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.

    >>> bar = np.zeros((60, 60), np.float32)
    >>> bar[5:55, 20:24] = 1
    >>> round(stroke_width_px(bar), 1)
    3.7
    """
    padded = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    down = np.diff(padded, axis=0)[:, :-1]
    right = np.diff(padded, axis=1)[:-1]
    brim = float(np.asarray(cv2.magnitude(down, right)).sum())
    return 2 * float(ink.sum(dtype=np.float64)) / brim if brim > 0 else 0.0


def with_usual_strokes(crop: Ink) -> Ink:
    """Thicken or thin strokes far outside of MNIST's range, as it will be in the patch.

    Args:
        crop: (rows, cols), 0.0 paper to 1.0 full ink, without margins.

    Returns:
        The same ink, or an image of it in another size and with other margins.
    """
    width = stroke_width_px(crop) * BOX_PX / max(crop.shape)
    wanted = min(max(width, THINNEST_PX), THICKEST_PX)
    return crop if wanted == width else with_stroke_width(crop, wanted)


def with_stroke_width(crop: Ink, wanted_px: float) -> Ink:
    """Return strokes another width, in pixels of a 20 px box; thinning is limited.

    Args:
        crop: (rows, cols), 0.0 paper to 1.0 full ink, without margins.
        wanted_px: mean width of the strokes after the digit was scaled to 20 px.

    Returns:
        Ink (rows, cols) of a size of its own, with margins.
    """
    fine = _fine(crop)
    scale = FINE_SIDE_PX / BOX_PX
    inked = (fine > INKED * fine.max()).astype(np.uint8)
    width = stroke_width_px(inked.astype(np.float32))
    # Growing by r on either side also grows the box by 2 r, which is scaled back to 20 px.
    side = max(fine.shape)
    grow = (wanted_px * side / BOX_PX - width) / (2 * (1 - wanted_px / BOX_PX))
    grow = max(grow, -MOST_SHAVED * width)
    if abs(grow) * 2 < 0.1 * scale:
        return crop
    margin = 2 + int(max(grow, 0))
    inked = np.asarray(cv2.copyMakeBorder(inked, *(margin,) * 4, cv2.BORDER_CONSTANT))
    return np.asarray(np.clip(_depth(inked) + grow + 0.5, 0, 1), np.float32)


def with_wider_strokes(ink: Ink, grow_px: float) -> Ink:
    """Move the brim of all strokes outwards, or inwards; the size stays.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        grow_px: on either side of a stroke; below 0 it grows thinner.
    """
    rows, cols = ink.shape
    size = (FINER * cols, FINER * rows)
    fine = cv2.resize(ink, size, interpolation=cv2.INTER_CUBIC)
    inked = (fine > INKED * fine.max()).astype(np.uint8)
    depth = _depth(inked) + FINER * grow_px
    grown = np.clip(depth + 0.5, 0, 1).astype(np.float32)
    return np.asarray(cv2.resize(grown, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _depth(inked: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Distance of each pixel from the brim inwards, in pixels."""
    outside = cv2.distanceTransform(1 - inked, cv2.DIST_L2, cv2.DIST_MASK_5)
    inside = cv2.distanceTransform(inked, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.where(inked, inside - 0.5, 0.5 - outside).astype(np.float32)


def _fine(crop: Ink) -> Ink:
    """Scale ink to a long side of 160 px; lines of a pixel are kept from fading."""
    factor = FINE_SIDE_PX / max(crop.shape)
    if factor < 0.5:
        crop = np.asarray(cv2.dilate(crop, np.ones((int(1 / factor),) * 2)))
    rows, cols = (max(1, round(factor * side)) for side in crop.shape)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (cols, rows), interpolation=how), np.float32)
