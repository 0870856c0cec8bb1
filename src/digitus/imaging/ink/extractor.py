"""From darkness to ink: the one extractor, for the image of a digit and for a whole page."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.ink.darkness import Darkness, Values
from digitus.imaging.levels import FULL, Levels, otsu_threshold

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class InkParameters:
    """Parameters of the extraction of ink.

    Set by hand. On 1,000 rows of the robustness test 96.1 % are right and accepted, as with
    separate extractors for digits and pages (96.0 %).

    Attributes:
        faintest_contrast: least darkness of a pen; below it the paper is blank.
        fine_px: long side from which a blur of 1 px costs no detail.
        pen_window: window, as a share of the long side, within which ink is as full as its
            fullest pixel; None where a single pen wrote everything.
        faintest_pen: least full ink of a pencil beside a pen, as a share of the image's.
        faintest_edge: share of the full ink below which ink is paper.
        least_stroke: least share of the full ink within a stroke; fainter ink is kept only beside
            it, as its edge, and cleared elsewhere, as a smudge or the edge of a shadow.
        full_ink_quantile: quantile of the inked pixels that is full ink; the edge of a stroke
            is never full.
        noise_deviations: standard deviations of the noise up to which darkness may be noise.
        noise_to_smooth: noise, as a share of the full ink, from which the image is blurred;
            less is cut off without a blur.
        samples_px: long side that suffices for a histogram.
        most_inked: share of an image that strokes and narrow squares cover at most; more is a
            pattern.
    """

    faintest_contrast: float
    fine_px: int
    pen_window: float | None
    faintest_pen: float = 0.4
    faintest_edge: float = 0.1
    least_stroke: float = 0.35
    full_ink_quantile: float = 0.9
    noise_deviations: float = 4.5
    noise_to_smooth: float = 0.06
    samples_px: int = 700
    most_inked: float = 0.25


DIGIT = InkParameters(faintest_contrast=0.1, fine_px=100, pen_window=None)
"""One digit by one pen. A page may hold a fainter pencil; here fainter contrast is a shadow."""

CLEAN_DIGIT = replace(DIGIT, faintest_edge=0.0, least_stroke=0.0)
"""One digit on paper of one tone: what is faint is the edge of a thin stroke, not noise."""

PAGE = InkParameters(faintest_contrast=0.08, fine_px=400, pen_window=1 / 40)
"""A page, on which digits are smaller, so a blur harms on larger images, and pens differ."""


def smoothed(darkness: Darkness, parameters: InkParameters) -> Darkness:
    """Blur the darkness by 1 px if it is noisy and large enough."""
    values = darkness.values
    noisy = darkness.noise > parameters.noise_to_smooth * full_ink(darkness, parameters)
    if not noisy or max(values.shape) < parameters.fine_px:
        return darkness
    blurred: Values = np.asarray(cv2.GaussianBlur(values, (5, 5), 1), values.dtype)
    # What a Gaussian with a deviation of 1 px leaves of white noise.
    return replace(darkness, values=blurred, noise=darkness.noise / (2 * math.sqrt(math.pi)))


def extract_ink(darkness: Darkness, parameters: InkParameters) -> Ink:
    """Scale darkness to ink (rows, cols): 1.0 where a pen is full, 0.0 where it may be noise."""
    full = full_ink(darkness, parameters)
    values = darkness.values
    least = parameters.noise_deviations * darkness.noise
    if full <= max(parameters.faintest_contrast, least):
        return np.zeros(values.shape, np.float32)
    ink = _share_of_pen(darkness, full, parameters)
    np.clip(ink, 0, 1, out=ink)
    least = max(parameters.faintest_edge * full, least)
    strong = (ink >= parameters.least_stroke).astype(np.uint8)
    beside_strokes = np.asarray(cv2.dilate(strong, np.ones((3, 3), np.uint8))) > 0
    return np.asarray(ink * (beside_strokes & (values > least * darkness.full)), np.float32)


def mark_ink(darkness: Darkness, parameters: InkParameters) -> Mask:
    """Mark (rows, cols) all that is darker than paper, faint lines as well as strokes.

    Where that would mark a pattern all over the image, only strokes are marked.
    """
    least = _least_contrast(darkness, parameters)
    marked = np.asarray(darkness.values > darkness.full * least)
    if marked.mean() > parameters.most_inked:
        least = parameters.least_stroke * full_ink(darkness, parameters)
        marked = np.asarray(darkness.values > darkness.full * least)
    return marked


def full_ink(darkness: Darkness, parameters: InkParameters) -> float:
    """Return the darkness of a pen where it covers the paper, 0.0 to 1.0; 0.0 without ink."""
    step = max(1, max(darkness.values.shape) // parameters.samples_px)
    some: Values = np.ascontiguousarray(darkness.values[::step, ::step])
    dark = some[some > darkness.full * _least_contrast(darkness, parameters)]
    if not dark.size:
        return 0.0
    inked = dark[dark > _otsu(dark)]
    inked = inked if inked.size else dark
    return float(np.quantile(inked, parameters.full_ink_quantile)) / darkness.full


def _least_contrast(darkness: Darkness, parameters: InkParameters) -> float:
    return max(parameters.faintest_contrast / 2, parameters.noise_deviations * darkness.noise)


def levels_of_pen(darkness: Darkness, parameters: InkParameters) -> Levels:
    """Return how dark the fullest ink around each pixel is, in bytes (rows, cols)."""
    levels = np.asarray(darkness.values, np.uint8)
    full = full_ink(darkness, parameters)
    return _full_ink_nearby(levels, full, parameters.pen_window or 1.0, parameters)


def _otsu(dark: Values) -> float:
    if dark.dtype == np.uint8:
        return otsu_threshold(np.asarray(dark, np.uint8))
    return otsu_threshold(np.rint(np.clip(dark, 0, 1) * FULL).astype(np.uint8)) / FULL


def _share_of_pen(darkness: Darkness, full: float, parameters: InkParameters) -> Ink:
    """Divide the darkness by that of the pen that wrote there."""
    if parameters.pen_window is None:
        return np.asarray(darkness.values / np.float32(full * darkness.full), np.float32)
    levels = np.asarray(darkness.values, np.uint8)
    pens = _full_ink_nearby(levels, full, parameters.pen_window, parameters)
    return np.asarray(cv2.divide(levels, pens, scale=1.0, dtype=cv2.CV_32F), np.float32)


def _full_ink_nearby(
    levels: Levels, full: float, pen_window: float, parameters: InkParameters
) -> Levels:
    """Return how dark the fullest ink around each pixel is, (rows, cols).

    Ink far fainter than the page's full ink does not count as a pen of its own.
    """
    step = max(1, max(levels.shape) // parameters.samples_px)
    small = np.asarray(cv2.dilate(levels, np.ones((step, step), np.uint8)))[::step, ::step]
    window = max(3, int(pen_window * max(small.shape)) | 1)
    near = cv2.dilate(small, np.ones((window, window), np.uint8))
    near = cv2.blur(near, (window, window))
    floor, ceiling = int(FULL * parameters.faintest_pen * full), max(1, int(FULL * full))
    pens = np.clip(np.asarray(near), max(1, floor), ceiling).astype(np.uint8)
    size = levels.shape[::-1]
    return np.asarray(cv2.resize(pens, size, interpolation=cv2.INTER_LINEAR), np.uint8)
