"""A sheet of paper photographed on something darker: its four corners and its proportions."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.levels import shrunk, to_levels

Corners = NDArray[np.float64]
"""(4, 2) x and y: top left, top right, bottom right, bottom left."""

GreyLevels = NDArray[np.float32] | NDArray[np.uint8]


@dataclass(frozen=True)
class SheetParameters:
    """Parameters of ``find_sheet`` and ``flattened``, set by hand on photos of sheets on tables.

    Attributes:
        search_px: long side of the copy on which the sheet is searched.
        blur_px: window of the median that removes writing and the table's texture there.
        opened_px: window of the opening that separates the sheet from light objects beside it.
        outermost: share of the darkest and of the lightest pixels that set no level.
        thresholds: number of grey levels tried between the darkest and the lightest.
        least_area: least area of the sheet, as a share of the image.
        most_area: greatest area; a larger sheet is not cut out, because no table is seen.
        least_filled: least share of the area between the corners that the light shape fills.
        corner_epsilon: greatest deviation of the sides from straight lines, as a share of the
            outline's length.
        largest_cosine: greatest cosine of a corner's angle; perspective skews right angles.
        beside_px: distance from a side at which sheet and table are compared.
        samples: number of points along a side.
        ends: share of a side that is left out at each of its ends.
        least_step: least step in light from table to sheet, as a share of the sheet's light.
        least_stepped: least share of a side's samples with half of that step.
        least_light_inside: least share of the sheet's pixels that are light: all but its ink.
        most_light_outside: greatest share of the pixels beside the sheet that are light.
        at_border: distance from the image's border, as a share of its long side, within which a
            side of the sheet lies on it.
        fine_px: long side of the copy on which the sides are located.
        locate_px: distance from the first estimate within which they are searched.
        focal: focal length of a phone's camera, in long sides of its image.
        shortest_focal: least focal length that is believed, in the same unit.
        longest_focal: greatest focal length that is believed.
        least_perspective: difference of opposite sides from which the focal length is measured.
        inset: share of a side that is cut off all around: the sheet's own edge.
    """

    search_px: int = 500
    blur_px: int = 5
    opened_px: int = 5
    outermost: float = 0.02
    thresholds: int = 8
    least_area: float = 0.12
    most_area: float = 0.98
    least_filled: float = 0.8
    corner_epsilon: float = 0.02
    largest_cosine: float = 0.6
    beside_px: int = 5
    samples: int = 60
    ends: float = 0.06
    least_step: float = 0.08
    least_stepped: float = 0.8
    least_light_inside: float = 0.7
    most_light_outside: float = 0.3
    at_border: float = 0.015
    fine_px: int = 1600
    locate_px: int = 8
    focal: float = 0.8
    shortest_focal: float = 0.5
    longest_focal: float = 2.5
    least_perspective: float = 0.1
    inset: float = 0.004


SHEET = SheetParameters()


@dataclass(frozen=True, eq=False)
class _Line:
    """A straight line: a point (2,) on it and its direction (2,), x and y."""

    point: NDArray[np.float64]
    direction: NDArray[np.float64]


def find_sheet(grey: Grey) -> Corners | None:
    """Return the corners of a light sheet on something darker, None where there is none.

    All four sides must separate dark from light along their length; one of them may be the
    image's border.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    copy = to_levels(shrunk(grey, SHEET.search_px))
    small = np.asarray(cv2.medianBlur(copy, SHEET.blur_px), np.uint8)
    darkest, lightest = np.quantile(small, (SHEET.outermost, 1 - SHEET.outermost))
    levels = np.geomspace(darkest + 1, lightest + 1, SHEET.thresholds + 2)[1:-1]
    tried = [(_corners_at(small, float(level)), float(level)) for level in levels]
    found = [corners for corners, _ in tried if corners is not None]
    steps = [_step(small, corners, level) for corners, level in tried if corners is not None]
    if not steps or max(steps) <= 0:
        return None
    corners = found[int(np.argmax(steps))] * max(grey.shape) / max(small.shape)
    return _located(grey, corners)


def flattened(grey: Grey, corners: Corners) -> Grey:
    """Warp a sheet to a rectangle of its true proportions.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
        corners: (4, 2) of the sheet, x and y, from ``find_sheet``.
    """
    middle = corners.mean(axis=0)
    inner = middle + (corners - middle) * (1 - 2 * SHEET.inset)
    width, height = _true_size(inner, grey.shape)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(inner.astype(np.float32), target)
    how = cv2.INTER_LINEAR if width >= np.ptp(corners[:, 0]) / 2 else cv2.INTER_AREA
    flat = cv2.warpPerspective(
        grey, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.float32)


def _corners_at(small: NDArray[np.uint8], level: float) -> Corners | None:
    """Return the corners of the largest shape lighter than a level, if it has four."""
    light = np.asarray(small > level, np.uint8)
    window = np.ones((SHEET.opened_px, SHEET.opened_px))
    light = np.asarray(cv2.morphologyEx(light, cv2.MORPH_OPEN, window), np.uint8)
    outlines = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    share = cv2.contourArea(hull) / small.size
    if not SHEET.least_area <= share <= SHEET.most_area:
        return None
    four = cv2.approxPolyDP(hull, SHEET.corner_epsilon * cv2.arcLength(hull, True), True)
    if len(four) != 4:
        return None
    corners = _ordered(np.asarray(four, np.float64).reshape(4, 2))
    filled = max(cv2.contourArea(outline) for outline in outlines)
    square = np.abs(_corner_cosines(corners)).max() <= SHEET.largest_cosine
    whole = filled >= SHEET.least_filled * _area(corners)  # except what a shadow hides
    return _located(small, corners) if square and whole else None


def _step(small: NDArray[np.uint8], corners: Corners, level: float) -> float:
    """Return the least step from table to sheet of the four sides, 0.0 if it is not a sheet.

    Steps are shares of the sheet's light.
    """
    shape = np.array(small.shape[::-1])
    inside = inside_corners(corners, small.shape)
    light = float(np.median(small[inside]))
    steps = []
    for side in range(4):
        ends = corners[[side, (side + 1) % 4]]
        border = SHEET.at_border * shape.max() + 1
        at_border = (ends < border).all(axis=0) | (ends > shape - 1 - border).all(axis=0)
        steps.append(np.inf if at_border.any() else _step_of_side(small, ends, light))
    if np.isinf(steps).sum() > 1 or min(steps) < SHEET.least_step:
        return 0.0
    bright = small > level
    if (
        bright[inside].mean() < SHEET.least_light_inside
        or bright[~inside].mean() > SHEET.most_light_outside
    ):
        return 0.0
    return float(min(steps))


def _step_of_side(small: NDArray[np.uint8], ends: Corners, light: float) -> float:
    """Return the median step across a side, of the sheet's light; 0.0 if much of it has none."""
    along = np.linspace(SHEET.ends, 1 - SHEET.ends, SHEET.samples)[:, None]
    points = ends[0] + along * (ends[1] - ends[0])
    inward = _inward(ends)
    beside = SHEET.beside_px * inward
    inner, outer = _values(small, points + beside), _values(small, points - beside)
    steps = (inner - outer) / max(light, 1.0)
    stepped = (steps > SHEET.least_step / 2).mean()
    return float(np.median(steps)) if stepped >= SHEET.least_stepped else 0.0


def _located(grey: GreyLevels, corners: Corners) -> Corners:
    """Move the corners to where the steepest steps across the sides meet, on a finer copy."""
    large = max(grey.shape) > SHEET.fine_px
    fine = shrunk(np.asarray(grey, np.float32), SHEET.fine_px) if large else grey
    factor = max(fine.shape) / max(grey.shape)
    rough = corners * factor
    lines = [_located_side(fine, rough[[side, (side + 1) % 4]]) for side in range(4)]
    met = [_crossing(lines[side - 1], lines[side]) for side in range(4)]
    near = np.abs(np.array(met) - rough).max() <= 2 * SHEET.locate_px
    return np.array(met) / factor if near else corners


def _located_side(fine: GreyLevels, ends: Corners) -> _Line:
    """Fit a line through the steepest steps across a side."""
    along = np.linspace(SHEET.ends, 1 - SHEET.ends, SHEET.samples)[:, None]
    points = ends[0] + along * (ends[1] - ends[0])
    aside = np.arange(-SHEET.locate_px, SHEET.locate_px + 1)
    inward = _inward(ends)
    profile = _values(fine, points[:, None] + aside[None, :, None] * inward)
    steps = profile[:, 2:] - profile[:, :-2]
    edge = points + aside[1:-1][steps.argmax(axis=1)][:, None] * inward
    inside = ((edge > 1) & (edge < np.array(fine.shape[::-1]) - 2)).all(axis=1)
    if inside.sum() < SHEET.samples // 2:
        return _Line(ends[0], ends[1] - ends[0])
    fitted = cv2.fitLine(edge[inside].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01)
    direction, point = np.asarray(fitted, np.float64).reshape(2, 2)
    return _Line(point, direction)


def _true_size(corners: Corners, shape: tuple[int, ...]) -> tuple[int, int]:
    """Return width and height in pixels: at least those of its longer sides, undistorted.

    The proportions follow from the perspective, if the camera's axis goes through the middle of
    the image.
    """
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    ratio = _true_ratio(corners, shape)
    if width / height < ratio:
        width = height * ratio
    else:
        height = width / ratio
    return max(1, round(width)), max(1, round(height))


def _true_ratio(corners: Corners, shape: tuple[int, ...]) -> float:
    """Return the sheet's width over its height.

    Z. Zhang, L.-W. He, "Whiteboard scanning and image enhancement", 2007, eqs. 11, 12, 20, 21.
    The focal length follows from the vanishing points of both pairs of sides; without them, that
    of a phone's camera is used.
    """
    middle = (np.array(shape[::-1], np.float64) - 1) / 2
    m1, m2, m4, m3 = np.hstack([(corners - middle) / max(shape), np.ones((4, 1))])
    k2 = np.dot(np.cross(m1, m4), m3) / np.dot(np.cross(m2, m4), m3)
    k3 = np.dot(np.cross(m1, m4), m2) / np.dot(np.cross(m3, m4), m2)
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    focal_squared = SHEET.focal**2
    if min(abs(n2[2]), abs(n3[2])) > SHEET.least_perspective:
        measured = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
        focal_squared = (
            measured
            if SHEET.shortest_focal**2 < measured < SHEET.longest_focal**2
            else focal_squared
        )
    width, height = (
        math.sqrt((one[0] ** 2 + one[1] ** 2) / focal_squared + one[2] ** 2) for one in (n2, n3)
    )
    return width / height


def _ordered(corners: Corners) -> Corners:
    """Sort corners clockwise in the image, from the top left one."""
    middle = corners.mean(axis=0)
    x, y = (corners - middle).T
    angles = np.arctan2(y, x)
    clockwise = corners[np.argsort(angles)]
    return np.roll(clockwise, -int(clockwise.sum(axis=1).argmin()), axis=0)


def _corner_cosines(corners: Corners) -> NDArray[np.float64]:
    ahead = np.roll(corners, -1, axis=0) - corners
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    return np.asarray((ahead * np.roll(ahead, 1, axis=0)).sum(axis=1))


def _area(corners: Corners) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def inside_corners(corners: Corners, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Mark the pixels of an image (rows, cols) between the corners of a sheet."""
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1)
    return mask > 0


def _inward(ends: Corners) -> NDArray[np.float64]:
    """Return the unit vector into the sheet, whose corners go clockwise in the image."""
    x, y = (ends[1] - ends[0]) / max(float(np.linalg.norm(ends[1] - ends[0])), 1e-9)
    return np.array([-y, x])


def _values(grey: GreyLevels, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of the pixels nearest to points (..., 2), clipped to the image."""
    last = np.array(grey.shape[::-1]) - 1
    cols, rows = np.moveaxis(np.clip(np.rint(points), 0, last).astype(np.intp), -1, 0)
    return np.asarray(grey[rows, cols], np.float64)


def _crossing(one: _Line, other: _Line) -> NDArray[np.float64]:
    """Return the point where two lines meet."""
    matrix = np.stack([one.direction, -other.direction], axis=1)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return other.point
    along = np.linalg.solve(matrix, other.point - one.point)[0]
    return np.asarray(one.point + along * one.direction)
