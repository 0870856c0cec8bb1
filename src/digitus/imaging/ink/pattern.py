"""Pattern on the paper: stripes, guilloche and stains that are fainter than the ink."""

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink

TONES = 64  # bins of the histogram
FAINTEST = 0.1  # darkness that counts as pattern
TOUCHED = 0.12  # of the border, by pattern; a digit keeps clear of it
CLEAR = 0.06  # of the border, at most, by what is to be the ink
LEAST_STEP = 0.2  # from the pattern to the ink
MARGIN = 0.1  # above the pattern's tone: its own edges and noise
FULL_WHERE_CROSSED = 0.25  # of the ink; what a lighter pattern crosses is ink as well


def without_pattern(darkness: Ink) -> Ink:
    """Take away what is fainter than the ink, if it reaches all over the page.

    Pattern goes on beyond the image, so it touches the border again and again; the ink, much
    darker, hardly does. Where the two cannot be told apart, all stays as it is.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
    """
    is_dark = darkness >= darkest_class(darkness)
    is_faint = (darkness > FAINTEST) & ~is_dark
    border = np.ones(darkness.shape, bool)
    border[1:-1, 1:-1] = False
    if is_faint[border].mean() < TOUCHED or is_dark[border].mean() > CLEAR or not is_dark.any():
        return darkness
    tone = float(np.median(darkness[is_faint]))
    full = float(np.quantile(darkness[is_dark], FULL_WHERE_CROSSED))
    if full - tone < LEAST_STEP:
        return darkness
    floor = tone + MARGIN
    return np.asarray(np.clip((darkness - floor) / (full - floor), 0, 1), np.float32)


def darkest_class(darkness: Ink) -> float:
    """Split darkness in three, the variance between the classes largest; tell where ink begins.

    N. Otsu, "A threshold selection method from gray-level histograms", 1979, section IV.
    """
    levels = np.clip(darkness * TONES, 0, TONES - 1).astype(np.intp)
    counts = np.bincount(levels.ravel(), minlength=TONES) / levels.size
    tones = np.arange(TONES) - float(np.arange(TONES) @ counts)
    share, moment = (np.concatenate([[0], np.cumsum(v)]) for v in (counts, counts * tones))
    first, last = np.triu_indices(TONES + 1, 1)
    of_class = np.zeros((TONES + 1, TONES + 1))
    of_class[first, last] = _between(share[last] - share[first], moment[last] - moment[first])
    total = of_class[0, :, None] + of_class + of_class[None, :, TONES]
    total[np.tril_indices(TONES + 1)] = -1  # the middle class would be empty
    return float(np.unravel_index(int(total.argmax()), total.shape)[1]) / TONES


def _between(share: NDArray[np.float64], moment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return share * mean² of classes; 0 for an empty class."""
    return np.divide(moment**2, share, out=np.zeros_like(share), where=share > 0)
