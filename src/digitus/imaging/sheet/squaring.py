"""A page squared up: the sheet cut out of its surroundings, its skew corrected."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.ink.darkness import paper_of_page
from digitus.imaging.levels import shrunk
from digitus.imaging.sheet.corners import Corners, find_sheet, flattened
from digitus.imaging.sheet.overview import overview_of
from digitus.imaging.sheet.skew import measure_skew
from digitus.imaging.sheet.surroundings import without_surroundings


@dataclass(frozen=True)
class SquaringParameters:
    """Parameters of ``rotated``, set by hand.

    Attributes:
        least_skew_deg: skew from which a page is rotated: less harms neither lines nor digits,
            and a rotation blurs.
        paper_px: long side of the copy that fills the corners after a rotation; bare paper has
            no detail.
    """

    least_skew_deg: float = 0.3
    paper_px: int = 400


SQUARING = SquaringParameters()


@dataclass(frozen=True, eq=False)
class Squaring:
    """How a page is squared up.

    Attributes:
        corners: corners of the sheet that is cut out; None for a page that fills the image.
        fall_deg: angle of its lines, positive where they fall to the right.
    """

    corners: Corners | None
    fall_deg: float

    def apply(self, channel: Grey) -> Grey:
        """Square up a channel (rows, cols) of the page, grey or of its colors."""
        return rotated(self._sheet_of(channel), self.fall_deg)

    def apply_without_surroundings(self, grey: Grey) -> Grey:
        """Square up the grey of the page, and cover what lies beside the sheet.

        It is covered before the page is rotated: the corners of a rotated page would cut it off
        from the border of the image.
        """
        return rotated(without_surroundings(self._sheet_of(grey)), self.fall_deg)

    def _sheet_of(self, channel: Grey) -> Grey:
        return channel if self.corners is None else flattened(channel, self.corners)


def find_squaring(grey: Grey) -> Squaring:
    """Find a sheet that lies on something darker, and the skew of its lines; see ``square_up``."""
    corners = find_sheet(grey)
    flat = grey if corners is None else flattened(grey, corners)
    return Squaring(corners, measure_skew(overview_of(flat)))


def square_up(grey: Grey) -> Grey:
    """Cut out and flatten a sheet that lies on something darker, and make its lines level.

    A page that fills the image is never cut. Skew up to 15 degrees is corrected where ruled
    lines or rows of components show it.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    return find_squaring(grey).apply(grey)


def rotated(grey: Grey, fall_deg: float) -> Grey:
    """Rotate a page whose lines fall to the right until they are level; no corner is cut off.

    The new corners are filled with paper in the light of the page's edge.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
        fall_deg: angle of the lines, positive where they fall to the right.
    """
    if abs(fall_deg) < SQUARING.least_skew_deg:
        return grey
    rows, cols = grey.shape
    middle = (cols - 1) / 2, (rows - 1) / 2
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, fall_deg, 1.0), np.float64)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    width, height = math.ceil(cols * cos + rows * sin), math.ceil(rows * cos + cols * sin)
    matrix[:, 2] += (width - cols) / 2, (height - rows) / 2
    size = (width, height)
    turned = cv2.warpAffine(grey, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    covered = cv2.warpAffine(np.ones_like(grey, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    paper = _paper_beside(grey, matrix, size)
    return np.asarray(np.where(np.asarray(covered) > 0, turned, paper), np.float32)


def _paper_beside(grey: Grey, matrix: NDArray[np.float64], size: tuple[int, int]) -> Grey:
    """Rotate the bare paper, its edges continued beyond the page."""
    small = shrunk(grey, SQUARING.paper_px)
    factor = max(small.shape) / max(grey.shape)
    scaled = matrix.copy()
    scaled[:, 2] *= factor
    few = (max(1, math.ceil(size[0] * factor)), max(1, math.ceil(size[1] * factor)))
    warped = cv2.warpAffine(paper_of_page(small), scaled, few, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(warped, size, interpolation=cv2.INTER_LINEAR), np.float32)
