"""Ruled and squared lines taken out of the ink, without the strokes that cross them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

Mask = NDArray[np.bool_]

SPAN = 0.85  # of the image that a ruled line crosses
NEAR_EDGE = 0.03  # of the side: a ruled line ends there, the stem of a large 1 before
SHORTEST_RUN = 1 / 8  # of the side: straight enough to be ruled
LONGEST_GAP = 1 / 40
THICKEST = 0.06  # of the other side
SLOPE = 0.1  # rise of a line over the image's side
CLEAR_OF_EDGE = 0.02  # a digit this far from every edge was not cropped tightly
THIN_OR_PALE = 0.6  # of the digit's strokes
LEAST_REST = 0.2  # long side of what must remain, as a share of the image's short side


@dataclass(frozen=True, eq=False)
class Lines:
    """Ruled lines of one direction.

    Attributes:
        pixels: (rows, cols), where they lie, except where a stroke crosses.
        width_px: of the widest.
    """

    pixels: Mask
    width_px: float


def without_lines(ink: Ink) -> Ink:
    """Take lines out of the ink that run straight from edge to edge.

    A tightly cropped 1 or the bar of a tightly cropped 7 does so too. So lines go only if
    something remains that keeps away from the edges, or is clearly thicker or darker.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
    """
    if not _touches_opposite_edges(ink > 0):
        return ink
    mask = ink > 0
    across = ruled_lines(mask, mask)
    down = ruled_lines(mask.T, (mask & ~across.pixels).T)
    if across.pixels.any() and down.pixels.any():  # squared: no crossing is a stroke's
        across = ruled_lines(mask, mask & ~down.pixels.T)
    lines = across.pixels | down.pixels.T
    if not lines.any():
        return ink
    rest = np.where(lines, np.float32(0), ink)
    width = max(across.width_px, down.width_px)
    return rest if _is_a_digit_of_its_own(rest, float(ink[lines].mean()), width) else ink


def ruled_lines(mask: Mask, strokes: Mask) -> Lines:
    """Find horizontal lines that cross most of an image.

    Args:
        mask: (rows, cols), what is inked.
        strokes: (rows, cols), what of it interrupts a line where it crosses.
    """
    rows, cols = mask.shape
    marks = mask.astype(np.uint8)
    marks = _morph(marks, cv2.MORPH_CLOSE, 1, int(cols * LONGEST_GAP) + 1)
    marks = _morph(marks, cv2.MORPH_DILATE, 3, 1)
    marks = _morph(marks, cv2.MORPH_OPEN, 1, int(cols * SHORTEST_RUN))
    if marks.any(axis=0).mean() < SPAN:
        return Lines(np.zeros_like(mask), 0.0)
    count, labelled, stats, _ = cv2.connectedComponentsWithStats(marks)
    labels: NDArray[np.int32] = np.asarray(labelled, np.int32)
    pixels, widest = np.zeros_like(mask), 0.0
    for label in range(1, count):
        left, top, width, height = np.asarray(stats)[label, :4]
        margin = max(left, cols - left - width)
        if width < SPAN * cols or height > THICKEST * rows + SLOPE * cols:
            continue
        if margin > NEAR_EDGE * cols:
            continue
        first, last = max(0, top - 4), min(rows, top + height + 4)
        line, line_width = _line_pixels(
            mask[first:last], strokes[first:last], labels[first:last] == label
        )
        if line_width <= max(3, THICKEST * rows):
            pixels[first:last] |= line
            widest = max(widest, line_width)
    return Lines(pixels, widest)


def _line_pixels(mask: Mask, strokes: Mask, run: Mask) -> tuple[Mask, float]:
    """Trace a run by a parabola; columns where ink leaves the line belong to a stroke."""
    heights = run.sum(axis=0)
    width = float(np.median(heights[heights > 0])) - 2  # it was dilated by 1 px either side
    reach = max(width, 1) / 2 + 1
    offset = np.arange(len(mask))[:, None] - _course(run, heights)
    beside = strokes & (np.abs(offset) > reach) & (np.abs(offset) <= reach + 2)
    columns = np.asarray(beside.any(axis=0)).astype(np.uint8).reshape(1, -1)
    crossed = _morph(columns, cv2.MORPH_DILATE, 1, 3) > 0
    return mask & (np.abs(offset) <= reach) & ~crossed, max(width, 1)


def _course(run: Mask, heights: NDArray[np.intp]) -> NDArray[np.float64]:
    """Row of a line's middle at every column, by least squares, strokes upon it left out."""
    usual = np.median(heights[heights > 0])
    cols = np.flatnonzero((heights > 0) & (heights <= usual + 1))
    middles = (np.arange(len(run)) @ run)[cols] / heights[cols]
    scale = len(heights)
    for _ in range(2):
        course = np.polyval(np.polyfit(cols / scale, middles, 2), np.arange(scale) / scale)
        near = np.abs(course[cols] - middles) <= 1 + np.median(np.abs(course[cols] - middles))
        cols, middles = cols[near], middles[near]
    return np.asarray(course)


def _is_a_digit_of_its_own(rest: Ink, line_ink: float, line_width_px: float) -> bool:
    """Return whether what remains without the lines can be the digit."""
    count, _, stats, _ = cv2.connectedComponentsWithStats((rest > 0).astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    if count < 2:
        return False
    boxes = stats[1:][areas >= 0.2 * areas.max(), : cv2.CC_STAT_AREA]
    near, far = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    if (far - near).max() < LEAST_REST * min(rest.shape):
        return False
    size = np.array(rest.shape[::-1])
    if (near > CLEAR_OF_EDGE * size).all() and (far < (1 - CLEAR_OF_EDGE) * size).all():
        return True
    inked = rest[rest > 0]
    width = 4 * float(cv2.distanceTransform((rest > 0).astype(np.uint8), cv2.DIST_L2, 3).sum())
    pale = line_ink < THIN_OR_PALE * float(inked.mean())
    return pale or line_width_px < THIN_OR_PALE * (width / inked.size - 2)


def _touches_opposite_edges(mask: Mask) -> bool:
    near = max(1, int((1 - SPAN) / 2 * min(mask.shape)))
    left, right = mask[:, :near].any(), mask[:, -near:].any()
    top, bottom = mask[:near].any(), mask[-near:].any()
    return bool((left and right) or (top and bottom))


def _morph(marks: NDArray[np.uint8], kind: int, rows: int, cols: int) -> NDArray[np.uint8]:
    kernel = np.ones((rows, max(1, cols)), np.uint8)
    return np.asarray(cv2.morphologyEx(marks, kind, kernel), np.uint8)
