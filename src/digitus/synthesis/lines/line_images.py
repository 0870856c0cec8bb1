"""Synthetic lines of handwriting with their text, to train the sequence network with.

Digits stand in groups: apart, touching, overlapping or joined by a stroke, with marks, words and
signs among them. `degradation` adds what a page leaves on a line.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from os import PathLike

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, Samples
from digitus.imaging.arrays import Ink
from digitus.models.line_image_format import DIGIT_PX, FIRST_MARK, MARKS, OTHER, ROWS
from digitus.synthesis.lines.degradation import degrade
from digitus.synthesis.lines.digit_strings import VARIATION, Box, Gap, assemble, lay
from digitus.synthesis.lines.printed_words import print_word, random_word
from digitus.synthesis.lines.punctuation import write_varied_mark
from digitus.synthesis.negatives.letters_and_signs import LETTERS, SIGNS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import PatchWriter, PenWriter, Writer, draw

Range = tuple[float, float]

GAPS: tuple[Callable[[np.random.Generator], Gap], ...] = (
    lambda rng: rng.uniform(0.04, 0.5),
    lambda rng: rng.uniform(-0.08, 0.06),
    lambda _: None,
    lambda rng: rng.uniform(-0.32, -0.08),
)
"""Distances of neighboring digits: apart, close, touching and overlapping."""


@dataclass(frozen=True)
class LineParameters:
    """What lines are composed of.

    Pairs are ranges of uniform draws; shares are probabilities. The values were set by hand.

    Attributes:
        pen_share: of the groups that the synthetic pen writes; MNIST's patches make the others.
        one_pen_writers: writers of patches whose strokes are about equally wide.
        height_spread: standard deviation of the logarithm of a line's digit height.
        small_share: of the digits that are smaller than their neighbors.
        small: their size.
        shrinking_share: of the groups whose digits grow smaller.
        largest: size of the first digit of such a group.
        group: number of digits in a group, inclusive.
        word: number of letters in a written word, exclusive at the end.
        attempts: groups that are tried; those that no longer fit are left out.
        round_share: of the groups that end in zeros.
        between: distance of groups, in digit heights.
        word_share: of the groups that are written words.
        printed_share: of the groups that are printed words.
        mark_share: of the groups that are single marks.
        inner_mark_share: of the groups with a mark among their digits.
        mark_gap: beside a mark, as a share of the mean width of both.
        letter_gap: beside a letter.
        gap_shares: of the groups, by their usual distance in `GAPS`.
        stray_share: of the pairs with another distance than the rest of their group.
        joined_share: of the pairs with a stroke from one digit to the next.
        zeros_joined_share: the same for two zeros.
        left: paper before the first group, in digit heights.
        letter_rise: standard deviation of a letter's or word's distance from the baseline, in digit
            heights.
        letter_freedom: variation of letters; see `digit_strokes.write`.
        letter_size: size of a letter.
        joins_from: range of the start of a joining stroke, as a share of the digit's width.
        joins_to: the same of its end, in the next digit.
        join_rows: range of the rows of both ends, as shares of the digits' heights.
        join_sag: sag of a joining stroke, as a share of the digit's height; below 0 it rises.
        join_width: width of a joining stroke, as a share of the pen's.
    """

    pen_share: float = 0.4
    one_pen_writers: int = 24
    height_spread: float = 0.1
    small_share: float = 0.1
    small: Range = (0.55, 0.9)
    shrinking_share: float = 0.15
    largest: Range = (1.0, 1.35)
    group: tuple[int, int] = (1, 8)
    word: tuple[int, int] = (1, 6)
    attempts: int = 6
    round_share: float = 0.2
    between: Range = (0.25, 1.2)
    word_share: float = 0.06
    printed_share: float = 0.06
    mark_share: float = 0.15
    inner_mark_share: float = 0.12
    mark_gap: Range = (-0.1, 0.6)
    letter_gap: Range = (-0.1, 0.3)
    gap_shares: tuple[float, ...] = (0.35, 0.15, 0.25, 0.25)
    stray_share: float = 0.2
    joined_share: float = 0.05
    zeros_joined_share: float = 0.3
    left: Range = (0.1, 0.8)
    letter_rise: float = 0.06
    letter_freedom: Range = (0.3, 1.0)
    letter_size: Range = (0.6, 1.15)
    joins_from: Range = (0.5, 0.9)
    joins_to: Range = (0.2, 0.6)
    join_rows: Range = (0.02, 0.6)
    join_sag: Range = (-0.1, 0.25)
    join_width: Range = (0.5, 1.0)


PARAMETERS = LineParameters()


@dataclass(frozen=True, eq=False)
class WrittenLine:
    """A written line and its text.

    Attributes:
        written: (rows, cols) uint8, 0 paper to 255 full ink, cropped at top and bottom.
        text: classes from left to right; neighbors of the class ``OTHER`` are one.
    """

    written: NDArray[np.uint8]
    text: tuple[int, ...]

    def degraded(self, rng: np.random.Generator) -> Ink:
        """Return a line image (32, cols), 0.0 paper to 1.0 full ink, degraded at random."""
        return degrade(self.written * np.float32(1 / 255), rng)


@dataclass(frozen=True, eq=False)
class _Glyph:
    """A digit, a mark, a letter or a printed word; it ends ``bottom`` rows below the baseline."""

    ink: Ink
    bottom: int
    kind: int


class LineWriter:
    """Writes lines.

    Args:
        samples: digits of many writers, such as MNIST's training part.
        rng: chooses everything.
        fonts: font files, for printed words.
    """

    def __init__(
        self, samples: Samples, rng: np.random.Generator, fonts: Sequence[str | PathLike[str]]
    ) -> None:
        self._rng, self._fonts = rng, fonts
        one_pen = (
            PatchWriter.of_one_pen(samples, DIGIT_PX, rng)
            for _ in range(PARAMETERS.one_pen_writers)
        )
        self._patch_writers = [PatchWriter(samples, DIGIT_PX), *one_pen]

    def __call__(self, cols: int) -> WrittenLine:
        """Write a line of so many columns."""
        rng = self._rng
        height = DIGIT_PX * float(np.exp(rng.normal(scale=PARAMETERS.height_spread)))
        ink, text = np.zeros((4 * ROWS, cols), np.float32), list[int]()
        left = round(rng.uniform(*PARAMETERS.left) * height)
        for _ in range(PARAMETERS.attempts):
            glyphs, group, baseline = self._next_group(height)
            if left + group.shape[1] > cols:
                continue
            lay(group, ink, left, 2 * ROWS - baseline)
            text += [glyph.kind for glyph in glyphs]
            left += group.shape[1] + round(height * rng.uniform(*PARAMETERS.between))
        return WrittenLine(_cropped_bytes(ink), tuple(_merge_others(text)))

    def _next_group(self, height: float) -> tuple[list[_Glyph], Ink, int]:
        """Write digits, a mark or a word: its glyphs, its ink, and its rows above the baseline."""
        rng, p = self._rng, PARAMETERS
        pen, lot = 0.0, rng.random()
        if lot < p.word_share:
            glyphs = list(_write_letters(height, rng))
        elif lot < p.word_share + p.printed_share:
            word = print_word(random_word(rng), height, rng, self._fonts)
            glyphs = [_Glyph(word, round(height * rng.normal(scale=p.letter_rise)), OTHER)]
        elif lot < p.word_share + p.printed_share + p.mark_share:
            glyphs = [_write_mark(height, rng)]
        else:
            glyphs, pen = self._digits(height)
        text = "".join(str(glyph.kind % CLASSES) for glyph in glyphs)
        bottoms = [glyph.bottom for glyph in glyphs]
        written = assemble(text, [glyph.ink for glyph in glyphs], bottoms, self._gaps(glyphs))
        if pen:
            _join_digits(glyphs, written.ink, written.boxes, pen, rng)
        return glyphs, written.ink, written.baseline_px

    def _digits(self, height: float) -> tuple[list[_Glyph], float]:
        """Write a group of digits, some with a mark among them; return the pen's width as well."""
        rng, writer = self._rng, self._writer(height)
        digits = rng.integers(0, 10, rng.integers(*PARAMETERS.group, endpoint=True))
        if rng.random() < PARAMETERS.round_share:
            digits[-int(rng.integers(1, len(digits) + 1)) :] = 0
        sizes = np.linspace(*self._first_and_last_size(), len(digits))
        glyphs = [
            _write_digit(int(one), writer.resized(float(size) * height), rng)
            for one, size in zip(digits, sizes, strict=True)
        ]
        if rng.random() < PARAMETERS.inner_mark_share:
            glyphs.insert(int(rng.integers(1, len(glyphs) + 1)), _write_mark(height, rng))
        return glyphs, writer.pen_px

    def _first_and_last_size(self) -> tuple[float, float]:
        rng = self._rng
        if rng.random() >= PARAMETERS.shrinking_share:
            return 1.0, 1.0
        return rng.uniform(*PARAMETERS.largest), rng.uniform(*PARAMETERS.small)

    def _writer(self, height: float) -> Writer:
        rng = self._rng
        if rng.random() < PARAMETERS.pen_share:
            return PenWriter(rng, height)
        return self._patch_writers[int(rng.integers(len(self._patch_writers)))].resized(height)

    def _gaps(self, glyphs: Sequence[_Glyph]) -> list[Gap]:
        rng, p = self._rng, PARAMETERS
        usual = int(rng.choice(len(GAPS), p=p.gap_shares))
        gaps = list[Gap]()
        for pair in pairwise(glyphs):
            kinds = {glyph.kind for glyph in pair}
            if max(kinds) >= CLASSES:
                gaps.append(rng.uniform(*(p.letter_gap if OTHER in kinds else p.mark_gap)))
            else:
                is_stray = rng.random() < p.stray_share
                gaps.append(GAPS[int(rng.integers(len(GAPS))) if is_stray else usual](rng))
        return gaps


def resized(ink: Ink, factor: float) -> Ink:
    """Scale ink (rows, cols) by a factor; no side becomes shorter than 2 pixels."""
    rows, cols = (max(2, round(side * factor)) for side in ink.shape)
    return np.asarray(cv2.resize(ink, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _write_digit(digit: int, writer: Writer, rng: np.random.Generator) -> _Glyph:
    size = float(np.exp(rng.normal(scale=VARIATION.size)))
    if rng.random() < PARAMETERS.small_share:
        size *= rng.uniform(*PARAMETERS.small)
    ink = resized(writer(digit, rng), size)
    return _Glyph(ink, round(writer.height_px * rng.normal(scale=VARIATION.rise)), digit)


def _write_mark(height: float, rng: np.random.Generator) -> _Glyph:
    which = int(rng.integers(len(MARKS)))
    ink, bottom = write_varied_mark(MARKS[which], height, rng)
    return _Glyph(ink, round(bottom), FIRST_MARK + which)


def _write_letters(height: float, rng: np.random.Generator) -> Iterator[_Glyph]:
    """Write letters and signs."""
    p, pen, shapes = PARAMETERS, PenWriter(rng, height), [*LETTERS.values(), *SIGNS.values()]
    for _ in range(int(rng.integers(*p.word))):
        shape = shapes[rng.integers(len(shapes))]
        curves = write(shape, rng, freedom=rng.uniform(*p.letter_freedom))
        ink = resized(draw(curves, pen.height_px, pen.pen_px), rng.uniform(*p.letter_size))
        yield _Glyph(ink, round(height * rng.normal(scale=p.letter_rise)), OTHER)


def _join_digits(
    glyphs: Sequence[_Glyph],
    ink: Ink,
    boxes: Sequence[Box],
    pen_px: float,
    rng: np.random.Generator,
) -> None:
    """Draw a stroke from some digits to the next, in place, as a pen that is not lifted does."""
    p = PARAMETERS
    for (one, box), (other, after) in pairwise(zip(glyphs, boxes, strict=True)):
        share = p.zeros_joined_share if one.kind == other.kind == 0 else p.joined_share
        if rng.random() >= share or max(one.kind, other.kind) >= CLASSES:
            continue
        x0 = box[0] + rng.uniform(*p.joins_from) * box[2]
        x1 = after[0] + rng.uniform(*p.joins_to) * after[2]
        y0, y1 = (place[1] + rng.uniform(*p.join_rows) * place[3] for place in (box, after))
        along = np.linspace(0, 1, 9)
        sag = rng.uniform(*p.join_sag) * box[3] * 4 * along * (1 - along)
        points = np.column_stack([x0 + along * (x1 - x0), y0 + along * (y1 - y0) + sag])
        stroke = np.zeros(ink.shape, np.uint8)
        width = max(1, round(pen_px * rng.uniform(*p.join_width)))
        fixed = np.rint(16 * points).astype(np.int32)
        cv2.polylines(stroke, [fixed], False, 255, width, cv2.LINE_AA, 4)
        np.maximum(ink, np.float32(1 / 255) * stroke, out=ink)


def _cropped_bytes(ink: Ink) -> NDArray[np.uint8]:
    """Crop rows without ink at top and bottom, and convert to bytes."""
    rows = np.flatnonzero(ink.any(axis=1))
    cropped = ink[rows[0] : rows[-1] + 1] if len(rows) else ink[:ROWS]
    return np.rint(255 * cropped).astype(np.uint8)


def _merge_others(text: Sequence[int]) -> Iterator[int]:
    """Merge neighbors of the class ``OTHER``."""
    for i, kind in enumerate(text):
        if i == 0 or kind != OTHER or text[i - 1] != OTHER:
            yield kind
