"""A page made square: the sheet found on its table, its skew taken out."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.ink.darkness import paper_of
from digitus.imaging.ink.paper import shrunk
from digitus.imaging.sheet.corners import find_sheet, flattened
from digitus.imaging.sheet.overview import look_at
from digitus.imaging.sheet.skew import measure_skew

LEAST_SKEW_DEG = 0.3  # less harms neither lines nor digits; turning blurs
PAPER_PX = 400  # long side of the copy that fills what a turn lays bare


def square_up(page: Grey) -> Grey:
    """Cut out and flatten a sheet that lies on something darker, and turn its lines level.

    A page that fills the image is never cut. Skew up to 15 degrees is measured and taken out
    where lines or rows of marks tell it.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    flat = _flattened(page)
    return turned_by(flat, measure_skew(look_at(flat)))


def turned_by(page: Grey, fall_deg: float) -> Grey:
    """Turn a page whose lines fall by some degrees until they are level; no corner is lost.

    What comes into view beside the page is paper, lit as the page's edge is.
    """
    if abs(fall_deg) < LEAST_SKEW_DEG:
        return page
    rows, cols = page.shape
    middle = (cols - 1) / 2, (rows - 1) / 2
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, fall_deg, 1.0), np.float64)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    width, height = math.ceil(cols * cos + rows * sin), math.ceil(rows * cos + cols * sin)
    matrix[:, 2] += (width - cols) / 2, (height - rows) / 2
    size = (width, height)
    turned = cv2.warpAffine(page, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    covered = cv2.warpAffine(np.ones_like(page, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    paper = _paper_beside(page, matrix, size)
    return np.asarray(np.where(np.asarray(covered) > 0, turned, paper), np.float32)


def _flattened(page: Grey) -> Grey:
    corners = find_sheet(page)
    return page if corners is None else flattened(page, corners)


def _paper_beside(page: Grey, matrix: NDArray[np.float64], size: tuple[int, int]) -> Grey:
    """Turn the bare paper along, its edges drawn out beyond the page."""
    small = shrunk(page, PAPER_PX)
    paper = paper_of(small)
    factor = max(small.shape) / max(page.shape)
    scaled = matrix.copy()
    scaled[:, 2] *= factor
    few = (max(1, math.ceil(size[0] * factor)), max(1, math.ceil(size[1] * factor)))
    warped = cv2.warpAffine(paper, scaled, few, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(warped, size, interpolation=cv2.INTER_LINEAR), np.float32)
