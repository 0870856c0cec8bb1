"""How dark each pixel of a whole page is beside its bare paper, whatever the light."""

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey
from digitus.imaging.ink.digit_ink import tone_of_clean_paper
from digitus.imaging.ink.paper import (
    BLACKEST_PAPER,
    noise,
    otsu_threshold,
    slope_of_light,
    thumbnail,
)

Levels = NDArray[np.uint8]
"""(rows, cols), 0 paper to 255 as dark as can be; bytes are four times as fast as floats."""

LIGHT_PX = 400  # long side of the small copy on which the light is found
POLARITY_PX = 240  # long side of that on which it is found which side the paper is on
WIDEST_STROKE = 0.12  # of the long side: wider darkness is shadow
STROKE_QUANTILE = 0.8  # of the components' stroke widths
MEDIAN_WINDOW = 1 / 8  # of the long side: strokes fill less than half of it
WINDOW = 2.5  # stroke widths that the closing covers: strokes cross and touch
LEAST_WINDOW_PX = 9
LEAST_DARKNESS = 24  # of 255; what is darker than its surroundings on the small copy
LEAST_COMPONENT_PX = 6
NOISE_ROWS = 40  # that the noise is measured on
FULL = 255


def darkness_of(page: Grey) -> tuple[Levels, float]:
    """Return how much darker than its paper each pixel is; on dark paper, how much lighter.

    A drawing on paper of exactly one tone is taken as it is. Elsewhere the light is divided out.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.

    Returns:
        The darkness, and the standard deviation of its noise, 0.0 to 1.0. The noise cannot be
        measured on the darkness, where all that is lighter than the paper is 0.
    """
    tone = tone_of_clean_paper(page)
    if tone is not None:
        return _levels(np.abs(page - tone), 1 / max(tone, 1 - tone)), 0.0
    levels = _levels(page, 1.0)
    if is_dark(levels):
        levels = np.asarray(cv2.bitwise_not(levels), np.uint8)
    light = np.maximum(light_of(levels), np.uint8(BLACKEST_PAPER * FULL))
    share = np.asarray(cv2.divide(levels, light, scale=FULL), np.uint8)
    some = slice(None, None, max(1, len(levels) // NOISE_ROWS))
    spread = noise(np.asarray(levels[some] / light[some].astype(np.float32), np.float32))
    return np.asarray(cv2.bitwise_not(share), np.uint8), spread


def paper_of(page: Grey) -> Grey:
    """Estimate the bare paper (rows, cols) of a page, 0.0 black to 1.0 white, light or dark."""
    tone = tone_of_clean_paper(page)
    if tone is not None:
        return np.full_like(page, tone)
    levels = _levels(page, 1.0)
    dark = is_dark(levels)
    light = light_of(np.asarray(cv2.bitwise_not(levels), np.uint8) if dark else levels)
    return np.asarray((FULL - light if dark else light) / np.float32(FULL), np.float32)


def is_dark(levels: Levels) -> bool:
    """Return whether a whole page is darker than its ink: by the skewness about the local median.

    Ink covers less than half of any part of a page, so the median is paper, on either side of a
    shadow's edge. What lies off the paper is ink: on light paper it is the darker tail.
    """
    small = _small(levels, POLARITY_PX)
    window = int(MEDIAN_WINDOW * max(small.shape)) | 1
    paper = np.asarray(cv2.medianBlur(small, window), np.float32)
    off = (small - paper) / np.maximum(np.maximum(small, paper), 1)
    return bool((off**3).sum() > 0)


def light_of(levels: Levels) -> Levels:
    """Estimate the bare paper (rows, cols), 0 to 255, of a page with darker ink.

    The slope of the light is divided out of a small copy. There a closing covers the strokes,
    but nothing wider, so a shadow's edge stays where it is; a median keeps edges as well.
    """
    rows, cols = levels.shape
    small = _small(levels, LIGHT_PX)
    slope = _slope(small)
    flat = _levels(small / FULL / slope, 1.0)
    window = _window_px(flat)
    closed = cv2.morphologyEx(flat, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    bare = _bare_paper(flat, np.asarray(closed, np.uint8), window)
    light = _levels(bare / FULL * slope, 1.0)
    return np.asarray(cv2.resize(light, (cols, rows), interpolation=cv2.INTER_LINEAR), np.uint8)


def _small(levels: Levels, long_side_px: int) -> Levels:
    factor = max(1.0, max(levels.shape) / long_side_px)
    rows, cols = (max(1, round(side / factor)) for side in levels.shape)
    return np.asarray(cv2.resize(levels, (cols, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _slope(small: Levels) -> Grey:
    """Return the slope of the light (rows, cols), at most 1.0."""
    slope = slope_of_light(thumbnail(np.asarray(small / np.float32(FULL), np.float32)))
    slope = slope / slope.max()
    size = small.shape[::-1]
    return np.asarray(cv2.resize(slope, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _window_px(flat: Levels) -> int:
    """Choose a window that strokes cannot fill: from the widths of what is dark on the page."""
    widest = WIDEST_STROKE * max(flat.shape)
    window = int(WINDOW * widest) | 1
    closed = cv2.morphologyEx(flat, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    dark = cv2.subtract(np.asarray(closed), flat)
    least = max(otsu_threshold(np.asarray(dark, np.uint8)), LEAST_DARKNESS)
    mask = (np.asarray(dark) > least).astype(np.uint8)
    widths = _stroke_widths(mask)
    widths = widths[widths < widest]
    if not widths.size:
        return window
    return max(LEAST_WINDOW_PX, int(WINDOW * np.quantile(widths, STROKE_QUANTILE)) | 1)


def _stroke_widths(mask: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Measure the widest place of every component (n,) that is no speck, in pixels."""
    depth = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 3))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    widest = np.zeros(count)
    inked = mask > 0
    np.maximum.at(widest, np.asarray(labels, np.int32)[inked], 2 * depth[inked] - 1)
    large = np.asarray(stats)[:, cv2.CC_STAT_AREA] >= LEAST_COMPONENT_PX
    large[0] = False
    return np.asarray(widest[large], np.float64)


def _bare_paper(flat: Levels, closed: Levels, window: int) -> Levels:
    """Take the paper itself where nothing is dark: a closing lies above the mean of noise."""
    dark = np.asarray(cv2.subtract(closed, flat), np.uint8)
    least = max(otsu_threshold(dark), LEAST_DARKNESS)
    inked = cv2.dilate((dark > least).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    bare = np.where(inked, closed, flat)
    return np.asarray(cv2.medianBlur(bare, window | 1), np.uint8)


def _levels(values: NDArray[np.floating], scale: float) -> Levels:
    """Turn values from 0.0 to 1.0 into bytes; what lies outside is cut off."""
    return np.asarray(cv2.convertScaleAbs(values, alpha=FULL * scale), np.uint8)
