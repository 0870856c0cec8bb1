"""Marks beside digits: dots, commas and dashes, written evenly or in all variety."""

from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.models.line_image_format import MarkKind
from digitus.synthesis.pen.smooth_curves import Points, parse
from digitus.synthesis.pen.writers import Writer, draw


@dataclass(frozen=True)
class MarkShape:
    """The shape of a mark and where it stands; lengths are in heights of a digit.

    Attributes:
        kind: its class.
        stroke: its stroke in percent; see `allographs` for the notation.
        bottom: how far it ends below the baseline in even writing.
        sizes: factors of the stroke in varied writing.
        bottoms: how far it may end below the baseline in varied writing; below 0 above it.
    """

    kind: MarkKind
    stroke: str
    bottom: float
    sizes: tuple[float, float]
    bottoms: tuple[float, ...]


MARKS = {
    ".": MarkShape("point", "0 0", 0.0, sizes=(1.0, 1.0), bottoms=(0.0, 0.0, -0.4)),
    ",": MarkShape("comma", "10 0, 9 8, 0 20", 0.15, sizes=(0.6, 2.0), bottoms=(0.15,)),
    "-": MarkShape("minus", "0 0, 30 2", -0.42, sizes=(0.8, 3.0), bottoms=(-0.3, -0.45, -0.6)),
}
"""By character. A raised dot stands for a decimal point too, and a dash for a minus."""

_BY_KIND = {mark.kind: mark for mark in MARKS.values()}


@dataclass(frozen=True)
class MarkVariation:
    """How marks vary; ranges of uniform draws, spreads are standard deviations.

    Attributes:
        even_sizes: factors of the stroke in even writing.
        even_pens: width of the pen in even writing, in widths of the digits' pen.
        shake: of every point, in heights of a digit.
        pens: width of the pen in varied writing, in heights of a digit.
        dot_pens: further factor of a dot's width, which a pressed pen makes.
        least_pen_px: a pen is at least so wide.
        bottom_spread: of the place in varied writing, in heights of a digit.
    """

    even_sizes: tuple[float, float] = (0.7, 1.3)
    even_pens: tuple[float, float] = (1.0, 1.3)
    shake: float = 0.015
    pens: tuple[float, float] = (0.07, 0.15)
    dot_pens: tuple[float, float] = (1.0, 1.7)
    least_pen_px: float = 1.5
    bottom_spread: float = 0.06


VARIATION = MarkVariation()


def write_even_mark(character: str, writer: Writer, rng: np.random.Generator) -> Ink:
    """Write a mark with the pen of the digits beside it; cropped ink (rows, cols).

    Args:
        character: one of `MARKS`.
        writer: of the digits.
        rng: chooses its size and shape.
    """
    curve = _curve(MARKS[character], VARIATION.even_sizes, rng)
    return draw([curve], writer.height_px, writer.pen_px * rng.uniform(*VARIATION.even_pens))


def write_varied_mark(
    kind: MarkKind, height_px: float, rng: np.random.Generator
) -> tuple[Ink, float]:
    """Write a mark of any size, with a pen of its own.

    Args:
        kind: of the mark.
        height_px: of the digits beside it.
        rng: chooses size, shape, pen and place.

    Returns:
        Its ink (rows, cols), cropped, and by how many rows it ends below the baseline.
    """
    mark = _BY_KIND[kind]
    pen_px = max(VARIATION.least_pen_px, height_px * rng.uniform(*VARIATION.pens))
    if kind == "point":
        pen_px *= rng.uniform(*VARIATION.dot_pens)
    ink = draw([_curve(mark, mark.sizes, rng)], height_px, pen_px)
    bottom = float(rng.choice(mark.bottoms)) + rng.normal(scale=VARIATION.bottom_spread)
    return ink, bottom * height_px


def _curve(mark: MarkShape, sizes: tuple[float, float], rng: np.random.Generator) -> Points:
    ((points, basis),) = parse(mark.stroke)
    shaken = points * rng.uniform(*sizes) + rng.normal(scale=VARIATION.shake, size=points.shape)
    return np.asarray(basis @ shaken)
