"""A first look at a page: the marks and lines on a small copy of it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.ink.page_ink import ink_of, is_inked, smooth_darkness
from digitus.imaging.ink.paper import shrunk
from digitus.imaging.ruled_lines.detection import RuledLine, bands, find_ruled_lines

LOOK_PX = 1000  # long side of the small copy
INKED = 0.3  # ink from which a pixel belongs to a mark
LEAST_SIDE_PX = 3  # of a mark on the small copy; digits of an A4 sheet at 300 dpi keep more
LARGEST = 0.6  # of the copy's long side
LEAST_BESIDE = 0.4  # of the middle height: dots, commas and specks are lower


@dataclass(frozen=True, eq=False)
class Marks:
    """What a small copy of a page shows.

    Attributes:
        boxes: (n, 4) left, top, width, height of what may be digits, in pixels of the copy.
        across: lines along its rows.
        down: lines along its columns.
        shape: rows and columns of the copy.
        shrink: pixels of the page along one of the copy.
    """

    boxes: NDArray[np.float64]
    across: list[RuledLine]
    down: list[RuledLine]
    shape: tuple[int, int]
    shrink: float


def look_at(page: Grey) -> Marks:
    """Find marks and lines on a copy of a page whose long side is at most 1,000 px.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    small = shrunk(page, LOOK_PX)
    darkness, spread = smooth_darkness(small)
    ink = ink_of(darkness, spread)
    across, down = find_ruled_lines(is_inked(darkness, spread))
    lines = bands(across, small.shape) | bands(down, small.shape[::-1]).T
    mask = ((ink > INKED) & ~lines).astype(np.uint8)
    stats = np.asarray(cv2.connectedComponentsWithStats(mask)[2])[1:].astype(np.float64)
    rows, cols = small.shape
    return Marks(
        _fit(stats, (rows, cols)), across, down, (rows, cols), max(page.shape) / max(rows, cols)
    )


def _fit(stats: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Leave out specks, what fills the page, and what comes from beyond its edges."""
    near, far = stats[:, :2], stats[:, :2] + stats[:, 2:4]
    longest = stats[:, 2:4].max(axis=1, initial=0)
    inside = (near > 0).all(axis=1) & (far < np.array(shape[::-1])).all(axis=1)
    boxes = stats[inside & (longest >= LEAST_SIDE_PX) & (longest <= LARGEST * max(shape))]
    if not len(boxes):
        return np.zeros((0, 4))
    order = np.argsort(boxes[:, 3])
    middle = boxes[order][np.searchsorted(np.cumsum(boxes[order, 4]), boxes[:, 4].sum() / 2), 3]
    large = boxes[:, 2:4].max(axis=1) >= LEAST_BESIDE * middle
    return np.asarray(boxes[large, :4], np.float64)
