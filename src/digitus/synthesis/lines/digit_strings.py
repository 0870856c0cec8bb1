"""Strings of digits as ink with the box of each digit: apart, touching or overlapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.synthesis.lines.punctuation import MARKS, write_even_mark
from digitus.synthesis.pen.writers import FAINTEST, Writer, crop

LENGTHS = (2, 10)
"""Digits in a string of `random_text`, inclusive."""


@dataclass(frozen=True)
class StringVariation:
    """How the digits of a string vary; all but the last two are standard deviations.

    Attributes:
        size: of a digit's size, as a share.
        rise: of a digit's distance from the baseline, in its heights.
        slant_deg: of a whole string; MNIST's digits have slants of their own besides.
        touching_ink: ink as dark as this counts, where digits are moved until they touch.
        margin: paper around a string in an image, in its heights.
    """

    size: float = 0.06
    rise: float = 0.04
    slant_deg: float = 5.0
    touching_ink: float = 0.5
    margin: float = 0.5


VARIATION = StringVariation()

Gap: TypeAlias = float | None
"""Distance of the boxes of two neighbors, as a share of their mean width; below 0 they overlap by
that share. None moves the right one to the left until its ink touches what is written."""

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""


@dataclass(frozen=True, eq=False)
class Written:
    """A string and the boxes of its characters.

    Attributes:
        text: its characters, digits and marks.
        ink: (rows, cols) 0.0 paper to 1.0 full ink, cropped to the string.
        boxes: of each character in ``ink``.
        baseline_px: rows from the top of ``ink`` to the line that the digits stand on.
    """

    text: str
    ink: Ink
    boxes: tuple[Box, ...]
    baseline_px: int


def random_text(rng: np.random.Generator) -> str:
    """Draw a string of digits; each length is equally likely.

    >>> random_text(np.random.default_rng(0)).isdigit()
    True
    """
    return "".join(map(str, rng.integers(0, 10, rng.integers(*LENGTHS, endpoint=True))))


def write_string(
    text: str,
    writer: Writer,
    rng: np.random.Generator,
    *,
    gap: Gap | Sequence[Gap],
    climb: float = 0.0,
) -> Written:
    """Write digits side by side; where they overlap, the darker ink is kept.

    Args:
        text: digits 0 to 9, and the marks of `punctuation.MARKS`; at least one character.
        writer: gives each digit.
        rng: chooses the sizes, places and slants of the digits.
        gap: one for all neighbors, or one for each pair.
        climb: rows that the baseline rises for each column.

    Raises:
        ValueError: if the text is empty or holds another character.

    >>> from digitus.synthesis.pen.writers import PenWriter
    >>> rng = np.random.default_rng(0)
    >>> len(write_string("407", PenWriter(rng, 40), rng, gap=0.3).boxes)
    3
    """
    if not text or set(text) - set("0123456789") - set(MARKS):
        raise ValueError(
            f"a string is made of the digits 0 to 9 and {' '.join(MARKS)}; got {text!r}"
        )
    slant = np.tan(np.deg2rad(rng.normal(scale=VARIATION.slant_deg)))
    inks = [
        _varied(
            write_even_mark(one, writer, rng) if one in MARKS else writer(int(one), rng), slant, rng
        )
        for one in text
    ]
    gaps = [*gap] if isinstance(gap, Sequence) else [gap] * (len(text) - 1)
    starts = np.cumsum(
        [0.0] + [ink.shape[1] * (1 + (one or 0.0)) for ink, one in zip(inks, gaps, strict=False)]
    )
    bottoms = [
        round(writer.height_px * (rng.normal(scale=VARIATION.rise) + _bottom(one)) - climb * start)
        for one, start in zip(text, starts.tolist(), strict=True)
    ]
    return assemble(text, inks, bottoms, gaps)


def assemble(
    text: str, digits: Sequence[Ink], bottoms: Sequence[int], gap: Gap | Sequence[Gap]
) -> Written:
    """Put cropped digits side by side.

    Args:
        text: their characters.
        digits: ink of each, cropped.
        bottoms: by how many rows each ends below the baseline.
        gap: one for all neighbors, or one for each pair.
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
    """Lay a digit into ink, in place; the darker of both is kept."""
    part = ink[top : top + digit.shape[0], left : left + digit.shape[1]]
    np.maximum(part, digit, out=part)


def as_image(written: Written) -> tuple[NDArray[np.uint8], tuple[Box, ...]]:
    """Return a grey image, black on white with paper around, and the boxes in it."""
    margin = round(VARIATION.margin * written.ink.shape[0])
    ink = np.pad(written.ink, margin)
    boxes = tuple((left + margin, top + margin, w, h) for left, top, w, h in written.boxes)
    return np.rint(255 * (1 - ink)).astype(np.uint8), boxes


def _bottom(character: str) -> float:
    """Return how far a character ends below the baseline, in heights of a digit."""
    return MARKS[character].bottom if character in MARKS else 0.0


def _lefts(digits: Sequence[Ink], tops: Sequence[int], rows: int, gaps: Sequence[Gap]) -> list[int]:
    """Return the first column of each digit; the first digit starts at 0."""
    lefts: list[int] = []
    end = np.full(rows, -np.inf)  # by row: the column after the last ink so far
    for i, (digit, top) in enumerate(zip(digits, tops, strict=True)):
        if i == 0:
            left = 0
        elif (gap := gaps[i - 1]) is None:
            left = _touching_column(digit, end[top : top + len(digit)])
        else:
            before = digits[i - 1].shape[1]
            mean_width = (before + digit.shape[1]) / 2
            left = lefts[-1] + before + round(gap * mean_width)
        lefts.append(left)
        part = end[top : top + len(digit)]
        np.maximum(part, left + _last(digit) + 1, out=part)
    return lefts


def _touching_column(digit: Ink, end: NDArray[np.float64]) -> int:
    """Return the column at which a digit touches ink that ends, row by row, before ``end``.

    Ink also touches across a corner, so the rows above and below count. The digit moves one pixel
    further, so that grey edges become one stroke. Without a common row it stops at the last ink.
    """
    nearby = np.max([end, np.append(end[1:], -np.inf), np.append(-np.inf, end[:-1])], axis=0)
    dark = digit >= VARIATION.touching_ink
    first = np.where(dark.any(axis=1), dark.argmax(axis=1), np.inf)
    met = (nearby - first).max()
    if np.isfinite(met):
        return int(met) - 1
    return int(end.max()) if np.isfinite(end).any() else 0


def _last(digit: Ink) -> NDArray[np.float64]:
    """Return the column of the last dark ink of each row; minus infinity without any."""
    dark = digit >= VARIATION.touching_ink
    last = digit.shape[1] - 1 - dark[:, ::-1].argmax(axis=1)
    return np.where(dark.any(axis=1), last, -np.inf)


def _varied(digit: Ink, slant: float, rng: np.random.Generator) -> Ink:
    """Scale a digit at random and slant it."""
    size = float(np.exp(rng.normal(scale=VARIATION.size)))
    height, width = digit.shape
    rows, cols = max(2, round(size * height)), max(2, round(size * width))
    lean = abs(slant) * rows
    # x grows by the slant for each row above the bottom.
    matrix = np.array([[size, -slant * size, max(slant, 0) * rows + 1], [0, size, 1]])
    target = (int(np.ceil(cols + lean)) + 3, rows + 3)
    turned = cv2.warpAffine(digit, matrix, target, flags=cv2.INTER_LINEAR)
    return crop(np.asarray(turned, np.float32)) if turned.max() >= FAINTEST else digit
