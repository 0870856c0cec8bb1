"""Fragments of digits, and several digits in one patch: the results of wrong segmentation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.pen.pen_drawings import draw_ink

Side: TypeAlias = Literal["top", "bottom", "left", "right"]


@dataclass(frozen=True)
class FragmentParameters:
    """Parameters of cut digits and of digits side by side. Set by hand.

    Attributes:
        kept: range of the share of a cut digit's height or width that is kept. With more than
            0.45 many could still be read.
        height_px: height of a digit beside another: twice that of a digit in a patch.
        size: range of the factor on that height.
        cut_at: range of the column of the cut through a neighbor, as a share of its width.
        least_ink: least share of the ink in each of two halves; with less, the other half might be
            read as a 1.
        neighbor_gap_px: range of the gap between two halves.
        several_gap_px: range of the gap between whole digits; below 0 they overlap.
        third_share: share of the rows of digits that have three.
        given_share: share of the digits taken from the given patches.
    """

    kept: tuple[float, float] = (0.28, 0.45)
    height_px: float = 40
    size: tuple[float, float] = (0.9, 1.1)
    cut_at: tuple[float, float] = (0.35, 0.65)
    least_ink: float = 0.2
    neighbor_gap_px: tuple[int, int] = (2, 12)
    several_gap_px: tuple[int, int] = (-6, 10)
    third_share: float = 0.2
    given_share: float = 0.5


PARAMETERS = FragmentParameters()

# Sides of digits that are not digits themselves. All others may be read as one: half a 1 is a 1,
# and so is the left side of a 9; the top of an 8 is a 0, and its right side a 3.
_UNREADABLE_SIDES: dict[int, tuple[Side, ...]] = {
    0: ("top", "bottom"),
    2: ("bottom", "left"),
    3: ("bottom", "left"),
    5: ("top", "left"),
    8: ("left",),
}


def cut_digit(rng: np.random.Generator) -> Ink:
    """Draw a digit and keep less than half of its height or width."""
    choices = [(digit, side) for digit, sides in _UNREADABLE_SIDES.items() for side in sides]
    digit, side = choices[rng.integers(len(choices))]
    ink = _cropped(draw_ink(digit, rng))
    share = rng.uniform(*PARAMETERS.kept)
    rows, cols = (max(3, int(share * length)) for length in ink.shape)
    by_side = {
        "top": ink[:rows],
        "bottom": ink[-rows:],
        "left": ink[:, :cols],
        "right": ink[:, -cols:],
    }
    return by_side[side]


def neighbors(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> Ink:
    """Draw the right half of a digit and, after a gap, the left half of another.

    Args:
        rng: chooses everything.
        digits: patches (n, 28, 28), from which half of the digits are taken; None draws all.
    """
    while True:
        left, right = _two_digits(rng, digits)
        left = left[:, round(left.shape[1] * rng.uniform(*PARAMETERS.cut_at)) :]
        right = right[:, : round(right.shape[1] * rng.uniform(*PARAMETERS.cut_at))]
        masses = np.array([left.sum(), right.sum()])
        if masses.min() >= PARAMETERS.least_ink * masses.sum():
            return _side_by_side([left, right], rng, gap_px=PARAMETERS.neighbor_gap_px)


def several(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> Ink:
    """Draw two or three digits side by side, some of them touching.

    Args:
        rng: chooses everything.
        digits: patches (n, 28, 28), from which half of the digits are taken; None draws all.
    """
    row = _two_digits(rng, digits)
    if rng.random() < PARAMETERS.third_share:
        row = [*row, _two_digits(rng, digits)[0]]
    return _side_by_side(row, rng, gap_px=PARAMETERS.several_gap_px)


def _two_digits(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> list[Ink]:
    """Two digits of about the same height."""
    return [
        _scaled(_random_digit(rng, digits), PARAMETERS.height_px * rng.uniform(*PARAMETERS.size))
        for _ in range(2)
    ]


def _scaled(ink: Ink, long_side_px: float) -> Ink:
    """Crop the ink and scale its long side."""
    ink = _cropped(ink)
    factor = long_side_px / max(ink.shape)
    rows, cols = (max(2, round(length * factor)) for length in ink.shape)
    return np.asarray(cv2.resize(ink, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _random_digit(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> Ink:
    if digits is not None and rng.random() < PARAMETERS.given_share:
        chosen: Ink = digits[rng.integers(len(digits))]
        return chosen
    return draw_ink(int(rng.integers(10)), rng)


def _cropped(ink: Ink) -> Ink:
    rows, cols = (np.flatnonzero(ink.max(axis=axis) > 0.1 * ink.max()) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def _side_by_side(inks: Sequence[Ink], rng: np.random.Generator, *, gap_px: tuple[int, int]) -> Ink:
    """Place inks in a row, at slightly different heights; with a gap below 0 they overlap."""
    height = max(ink.shape[0] for ink in inks) + 8
    width = sum(ink.shape[1] for ink in inks) + len(inks) * max(gap_px)
    row = np.zeros((height, width), np.float32)
    start = 0
    for ink in inks:
        rows, cols = ink.shape
        top = int(rng.integers(height - rows + 1))
        target = row[top : top + rows, start : start + cols]
        np.maximum(target, ink, out=target)
        start += max(1, cols + int(rng.integers(*gap_px, endpoint=True)))
    return row
