"""Ink out of a page: flatten the light, cut the noise, drop what is not the digit."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.ink.digit_components import digit_parts
from digitus.imaging.ink.paper import (
    BLACKEST_PAPER,
    has_dark_paper,
    inside_frame,
    light_of_paper,
    noise,
    otsu_threshold,
)
from digitus.imaging.ink.pattern import without_pattern
from digitus.imaging.patch.centering import PATCH_PX, is_laid_out
from digitus.imaging.ruled_lines.across_image import without_lines

FAINTEST_CONTRAST = 0.1  # between paper and ink, as a share of the paper's light
FAINTEST_EDGE = 0.1  # ink below this fraction of the full ink is paper
LEAST_STROKE = 0.35  # of the full ink, beside which fainter ink is an edge
NOISE_OF_A_BLANK = 4.0  # standard deviations of the noise; bare noise measures 2.3
NOISE_OF_AN_EDGE = 4.5
LEAST_INKED_PX = 8  # fewer are what noise leaves
LEAST_CLEAN_PX = 3  # of a drawing without any noise
NOISE_TO_SMOOTH = 0.06  # of the full ink; less noise is cut off without blurring
FULL_INK_QUANTILE = 0.9  # of the inked pixels: the brim of a stroke is never full
TOUCHED_BORDER = 0.75  # share of a patch's border that is bare at least
FINE_IMAGE_PX = 100  # a short side from which a blur of 1 px costs no detail


@dataclass(frozen=True, eq=False)
class Found:
    """The ink of a page and what was learned on the way.

    Attributes:
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        dark_paper: whether the paper is darker than the ink.
    """

    ink: Ink
    dark_paper: bool


def extract_ink(page: Grey) -> Ink:
    """Turn a page into ink (rows, cols), 0.0 paper to 1.0 full ink; the same if inverted.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    return find_ink(page).ink


def find_ink(page: Grey) -> Found:
    """Turn a page into ink, and tell which side the paper is on.

    A drawing on paper of exactly one tone that is laid out as MNIST stays as it is.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    inside = inside_frame(page)
    ink = np.zeros_like(page)
    ink[inside], dark_paper = _inside_frame(np.ascontiguousarray(page[inside]))
    return Found(ink, dark_paper)


def is_blank(ink: Ink) -> bool:
    """Return whether nothing is written: no pixel carries ink."""
    return not ink.any()


def _inside_frame(page: Grey) -> tuple[Ink, bool]:
    paper = tone_of_clean_paper(page)
    dark_paper = has_dark_paper(page) if paper is None else paper < page.mean()
    light = 1 - page if dark_paper else page
    if paper is None:
        bare = np.maximum(light_of_paper(light), BLACKEST_PAPER)
        darkness = np.asarray(1 - light / bare, np.float32)
    else:
        darkness = np.asarray(np.abs(page - paper) / max(paper, 1 - paper), np.float32)
        if is_laid_out(darkness):
            return _with_contrast(darkness), dark_paper
    darkness = without_pattern(darkness)
    ink = _without_noise(darkness) if paper is None else _scaled(darkness, 0.0)
    if ink.any():
        ink = without_lines(ink)
        ink = digit_parts(_without_smudges(ink) if paper is None else ink)
    least_px = LEAST_INKED_PX if paper is None else LEAST_CLEAN_PX
    return ink if np.count_nonzero(ink) >= least_px else np.zeros_like(ink), dark_paper


def tone_of_clean_paper(page: Grey) -> float | None:
    """Tell the tone of the border, if it has exactly one and the ink lies on one side of it.

    Some digits of MNIST touch the border, so in an image of its size most of it will do.
    """
    border = np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]])
    tone = float(np.median(border))
    wanted = TOUCHED_BORDER if page.shape == (PATCH_PX, PATCH_PX) else 1.0
    clean = (border == tone).mean() >= wanted and tone in (page.min(), page.max())
    return tone if clean else None


def _with_contrast(darkness: Ink) -> Ink:
    return darkness if darkness.max() > FAINTEST_CONTRAST else np.zeros_like(darkness)


def _without_noise(darkness: Ink) -> Ink:
    """Scale darkness to ink, 1.0 where the pen is full, 0.0 where noise might be all."""
    spread = noise(darkness)
    full = _full_ink(darkness, spread)
    if spread > NOISE_TO_SMOOTH * full and min(darkness.shape) >= FINE_IMAGE_PX:
        darkness = np.asarray(cv2.GaussianBlur(darkness, (0, 0), 1), np.float32)
        spread /= 2 * math.sqrt(math.pi)  # of white noise, blurred with a deviation of 1 px
    ink = _scaled(darkness, spread)
    return np.where(ink >= FAINTEST_EDGE, ink, np.float32(0))


def _without_smudges(ink: Ink) -> Ink:
    """Clear grey that is not the edge of something darker: smudges, the brims of shadows."""
    strong = (ink >= LEAST_STROKE).astype(np.uint8)
    edge = np.asarray(cv2.dilate(strong, np.ones((3, 3), np.uint8))) > 0
    return np.where(edge, ink, np.float32(0))


def _scaled(darkness: Ink, spread: float) -> Ink:
    """Divide by the full ink; 0.0 where noise might be all."""
    full = _full_ink(darkness, spread)
    if full <= max(FAINTEST_CONTRAST, NOISE_OF_A_BLANK * spread):
        return np.zeros_like(darkness)
    ink = np.asarray(np.clip(darkness / np.float32(full), 0, 1), np.float32)
    ink[ink * full < NOISE_OF_AN_EDGE * spread] = 0
    return ink


def _full_ink(darkness: Ink, spread: float) -> float:
    """Darkness of the pen where it covers the paper; 0.0 if nothing stands out."""
    levels = np.rint(np.clip(darkness, 0, 1) * 255).astype(np.uint8)
    least = max(otsu_threshold(levels) / 255, NOISE_OF_AN_EDGE * spread)
    inked = darkness[darkness > least]
    return float(np.quantile(inked, FULL_INK_QUANTILE)) if inked.size else 0.0
