"""A sheet of paper photographed on something darker: its four corners, and its true shape."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.levels import shrunk

Corners = NDArray[np.float64]
"""(4, 2) x and y: top left, top right, bottom right, bottom left."""

GreyLevels = NDArray[np.float32] | NDArray[np.uint8]

SEARCH_PX = 500  # long side of the copy on which the sheet is searched
THRESHOLDS = 8  # tried between the darkest and the lightest of the image
LEAST_AREA = 0.12  # of the image
MOST_AREA = 0.98
LEAST_FILLED = 0.8  # of the four corners' area by the light shape
CORNER_EPSILON = 0.02  # of the outline's length
STEEPEST_CORNER = 0.6  # |cosine| of a corner's angle
ASIDE_PX = 5  # from a side, where sheet and table are compared
SAMPLES = 60  # along a side
ENDS = 0.06  # of a side left out at each of its ends
LEAST_STEP = 0.08  # from table to sheet, of the sheet's light
LEAST_STEPPED = 0.8  # of the samples of a side
LEAST_LIGHT_INSIDE = 0.7  # of the sheet's pixels: all but its ink
MOST_LIGHT_OUTSIDE = 0.3
AT_BORDER = 0.015  # of the image's side
FINE_PX = 1600  # long side of the copy on which the sides are traced
TRACE_PX = 8  # how far a side is traced from where it was found, on the fine copy
USUAL_FOCAL = 0.8  # of a phone's camera, in long sides of its image
FOCALS = (0.5, 2.5)  # of cameras that people have
LEAST_PERSPECTIVE = 0.1  # by which opposite sides differ, to tell the focal length
INSET = 0.004  # of a side: the sheet's own edge is left out


def find_sheet(page: Grey) -> Corners | None:
    """Find the corners of a light sheet on something darker; None where there is none.

    All four sides must step from dark to light along their length; one of them may be the
    image's own border.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    small = np.asarray(cv2.medianBlur(_bytes(shrunk(page, SEARCH_PX)), 5), np.uint8)
    darkest, lightest = np.quantile(small, (0.02, 0.98))
    levels = np.geomspace(darkest + 1, lightest + 1, THRESHOLDS + 2)[1:-1]
    tried = [(_corners_at(small, float(level)), float(level)) for level in levels]
    found = [corners for corners, _ in tried if corners is not None]
    steps = [_step(small, corners, level) for corners, level in tried if corners is not None]
    if not steps or max(steps) <= 0:
        return None
    corners = found[int(np.argmax(steps))] * max(page.shape) / max(small.shape)
    return _traced(page, corners)


def flattened(page: Grey, corners: Corners) -> Grey:
    """Warp the sheet to the rectangle that it is.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
        corners: (4, 2) of the sheet, x and y, from ``find_sheet``.
    """
    middle = corners.mean(axis=0)
    inner = middle + (corners - middle) * (1 - 2 * INSET)
    width, height = _true_size(inner, page.shape)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(inner.astype(np.float32), target)
    how = cv2.INTER_LINEAR if width >= np.ptp(corners[:, 0]) / 2 else cv2.INTER_AREA
    flat = cv2.warpPerspective(
        page, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.float32)


def _corners_at(small: NDArray[np.uint8], level: float) -> Corners | None:
    """Return the corners of the largest shape lighter than a level, if it has four."""
    light = np.asarray(small > level, np.uint8)
    light = np.asarray(cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((5, 5))), np.uint8)
    outlines = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    share = cv2.contourArea(hull) / small.size
    if not LEAST_AREA <= share <= MOST_AREA:
        return None
    four = cv2.approxPolyDP(hull, CORNER_EPSILON * cv2.arcLength(hull, True), True)
    if len(four) != 4:
        return None
    corners = _ordered(np.asarray(four, np.float64).reshape(4, 2))
    filled = max(cv2.contourArea(outline) for outline in outlines)
    square = np.abs(_corner_cosines(corners)).max() <= STEEPEST_CORNER
    whole = filled >= LEAST_FILLED * _area(corners)  # but for what a shadow hides
    return _traced(small, corners) if square and whole else None


def _step(small: NDArray[np.uint8], corners: Corners, level: float) -> float:
    """Return how far the sheet is lighter than the table, of its light; 0.0 if it is no sheet.

    The smallest step of the four sides counts.
    """
    shape = np.array(small.shape[::-1])
    inside = _inside(corners, small.shape)
    light = float(np.median(small[inside]))
    steps = []
    for side in range(4):
        ends = corners[[side, (side + 1) % 4]]
        border = AT_BORDER * shape.max() + 1
        at_border = (ends < border).all(axis=0) | (ends > shape - 1 - border).all(axis=0)
        steps.append(np.inf if at_border.any() else _step_of_side(small, ends, light))
    if np.isinf(steps).sum() > 1 or min(steps) < LEAST_STEP:
        return 0.0
    bright = small > level
    if bright[inside].mean() < LEAST_LIGHT_INSIDE or bright[~inside].mean() > MOST_LIGHT_OUTSIDE:
        return 0.0
    return float(min(steps))


def _step_of_side(small: NDArray[np.uint8], ends: Corners, light: float) -> float:
    """Return the middle step across a side, of the sheet's light; 0.0 where much of it has none."""
    along = np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    points = ends[0] + along * (ends[1] - ends[0])
    inward = _inward(ends)
    inner, outer = (_values(small, points + aside * inward) for aside in (ASIDE_PX, -ASIDE_PX))
    steps = (inner - outer) / max(light, 1.0)
    return float(np.median(steps)) if (steps > LEAST_STEP / 2).mean() >= LEAST_STEPPED else 0.0


def _traced(page: GreyLevels, corners: Corners) -> Corners:
    """Move the corners to where the sides' steepest steps meet, seen on a finer copy."""
    fine: GreyLevels = (
        page if max(page.shape) <= FINE_PX else shrunk(np.asarray(page, np.float32), FINE_PX)
    )
    factor = max(fine.shape) / max(page.shape)
    rough = corners * factor
    lines = [_traced_side(fine, rough[[side, (side + 1) % 4]]) for side in range(4)]
    met = [_crossing(lines[side - 1], lines[side]) for side in range(4)]
    near = np.abs(np.array(met) - rough).max() <= 2 * TRACE_PX
    return np.array(met) / factor if near else corners


def _traced_side(
    fine: GreyLevels, ends: Corners
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit a line, as a point and a direction, through the steepest steps across a side."""
    along = np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    points = ends[0] + along * (ends[1] - ends[0])
    aside = np.arange(-TRACE_PX, TRACE_PX + 1)
    inward = _inward(ends)
    profile = _values(fine, points[:, None] + aside[None, :, None] * inward)
    steps = profile[:, 2:] - profile[:, :-2]
    edge = points + aside[1:-1][steps.argmax(axis=1)][:, None] * inward
    inside = ((edge > 1) & (edge < np.array(fine.shape[::-1]) - 2)).all(axis=1)
    if inside.sum() < SAMPLES // 2:
        return ends[0], ends[1] - ends[0]
    fitted = cv2.fitLine(edge[inside].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01)
    x, y = np.asarray(fitted, np.float64).reshape(2, 2)[::-1]
    return x, y


def _true_size(corners: Corners, shape: tuple[int, ...]) -> tuple[int, int]:
    """Return width and height of the sheet: the pixels of its longer sides, its own proportions.

    The proportions follow from the perspective if the camera's axis goes through the middle of
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
    The focal length follows from sides that meet far away both ways; else a phone's is taken.
    """
    middle = (np.array(shape[::-1], np.float64) - 1) / 2
    m1, m2, m4, m3 = np.hstack([(corners - middle) / max(shape), np.ones((4, 1))])
    k2 = np.dot(np.cross(m1, m4), m3) / np.dot(np.cross(m2, m4), m3)
    k3 = np.dot(np.cross(m1, m4), m2) / np.dot(np.cross(m3, m4), m2)
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    focal_squared = USUAL_FOCAL**2
    if min(abs(n2[2]), abs(n3[2])) > LEAST_PERSPECTIVE:
        measured = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
        focal_squared = measured if FOCALS[0] ** 2 < measured < FOCALS[1] ** 2 else focal_squared
    width, height = (
        math.sqrt((one[0] ** 2 + one[1] ** 2) / focal_squared + one[2] ** 2) for one in (n2, n3)
    )
    return width / height


def _ordered(corners: Corners) -> Corners:
    """Sort corners clockwise as seen, from the top left one."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(*(corners - middle).T[::-1])
    clockwise = corners[np.argsort(angles)]
    return np.roll(clockwise, -int(clockwise.sum(axis=1).argmin()), axis=0)


def _corner_cosines(corners: Corners) -> NDArray[np.float64]:
    ahead = np.roll(corners, -1, axis=0) - corners
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    return np.asarray((ahead * np.roll(ahead, 1, axis=0)).sum(axis=1))


def _area(corners: Corners) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def _inside(corners: Corners, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1)
    return mask > 0


def _inward(ends: Corners) -> NDArray[np.float64]:
    """Unit vector into the sheet, whose corners go clockwise as seen."""
    x, y = (ends[1] - ends[0]) / max(float(np.linalg.norm(ends[1] - ends[0])), 1e-9)
    return np.array([-y, x])


def _values(page: GreyLevels, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Look up the nearest pixels of points (..., 2), those outside at the border."""
    last = np.array(page.shape[::-1]) - 1
    cols, rows = np.moveaxis(np.clip(np.rint(points), 0, last).astype(np.intp), -1, 0)
    return np.asarray(page[rows, cols], np.float64)


def _crossing(
    one: tuple[NDArray[np.float64], NDArray[np.float64]],
    other: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Return the point where two lines, each a point and a direction, meet."""
    matrix = np.stack([one[1], -other[1]], axis=1)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return other[0]
    return np.asarray(one[0] + np.linalg.solve(matrix, other[0] - one[0])[0] * one[1])


def _bytes(page: Grey) -> NDArray[np.uint8]:
    return np.asarray(cv2.convertScaleAbs(page, alpha=255), np.uint8)
