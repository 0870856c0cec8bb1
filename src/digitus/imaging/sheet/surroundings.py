"""What lies beside the sheet: table, window frame, what a torn edge or the image's border leaves.

`corners.py` cuts out sheets with four straight sides. Here the sheet may have any shape, and the
image's border may cut it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.ink.paper import is_dark_page
from digitus.imaging.levels import FULL, Levels, shrunk, to_levels

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class SurroundingsParameters:
    """Parameters of ``without_surroundings``, set by hand on synthetic sheets on tables.

    Lengths are in pixels of the copy that is searched, tones in shares of the sheet's light.

    Attributes:
        search_px: long side of the copy on which the sheet is searched.
        written_px: window of the closing that removes writing and lines.
        blur_px: window of the median that removes noise.
        edge_px: window within which the edge of a sheet is a step; the light of shadows changes
            more slowly.
        least_step: least step at the edge of the sheet.
        wide_px: window within which the edge of a shadow is a step as well.
        least_sharp: least share of the step within the wide window that is one within the narrow
            one; those of shadows are below a half.
        least_sheet: least area of the sheet, as a share of the image.
        least_area_px: least area of what lies beside it.
        beside_px: distance from the sheet within which both tones are compared.
        least_dark: darkness of ink, relative to its paper.
        writing_px: range of the height of writing.
        deep_px: distance from the sheet from which ink is not that of its edge.
        most_written: greatest number of pieces of writing beside the sheet.
        most_written_share: the same as a share of those on the sheet; the larger counts. More is
            writing in a shadow.
        margin_px: width of the sheet's edge that counts as beside it.
    """

    search_px: int = 500
    written_px: int = 11
    blur_px: int = 5
    edge_px: int = 5
    least_step: float = 0.06
    wide_px: int = 21
    least_sharp: float = 0.65
    least_sheet: float = 0.3
    least_area_px: int = 60
    beside_px: int = 10
    least_dark: float = 0.15
    writing_px: tuple[int, int] = (5, 40)
    deep_px: int = 8
    most_written: int = 2
    most_written_share: float = 0.1
    margin_px: int = 3


SURROUNDINGS = SurroundingsParameters()


def without_surroundings(grey: Grey) -> Grey:
    """Cover what lies beside the sheet with the light of its edge; else return the argument.

    Where the ink is lighter than the paper, as on a blackboard, the negative is searched.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white.
    """
    small = to_levels(shrunk(grey, SURROUNDINGS.search_px))
    is_dark = is_dark_page(small)
    small = np.asarray(FULL - small, np.uint8) if is_dark else small
    light = _bare(small)
    sheet = _largest_even_region(light)
    if sheet is None:
        return grey
    outside = _outside(small, light, sheet)
    if not outside.any():
        return grey
    wide = _grown(outside, SURROUNDINGS.margin_px)
    paper = _light_of_nearest(light, ~_grown(outside, 2 * SURROUNDINGS.margin_px))
    paper = np.asarray(FULL - paper, np.uint8) if is_dark else paper
    size = grey.shape[::-1]
    covered = np.asarray(cv2.resize(wide.astype(np.float32), size)) > 0.5
    filled = np.asarray(cv2.resize(paper.astype(np.float32) / FULL, size), np.float32)
    return np.where(covered, filled, grey)


def _bare(small: Levels) -> Levels:
    """Return the light (rows, cols) without writing, lines and noise."""
    window = np.ones((SURROUNDINGS.written_px,) * 2, np.uint8)
    closed = np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, window), np.uint8)
    return np.asarray(cv2.medianBlur(closed, SURROUNDINGS.blur_px), np.uint8)


def _largest_even_region(light: Levels) -> Mask | None:
    """Return the largest region (rows, cols) without a step in the light, its holes filled."""
    even = np.asarray(_steps(light, SURROUNDINGS.edge_px) < SURROUNDINGS.least_step)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(even.view(np.uint8), connectivity=4)
    areas = np.asarray(stats)[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    if areas.max() < SURROUNDINGS.least_sheet * light.size:
        return None
    largest = (np.asarray(labels) == areas.argmax()).view(np.uint8)
    outline = cv2.findContours(largest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    filled = np.zeros_like(largest)
    cv2.drawContours(filled, outline, -1, 1, cv2.FILLED)
    return _grown(filled > 0, SURROUNDINGS.edge_px // 2)


def _steps(light: Levels, window_px: int) -> Grey:
    """Return the greatest step within a window around each pixel, as a share of its light."""
    window = np.ones((window_px,) * 2, np.uint8)
    highest = np.asarray(cv2.dilate(light, window), np.float32)
    lowest = np.asarray(cv2.erode(light, window), np.float32)
    return np.asarray(1 - lowest / np.maximum(highest, 1), np.float32)


def _outside(small: Levels, light: Levels, sheet: Mask) -> Mask:
    """Mark the regions beside a sheet (rows, cols) that have another tone and no writing."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~sheet).view(np.uint8))
    labels, outside = np.asarray(labels), np.zeros_like(sheet)
    areas = np.asarray(stats)[1:, cv2.CC_STAT_AREA]
    large = np.flatnonzero(areas >= SURROUNDINGS.least_area_px) + 1
    if not len(large):
        return outside
    distance = np.asarray(cv2.distanceTransform((~sheet).view(np.uint8), cv2.DIST_L2, 3))
    paper = _light_of_nearest(light, sheet & ~_grown(~sheet, SURROUNDINGS.edge_px))
    sharp = _steps(light, SURROUNDINGS.edge_px) / np.maximum(
        _steps(light, SURROUNDINGS.wide_px), SURROUNDINGS.least_step
    )
    touching = (distance > 0) & (distance <= SURROUNDINGS.edge_px / 2)
    beside = (distance > SURROUNDINGS.edge_px / 2) & (distance <= SURROUNDINGS.beside_px)
    for number in large.tolist():
        region = labels == number
        edge = region & beside
        if not edge.any() or np.median(sharp[region & touching]) < SURROUNDINGS.least_sharp:
            continue
        step = np.abs(light[edge] / np.maximum(paper[edge].astype(np.float32), 1) - 1)
        outside |= region & bool(np.median(step) >= SURROUNDINGS.least_step)
    return outside & (not _holds_writing(small, light, outside, sheet))


def _holds_writing(small: Levels, light: Levels, outside: Mask, sheet: Mask) -> bool:
    """Return whether there is writing beside the sheet, as in a shadow with a sharp edge."""
    dark = light - small.astype(np.float32) > SURROUNDINGS.least_dark * light
    inside = np.zeros_like(outside)
    inside[1:-1, 1:-1] = True
    deep = inside & ~_grown(~outside, SURROUNDINGS.deep_px)
    beside, on_sheet = _count_writing(dark & outside, deep), _count_writing(dark & sheet, inside)
    return beside > max(SURROUNDINGS.most_written, SURROUNDINGS.most_written_share * on_sheet)


def _count_writing(dark: Mask, within: Mask) -> int:
    """Count the pieces of a mask that are as high as writing and lie within a region.

    The gaps between the planks of a table end at the sheet or at the border of the image.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.view(np.uint8))
    heights = np.asarray(stats)[:, cv2.CC_STAT_HEIGHT]
    low, high = SURROUNDINGS.writing_px
    fit = (heights >= low) & (heights <= high)
    fit[np.unique(np.asarray(labels)[~within])] = False
    return int(np.count_nonzero(fit[1:]))


def _light_of_nearest(light: Levels, region: Mask) -> Levels:
    """Return the light of the nearest pixel of a region, for each pixel (rows, cols)."""
    if not region.any():
        return light
    _, labels = cv2.distanceTransformWithLabels(
        (~region).view(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.asarray(labels)
    values = np.zeros(int(nearest.max()) + 1, np.uint8)
    values[nearest[region]] = light[region]
    return np.asarray(values[nearest], np.uint8)


def _grown(mask: Mask, reach_px: int) -> Mask:
    window = np.ones((2 * reach_px + 1,) * 2, np.uint8)
    return np.asarray(cv2.dilate(mask.view(np.uint8), window)) > 0
