"""Ink out of a page: which side is the paper, how dark is the pen, what is only noise.

The basic road: one paper level for the whole page.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink, Page

FAINTEST_CONTRAST = 0.1  # between paper and ink, where black to white is 1
FAINTEST_EDGE = 0.1  # ink below this fraction of the full ink is paper
NOISE_OF_A_BLANK = 4.0  # standard deviations of the noise; bare noise measures 2.3
NOISE_OF_AN_EDGE = 4.0
FULL_INK_QUANTILE = 0.9  # of the inked pixels: the brim of a stroke is never full
NEIGHBOURS_WANTED = 2  # of eight; a pixel with fewer is a speck


@dataclass(frozen=True)
class Tones:
    """What is known of a page's grey levels.

    Attributes:
        paper: level of the paper, 0 black to 1 white.
        ink: level of full ink, on either side of the paper.
        noise: standard deviation of the noise from pixel to pixel.
    """

    paper: float
    ink: float
    noise: float

    @property
    def contrast(self) -> float:
        """Distance between ink and paper, without sign."""
        return abs(self.ink - self.paper)

    @property
    def show_ink(self) -> bool:
        """Whether the ink stands out of the noise."""
        return self.contrast > max(FAINTEST_CONTRAST, NOISE_OF_A_BLANK * self.noise)


def extract_ink(page: Page) -> Ink:
    """Turn a page into ink (rows, cols), 0.0 paper to 1.0 full ink; the same if inverted.

    Args:
        page: (rows, cols), 0.0 black to 1.0 white.
    """
    tones = measure_tones(page)
    if not tones.show_ink:
        return np.zeros_like(page)
    ink = (page - np.float32(tones.paper)) / np.float32(tones.ink - tones.paper)
    ink.clip(0, 1, out=ink)
    ink[ink < max(FAINTEST_EDGE, NOISE_OF_AN_EDGE * tones.noise / tones.contrast)] = 0
    return _without_specks(ink)


def is_blank(ink: Ink) -> bool:
    """Tell whether nothing is written: no pixel carries ink."""
    return not ink.any()


def measure_tones(page: Page) -> Tones:
    """Find paper, ink and noise of a page (rows, cols), 0.0 black to 1.0 white."""
    levels = np.rint(page * 255).astype(np.uint8)
    light = levels > otsu_threshold(levels)
    paper = light if _is_mostly(light) else ~light
    if paper.all():
        return Tones(paper=float(np.median(page)), ink=float(np.median(page)), noise=0.0)
    paper_level = float(np.median(page[paper]))
    reach = np.quantile(np.abs(page[~paper] - paper_level), FULL_INK_QUANTILE)
    ink_level = paper_level - reach if paper is light else paper_level + reach
    return Tones(paper=paper_level, ink=float(ink_level), noise=_noise(page))


def otsu_threshold(levels: NDArray[np.uint8]) -> int:
    """Split grey levels in two: the highest level of the darker class.

    The split makes the variance between the classes largest: N. Otsu, "A threshold selection
    method from gray-level histograms", 1979, eq. 18.

    >>> otsu_threshold(np.array([[10, 10, 12], [200, 210, 210]], np.uint8))
    12
    """
    counts = np.bincount(levels.ravel(), minlength=256)
    dark = counts.cumsum()[:-1] / levels.size
    moment = (counts * np.arange(256)).cumsum() / levels.size
    weights = dark * (1 - dark)
    between = np.zeros(255)
    np.divide((moment[-1] * dark - moment[:-1]) ** 2, weights, out=between, where=weights > 0)
    return int(between.argmax())


def _is_mostly(mask: NDArray[np.bool_]) -> bool:
    """Tell whether a class is the paper: more than half of the picture and its border."""
    width = max(1, min(mask.shape) // 25)
    inner = mask[width:-width, width:-width]
    border_share = (mask.sum() - inner.sum()) / (mask.size - inner.size)
    return bool(border_share + mask.mean() > 1)


def _noise(page: Page) -> float:
    """Estimate the noise's standard deviation from the steps between neighbours in a row.

    Most steps lie on bare paper. The median of |N(0, 2 s^2)| is 0.954 s.
    """
    return float(np.median(np.abs(np.diff(page, axis=1)))) / 0.954


def _without_specks(ink: Ink) -> Ink:
    """Clear inked pixels that stand alone: what noise leaves, no pen does."""
    inked = np.pad(ink > 0, 1).astype(np.uint8)
    rows = inked[:-2] + inked[1:-1] + inked[2:]
    around = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]  # with the pixel itself
    return np.where(around > NEIGHBOURS_WANTED, ink, np.float32(0))
