"""Synthetic digits and negatives, made in portions that any number of processes may share."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import ceil
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import SIDE_PX
from digitus.nn.arrays import Ints
from digitus.synthesis.negatives.negatives import negative_patches
from digitus.synthesis.pen.pen_drawings import pen_patches

Pixels = NDArray[np.uint8]

_PORTION = 500
_DIGITS_A_PORTION = 500
_FONTS = (
    *("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral", "STIXGeneralItalic"),
    *("cmr10", "cmss10", "cmtt10", "cmb10", "cmti10"),
)


@dataclass(frozen=True)
class Drawings:
    """Patches as rows of pixels, 0 paper to 255 full ink.

    Attributes:
        pen: (n, 784) digits of our own pen.
        labels: (n,) what they are.
        negatives: (m, 784) what is no digit, or None.
    """

    pen: Pixels
    labels: Ints
    negatives: Pixels | None = None


def make_drawings(
    seed: int,
    numbers: tuple[int, int],
    *,
    digits: Pixels,
    held_out: bool = False,
    processes: int = 1,
) -> Drawings:
    """Make drawings to learn from, or others to choose and calibrate by.

    The same seed gives the same drawings, however many processes share the work.

    Args:
        seed: of everything drawn.
        numbers: of digits and of pieces of negatives, at least; they are made by the hundreds.
        digits: (n, 784) training images, whose halves and pairs are negatives too.
        held_out: make the others.
        processes: that share the work.
    """
    seeds = [seed, 5, int(held_out)]
    pen, negatives = (ceil(number / _PORTION) for number in numbers)
    portions: list[_Portion] = [((*seeds, 0, i), None) for i in range(pen)]
    portions += [((*seeds, 1, i), _some(digits, (*seeds, 2, i))) for i in range(negatives)]
    made = _make_all(portions, processes)
    rest = [pixels for pixels, _ in made[pen:]]
    return Drawings(
        np.concatenate([pixels for pixels, _ in made[:pen]]),
        np.concatenate([labels for _, labels in made[:pen]]),
        np.concatenate(rest) if rest else None,
    )


_Portion = tuple[Sequence[int], Pixels | None]
"""The seed, and digits to make negatives of; None asks for the pen's digits."""


def _some(digits: Pixels, seed: Sequence[int]) -> Pixels:
    chosen: Pixels = digits[
        np.random.default_rng(seed).integers(len(digits), size=_DIGITS_A_PORTION)
    ]
    return chosen


def _make_all(portions: list[_Portion], processes: int) -> list[tuple[Pixels, Ints]]:
    if processes == 1:
        return [_make(portion) for portion in portions]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_make, portions))


def _make(portion: _Portion) -> tuple[Pixels, Ints]:
    seed, digits = portion
    rng = np.random.default_rng(seed)
    if digits is None:
        patches, labels = pen_patches(_PORTION, rng)
        return _as_pixels(patches), labels
    sources = digits.reshape(-1, SIDE_PX, SIDE_PX).astype(np.float32) / np.float32(255)
    patches, kinds = negative_patches(_PORTION, rng, digits=sources, fonts=font_files())
    return _as_pixels(patches), np.zeros(len(kinds), np.int64)


def _as_pixels(patches: NDArray[np.float32]) -> Pixels:
    rows: Pixels = np.rint(patches * 255).astype(np.uint8).reshape(len(patches), -1)
    return rows


def font_files() -> list[Path]:
    """Find fonts to draw letters in: those that come with matplotlib, the same on every machine."""
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    return [folder / f"{name}.ttf" for name in _FONTS]
