"""Strings of digits as grey ink with exact truth: apart, touching or overlapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.pen.smooth_curves import parse
from digitus.synthesis.pen.writers import FAINTEST, Writer, crop, draw

LENGTHS = (2, 10)
SIZE = 0.06  # standard deviation of a digit's size, as a share
RISE = 0.04  # of a digit's distance from the baseline, in its heights
SLANT_DEG = 5.0  # of a whole string; MNIST's digits have slants of their own besides
MEETING = 0.5  # ink as dark as this meets, when digits touch
MARGIN = 0.5  # of paper around a string, in its heights

MARKS = {".": "0 0", ",": "10 0, 9 8, 0 20", "-": "0 0, 30 2"}
"""Strokes of the marks, in percent of a digit's height; see ``allographs`` for the notation."""
MARK_BOTTOMS = {".": 0.0, ",": 0.15, "-": -0.42}
"""How far a mark ends below the baseline, in heights of a digit."""

Gap: TypeAlias = float | None
"""Between the boxes of two neighbours, as a share of their mean width; below 0 they overlap by that
share. None slides the right one to the left until its ink meets what is written."""

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""


@dataclass(frozen=True, eq=False)
class Written:
    """A string and where its digits are.

    Attributes:
        text: its characters: digits, and marks between them.
        ink: (rows, cols) 0.0 paper to 1.0 full ink, cropped to the string.
        boxes: of each character in ``ink``.
        baseline_px: rows from the top of ``ink`` to the line that the digits stand on.
    """

    text: str
    ink: Ink
    boxes: tuple[Box, ...]
    baseline_px: int


def random_text(rng: np.random.Generator, lengths: tuple[int, int] = LENGTHS) -> str:
    """Draw a string of digits whose length is as often one as another.

    >>> len(random_text(np.random.default_rng(0), (3, 3)))
    3
    """
    return "".join(map(str, rng.integers(0, 10, rng.integers(*lengths, endpoint=True))))


def write_string(
    text: str,
    writer: Writer,
    rng: np.random.Generator,
    *,
    gap: Gap | Sequence[Gap],
    climb: float = 0.0,
) -> Written:
    """Write digits side by side; where they overlap, the darker ink counts.

    Args:
        text: digits 0 to 9, and the marks ``.``, ``,`` and ``-``; at least one character.
        writer: gives each digit.
        rng: chooses the digits' sizes, places and slants, which vary mildly.
        gap: one for all neighbours, or one for each pair.
        climb: rows that the baseline rises for each column.

    Raises:
        ValueError: if the text holds anything else.

    >>> from digitus.synthesis.pen.writers import PenWriter
    >>> rng = np.random.default_rng(0)
    >>> len(write_string("407", PenWriter(rng, 40), rng, gap=0.3).boxes)
    3
    """
    if not text or set(text) - set("0123456789") - set(MARKS):
        raise ValueError(
            f"a string is made of the digits 0 to 9 and {' '.join(MARKS)}; got {text!r}"
        )
    slant = np.tan(np.deg2rad(rng.normal(scale=SLANT_DEG)))
    inks = [_swayed(_character(one, writer, rng), slant, rng) for one in text]
    gaps = [*gap] if isinstance(gap, Sequence) else [gap] * (len(text) - 1)
    starts = np.cumsum(
        [0.0] + [ink.shape[1] * (1 + (one or 0.0)) for ink, one in zip(inks, gaps, strict=False)]
    )
    bottoms = [
        round(
            writer.height_px * (rng.normal(scale=RISE) + MARK_BOTTOMS.get(one, 0.0)) - climb * start
        )
        for one, start in zip(text, starts.tolist(), strict=True)
    ]
    return assemble(text, inks, bottoms, gaps)


def assemble(
    text: str, digits: Sequence[Ink], bottoms: Sequence[int], gap: Gap | Sequence[Gap]
) -> Written:
    """Put cropped digits side by side.

    Args:
        text: what they say.
        digits: ink of each, cropped.
        bottoms: by how many rows each ends below the baseline.
        gap: one for all neighbours, or one for each pair.
    """
    gaps = [*gap] if isinstance(gap, Sequence) else [gap] * (len(digits) - 1)
    top = min(bottom - len(digit) for digit, bottom in zip(digits, bottoms, strict=True))
    rows = max(bottoms) - top
    tops = [bottom - len(digit) - top for digit, bottom in zip(digits, bottoms, strict=True)]
    lefts = _lefts(digits, tops, rows, gaps)
    shift = min(lefts)
    lefts = [left - shift for left in lefts]
    width = max(left + digit.shape[1] for left, digit in zip(lefts, digits, strict=True))
    ink = np.zeros((rows, width), np.float32)
    boxes = tuple(
        (left, row, digit.shape[1], digit.shape[0])
        for left, row, digit in zip(lefts, tops, digits, strict=True)
    )
    for digit, box in zip(digits, boxes, strict=True):
        lay(digit, ink, box[0], box[1])
    return Written(text, ink, boxes, -top)


def lay(digit: Ink, ink: Ink, left: int, top: int) -> None:
    """Lay a digit into ink, in place: the darker of both counts."""
    part = ink[top : top + digit.shape[0], left : left + digit.shape[1]]
    np.maximum(part, digit, out=part)


def as_image(written: Written) -> tuple[NDArray[np.uint8], tuple[Box, ...]]:
    """Return a grey image, black on white with paper around, and the boxes in it."""
    margin = round(MARGIN * written.ink.shape[0])
    ink = np.pad(written.ink, margin)
    boxes = tuple((left + margin, top + margin, w, h) for left, top, w, h in written.boxes)
    return np.rint(255 * (1 - ink)).astype(np.uint8), boxes


def _character(one: str, writer: Writer, rng: np.random.Generator) -> Ink:
    """Write a digit or a mark; cropped."""
    if one not in MARKS:
        return writer(int(one), rng)
    ((points, basis),) = parse(MARKS[one])
    shaken = points * rng.uniform(0.7, 1.3) + rng.normal(scale=0.015, size=points.shape)
    return draw([basis @ shaken], writer.height_px, writer.pen_px * rng.uniform(1, 1.3))


def _lefts(digits: Sequence[Ink], tops: Sequence[int], rows: int, gaps: Sequence[Gap]) -> list[int]:
    """First column of each digit; the first digit starts at 0."""
    lefts: list[int] = []
    end = np.full(rows, -np.inf)  # by row: the column after the last ink so far
    for i, (digit, top) in enumerate(zip(digits, tops, strict=True)):
        if i == 0:
            left = 0
        elif (gap := gaps[i - 1]) is None:
            left = _meeting(digit, end[top : top + len(digit)])
        else:
            before = digits[i - 1].shape[1]
            mean_width = (before + digit.shape[1]) / 2
            left = lefts[-1] + before + round(gap * mean_width)
        lefts.append(left)
        part = end[top : top + len(digit)]
        np.maximum(part, left + _last(digit) + 1, out=part)
    return lefts


def _meeting(digit: Ink, end: NDArray[np.float64]) -> int:
    """Column to which a digit slides until it meets ink that ends, row by row, before ``end``.

    Ink also meets across a corner, so the rows above and below count; and it goes one pixel
    further, so that grey brims become one stroke. Without any common row it stops at the last ink.
    """
    around = np.max([end, np.append(end[1:], -np.inf), np.append(-np.inf, end[:-1])], axis=0)
    first = np.where(digit.max(axis=1) >= MEETING, (digit >= MEETING).argmax(axis=1), np.inf)
    met = (around - first).max()
    if np.isfinite(met):
        return int(met) - 1
    return int(end.max()) if np.isfinite(end).any() else 0


def _last(digit: Ink) -> NDArray[np.float64]:
    """Column of the last dark ink of each row; minus infinity without any."""
    dark = digit >= MEETING
    last = digit.shape[1] - 1 - dark[:, ::-1].argmax(axis=1)
    return np.where(dark.any(axis=1), last, -np.inf)


def _swayed(digit: Ink, slant: float, rng: np.random.Generator) -> Ink:
    """Scale and slant a digit a little."""
    size = float(np.exp(rng.normal(scale=SIZE)))
    height, width = digit.shape
    rows, cols = max(2, round(size * height)), max(2, round(size * width))
    lean = abs(slant) * rows
    # x grows by the slant for each row above the bottom.
    matrix = np.array([[size, -slant * size, max(slant, 0) * rows + 1], [0, size, 1]])
    target = (int(np.ceil(cols + lean)) + 3, rows + 3)
    turned = cv2.warpAffine(digit, matrix, target, flags=cv2.INTER_LINEAR)
    return crop(np.asarray(turned, np.float32)) if turned.max() >= FAINTEST else digit
