"""A page as ink: once as it is, and once without lines and pattern where there are any."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.ink.darkness import FULL, Levels, darkness_of
from digitus.imaging.ink.paper import otsu_threshold
from digitus.imaging.ink.pattern import without_pattern
from digitus.imaging.ruled_lines.removal import without_ruled_lines

FAINTEST_CONTRAST = 0.08  # between paper and ink, as a share of the paper's light
NOISE_OF_AN_EDGE = 4.5  # standard deviations
NOISE_TO_SMOOTH = 0.06  # of the full ink; less noise is cut off without blurring
FINE_PAGE_PX = 400  # a long side from which a blur of 1 px costs no detail
FULL_INK_QUANTILE = 0.9  # of the darker class; the brim of a stroke is never full
FAINTEST_PEN = 0.4  # of the page's full ink: a pencil beside a pen
PEN_WINDOW = 1 / 40  # of the long side: ink is as full as the fullest this near
LEAST_STROKE = 0.35  # of the full ink, beside which fainter ink is an edge
FAINTEST_EDGE = 0.1
MOST_INKED = 0.25  # of a page, by strokes and narrow squares
SAMPLES_PX = 700  # a long side that is enough for a histogram


def page_inks(page: Grey) -> list[Ink]:
    """Turn a page into ink (rows, cols), 0.0 paper to 1.0 full ink.

    Taking lines and pattern away saves some digits and breaks others, so where there are any,
    both versions come back, to be read both.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white, upright.

    Returns:
        One version; or two: all the ink, and the ink without ruled, squared and form lines and
        without the pattern of the paper.
    """
    darkness, spread = smooth_darkness(page)
    ink = ink_of(darkness, spread)
    faded = _without_pattern(darkness)
    plain = ink if faded is None else ink_of(faded, spread)
    bare = darkness if faded is None else faded
    cleaned = without_ruled_lines(plain, bare, is_inked(bare, spread))
    if cleaned is not None:
        return [ink, cleaned]
    return [ink] if plain is ink else [ink, plain]


def smooth_darkness(page: Grey) -> tuple[Levels, float]:
    """Return the darkness of a page, blurred a little if it is noisy, and the noise's deviation."""
    darkness, spread = darkness_of(page)
    full = full_ink(darkness, spread)
    if spread > NOISE_TO_SMOOTH * full and max(darkness.shape) >= FINE_PAGE_PX:
        darkness = np.asarray(cv2.GaussianBlur(darkness, (5, 5), 1), np.uint8)
        spread /= 2 * math.sqrt(math.pi)  # of white noise, blurred with a deviation of 1 px
    return darkness, spread


def is_inked(darkness: Levels, spread: float) -> NDArray[np.bool_]:
    """Mark (rows, cols) all that is darker than paper, faint lines as well as strokes.

    Where a pattern would be marked all over the page, only strokes are.
    """
    least = max(FAINTEST_CONTRAST / 2, NOISE_OF_AN_EDGE * spread)
    inked = np.asarray(darkness > FULL * least)
    if inked.mean() > MOST_INKED:
        inked = np.asarray(darkness > FULL * LEAST_STROKE * full_ink(darkness, spread))
    return inked


def ink_of(darkness: Levels, spread: float) -> Ink:
    """Scale darkness to ink: 1.0 where a pen is full, 0.0 where noise might be all.

    Args:
        darkness: (rows, cols), 0 to 255.
        spread: standard deviation of its noise, 0.0 to 1.0.
    """
    full = full_ink(darkness, spread)
    if full <= max(FAINTEST_CONTRAST, NOISE_OF_AN_EDGE * spread):
        return np.zeros(darkness.shape, np.float32)
    pens = _full_nearby(darkness, full)
    ink = np.asarray(cv2.divide(darkness, pens, scale=1.0, dtype=cv2.CV_32F), np.float32)
    np.minimum(ink, 1, out=ink)
    least = int(FULL * max(FAINTEST_EDGE * full, NOISE_OF_AN_EDGE * spread))
    edges = _beside_strokes(ink) & (darkness > least)
    return np.asarray(ink * edges, np.float32)


def full_ink(darkness: Levels, spread: float) -> float:
    """Darkness of a pen where it covers the paper, 0.0 to 1.0; 0.0 if nothing stands out."""
    step = max(1, max(darkness.shape) // SAMPLES_PX)
    some = np.ascontiguousarray(darkness[::step, ::step])
    least = FULL * max(FAINTEST_CONTRAST / 2, NOISE_OF_AN_EDGE * spread)
    dark = some[some > least]
    if not dark.size:
        return 0.0
    inked = dark[dark > otsu_threshold(dark)]
    return float(np.quantile(inked if inked.size else dark, FULL_INK_QUANTILE)) / FULL


def _full_nearby(darkness: Levels, full: float) -> Levels:
    """Return how dark the fullest ink around each pixel is: pens and pencils on one page differ.

    The window follows the page, as digits do; what is far fainter than the page's full ink is
    not taken for a pen.
    """
    step = max(1, max(darkness.shape) // SAMPLES_PX)
    box = np.ones((step, step), np.uint8)
    small = np.asarray(cv2.dilate(darkness, box), np.uint8)[::step, ::step]
    window = max(3, int(PEN_WINDOW * max(small.shape)) | 1)
    near = cv2.dilate(small, np.ones((window, window), np.uint8))
    near = cv2.blur(near, (window, window))
    floor, ceiling = int(FULL * FAINTEST_PEN * full), max(1, int(FULL * full))
    pens = np.clip(np.asarray(near), max(1, floor), ceiling).astype(np.uint8)
    size = darkness.shape[::-1]
    return np.asarray(cv2.resize(pens, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _beside_strokes(ink: Ink) -> NDArray[np.bool_]:
    strong = (ink >= LEAST_STROKE).astype(np.uint8)
    return np.asarray(cv2.dilate(strong, np.ones((3, 3), np.uint8))) > 0


def _without_pattern(darkness: Levels) -> Levels | None:
    """Take away what is fainter than the ink and reaches all over the page; None if nothing is."""
    step = max(1, max(darkness.shape) // SAMPLES_PX)
    some = np.asarray(darkness[::step, ::step] / np.float32(FULL), np.float32)
    if without_pattern(some) is some:
        return None
    rest = without_pattern(np.asarray(darkness / np.float32(FULL), np.float32))
    return np.asarray(cv2.convertScaleAbs(rest, alpha=FULL), np.uint8)
