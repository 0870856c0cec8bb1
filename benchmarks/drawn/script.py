"""A script: how one person, or a printer, writes digits, letters and signs as ink."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from digitus.data import load
from digitus.data.samples import Samples
from digitus.imaging.arrays import Ink
from digitus.imaging.strokes import render_strokes
from digitus.plots.fonts import font_files
from digitus.synthesis.lines.digit_strings import Gap, write_string
from digitus.synthesis.lines.punctuation import write_varied_mark
from digitus.synthesis.negatives.glyphs import open_font
from digitus.synthesis.negatives.letters_and_signs import DIGIT_LIKE, LETTERS
from digitus.synthesis.pages.sheet_writer import LOW
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import PatchWriter, PenWriter, Writer, crop, draw
from drawn.shapes import LIT, SEGMENTS

HELD_OUT = range(55_000, 60_000)
"""MNIST's training rows that no shipped model is trained on."""
FONTS = {
    "DejaVu Sans": "DejaVuSans",
    "DejaVu Serif": "DejaVuSerif",
    "DejaVu Sans Mono": "DejaVuSansMono",
    "STIX General": "STIXGeneral",
    "Computer Modern": "cmr10",
    "Computer Modern Typewriter": "cmtt10",
}
"""Files of printed digits, by the name of the font."""


@dataclass(frozen=True)
class ScriptParameters:
    """How scripts vary; ranges of uniform draws, lengths in heights of a digit. Set by hand.

    Attributes:
        gap: mean gap between the digits of a number, as a share of their mean width.
        gap_spread: standard deviation of a gap.
        freedom: variation of letters and signs; see ``digit_strokes.write``.
        small_letter: height of a letter without an ascender.
        letter_gap: gap between the letters of a word.
        segment_width: thickness of a segment of a display.
        segment_gap: what is missing at either end of a segment.
        display_width: width of a digit of a display.
        display_lean: columns to the right for each row upwards.
        strike_reach: how far a strike reaches above and below the middle.
    """

    gap: tuple[float, float] = (0.18, 0.4)
    gap_spread: float = 0.06
    freedom: tuple[float, float] = (0.3, 0.9)
    small_letter: float = 0.62
    letter_gap: float = 0.12
    segment_width: tuple[float, float] = (0.09, 0.15)
    segment_gap: tuple[float, float] = (0.0, 0.02)
    display_width: tuple[float, float] = (0.45, 0.6)
    display_lean: tuple[float, float] = (0.0, 0.15)
    strike_reach: tuple[float, float] = (0.12, 0.4)


PARAMETERS = ScriptParameters()
SMALL = LOW + "o" + "sz"
"""Letters without an ascender; those with a descender stand on the line here, as tall letters."""
SHAPES = LETTERS | DIGIT_LIKE | {"o": DIGIT_LIKE["O"]}


@dataclass(frozen=True, eq=False)
class Glyph:
    """Ink that ends some rows below the baseline.

    Attributes:
        ink: (rows, cols), cropped, 0.0 paper to 1.0 full ink.
        bottom_px: rows from the baseline to its last row.
    """

    ink: Ink
    bottom_px: int = 0


@cache
def held_out_digits() -> Samples:
    """Return MNIST's held-out training rows."""
    return load("mnist").train.rows(np.array(HELD_OUT))


class Script:
    """Writes with one pen: digits, letters and signs of one height.

    Args:
        rng: chooses everything.
        height_px: of a digit.
        mnist: whether digits are those of MNIST's held-out rows; if not, a synthetic pen's.
        pen: width of the synthetic pen, as a share of the height; None chooses at random.
        allographs: names of the pen's allographs by digit; the others are chosen at random.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        height_px: float,
        *,
        mnist: bool,
        pen: float | None = None,
        allographs: dict[int, str] | None = None,
    ) -> None:
        self.rng, self.height_px = rng, height_px
        self.writer: Writer = (
            PatchWriter.of_one_pen(held_out_digits(), height_px, rng)
            if mnist
            else PenWriter(rng, height_px, pen=pen, allographs=allographs)
        )
        self._gap = rng.uniform(*PARAMETERS.gap)

    def number(self, text: str, *, gap: Gap | str = "usual", size: float = 1.0) -> Glyph:
        """Write digits and marks; a gap holds for all neighbors, "usual" draws each."""
        gaps: Gap | Sequence[Gap] = (
            [self._gap + self.rng.normal(scale=PARAMETERS.gap_spread) for _ in text[1:]]
            if isinstance(gap, str)
            else gap
        )
        writer = self.writer.resized(size * self.height_px)
        written = write_string(text, writer, self.rng, gap=gaps)
        return Glyph(written.ink, len(written.ink) - written.baseline_px)

    def mark(self, character: str) -> Glyph:
        """Write a mark alone, in one of its shapes, of any size."""
        ink, bottom = write_varied_mark(character, self.height_px, self.writer.pen_px, self.rng)
        return Glyph(ink, round(bottom))

    def shape(self, notation: str, *, size: float = 1.0, bottom: float = 0.0) -> Glyph:
        """Write a shape; size and place below the baseline are in heights of a digit."""
        curves = write(notation, self.rng, freedom=self.rng.uniform(*PARAMETERS.freedom))
        ink = draw(curves, size * self.height_px, self.writer.pen_px)
        return Glyph(ink, round(bottom * self.height_px))

    def letters(self, text: str) -> Glyph:
        """Write letters from left to right."""
        glyphs = [
            self.shape(SHAPES[one], size=PARAMETERS.small_letter if one in SMALL else 1.0)
            for one in text
        ]
        return self.row(glyphs, [PARAMETERS.letter_gap] * (len(text) - 1))

    def row(self, glyphs: Sequence[Glyph], gaps: Sequence[float]) -> Glyph:
        """Put glyphs side by side; gaps are in heights of a digit, below 0 they overlap."""
        top = min(one.bottom_px - len(one.ink) for one in glyphs)
        bottom = max(one.bottom_px for one in glyphs)
        width = sum(one.ink.shape[1] for one in glyphs)
        width += sum(max(0, round(gap * self.height_px)) for gap in gaps)
        ink, left = np.zeros((bottom - top, width), np.float32), 0
        for one, gap in zip(glyphs, [*gaps, 0.0], strict=True):
            row = one.bottom_px - len(one.ink) - top
            part = ink[row : row + len(one.ink), left : left + one.ink.shape[1]]
            np.maximum(part, one.ink, out=part)
            left += max(1, one.ink.shape[1] + round(gap * self.height_px))
        return Glyph(crop(ink), bottom)

    def struck(self, glyph: Glyph) -> Glyph:
        """Strike out a glyph with one or two oblique lines, or with a zigzag."""
        margin = round(0.15 * self.height_px)
        ink = np.pad(glyph.ink, margin)
        rows, cols = ink.shape
        zigzag = self.rng.random() < 0.4
        xs = np.linspace(0.02, 0.98, int(self.rng.integers(4, 8)) if zigzag else 2) * cols
        reach = self.rng.uniform(*PARAMETERS.strike_reach) * rows * self.rng.choice([-1, 1])
        ys = rows / 2 + reach * (-1.0) ** np.arange(len(xs))
        strokes = [list(zip(xs.tolist(), ys.tolist(), strict=True))]
        if not zigzag and self.rng.random() < 0.6:
            strokes.append([(x, rows - y) for x, y in strokes[0]])
        lines = render_strokes(strokes, width=cols, height=rows, pen_px=self.writer.pen_px)
        return Glyph(np.maximum(ink, lines), glyph.bottom_px + margin)


def printed(text: str, font: str, height_px: float) -> Glyph:
    """Print digits or letters that stand on the baseline.

    Args:
        text: to print.
        font: a name in ``FONTS``.
        height_px: of a digit.
    """
    opened = open_font(str(font_file(font)), round(height_px / digit_share(font)))
    left, top, right, bottom = (round(side) for side in opened.getbbox(text, anchor="ls"))
    image = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=opened, anchor="ls")
    ink = crop(np.asarray(image, np.float32) / np.float32(255))
    return Glyph(ink, max(0, bottom))


@cache
def font_file(font: str) -> Path:
    """Return the file of a font."""
    return font_files(FONTS[font])[0]


@cache
def digit_share(font: str) -> float:
    """Return the height of a printed digit as a share of its font's size."""
    _, top, _, bottom = open_font(str(font_file(font)), 200).getbbox("8")
    return (bottom - top) / 200


def display(text: str, height_px: float, rng: np.random.Generator) -> Glyph:
    """Draw digits as a seven-segment display shows them."""
    p = PARAMETERS
    width, thick = rng.uniform(*p.display_width), rng.uniform(*p.segment_width)
    gap, lean = rng.uniform(*p.segment_gap), rng.uniform(*p.display_lean)
    box = np.array([width - thick, 1 - thick])  # between the middles of the segments
    size = np.ceil(height_px * np.array([len(text) * 1.5 * width + 0.4, 1.1])).astype(int)
    ink = np.zeros(size[::-1], np.uint8)
    for place, one in enumerate(text):
        for name in LIT[int(one)]:
            ends = np.array(SEGMENTS[name]) * box
            along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
            ends += (thick / 2 + gap) * np.array([along, -along]) * [[1.0], [1.0]]
            half = thick / 2 * along[::-1] * [1, -1]
            corners = np.vstack([ends + half, (ends - half)[::-1]]) + thick / 2
            corners[:, 0] += place * 1.5 * width + lean * (1 - corners[:, 1])
            fixed = np.rint(16 * (height_px * corners + 2)).astype(np.int32)
            cv2.fillPoly(ink, [fixed], 255, cv2.LINE_AA, 4)
    return Glyph(crop(np.asarray(ink, np.float32) / np.float32(255)))
