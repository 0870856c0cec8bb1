"""What the border of the sheet leaves on a page: bits of a torn edge, of its shadow, of a frame."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.components import Components
from digitus.reader.layout.boxes import Bools, Boxes


@dataclass(frozen=True)
class BorderMarkParameters:
    """Parameters of ``are_border_marks``, in heights of the page's typical digit.

    Set by hand: writing begins farther from the border, unless the image is cropped to it. Then
    other digits lie near the border, too.

    Attributes:
        band: distance from the border within which all of a mark lies.
        band_of_side: the same as a share of the page's side; the smaller counts.
        slender: greatest shorter side of a mark.
        apart: least distance from all that is farther inside.
    """

    band: float = 0.75
    band_of_side: float = 0.03
    slender: float = 0.45
    apart: float = 0.8


BORDER = BorderMarkParameters()


def are_border_marks(components: Components, height_px: float) -> Bools:
    """Return which components (n,) lie along the border of the page, apart from all writing.

    Args:
        components: of a page, without specks.
        height_px: height of its typical digit, above 0.
    """
    rows, cols = components.labels.shape
    boxes = components.boxes
    slender = np.minimum(components.widths_px, components.heights_px)
    fit = slender <= BORDER.slender * height_px
    found = np.zeros(len(boxes), bool)
    for side, inward in enumerate(
        (boxes[:, 2], boxes[:, 3], cols - boxes[:, 0], rows - boxes[:, 1])
    ):
        length = (cols, rows)[side % 2]
        within = inward <= min(BORDER.band * height_px, BORDER.band_of_side * length)
        for place in np.flatnonzero(within & fit):
            found[place] |= _is_apart(boxes[place], boxes[~within], BORDER.apart * height_px)
    return found


def _is_apart(box: Boxes, others: Boxes, reach_px: float) -> bool:
    """Return whether a box (4,) is farther than a distance from all others (n, 4)."""
    gaps = np.maximum(others[:, :2] - box[2:], box[:2] - others[:, 2:])
    return not bool((gaps < reach_px).all(axis=1).any())
