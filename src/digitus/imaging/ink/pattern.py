"""Pattern on the paper: stripes, guilloche and stains that are fainter than the ink."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink


@dataclass(frozen=True)
class PatternParameters:
    """Parameters of ``without_pattern``.

    Attributes:
        faintest: least darkness that counts as pattern.
        least_at_border: share of the border that a pattern covers; a digit keeps clear of it.
        most_ink_at_border: share of the border that the ink covers at most.
        least_step: least difference in darkness between pattern and ink.
        margin: darkness above the pattern's tone that is its edges and noise.
        full_quantile: of the ink's darkness that becomes full ink: what a lighter pattern
            crosses is ink as well.
    """

    faintest: float = 0.1
    least_at_border: float = 0.12
    most_ink_at_border: float = 0.06
    least_step: float = 0.2
    margin: float = 0.1
    full_quantile: float = 0.25


PATTERN = PatternParameters()
BINS = 64  # of the histogram in darkest_class


def without_pattern(darkness: Ink) -> Ink:
    """Clear what is fainter than the ink, if it covers the whole image.

    Pattern goes on beyond the image, so it touches the border in many places; the ink, much
    darker, hardly does. Where the two cannot be separated the argument itself is returned.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
    """
    is_dark = darkness >= darkest_class(darkness)
    is_faint = (darkness > PATTERN.faintest) & ~is_dark
    border = np.ones(darkness.shape, bool)
    border[1:-1, 1:-1] = False
    covers_border = is_faint[border].mean() >= PATTERN.least_at_border
    ink_is_clear = is_dark[border].mean() <= PATTERN.most_ink_at_border
    if not (covers_border and ink_is_clear and is_dark.any()):
        return darkness
    tone = float(np.median(darkness[is_faint]))
    full = float(np.quantile(darkness[is_dark], PATTERN.full_quantile))
    if full - tone < PATTERN.least_step:
        return darkness
    floor = tone + PATTERN.margin
    return np.asarray(np.clip((darkness - floor) / (full - floor), 0, 1), np.float32)


def darkest_class(darkness: Ink) -> float:
    """Return where the darkest of three classes begins, their variance between them largest.

    N. Otsu, "A threshold selection method from gray-level histograms", 1979, section IV.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
    """
    levels = np.clip(darkness * BINS, 0, BINS - 1).astype(np.intp)
    counts = np.bincount(levels.ravel(), minlength=BINS) / levels.size
    tones = np.arange(BINS) - float(np.arange(BINS) @ counts)
    share, moment = (np.concatenate([[0], np.cumsum(v)]) for v in (counts, counts * tones))
    first, last = np.triu_indices(BINS + 1, 1)
    of_class = np.zeros((BINS + 1, BINS + 1))
    of_class[first, last] = _between(share[last] - share[first], moment[last] - moment[first])
    total = of_class[0, :, None] + of_class + of_class[None, :, BINS]
    total[np.tril_indices(BINS + 1)] = -1  # the middle class would be empty
    return float(np.unravel_index(int(total.argmax()), total.shape)[1]) / BINS


def _between(share: NDArray[np.float64], moment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return share * mean² of classes; 0 for an empty class."""
    return np.divide(moment**2, share, out=np.zeros_like(share), where=share > 0)
