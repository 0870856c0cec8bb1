"""Variants of a patch, each changed in one property, to see what the answer depends on."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitus.imaging.arrays import Patch
from digitus.imaging.patch.centering import center_of_mass, cropped
from digitus.imaging.patch.patch import lay_out
from digitus.imaging.patch.stroke_width import stroke_width_px, with_stroke_width


@dataclass(frozen=True)
class VariantParameters:
    """Parameters of ``variants``, set by hand.

    Attributes:
        step_px: change of the stroke width; somewhat more than MNIST's writers differ by.
        inked: ink from which a pixel of the inverted patch counts as ink.
    """

    step_px: float = 1.0
    inked: float = 0.5


VARIANT = VariantParameters()


def variants(patch: Patch) -> dict[str, Patch]:
    """Return the patch inverted, thicker, thinner, and without slant.

    Each is scaled and centered again, so that nothing else differs.

    Args:
        patch: (28, 28), 0.0 paper to 1.0 full ink, not blank.

    Returns:
        Patches (28, 28) under ``inverted`` (paper and ink of the digit's box exchanged; the
        patch itself where nothing would be left), ``thicker``, ``thinner``, ``deslanted``.

    Raises:
        ValueError: if no pixel carries ink.
    """
    box = cropped(patch)
    width = stroke_width_px(box)
    inverted = 1 - box
    return {
        "inverted": lay_out(inverted) if (inverted > VARIANT.inked).any() else patch,
        "thicker": lay_out(with_stroke_width(box, width + VARIANT.step_px)),
        "thinner": lay_out(with_stroke_width(box, max(width - VARIANT.step_px, width / 2))),
        "deslanted": lay_out(deslanted(patch)),
    }


def deslanted(patch: Patch) -> Patch:
    """Shear ink (rows, cols) so that its axis is upright.

    The shear is the ratio of the central moments mu11 / mu02, the slope of the regression of
    columns on rows: M.-K. Hu, "Visual pattern recognition by moment invariants", 1962.

    Raises:
        ValueError: if no pixel carries ink.
    """
    row, _ = center_of_mass(patch)
    moments = cv2.moments(patch)
    slope = moments["mu11"] / moments["mu02"] if moments["mu02"] > 0 else 0.0
    rows, cols = patch.shape
    margin = int(np.ceil(abs(slope) * rows))  # where the sheared corners go
    back = np.array([[1, slope, -margin - slope * row], [0, 1, 0]], np.float64)
    size = (cols + 2 * margin, rows)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(patch, back, size, flags=how), np.float32)
