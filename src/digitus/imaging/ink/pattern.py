"""Pattern on the paper: stripes, guilloche and stains that are fainter than the ink."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class PatternParameters:
    """Parameters of ``find_pattern`` and ``without_pattern``.

    Set by hand: a pattern is fainter than the ink and, unlike a digit, reaches the border.

    Attributes:
        faintest: least darkness that counts as pattern.
        least_at_border: least share of the border that a pattern covers.
        faintest_clear: the same of a clear pattern, which covers the whole page.
        tiles: number of tiles along each side of a page, on which the extent of a clear pattern is
            measured; its border may be bare, where a table beside the sheet was cleared.
        least_in_tile: least share of a tile, away from dark ink, that a pattern covers. Lines 1 px
            wide and 25 px apart cover 4 %.
        least_tiles: least share of the tiles that are covered. On synthetic pages of patterned,
            squared and ruled papers it is 0.94 and more, on others 0.62 at most.
        beside_ink_px: size of the square around a pixel of dark ink that holds its edges.
        most_ink_at_border: greatest share of the border that the ink covers.
        least_step: least difference in darkness between pattern and ink.
        clear_tone: greatest darkness of a clear pattern, as a share of the ink's. On synthetic
            cheques it is 0.28 to 0.39.
        margin: darkness above the pattern's tone that its edges and noise have.
        full_quantile: quantile of the ink's darkness that becomes full ink; low, because ink
            between the lines of a pattern is lighter.
        bins: number of bins of the histogram that is divided into three classes.
    """

    faintest: float = 0.1
    least_at_border: float = 0.12
    faintest_clear: float = 0.08
    tiles: int = 4
    least_in_tile: float = 0.02
    least_tiles: float = 0.85
    beside_ink_px: int = 5
    most_ink_at_border: float = 0.06
    least_step: float = 0.2
    clear_tone: float = 0.45
    margin: float = 0.1
    full_quantile: float = 0.25
    bins: int = 64


PATTERN = PatternParameters()


@dataclass(frozen=True)
class Pattern:
    """A pattern and the ink on it.

    Attributes:
        tone: its darkness, 0.0 to 1.0.
        full: darkness of full ink, 0.0 to 1.0.
    """

    tone: float
    full: float

    @property
    def is_clear(self) -> bool:
        """Whether it is so much fainter than the ink that no stroke is lost with it."""
        return self.tone <= PATTERN.clear_tone * self.full


def find_pattern(darkness: Ink) -> Pattern | None:
    """Return the pattern that reaches the border all around, if it can be told from the ink.

    A pattern continues beyond the image, so it touches the border in many places; the ink, much
    darker, hardly does.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
    """
    is_dark = darkness >= darkest_class(darkness)
    is_faint = (darkness > PATTERN.faintest) & ~is_dark
    border = np.ones(darkness.shape, bool)
    border[1:-1, 1:-1] = False
    covers_border = is_faint[border].mean() >= PATTERN.least_at_border
    ink_is_clear = is_dark[border].mean() <= PATTERN.most_ink_at_border
    return _pattern(darkness, is_dark, is_faint) if covers_border and ink_is_clear else None


def find_clear_pattern(darkness: Ink) -> Pattern | None:
    """Return the pattern that covers the whole image and is much fainter than the ink.

    Its lines may be wide apart, and the border of the image may be bare.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
    """
    is_dark = darkness >= darkest_class(darkness)
    beside = np.ones((PATTERN.beside_ink_px, PATTERN.beside_ink_px), np.uint8)
    away = np.asarray(cv2.dilate(is_dark.astype(np.uint8), beside)) == 0
    is_faint = (darkness > PATTERN.faintest_clear) & away
    size = (PATTERN.tiles, PATTERN.tiles)
    tiles = cv2.resize(is_faint.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    if (np.asarray(tiles) >= PATTERN.least_in_tile).mean() < PATTERN.least_tiles:
        return None
    pattern = _pattern(darkness, is_dark, is_faint)
    return pattern if pattern is not None and pattern.is_clear else None


def _pattern(darkness: Ink, is_dark: Bools, is_faint: Bools) -> Pattern | None:
    """Return pattern and ink by their pixels (rows, cols); None where they are too much alike."""
    if not is_dark.any() or not is_faint.any():
        return None
    tone = float(np.median(darkness[is_faint]))
    full = float(np.quantile(darkness[is_dark], PATTERN.full_quantile))
    return Pattern(tone, full) if full - tone >= PATTERN.least_step else None


def without_pattern(darkness: Ink, pattern: Pattern | None) -> Ink:
    """Clear what is as faint as a pattern, (rows, cols); without one, return the argument itself.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
        pattern: of this image.
    """
    if pattern is None:
        return darkness
    floor = pattern.tone + PATTERN.margin
    return np.asarray(np.clip((darkness - floor) / (pattern.full - floor), 0, 1), np.float32)


def darkest_class(darkness: Ink) -> float:
    """Return where the darkest of three classes begins, their variance between them largest.

    N. Otsu, "A threshold selection method from gray-level histograms", 1979, section IV.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
    """
    levels = np.clip(darkness * PATTERN.bins, 0, PATTERN.bins - 1).astype(np.intp)
    counts = np.bincount(levels.ravel(), minlength=PATTERN.bins) / levels.size
    tones = np.arange(PATTERN.bins) - float(np.arange(PATTERN.bins) @ counts)
    share, moment = (np.concatenate([[0], np.cumsum(v)]) for v in (counts, counts * tones))
    first, last = np.triu_indices(PATTERN.bins + 1, 1)
    of_class = np.zeros((PATTERN.bins + 1, PATTERN.bins + 1))
    of_class[first, last] = _between(share[last] - share[first], moment[last] - moment[first])
    total = of_class[0, :, None] + of_class + of_class[None, :, PATTERN.bins]
    total[np.tril_indices(PATTERN.bins + 1)] = -1  # the middle class would be empty
    return float(np.unravel_index(int(total.argmax()), total.shape)[1]) / PATTERN.bins


def _between(share: NDArray[np.float64], moment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return share * mean² of classes; 0 for an empty class."""
    return np.divide(moment**2, share, out=np.zeros_like(share), where=share > 0)
