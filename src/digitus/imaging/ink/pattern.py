"""Pattern on the paper: stripes, guilloche and stains that are fainter than the ink."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink


@dataclass(frozen=True)
class PatternParameters:
    """Parameters of ``find_pattern`` and ``without_pattern``.

    Set by hand: a pattern is fainter than the ink and, unlike a digit, reaches the border.

    Attributes:
        faintest: least darkness that counts as pattern.
        least_at_border: least share of the border that a pattern covers.
        sparse_at_border: the same of a clear pattern. Lines 1 px wide and 25 px apart cover 4 %;
            on synthetic cheques, patterns cover 4 % and more, writing on bare paper 0.3 % and less.
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
    sparse_at_border: float = 0.03
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
        at_border: share of the border that the pattern covers.
    """

    tone: float
    full: float
    at_border: float

    @property
    def is_clear(self) -> bool:
        """Whether it is so much fainter than the ink that no stroke is lost with it."""
        return self.tone <= PATTERN.clear_tone * self.full


def find_pattern(
    darkness: Ink, *, least_at_border: float = PATTERN.least_at_border
) -> Pattern | None:
    """Return the pattern that covers the whole image, if it can be separated from the ink.

    A pattern continues beyond the image, so it touches the border in many places; the ink, much
    darker, hardly does.

    Args:
        darkness: (rows, cols), 0.0 paper to about 1.0 full ink.
        least_at_border: least share of the border that it covers.
    """
    is_dark = darkness >= darkest_class(darkness)
    is_faint = (darkness > PATTERN.faintest) & ~is_dark
    border = np.ones(darkness.shape, bool)
    border[1:-1, 1:-1] = False
    at_border = float(is_faint[border].mean())
    ink_is_clear = is_dark[border].mean() <= PATTERN.most_ink_at_border
    if not (at_border >= least_at_border and ink_is_clear and is_dark.any()):
        return None
    tone = float(np.median(darkness[is_faint]))
    full = float(np.quantile(darkness[is_dark], PATTERN.full_quantile))
    return Pattern(tone, full, at_border) if full - tone >= PATTERN.least_step else None


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
