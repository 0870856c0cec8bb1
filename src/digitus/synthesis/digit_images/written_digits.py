"""Ink of one digit with broken strokes, dots and specks, and of several digits side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from digitus.imaging.arrays import Ink
from digitus.synthesis.lines.digit_strings import Gap, write_string
from digitus.synthesis.pen.allographs import DIGITS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import Writer, crop, draw

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class AlterationParameters:
    """How single digits are altered. Set by hand; lengths are shares of the digit's height.

    Attributes:
        breaks: number of gaps in the strokes of a broken digit, exclusive at the end.
        break_width: range of the width of a gap.
        dots: number of dots beside a dotted digit, exclusive at the end.
        dot_width: range of a dot's diameter; that of a decimal point.
        specks: number of specks around a digit, exclusive at the end.
        speck_width: range of a speck's diameter.
        around: distance from the digit within which dots and specks lie.
        freedom: range of the variation of the pen's digits; see `pen.digit_strokes.draw_digit`.
        pen: range of the pen's width.
    """

    breaks: tuple[int, int] = (1, 4)
    break_width: Range = (0.02, 0.09)
    dots: tuple[int, int] = (1, 3)
    dot_width: Range = (0.06, 0.16)
    specks: tuple[int, int] = (1, 8)
    speck_width: Range = (0.01, 0.06)
    around: float = 0.4
    freedom: Range = (0.3, 1.2)
    pen: Range = (0.03, 0.17)


ALTERATIONS = AlterationParameters()

SINGLE_KINDS = ("whole", "broken", "dotted", "specks")
"""Kinds of images of one digit."""

GAPS: dict[str, Callable[[np.random.Generator], Gap]] = {
    "far apart": lambda rng: rng.uniform(0.7, 2.0),
    "apart": lambda rng: rng.uniform(0.1, 0.7),
    "boxes meet": lambda rng: rng.uniform(-0.02, 0.06),
    "touching": lambda _: None,
    "overlapping": lambda rng: rng.uniform(-0.2, -0.06),
}
"""Kinds of images of several digits; see `lines.digit_strings.Gap`."""


def pen_digit(digit: int, height_px: float, rng: np.random.Generator) -> Ink:
    """Write a digit with a random pen, cropped; any allograph."""
    shapes = list(DIGITS[digit].values())
    shape = shapes[rng.integers(len(shapes))]
    curves = write(shape, rng, freedom=rng.uniform(*ALTERATIONS.freedom))
    return draw(curves, height_px, max(1.0, rng.uniform(*ALTERATIONS.pen) * height_px))


def altered(ink: Ink, kind: str, rng: np.random.Generator) -> Ink:
    """Break the strokes of a digit, or put dots or specks beside it; cropped.

    Args:
        ink: (rows, cols) of a digit, cropped.
        kind: one of ``SINGLE_KINDS``.
        rng: chooses places and sizes.
    """
    match kind:
        case "broken":
            return crop(_broken(ink, rng))
        case "dotted":
            return _with_dots(ink, ALTERATIONS.dots, ALTERATIONS.dot_width, rng)
        case "specks":
            return _with_dots(ink, ALTERATIONS.specks, ALTERATIONS.speck_width, rng)
        case _:
            return ink


def several_digits(n: int, kind: str, writer: Writer, rng: np.random.Generator) -> Ink:
    """Write a string of random digits, cropped.

    Args:
        n: number of digits.
        kind: one of ``GAPS``.
        writer: writes the digits.
        rng: chooses digits and gaps.
    """
    text = "".join(map(str, rng.integers(0, 10, n)))
    gaps = [GAPS[kind](rng) for _ in range(n - 1)]
    return write_string(text, writer, rng, gap=gaps).ink


def _broken(ink: Ink, rng: np.random.Generator) -> Ink:
    """Wipe out narrow bands across the strokes, each at a random pixel of the digit."""
    height = ink.shape[0]
    kept = np.full(ink.shape, 255, np.uint8)
    rows, cols = np.nonzero(ink > 0.5 * ink.max())
    for _ in range(int(rng.integers(*ALTERATIONS.breaks))):
        at = int(rng.integers(len(rows)))
        angle, reach = rng.uniform(0, np.pi), 0.12 * height
        offset = reach * np.array([np.cos(angle), np.sin(angle)])
        middle = np.array([cols[at], rows[at]])
        width = max(1, round(rng.uniform(*ALTERATIONS.break_width) * height))
        ends = [np.rint(middle + sign * offset).astype(int).tolist() for sign in (-1, 1)]
        cv2.line(kept, ends[0], ends[1], 0, width, cv2.LINE_AA)
    broken = ink * (kept.astype(np.float32) / np.float32(255))
    return broken if broken.max() >= 0.5 * ink.max() else ink


def _with_dots(ink: Ink, number: tuple[int, int], diameter: Range, rng: np.random.Generator) -> Ink:
    """Put dots around a digit; they may touch it."""
    margin = round(ALTERATIONS.around * ink.shape[0])
    canvas = np.pad(ink, margin)
    dots = np.zeros(canvas.shape, np.uint8)
    for _ in range(int(rng.integers(*number))):
        x, y = rng.uniform(0, 1, 2) * np.array(canvas.shape[::-1])
        radius = max(0.5, rng.uniform(*diameter) * ink.shape[0] / 2)
        at = (round(16 * x), round(16 * y))
        cv2.circle(dots, at, round(16 * radius), 255, -1, cv2.LINE_AA, 4)
    full = np.float32(ink.max() / 255)
    return crop(np.maximum(canvas, full * dots))
