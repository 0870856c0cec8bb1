"""Strokes and scribbles drawn through what is written, to strike it out."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging import Ink, stroke_width_px
from digitus.imaging.components import FAINTEST_INK
from digitus.reader.layout.boxes import Floats
from digitus.reader.results.symbols import LineImage

Points = NDArray[np.intp]

LONG = 1.45  # digit heights: longer than any straight stroke of a digit
LEAST_LENGTH = 0.85  # of a stroke that stands out at both ends
STANDS_OUT = 0.1  # digit heights
STEEPEST_DEG, STEEPEST_OUT_DEG = 65, 50  # of a long stroke; of one that stands out
LEAST_ASIDE = 0.08  # of the ink that must lie on either side of the stroke
NEAR_PENS = 0.75  # widths of the pen to either side of the stroke that are its own
VOTES, LONGEST_BREAK_PX = 0.9, 2
# Of a scribble. Digits alone, or up to three together, drawn from MNIST's training images and
# by our own pen, stay below (3.95 is the largest of 440 cells).
LONGEST_STROKE = 4.2  # digit heights per square of one
LEAST_HOLES, MOST_HOLES = 4, 3.6  # in all; per square
LEAST_STROKES, MOST_STROKES = 5, 3.8  # side by side in most rows: in all; per digit height
BLACKENED = 0.6  # share of the box that is ink
NARROWEST, LEAST_SIDE = 0.75, 0.55  # that a square is counted; that is blackened, not a 1
THICKER_PEN = 1.3  # than usual; where strokes merge they seem thicker still


def is_struck_out(runs: Sequence[LineImage], height_px: float, pen_px: float) -> bool:
    """Return whether a long straight stroke or a scribble goes through what is in a cell.

    Args:
        runs: of the cell.
        height_px: of a digit on this grid.
        pen_px: usual width of the strokes on this grid.
    """
    return any(_is_struck(run.ink, height_px, pen_px) for run in runs)


def _is_struck(ink: Ink, height_px: float, pen_px: float) -> bool:
    marks = (ink >= FAINTEST_INK).astype(np.uint8)
    pen = max(1.0, min(stroke_width_px(ink), THICKER_PEN * pen_px))
    if _is_scribbled(ink, pen, height_px):
        return True
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marks)
    spans = np.asarray(stats)[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1)
    long = [number for number in range(1, count) if spans[number] >= LEAST_LENGTH * height_px]
    return any(
        _has_long_stroke((np.asarray(labels) == number).astype(np.uint8), pen, height_px)
        for number in long
    )


def _is_scribbled(ink: Ink, pen_px: float, height_px: float) -> bool:
    """Tell a scribble by its length, the holes that it leaves, or its blackness."""
    width = max(NARROWEST, ink.shape[1] / height_px)
    squares = max(1.0, len(ink) / height_px) * width
    long = float(ink.sum()) / pen_px / height_px > LONGEST_STROKE * squares
    marks = (ink >= FAINTEST_INK).astype(np.uint8)
    black = ink.mean() > BLACKENED and min(ink.shape) >= LEAST_SIDE * height_px
    holes = _count_holes(marks)
    many = holes >= LEAST_HOLES and holes >= MOST_HOLES * squares
    strokes = np.median(np.count_nonzero(np.diff(np.pad(marks, [(0, 0), (1, 0)])) == 1, axis=1))
    zigzag = strokes >= LEAST_STROKES and strokes >= MOST_STROKES * width
    return bool(black or long or many or zigzag)


def _count_holes(marks: NDArray[np.uint8]) -> int:
    """Count the patches of paper that ink encloses; a pixel may be an accident."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(1 - np.pad(marks, 1), connectivity=4)
    return int((np.asarray(stats)[2:, cv2.CC_STAT_AREA] > 1).sum())


def _has_long_stroke(marks: NDArray[np.uint8], pen_px: float, height_px: float) -> bool:
    """Look in one component for straight strokes that go through all the rest."""
    length, gap = LEAST_LENGTH * height_px, LONGEST_BREAK_PX
    votes = round(VOTES * length)
    lines = cv2.HoughLinesP(marks, 1, np.pi / 90, votes, minLineLength=length, maxLineGap=gap)
    if lines is None:
        return False
    points = np.argwhere(marks)[:, ::-1]  # column and row
    strokes = [one for one in np.asarray(lines, float).reshape(-1, 2, 2) if _steepness(one) <= 1]
    near = [np.abs(_place(one, points)[1]) <= NEAR_PENS * pen_px for one in strokes]
    # Of two strokes that cross, neither is what the other strikes out.
    common = np.any(near, axis=0) if near else np.zeros(len(points), bool)
    least = round(LEAST_ASIDE * len(points))
    return any(
        _goes_through(one, points[~hidden], least, height_px)
        for one, own in zip(strokes, near, strict=True)
        for hidden in (own, common)
    )


def _steepness(ends: Floats) -> float:
    """Return how steep a line (2, 2) is, 1 at the steepest that strikes out."""
    along = np.abs(ends[1] - ends[0])
    return float(np.rad2deg(np.arctan2(along[1], along[0])) / STEEPEST_DEG)


def _place(ends: Floats, points: Points) -> tuple[Floats, Floats]:
    """Return where points (n, 2) lie along a line (2, 2) from its first end, and beside it."""
    along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    offset = points - ends[0]
    return offset @ along, offset @ np.array([-along[1], along[0]])


def _goes_through(ends: Floats, rest: Points, least: int, height_px: float) -> bool:
    """Return whether a line (2, 2) parts the rest (n, 2), and is long or stands out."""
    place, aside = _place(ends, rest)
    if min((aside > 0).sum(), (aside < 0).sum()) < max(1, least):
        return False
    length = float(np.hypot(*(ends[1] - ends[0])))
    first, last = np.quantile(place, (0.02, 0.98))
    out = min(first, length - last) >= STANDS_OUT * height_px
    flat = _steepness(ends) <= STEEPEST_OUT_DEG / STEEPEST_DEG
    return bool((out and flat) or length >= LONG * height_px)
