"""Strokes and scribbles drawn through what is written in a cell, to strike it out."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import COMPONENTS
from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.reader.layout.boxes import Floats
from digitus.reader.results.symbols import LineImage

Points = NDArray[np.intp]


@dataclass(frozen=True)
class StrikeParameters:
    """Parameters of a straight stroke that strikes out; lengths in digit heights.

    Set by hand: the stroke is longer than any of a digit, and ink lies on both of its sides.

    Attributes:
        long: length from which a stroke is longer than any straight stroke of a digit.
        least_length: least length of a stroke that stands out at both ends.
        stands_out: least length that such a stroke stands out at each end.
        steepest_deg: greatest angle of a long stroke to the horizontal.
        steepest_out_deg: the same for a stroke that stands out; the stem of a 4 is steeper.
        least_aside: least share of the other ink on either side of the stroke.
        near_pens: distance from the stroke, in widths of the pen, within which ink belongs to it.
        votes: least votes of the Hough transform, per pixel of the least length.
        angle_step_deg: resolution of the Hough transform.
        longest_break_px: longest gap within a stroke.
        longest_break: the same in digit heights; the shorter counts, as gaps between the digits of
            small writing are no wider.
        core: least ink of a stroke over the darkest of its line image; blurred edges are paler, and
            join neighboring digits.
        darkest: quantile of the ink that is the darkest.
        outermost: share of the other ink that is left out at either end when the ends of a
            stroke are compared with it.
        thicker_pen: greatest width of a pen, in usual widths; where strokes merge they measure
            thicker.
    """

    long: float = 1.45
    least_length: float = 0.85
    stands_out: float = 0.1
    steepest_deg: float = 65.0
    steepest_out_deg: float = 50.0
    least_aside: float = 0.08
    near_pens: float = 0.75
    votes: float = 0.9
    angle_step_deg: float = 2.0
    longest_break_px: int = 2
    longest_break: float = 0.05
    core: float = 0.4
    darkest: float = 0.95
    outermost: float = 0.02
    thicker_pen: float = 1.3


@dataclass(frozen=True)
class ScribbleParameters:
    """Parameters of a scribble, each the least value of one.

    Set above all single digits and up to three that touch, of MNIST's training images and of
    synthetic ones: the longest stroke of 440 cells is 3.95.

    Attributes:
        stroke: length of the stroke, in digit heights per square of one digit height.
        holes: number of patches of paper that ink encloses.
        holes_per_square: the same per square; both must be reached.
        strokes: number of strokes side by side in most rows.
        strokes_per_height: the same per digit height of the width; both must be reached.
        black: share of the box that is ink.
        black_side: shorter side of such a box, in digit heights: a 1 is narrower.
        narrowest: width, in digit heights, that a narrower box is counted with.
    """

    stroke: float = 4.2
    holes: int = 4
    holes_per_square: float = 3.6
    strokes: int = 5
    strokes_per_height: float = 3.8
    black: float = 0.6
    black_side: float = 0.55
    narrowest: float = 0.75


STRIKE = StrikeParameters()
SCRIBBLE = ScribbleParameters()


def is_struck_out(lines: Sequence[LineImage], height_px: float, pen_px: float) -> bool:
    """Return whether a long straight stroke or a scribble goes through the writing in a cell.

    Args:
        lines: line images of the cell.
        height_px: height of a digit on this grid.
        pen_px: usual width of the strokes on this grid.
    """
    return any(_is_struck_out(line.ink, height_px, pen_px) for line in lines)


def _is_struck_out(ink: Ink, height_px: float, pen_px: float) -> bool:
    mask = (ink >= COMPONENTS.faintest_ink).astype(np.uint8)
    pen = max(1.0, min(stroke_width_px(ink), STRIKE.thicker_pen * pen_px))
    if is_scribbled(ink, pen, height_px):
        return True
    if not mask.any():
        return False
    core = (ink >= STRIKE.core * np.quantile(ink[mask > 0], STRIKE.darkest)).astype(np.uint8)
    return all(_is_struck_through(one, pen, height_px) for one in (mask, mask & core))


def _is_struck_through(mask: NDArray[np.uint8], pen_px: float, height_px: float) -> bool:
    """Return whether a long stroke goes through a component of a mask."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    spans = np.asarray(stats)[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1)
    least = STRIKE.least_length * height_px
    return any(
        _has_long_stroke((np.asarray(labels) == number).astype(np.uint8), pen_px, height_px)
        for number in range(1, count)
        if spans[number] >= least
    )


def is_scribbled(ink: Ink, pen_px: float, height_px: float) -> bool:
    """Return whether ink is a scribble: by its length, holes, strokes side by side or blackness.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        pen_px: width of the strokes.
        height_px: height of a digit.
    """
    width = max(SCRIBBLE.narrowest, ink.shape[1] / height_px)
    squares = max(1.0, len(ink) / height_px) * width
    if float(ink.sum()) / pen_px / height_px > SCRIBBLE.stroke * squares:
        return True
    if ink.mean() > SCRIBBLE.black and min(ink.shape) >= SCRIBBLE.black_side * height_px:
        return True
    mask = (ink >= COMPONENTS.faintest_ink).astype(np.uint8)
    if _count_holes(mask) >= max(SCRIBBLE.holes, SCRIBBLE.holes_per_square * squares):
        return True
    starts = np.count_nonzero(np.diff(np.pad(mask, [(0, 0), (1, 0)])) == 1, axis=1)
    least = max(SCRIBBLE.strokes, SCRIBBLE.strokes_per_height * width)
    return bool(np.median(starts) >= least)


def _count_holes(mask: NDArray[np.uint8]) -> int:
    """Count the patches of paper that ink encloses; single pixels are left out as accidental."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(1 - np.pad(mask, 1), connectivity=4)
    return int((np.asarray(stats)[2:, cv2.CC_STAT_AREA] > 1).sum())


def _has_long_stroke(mask: NDArray[np.uint8], pen_px: float, height_px: float) -> bool:
    """Return whether a straight stroke of one component goes through all its other ink."""
    length = STRIKE.least_length * height_px
    lines = cv2.HoughLinesP(
        mask,
        1,
        np.deg2rad(STRIKE.angle_step_deg),
        round(STRIKE.votes * length),
        minLineLength=length,
        maxLineGap=min(STRIKE.longest_break_px, int(STRIKE.longest_break * height_px)),
    )
    if lines is None:
        return False
    points = np.argwhere(mask)[:, ::-1]  # column and row
    found = np.asarray(lines, float).reshape(-1, 2, 2)
    strokes = [ends for ends in found if _steepness_deg(ends) <= STRIKE.steepest_deg]
    near = [np.abs(_place(ends, points)[1]) <= STRIKE.near_pens * pen_px for ends in strokes]
    # Of two strokes that cross, neither is what the other strikes out.
    common = np.any(near, axis=0) if near else np.zeros(len(points), bool)
    least = max(1, round(STRIKE.least_aside * len(points)))
    return any(
        _goes_through(ends, points[~hidden], least, height_px)
        for ends, own in zip(strokes, near, strict=True)
        for hidden in (own, common)
    )


def _steepness_deg(ends: Floats) -> float:
    """Return the angle of a line (2, 2) to the horizontal, 0 to 90 degrees."""
    along = np.abs(ends[1] - ends[0])
    return float(np.rad2deg(np.arctan2(along[1], along[0])))


def _place(ends: Floats, points: Points) -> tuple[Floats, Floats]:
    """Return where points (n, 2) lie along a line (2, 2) from its first end, and beside it."""
    along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    offset = points - ends[0]
    return offset @ along, offset @ np.array([-along[1], along[0]])


def _goes_through(ends: Floats, rest: Points, least: int, height_px: float) -> bool:
    """Return whether a line (2, 2) divides the rest (n, 2), and is long or stands out."""
    place, aside = _place(ends, rest)
    if min((aside > 0).sum(), (aside < 0).sum()) < least:
        return False
    length = float(np.hypot(*(ends[1] - ends[0])))
    first, last = np.quantile(place, (STRIKE.outermost, 1 - STRIKE.outermost))
    out = min(first, length - last) >= STRIKE.stands_out * height_px
    flat = _steepness_deg(ends) <= STRIKE.steepest_out_deg
    return bool((out and flat) or length >= STRIKE.long * height_px)
