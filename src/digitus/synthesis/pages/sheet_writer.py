"""A sheet that is written on: numbers, words and lines of numbers, with exact truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.synthesis.lines.digit_strings import Box, Gap, lay, write_string
from digitus.synthesis.negatives.letters_and_signs import LETTERS
from digitus.synthesis.pages.page_truth import (
    PageTruth,
    TrueGrid,
    TrueLine,
    TrueNumber,
    around,
    true_number,
)
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import Writer, draw

TALL, SMALL = "dfhijkt", "aemnruvwx"
"""Letters with an ascender, and those without."""
LETTER_SMALL = 0.62  # the height of a small letter, in heights of a digit
LETTER_GAP = 0.12  # between two letters, in heights of a digit
TOUCHING_SHARE = 0.06  # of the neighbours within a number, on a page where some touch


@dataclass(eq=False)
class Sheet:
    """A blank sheet of a size, and what is written on it so far.

    Attributes:
        ink: (rows, cols) what the hand wrote, 0.0 paper to 1.0 full ink.
        printed: (rows, cols) what was printed or ruled.
        lines: numbers in reading order.
        grids: of cells.
        words: boxes of what is no number.
        margin_px: rows at top and bottom, and columns at both sides, that are left free.
    """

    ink: Ink
    printed: Ink
    margin_px: tuple[int, int] = (0, 0)
    lines: list[TrueLine] = field(default_factory=list)
    grids: list[TrueGrid] = field(default_factory=list)
    words: list[Box] = field(default_factory=list)

    @classmethod
    def blank(cls, rows: int, cols: int, *, margin: float = 0.0) -> "Sheet":
        """Return a sheet without anything on it; the margin is a share of its sides."""
        ink, printed = np.zeros((2, rows, cols), np.float32)
        return cls(ink, printed, (round(margin * rows), round(margin * cols)))

    @property
    def truth(self) -> PageTruth:
        """All that is written."""
        return PageTruth(tuple(self.lines), tuple(self.grids), tuple(self.words))

    def has_room(self, box: Box) -> bool:
        """Whether a box lies on the sheet, within its margins."""
        left, top, width, height = box
        (rows, cols), (free_rows, free_cols) = self.ink.shape, self.margin_px
        return (
            free_cols <= left
            and free_rows <= top
            and left + width <= cols - free_cols
            and top + height <= rows - free_rows
        )

    def cut(self, cols: int) -> None:
        """Cut what lies beyond so many columns off."""
        self.ink, self.printed = self.ink[:, :cols], self.printed[:, :cols]

    def add_line(self, numbers: Iterable[TrueNumber]) -> None:
        """Add numbers that were laid as a line, if there are any."""
        line = TrueLine(tuple(numbers))
        if line.numbers:
            self.lines.append(line)

    def lay(self, ink: Ink, left: int, top: int) -> bool:
        """Lay ink onto the sheet, if there is room; say whether there was."""
        if not self.has_room((left, top, ink.shape[1], ink.shape[0])):
            return False
        lay(ink, self.ink, left, top)
        return True


@dataclass(frozen=True)
class Style:
    """How numbers stand in lines; lengths in heights of a digit.

    Attributes:
        gap: between digits, as a share of their mean width; mean.
        gap_spread: its standard deviation.
        number_gap: between numbers.
        pitch: from one baseline to the next.
        climb: rows that the lines rise for each column; mean.
        climb_spread: its standard deviation, from line to line.
        size_spread: standard deviation of a number's size, as a share.
        has_touching: whether a few neighbours touch.
    """

    gap: float = 0.3
    gap_spread: float = 0.06
    number_gap: float = 1.4
    pitch: float = 2.0
    climb: float = 0.0
    climb_spread: float = 0.0
    size_spread: float = 0.0
    has_touching: bool = False


def random_style(rng: np.random.Generator) -> Style:
    """Draw how a person writes lines of numbers."""
    return Style(
        gap=rng.uniform(0.18, 0.5),
        gap_spread=rng.uniform(0.03, 0.09),
        number_gap=rng.uniform(1.1, 2.6),
        pitch=rng.uniform(1.6, 2.6),
        climb=rng.normal(scale=0.012),
        climb_spread=rng.uniform(0, 0.012),
        size_spread=rng.uniform(0, 0.08),
        has_touching=rng.random() < 0.3,
    )


@dataclass(frozen=True, eq=False)
class Scribe:
    """Somebody who writes on a sheet.

    Attributes:
        sheet: what is written on.
        writer: gives the digits, and the width of the pen.
        style: how numbers stand.
        rng: chooses all that differs from one time to the next.
    """

    sheet: Sheet
    writer: Writer
    style: Style
    rng: np.random.Generator

    def line(self, texts: Sequence[str], left: int, baseline: int) -> None:
        """Write numbers side by side, as many as there is room for, and add the line."""
        climb = self.style.climb + self.rng.normal(scale=self.style.climb_spread)
        steady, start = replace(self.style, climb=climb), left
        numbers = list[TrueNumber]()
        for text in texts:
            size = float(np.exp(self.rng.normal(scale=self.style.size_spread)))
            writer = self.writer.resized(self.writer.height_px * size)
            scribe = Scribe(self.sheet, writer, steady, self.rng)
            number = scribe.number(text, start, baseline - round(climb * (start - left)))
            if number is None:
                break
            numbers.append(number)
            start = number.end + round(self._number_gap_px())
        self.sheet.add_line(numbers)

    def number(self, text: str, left: int, baseline: int) -> TrueNumber | None:
        """Write a number; None if there is no room. It is not yet part of a line."""
        gaps = [self._gap() for _ in text[1:]]
        written = write_string(text, self.writer, self.rng, gap=gaps, climb=self.style.climb)
        top = baseline - written.baseline_px
        laid = self.sheet.lay(written.ink, left, top)
        return true_number(written, left, top) if laid else None

    def word(self, length: int, left: int, baseline: int) -> Box | None:
        """Write letters; add and give their box, None if there is no room for one."""
        boxes = list[Box]()
        for letter in self.rng.choice(list(SMALL * 2 + TALL), length).tolist():
            ink = self._letter(letter)
            if not self.sheet.lay(ink, left, baseline - len(ink)):
                break
            boxes.append((left, baseline - len(ink), ink.shape[1], len(ink)))
            left += ink.shape[1] + round(LETTER_GAP * self.writer.height_px)
        if not boxes:
            return None
        self.sheet.words.append(around(boxes))
        return self.sheet.words[-1]

    def _letter(self, letter: str) -> Ink:
        height = self.writer.height_px * (LETTER_SMALL if letter in SMALL else 1.0)
        curves = write(LETTERS[letter], self.rng, freedom=0.4)
        return draw(curves, height, self.writer.pen_px)

    def _gap(self) -> Gap:
        if self.style.has_touching and self.rng.random() < TOUCHING_SHARE:
            return None
        return max(0.05, self.style.gap + self.rng.normal(scale=self.style.gap_spread))

    def _number_gap_px(self) -> float:
        return self.writer.height_px * self.style.number_gap * self.rng.uniform(0.85, 1.3)
