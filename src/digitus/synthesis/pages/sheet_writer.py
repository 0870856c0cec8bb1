"""Write numbers, words and lines of numbers on a sheet, with exact ground truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.reader.pipeline.assembly import bounding_box
from digitus.synthesis.lines.digit_strings import Box, Gap, lay, write_string
from digitus.synthesis.negatives.letters_and_signs import LETTERS
from digitus.synthesis.pages.page_truth import (
    PageTruth,
    TrueGrid,
    TrueLine,
    TrueNumber,
    true_number,
)
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import Writer, draw

TALL, SMALL = "dfhijkt", "aemnruvwx"
"""Letters with and without an ascender, of which random words are made."""
LOW = SMALL + "c"
"""Letters that are drawn without an ascender; all others are as high as a digit."""


@dataclass(frozen=True)
class WritingParameters:
    """Parameters of words and numbers. Set by hand; lengths in heights of a digit.

    Attributes:
        small_letter: height of a letter without an ascender.
        letter_gap: gap between two letters.
        letter_freedom: variation of letters; see ``digit_strokes.write``.
        touching_share: share of the neighboring digits that touch, on a page where some do.
        least_gap: least gap between digits that do not touch, as a share of their mean width.
        number_gap: range of the factor on the gap between numbers.
    """

    small_letter: float = 0.62
    letter_gap: float = 0.12
    letter_freedom: float = 0.4
    touching_share: float = 0.06
    least_gap: float = 0.05
    number_gap: tuple[float, float] = (0.85, 1.3)


PARAMETERS = WritingParameters()


@dataclass(eq=False)
class Sheet:
    """A sheet of paper and what is written on it so far.

    Attributes:
        ink: (rows, cols) handwriting, 0.0 paper to 1.0 full ink.
        printed: (rows, cols) printed lines and letters, 0.0 to 1.0.
        margin_px: free rows at top and bottom, and free columns at both sides.
        lines: lines of numbers in reading order.
        grids: grids of cells.
        words: boxes of words.
    """

    ink: Ink
    printed: Ink
    margin_px: tuple[int, int] = (0, 0)
    lines: list[TrueLine] = field(default_factory=list)
    grids: list[TrueGrid] = field(default_factory=list)
    words: list[Box] = field(default_factory=list)

    @classmethod
    def blank(cls, rows: int, cols: int, *, margin: float = 0.0) -> "Sheet":
        """Return a blank sheet; the margin is a share of its sides."""
        ink, printed = np.zeros((2, rows, cols), np.float32)
        return cls(ink, printed, (round(margin * rows), round(margin * cols)))

    @property
    def truth(self) -> PageTruth:
        """Everything that is written."""
        return PageTruth(tuple(self.lines), tuple(self.grids), tuple(self.words))

    def has_room(self, box: Box) -> bool:
        """Return whether a box lies within the margins of the sheet."""
        left, top, width, height = box
        (rows, cols), (free_rows, free_cols) = self.ink.shape, self.margin_px
        return (
            free_cols <= left
            and free_rows <= top
            and left + width <= cols - free_cols
            and top + height <= rows - free_rows
        )

    def cut(self, cols: int) -> None:
        """Keep the first columns only."""
        self.ink, self.printed = self.ink[:, :cols], self.printed[:, :cols]

    def add_line(self, numbers: Iterable[TrueNumber]) -> None:
        """Add numbers, which are already drawn, as a line; without numbers there is no line."""
        line = TrueLine(tuple(numbers))
        if line.numbers:
            self.lines.append(line)

    def lay(self, ink: Ink, left: int, top: int) -> bool:
        """Draw ink onto the sheet if there is room for it; return whether there is."""
        if not self.has_room((left, top, ink.shape[1], ink.shape[0])):
            return False
        lay(ink, self.ink, left, top)
        return True


@dataclass(frozen=True)
class WritingStyle:
    """Spacing of numbers and lines; lengths in heights of a digit.

    Attributes:
        gap: mean gap between digits, as a share of their mean width.
        gap_spread: standard deviation of that gap.
        number_gap: gap between numbers.
        pitch: distance from one baseline to the next.
        climb: mean rise of the lines, in rows per column.
        climb_spread: standard deviation of the rise from line to line.
        size_spread: standard deviation of a number's size, as a share.
        has_touching: whether some neighboring digits touch.
    """

    gap: float = 0.3
    gap_spread: float = 0.06
    number_gap: float = 1.4
    pitch: float = 2.0
    climb: float = 0.0
    climb_spread: float = 0.0
    size_spread: float = 0.0
    has_touching: bool = False


@dataclass(frozen=True)
class StyleRanges:
    """Ranges of a random `WritingStyle`. Set by hand; no search is recorded.

    Attributes:
        gap: range of the mean gap.
        gap_spread: range of its standard deviation.
        number_gap: range of the gap between numbers.
        pitch: range of the distance of baselines.
        climb: standard deviation of the mean rise.
        climb_spread: range of the rise's standard deviation.
        size_spread: range of the size's standard deviation.
        touching_share: share of the pages on which some digits touch.
    """

    gap: tuple[float, float] = (0.18, 0.5)
    gap_spread: tuple[float, float] = (0.03, 0.09)
    number_gap: tuple[float, float] = (1.1, 2.6)
    pitch: tuple[float, float] = (1.6, 2.6)
    climb: float = 0.012
    climb_spread: tuple[float, float] = (0.0, 0.012)
    size_spread: tuple[float, float] = (0.0, 0.08)
    touching_share: float = 0.3


STYLES = StyleRanges()


def random_style(rng: np.random.Generator) -> WritingStyle:
    """Return a random style."""
    return WritingStyle(
        gap=rng.uniform(*STYLES.gap),
        gap_spread=rng.uniform(*STYLES.gap_spread),
        number_gap=rng.uniform(*STYLES.number_gap),
        pitch=rng.uniform(*STYLES.pitch),
        climb=rng.normal(scale=STYLES.climb),
        climb_spread=rng.uniform(*STYLES.climb_spread),
        size_spread=rng.uniform(*STYLES.size_spread),
        has_touching=rng.random() < STYLES.touching_share,
    )


@dataclass(frozen=True, eq=False)
class SheetWriter:
    """Writes numbers and words on a sheet.

    Attributes:
        sheet: changed by every method.
        digit_writer: source of the digits, with the width of the pen.
        style: spacing.
        rng: chooses all variation.
    """

    sheet: Sheet
    digit_writer: Writer
    style: WritingStyle
    rng: np.random.Generator

    def line(self, texts: Sequence[str], left: int, baseline: int) -> None:
        """Write numbers side by side until there is no more room, and add them as a line.

        Args:
            texts: the numbers.
            left: first column.
            baseline: row at the first column.
        """
        climb = self.style.climb + self.rng.normal(scale=self.style.climb_spread)
        steady, start = replace(self.style, climb=climb), left
        numbers = list[TrueNumber]()
        for text in texts:
            size = float(np.exp(self.rng.normal(scale=self.style.size_spread)))
            writer = self.digit_writer.resized(self.digit_writer.height_px * size)
            sized = SheetWriter(self.sheet, writer, steady, self.rng)
            number = sized.number(text, start, baseline - round(climb * (start - left)))
            if number is None:
                break
            numbers.append(number)
            start = number.end + round(self.number_gap_px())
        self.sheet.add_line(numbers)

    def number(self, text: str, left: int, baseline: int) -> TrueNumber | None:
        """Write a number without adding it to a line; return None if there is no room."""
        gaps = [self._gap() for _ in text[1:]]
        written = write_string(text, self.digit_writer, self.rng, gap=gaps, climb=self.style.climb)
        top = baseline - written.baseline_px
        laid = self.sheet.lay(written.ink, left, top)
        return true_number(written, left, top) if laid else None

    def word(self, length: int, left: int, baseline: int) -> Box | None:
        """Write random letters, as many as there is room for, and add their box; None if none."""
        letters = self.rng.choice(list(SMALL * 2 + TALL), length).tolist()
        return self.letters("".join(letters), left, baseline)

    def letters(self, text: str, left: int, baseline: int) -> Box | None:
        """Write letters, as many as there is room for, and add their box; None if none."""
        boxes = list[Box]()
        for letter in text:
            ink = self._letter(letter)
            if not self.sheet.lay(ink, left, baseline - len(ink)):
                break
            boxes.append((left, baseline - len(ink), ink.shape[1], len(ink)))
            left += ink.shape[1] + round(PARAMETERS.letter_gap * self.digit_writer.height_px)
        if not boxes:
            return None
        self.sheet.words.append(bounding_box(boxes))
        return self.sheet.words[-1]

    def _letter(self, letter: str) -> Ink:
        height = self.digit_writer.height_px * (PARAMETERS.small_letter if letter in LOW else 1.0)
        curves = write(LETTERS[letter], self.rng, freedom=PARAMETERS.letter_freedom)
        return draw(curves, height, self.digit_writer.pen_px)

    def _gap(self) -> Gap:
        if self.style.has_touching and self.rng.random() < PARAMETERS.touching_share:
            return None
        return max(
            PARAMETERS.least_gap, self.style.gap + self.rng.normal(scale=self.style.gap_spread)
        )

    def number_gap_px(self) -> float:
        """Return a random distance of two numbers."""
        return (
            self.digit_writer.height_px
            * self.style.number_gap
            * self.rng.uniform(*PARAMETERS.number_gap)
        )
