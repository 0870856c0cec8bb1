"""The width of strokes: measured, changed, and brought into MNIST's range."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.patch.centering import LONG_SIDE_PX


@dataclass(frozen=True)
class StrokeWidthParameters:
    """Parameters of the change of stroke widths; the range is MNIST's, the rest set by hand.

    Attributes:
        thinnest_px: least width in the 20 px box; 5 % of MNIST's training images are thinner.
        thickest_px: greatest width there; 5 % of MNIST's training images are thicker.
        fine_px: long side of the copy whose strokes are changed, eight pixels to one of the box.
        least_change_px: smaller changes of the width on that copy are not made.
        most_shaved: greatest share of the width removed on either side, so that thin strokes do
            not vanish.
        finer: pixels, to one of a line image, of the copy whose strokes are changed.
        inked: share of the darkest ink from which a pixel is ink; a resized thin line is never
            full.
    """

    thinnest_px: float = 1.6
    thickest_px: float = 3.6
    fine_px: int = 160
    least_change_px: float = 0.8
    most_shaved: float = 0.2
    finer: int = 3
    inked: float = 0.35


STROKE_WIDTH = StrokeWidthParameters()


def stroke_width_px(ink: Ink) -> float:
    """Return the mean width of the strokes in pixels; 0.0 without ink.

    A stroke of length l and width w has the area l w and an outline of length 2 l. That length
    is the total variation of the ink, the sum of its gradients, however blurred the edge is.

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
    outline = float(np.asarray(cv2.magnitude(down, right)).sum())
    return 2 * float(ink.sum(dtype=np.float64)) / outline if outline > 0 else 0.0


def with_usual_strokes(crop: Ink) -> Ink:
    """Thicken or thin strokes whose width in the patch would be outside of MNIST's range.

    Args:
        crop: (rows, cols), 0.0 paper to 1.0 full ink, without margins.

    Returns:
        The same ink, or an image of it in another size and with other margins.
    """
    width = stroke_width_px(crop) * LONG_SIDE_PX / max(crop.shape)
    wanted = min(max(width, STROKE_WIDTH.thinnest_px), STROKE_WIDTH.thickest_px)
    return crop if wanted == width else with_stroke_width(crop, wanted)


def with_stroke_width(crop: Ink, wanted_px: float) -> Ink:
    """Return ink with strokes of another width, in pixels of a 20 px box; thinning is limited.

    Args:
        crop: (rows, cols), 0.0 paper to 1.0 full ink, without margins.
        wanted_px: mean width of the strokes after the digit was scaled to 20 px.

    Returns:
        Ink (rows, cols) of a size of its own, with margins.
    """
    fine = _fine(crop)
    inked = (fine > STROKE_WIDTH.inked * fine.max()).astype(np.uint8)
    width = stroke_width_px(inked.astype(np.float32))
    # Growing by r on either side also grows the box by 2 r, which is scaled back to 20 px.
    side = max(fine.shape)
    grow = (wanted_px * side / LONG_SIDE_PX - width) / (2 * (1 - wanted_px / LONG_SIDE_PX))
    grow = max(grow, -STROKE_WIDTH.most_shaved * width)
    if abs(grow) * 2 < STROKE_WIDTH.least_change_px:
        return crop
    margin = 2 + int(max(grow, 0))
    inked = np.asarray(
        cv2.copyMakeBorder(inked, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    )
    return np.asarray(np.clip(_depth(inked) + grow + 0.5, 0, 1), np.float32)


def with_wider_strokes(ink: Ink, grow_px: float) -> Ink:
    """Move the edges of all strokes outwards, or inwards; the image keeps its size.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        grow_px: on either side of a stroke; negative values thin it.
    """
    rows, cols = ink.shape
    size = (STROKE_WIDTH.finer * cols, STROKE_WIDTH.finer * rows)
    fine = cv2.resize(ink, size, interpolation=cv2.INTER_CUBIC)
    inked = (fine > STROKE_WIDTH.inked * fine.max()).astype(np.uint8)
    depth = _depth(inked) + STROKE_WIDTH.finer * grow_px
    grown = np.clip(depth + 0.5, 0, 1).astype(np.float32)
    return np.asarray(cv2.resize(grown, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _depth(inked: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the signed distance of each pixel to the edge, positive within strokes."""
    outside = cv2.distanceTransform(1 - inked, cv2.DIST_L2, cv2.DIST_MASK_5)
    inside = cv2.distanceTransform(inked, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.where(inked, inside - 0.5, 0.5 - outside).astype(np.float32)


def _fine(crop: Ink) -> Ink:
    """Scale ink to a long side of 160 px, without fading lines of a single pixel."""
    factor = STROKE_WIDTH.fine_px / max(crop.shape)
    if factor < 0.5:
        crop = np.asarray(cv2.dilate(crop, np.ones((int(1 / factor),) * 2)))
    rows, cols = (max(1, round(factor * side)) for side in crop.shape)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (cols, rows), interpolation=how), np.float32)
