"""Marks beside digits, as people write them: points, commas, signs, slashes, colons, brackets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import MarkKind
from digitus.synthesis.pen.smooth_curves import Points, parse
from digitus.synthesis.pen.writers import Writer, draw

Range = tuple[float, float]


@dataclass(frozen=True)
class MarkShape:
    """The shapes of a mark and where it stands; lengths are in heights of a digit.

    Attributes:
        kind: its class.
        strokes: its shapes in percent of a digit's height, the usual one first; see `allographs`
            for the notation.
        bottom: how far it ends below the baseline in even writing; below 0 above it.
        bottoms: range of the same in varied writing.
        sizes: factors of the shape in varied writing.
        leans: shear in varied writing, columns to the right for each row upwards.
    """

    kind: MarkKind
    strokes: tuple[str, ...]
    bottom: float
    bottoms: Range
    sizes: Range
    leans: Range = (0.0, 0.0)


MARKS = {
    ".": MarkShape(
        "point",
        ("0 0", "0 0, 5 1", "0 0, 2 6", "4 0, 0 4, 4 8, 8 4, 4 0"),
        bottom=0.0,
        bottoms=(-0.06, 0.1),
        sizes=(0.7, 1.3),
    ),
    ",": MarkShape(
        "comma",
        ("10 0, 9 8, 0 20", "9 0, 0 18", "4 0, 0 4, 6 7, 8 2, 8 10, 0 22", "6 0, 4 18"),
        bottom=0.15,
        bottoms=(0.06, 0.26),
        sizes=(0.7, 1.7),
    ),
    "-": MarkShape(
        "minus",
        ("0 0, 30 2", "0 3, 30 0", "0 2, 10 0, 20 3, 30 1", "0 0, 30 0"),
        bottom=-0.42,
        bottoms=(-0.62, -0.28),
        sizes=(0.8, 2.4),
    ),
    "+": MarkShape(
        "plus",
        ("16 0, 16 34 / 0 17, 33 16", "0 17, 32 17 / 17 0, 15 33", "16 0, 14 34, 0 20 > 34 14"),
        bottom=-0.3,
        bottoms=(-0.42, -0.12),
        sizes=(0.9, 2.0),
        leans=(-0.15, 0.3),
    ),
    "/": MarkShape(
        "slash",
        ("50 0, 0 110", "56 0, 30 50, 0 106", "48 0, 30 40, 0 114"),
        bottom=0.08,
        bottoms=(0.0, 0.35),
        sizes=(0.95, 1.4),
        leans=(0.0, 0.35),
    ),
    ":": MarkShape(
        "colon",
        ("0 0 / 0 36", "0 0, 3 1 / 0 38, 3 39", "2 0, 1 5 / 1 34, 0 39"),
        bottom=-0.14,
        bottoms=(-0.26, 0.04),
        sizes=(0.7, 1.5),
        leans=(-0.1, 0.25),
    ),
    "%": MarkShape(
        "percent",
        (
            "22 4, 6 14, 8 34, 22 42, 36 30, 34 10, 24 4 / 84 2, 12 98 "
            "/ 76 58, 60 68, 62 88, 76 97, 90 84, 88 64, 78 58",
            "20 8, 8 16, 10 30, 24 32, 30 18, 22 8 / 72 0, 8 100 "
            "/ 66 68, 54 78, 58 92, 72 94, 78 80, 68 68",
            "84 4, 50 10, 22 6, 8 16, 10 34, 24 38, 34 22, 22 8 / 84 4, 10 98 "
            "/ 74 62, 58 72, 64 92, 80 94, 88 76, 76 62",
        ),
        bottom=0.02,
        bottoms=(-0.06, 0.12),
        sizes=(0.75, 1.2),
        leans=(-0.1, 0.2),
    ),
    "(": MarkShape(
        "left_bracket",
        ("28 0, 8 32, 6 74, 24 110", "22 0, 4 40, 4 72, 20 108", "26 0 > 4 1 > 3 108 > 25 110"),
        bottom=0.1,
        bottoms=(-0.02, 0.3),
        sizes=(0.85, 1.3),
        leans=(-0.1, 0.2),
    ),
    ")": MarkShape(
        "right_bracket",
        ("2 0, 22 32, 24 74, 6 110", "4 0, 22 40, 22 72, 6 108", "2 0 > 24 1 > 24 108 > 1 110"),
        bottom=0.1,
        bottoms=(-0.02, 0.3),
        sizes=(0.85, 1.3),
        leans=(-0.1, 0.2),
    ),
}
"""By character. A raised point stands for a decimal point too, and a dash for a minus."""

CHARACTERS = {mark.kind: character for character, mark in MARKS.items()}
"""The character of each kind of mark."""


@dataclass(frozen=True)
class MarkVariation:
    """How marks vary; ranges of uniform draws, spreads are standard deviations.

    Set by hand, from the sizes of marks beside written digits.

    Attributes:
        even_sizes: factors of the shape in even writing.
        even_pens: width of the pen in even writing, in widths of the digits' pen.
        shake: of every point, in heights of a digit.
        pens: width of the pen in varied writing, in widths of the digits' pen.
        point_pens: further factor of a point's width, which a pressed pen makes.
        least_pen_px: a pen is at least so wide.
        usual_share: of the marks that have their usual shape.
        raised_share: of the points that stand in the middle of the line.
        raised: range of their height above the baseline, in heights of a digit.
        widths: factor of the width of a mark in varied writing.
    """

    even_sizes: Range = (0.8, 1.25)
    even_pens: Range = (1.0, 1.3)
    shake: float = 0.015
    pens: Range = (0.8, 1.3)
    point_pens: Range = (1.0, 1.7)
    least_pen_px: float = 1.2
    usual_share: float = 0.5
    raised_share: float = 0.04
    raised: Range = (0.35, 0.5)
    widths: Range = (0.8, 1.25)


VARIATION = MarkVariation()


def write_even_mark(character: str, writer: Writer, rng: np.random.Generator) -> Ink:
    """Write a mark with the pen of the digits beside it; cropped ink (rows, cols).

    Args:
        character: one of `MARKS`.
        writer: of the digits.
        rng: chooses its size and shape.
    """
    shape = np.eye(2) * rng.uniform(*VARIATION.even_sizes)
    curves = _curves(MARKS[character].strokes[0], shape, rng)
    return draw(curves, writer.height_px, writer.pen_px * rng.uniform(*VARIATION.even_pens))


def write_varied_mark(
    character: str, height_px: float, pen_px: float, rng: np.random.Generator
) -> tuple[Ink, float]:
    """Write a mark in one of its shapes, of any size.

    Args:
        character: one of `MARKS`.
        height_px: of the digits beside it.
        pen_px: width of the pen that writes them.
        rng: chooses size, shape, pen and place.

    Returns:
        Its ink (rows, cols), cropped, and by how many rows it ends below the baseline.
    """
    mark, vary = MARKS[character], VARIATION
    pen_px = max(vary.least_pen_px, pen_px * rng.uniform(*vary.pens))
    if mark.kind in ("point", "colon"):
        pen_px *= rng.uniform(*vary.point_pens)
    is_usual = rng.random() < vary.usual_share
    strokes = mark.strokes[0 if is_usual else int(rng.integers(len(mark.strokes)))]
    size, lean = rng.uniform(*mark.sizes), rng.uniform(*mark.leans)
    shape = size * np.array([[rng.uniform(*vary.widths), 0.0], [-lean, 1.0]])
    bottom = rng.uniform(*mark.bottoms)
    if mark.kind == "point" and rng.random() < vary.raised_share:
        bottom = -rng.uniform(*vary.raised)
    return draw(_curves(strokes, shape, rng), height_px, pen_px), bottom * height_px


def _curves(notation: str, shape: Points, rng: np.random.Generator) -> Sequence[Points]:
    """Return the shaken curves of a shape; a matrix (2, 2) maps its rows of (x, y)."""
    return [
        basis @ (points @ shape + rng.normal(scale=VARIATION.shake, size=points.shape))
        for points, basis in parse(notation)
    ]
