"""Pieces of digits, and two digits in one: what a wrong cut between neighbours leaves."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.pen.pen_drawings import draw_ink

Side: TypeAlias = Literal["top", "bottom", "left", "right"]

MOST_LEFT = 0.45  # of a cut digit; with more of it, many can be read
LEAST_LEFT = 0.28
HEIGHT_PX = 40  # of a digit beside another, twice that of a patch
LEAST_INK = 0.2  # of all ink, in each half of neighbours: else the other one may pass for a 1

# What stays of these digits when only this side is left is no digit. All others may be read: half
# a 1 is a 1, and so is the left of a 9; the top of an 8 is a 0, its right a 3.
_PIECES: dict[int, tuple[Side, ...]] = {
    0: ("top", "bottom"),
    2: ("bottom", "left"),
    3: ("bottom", "left"),
    5: ("top", "left"),
    8: ("left",),
}


def piece(rng: np.random.Generator) -> Ink:
    """Cut a digit of our pen, so that less than 45 % of its height or width is left."""
    choices = [(digit, side) for digit, sides in _PIECES.items() for side in sides]
    digit, side = choices[rng.integers(len(choices))]
    ink = _cropped(draw_ink(digit, rng))
    share = rng.uniform(LEAST_LEFT, MOST_LEFT)
    rows, cols = (max(3, int(share * length)) for length in ink.shape)
    parts = {
        "top": ink[:rows],
        "bottom": ink[-rows:],
        "left": ink[:, :cols],
        "right": ink[:, -cols:],
    }
    return parts[side]


def neighbours(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> Ink:
    """Cut out the right part of a digit and the left part of the next one, with the gap between.

    Args:
        rng: chooses everything.
        digits: patches (n, 28, 28) to take half of the digits from; None writes all.
    """
    while True:
        left, right = _two_of_a_height(rng, digits)
        left = left[:, round(left.shape[1] * rng.uniform(0.35, 0.65)) :]
        right = right[:, : round(right.shape[1] * rng.uniform(0.35, 0.65))]
        masses = np.array([left.sum(), right.sum()])
        if masses.min() >= LEAST_INK * masses.sum():
            return _side_by_side([left, right], rng, gaps=(2, 12))


def several(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> Ink:
    """Put two digits, at times three, side by side, some of them touching.

    Args:
        rng: chooses everything.
        digits: patches (n, 28, 28) to take half of the digits from; None writes all.
    """
    pair = _two_of_a_height(rng, digits)
    if rng.random() < 0.2:
        pair = [*pair, _two_of_a_height(rng, digits)[0]]
    return _side_by_side(pair, rng, gaps=(-6, 10))


def _two_of_a_height(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> list[Ink]:
    """Two digits, their heights up to a fifth apart."""
    return [_at_height(_a_digit(rng, digits), HEIGHT_PX * rng.uniform(0.9, 1.1)) for _ in range(2)]


def _at_height(ink: Ink, height_px: float) -> Ink:
    """Crop the ink and scale it; what lies is scaled to the same width instead."""
    ink = _cropped(ink)
    factor = height_px / max(ink.shape)
    rows, cols = (max(2, round(length * factor)) for length in ink.shape)
    return np.asarray(cv2.resize(ink, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _a_digit(rng: np.random.Generator, digits: NDArray[np.float32] | None) -> Ink:
    if digits is not None and rng.random() < 0.5:
        chosen: Ink = digits[rng.integers(len(digits))]
        return chosen
    return draw_ink(int(rng.integers(10)), rng)


def _cropped(ink: Ink) -> Ink:
    rows, cols = (np.flatnonzero(ink.max(axis=axis) > 0.1 * ink.max()) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def _side_by_side(inks: Sequence[Ink], rng: np.random.Generator, *, gaps: tuple[int, int]) -> Ink:
    """Lay inks in a row, each a little lower or higher; a gap below zero is an overlap."""
    height = max(ink.shape[0] for ink in inks) + 8
    page = np.zeros((height, sum(ink.shape[1] for ink in inks) + len(inks) * max(gaps)), np.float32)
    start = 0
    for ink in inks:
        rows, cols = ink.shape
        top = int(rng.integers(height - rows + 1))
        part = page[top : top + rows, start : start + cols]
        np.maximum(part, ink, out=part)
        start += max(1, cols + int(rng.integers(*gaps, endpoint=True)))
    return page
