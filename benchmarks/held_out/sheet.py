"""A sheet that is written on: numbers, words, print and lines, with the truth of the numbers."""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from held_out.hands import Hand
from held_out.papers import RgbImage, cover
from held_out.pens import Ink, Pen, Rgb, draw_strokes
from held_out.shapes import Points
from held_out.truth import Box, Symbol, TrueNumber, bounding_box

INKED = 0.35  # ink of at least this share belongs to a symbol's box
PRINT: Rgb = (0.2, 0.2, 0.24)
SPACE = 0.6  # between two words, in heights


@dataclass(frozen=True)
class Text:
    """Characters laid out as strokes in pixels; the baseline is at y = 0, the ink from x = 0."""

    characters: str
    strokes: tuple[list[Points], ...]
    width_px: float


class Sheet:
    """Collects what is written and printed, and the numbers in the order of writing.

    Args:
        shape: rows and columns.
        hand: who writes.
        pen: with what.
        height_px: usual height of a digit.
        rng: of all variation.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        hand: Hand,
        pen: Pen,
        height_px: float,
        rng: np.random.Generator,
    ) -> None:
        self.hand, self.pen, self.height_px, self.rng = hand, pen, height_px, rng
        self.shape = shape
        self.width_px = pen.width_px(height_px, rng)
        self.ink: Ink = np.zeros(shape, np.float32)
        self.printed: Ink = np.zeros(shape, np.float32)
        self.numbers: list[TrueNumber] = []
        self.words: list[Box] = []

    def laid_out(
        self, text: str, *, height_px: float | None = None, touching: bool = False
    ) -> Text:
        """Lay out a text from left to right; digits that touch share ink at one place."""
        height = height_px or self.height_px
        letters = text.isalpha()
        laid: list[list[Points]] = []
        x = 0.0
        for character in text:
            if character == " ":
                x += SPACE * height
                laid.append([])
                continue
            found = [p * height - (0, height) for p in self.hand.character(character, self.rng)]
            if laid and laid[-1]:
                x = self._next_x(laid[-1], found, x, height, letters=letters, touching=touching)
            laid.append([points + np.array([x, 0]) for points in found])
            x = max(points[:, 0].max() for points in laid[-1])
        return Text(text, tuple(laid), x)

    def write(
        self, text: Text, x: float, baseline: float, *, climb: float = 0.0, is_number: bool = True
    ) -> float:
        """Write a text with its left edge at x; return the column of its right edge.

        Args:
            text: laid out before.
            x: left edge, pixels.
            baseline: row of the baseline at x.
            climb: rise of the baseline for each pixel to the right.
            is_number: whether it belongs to the numbers of the page.
        """
        symbols = []
        for character, strokes in zip(text.characters, text.strokes, strict=True):
            if not strokes:
                continue
            placed = [
                p + np.column_stack([np.full(len(p), x), baseline - climb * p[:, 0]])
                for p in strokes
            ]
            symbols.append(Symbol(character, self._draw(placed)))
        if is_number:
            self.numbers.append(TrueNumber(tuple(symbols)))
        else:
            self.words.append(bounding_box([symbol.box for symbol in symbols]))
        return x + text.width_px

    def number(self, text: str, x: float, baseline: float, *, climb: float = 0.0) -> float:
        """Write a number; return the column of its right edge."""
        return self.write(self.laid_out(text), x, baseline, climb=climb)

    def number_to(self, text: str, right: float, baseline: float, *, climb: float = 0.0) -> float:
        """Write a number that ends at a column; return the column of its left edge."""
        laid = self.laid_out(text)
        self.write(laid, right - laid.width_px, baseline, climb=climb)
        return right - laid.width_px

    def word(
        self, text: str, x: float, baseline: float, *, climb: float = 0.0, size: float = 1.0
    ) -> float:
        """Write a word, a unit or a sign that is no number; return the column of its right edge."""
        laid = self.laid_out(text, height_px=size * self.height_px)
        return self.write(laid, x, baseline, climb=climb, is_number=False)

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a line by hand, a little bent."""
        t = np.linspace(0, 1, 24)[:, None]
        bend = self.rng.normal(scale=0.04) * self.height_px * np.sin(np.pi * t)
        points = np.array(start) + t * (np.array(end) - np.array(start)) + np.hstack([0 * t, bend])
        self._draw([points])

    def print_text(self, text: str, x: float, baseline: float, size_px: float) -> float:
        """Print letters; return the column of their right edge."""
        font = ImageFont.load_default(size_px)
        image = Image.new("L", (self.shape[1], self.shape[0]), 0)
        ImageDraw.Draw(image).text((x, baseline), text, fill=255, font=font, anchor="ls")
        np.maximum(self.printed, np.asarray(image, np.float32) / 255, out=self.printed)
        left, top, right, bottom = image.getbbox() or (0, 0, 1, 1)
        self.words.append((left, top, right - left, bottom - top))
        return x + float(font.getlength(text))

    def print_line(
        self, start: tuple[float, float], end: tuple[float, float], width_px: int = 2
    ) -> None:
        """Print a straight line."""
        ends = np.rint([start, end]).astype(int).tolist()
        cv2.line(self.printed, ends[0], ends[1], 1.0, width_px)

    def on(self, paper: RgbImage) -> RgbImage:
        """Return the paper with print and handwriting on it."""
        cover(paper, 0.85 * self.printed, PRINT)
        ink = self.ink
        if self.pen.texture is not None:
            ink = self.pen.texture(ink, self.width_px, self.rng)
        color = self.pen.colors[self.rng.integers(len(self.pen.colors))]
        cover(paper, 0.96 * ink, color)
        return paper

    def _next_x(
        self,
        before: list[Points],
        found: list[Points],
        x: float,
        height: float,
        *,
        letters: bool,
        touching: bool,
    ) -> float:
        """Return the left edge of the next character: after a gap, or touching the last one."""
        if not touching:
            gap = 0.11 if letters else self.hand.gap * float(self.rng.uniform(0.8, 1.25))
            return x + max(gap * height, 1.2 * self.width_px if not letters else self.width_px)
        bins = np.linspace(-height, 0, 16)
        ends = _reach(before, bins, -np.inf)
        starts = -_reach([points * (-1, 1) for points in found], bins, -np.inf)
        free = (starts - ends)[np.isfinite(starts) & np.isfinite(ends)]
        return float(-free.min() + 0.3 * self.width_px) if len(free) else x

    def _draw(self, strokes: list[Points]) -> Box:
        """Draw strokes on the sheet; return the box of their ink."""
        ink, left, top = draw_strokes(strokes, self.pen, self.width_px, self.rng)
        rows, cols = self.shape
        a, b = max(0, -top), max(0, -left)
        ink = ink[a : max(a, rows - top), b : max(b, cols - left)]
        top, left = max(0, top), max(0, left)
        place = self.ink[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(place, ink, out=place)
        ys, xs = np.nonzero(ink >= min(INKED, float(ink.max())))
        if not len(ys):
            raise ValueError("nothing was written on the sheet: it lies outside")
        y, x = int(ys.min()), int(xs.min())
        return left + x, top + y, int(xs.max()) - x + 1, int(ys.max()) - y + 1


def _reach(
    strokes: list[Points], bins: "np.ndarray[tuple[int], np.dtype[np.float64]]", empty: float
) -> Points:
    """Return the largest x of strokes in each bin of rows."""
    reach = np.full(len(bins) + 1, empty)
    points = np.vstack(strokes)
    np.maximum.at(reach, np.digitize(points[:, 1], bins), points[:, 0])
    return reach
