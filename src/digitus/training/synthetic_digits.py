"""Synthetic digits and negatives, made in portions that any number of processes may share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import SIDE_PX
from digitus.nn.arrays import Ints
from digitus.plots.fonts import font_files
from digitus.processes import worker_pool
from digitus.synthesis.negatives.negatives import negative_patches
from digitus.synthesis.pen.pen_drawings import pen_patches

Pixels = NDArray[np.uint8]

_PORTION = 500
"""Patches that are made at a time, with a seed of their own."""
_SOURCES_A_PORTION = 500
"""Training images that the negatives of a portion are made of."""
_FONTS = (
    *("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral", "STIXGeneralItalic"),
    *("cmr10", "cmss10", "cmtt10", "cmb10", "cmti10"),
)


@dataclass(frozen=True)
class SyntheticDigits:
    """Patches as rows of pixels, 0 paper to 255 full ink.

    Attributes:
        digits: (n, 784) digits of the synthetic pen.
        labels: (n,) their classes.
        negatives: (m, 784) patches that are not digits, or None.
    """

    digits: Pixels
    labels: Ints
    negatives: Pixels | None = None


@dataclass(frozen=True)
class SyntheticCounts:
    """How many patches to make, at least: they are made in portions of 500.

    Attributes:
        digits: number of digits of the synthetic pen.
        negatives: number of patches that are not digits.
    """

    digits: int
    negatives: int


def make_synthetic_digits(
    seed: int,
    counts: SyntheticCounts,
    *,
    sources: Pixels,
    held_out: bool = False,
    processes: int = 1,
) -> SyntheticDigits:
    """Make digits and negatives to train with, or other ones to calibrate with.

    The same seed gives the same patches, however many processes share the work.

    Args:
        seed: of everything drawn.
        counts: of digits and negatives.
        sources: (n, 784) training images; their halves and pairs are negatives too.
        held_out: make other patches than without.
        processes: that share the work.
    """
    seeds = [seed, 5, int(held_out)]
    n_digits, n_negatives = (ceil(n / _PORTION) for n in (counts.digits, counts.negatives))
    portions: list[_Portion] = [((*seeds, 0, i), None) for i in range(n_digits)]
    portions += [((*seeds, 1, i), _sample(sources, (*seeds, 2, i))) for i in range(n_negatives)]
    made = _make_all(portions, processes)
    negatives = [pixels for pixels, _ in made[n_digits:]]
    return SyntheticDigits(
        np.concatenate([pixels for pixels, _ in made[:n_digits]]),
        np.concatenate([labels for _, labels in made[:n_digits]]),
        np.concatenate(negatives) if negatives else None,
    )


_Portion = tuple[Sequence[int], Pixels | None]
"""The seed of a portion, and images to make negatives of; None asks for digits."""


def _sample(images: Pixels, seed: Sequence[int]) -> Pixels:
    rows = np.random.default_rng(seed).integers(len(images), size=_SOURCES_A_PORTION)
    return np.asarray(images[rows])


def _make_all(portions: list[_Portion], processes: int) -> list[tuple[Pixels, Ints]]:
    if processes == 1:
        return [_make(portion) for portion in portions]
    with worker_pool(processes) as pool:
        return list(pool.map(_make, portions))


def _make(portion: _Portion) -> tuple[Pixels, Ints]:
    seed, images = portion
    rng = np.random.default_rng(seed)
    if images is None:
        patches, labels = pen_patches(_PORTION, rng)
        return _as_pixels(patches), labels
    sources = images.reshape(-1, SIDE_PX, SIDE_PX).astype(np.float32) / np.float32(255)
    patches, kinds = negative_patches(_PORTION, rng, digits=sources, fonts=font_files(*_FONTS))
    return _as_pixels(patches), np.zeros(len(kinds), np.int64)


def _as_pixels(patches: NDArray[np.float32]) -> Pixels:
    rows: Pixels = np.rint(patches * 255).astype(np.uint8).reshape(len(patches), -1)
    return rows
