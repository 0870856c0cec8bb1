"""Synthetic lines of handwriting with their text, to train the sequence network with.

Digits stand in numbers: apart, touching, overlapping or joined by a stroke, with marks among them,
and with letters, words and signs beside them. `degradation` adds what a page leaves on a line.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from os import PathLike

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, Samples
from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import DIGIT_PX, FIRST_MARK, MARKS, OTHER, ROWS
from digitus.synthesis.lines.degradation import degrade
from digitus.synthesis.lines.digit_strings import VARIATION, Box, Gap, assemble, lay
from digitus.synthesis.lines.number_texts import random_number_text
from digitus.synthesis.lines.printed_words import print_word, random_word
from digitus.synthesis.lines.punctuation import MARKS as SHAPES
from digitus.synthesis.lines.punctuation import write_varied_mark
from digitus.synthesis.negatives.letters_and_signs import DIGIT_LIKE, LETTERS, SIGNS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.reinked import ReinkedWriter
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
        pen_share: of the numbers that the synthetic pen writes.
        reinked_share: of the numbers that are written with the skeletons of patches and another
            pen; patches themselves make the others.
        one_pen_writers: writers of patches whose strokes are about equally wide.
        reinked_writers: writers of skeletons, each with a pen of its own.
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
        lone_mark_share: of the groups that are single marks.
        marks_share: of the numbers with marks.
        mark_gap: beside a mark, in digit heights.
        slash_gap: beside a slash, which leans over its neighbors.
        touching_mark_share: of the marks that touch what is written before them.
        letters_share: of the numbers with letters directly before or behind them, such as a unit.
        letters: their number, exclusive at the end.
        letter_gap: beside a letter, as a share of the mean width of both.
        least_word: letters of a word in which letters that resemble digits are read as letters.
        digit_like_share: share of such letters in these words.
        struck_share: of the numbers that are struck out; they are read as no digits.
        climbing_share: of the numbers whose digits climb or fall.
        climb: standard deviation of the climb from the first digit to the last, in digit heights.
        climbs: its limits.
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

    pen_share: float = 0.3
    reinked_share: float = 0.25
    one_pen_writers: int = 16
    reinked_writers: int = 10
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
    lone_mark_share: float = 0.03
    marks_share: float = 0.4
    mark_gap: Range = (-0.04, 0.3)
    slash_gap: Range = (-0.22, 0.22)
    touching_mark_share: float = 0.06
    letters_share: float = 0.06
    letters: tuple[int, int] = (1, 4)
    letter_gap: Range = (-0.1, 0.3)
    least_word: int = 3
    digit_like_share: float = 0.2
    struck_share: float = 0.015
    climbing_share: float = 0.12
    climb: float = 0.4
    climbs: Range = (-0.8, 0.8)
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

_SLASH = FIRST_MARK + MARKS.index("slash")
_MARK_SIGNS = ("plus", "percent", "square brackets", "parentheses")
_OTHERS = [*LETTERS.values(), *(sign for name, sign in SIGNS.items() if name not in _MARK_SIGNS)]
"""Shapes that are neither digits nor marks."""
_DIGIT_LIKE = [*DIGIT_LIKE.values()]


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
        self._patch_writers: list[Writer] = [PatchWriter(samples, DIGIT_PX), *one_pen]
        self._reinked: list[Writer] = [
            ReinkedWriter(samples, DIGIT_PX, rng) for _ in range(PARAMETERS.reinked_writers)
        ]

    def __call__(self, cols: int) -> WrittenLine:
        """Write a line of so many columns."""
        rng = self._rng
        height = DIGIT_PX * float(np.exp(rng.normal(scale=PARAMETERS.height_spread)))
        ink, text = np.zeros((4 * ROWS, cols), np.float32), list[int]()
        left = round(rng.uniform(*PARAMETERS.left) * height)
        for _ in range(PARAMETERS.attempts):
            glyphs, group, baseline = self._next_group(height)
            rows, wide = group.shape
            if left + wide > cols or not 0 <= 2 * ROWS - baseline <= 4 * ROWS - rows:
                continue
            lay(group, ink, left, 2 * ROWS - baseline)
            text += [glyph.kind for glyph in glyphs]
            left += group.shape[1] + round(height * rng.uniform(*PARAMETERS.between))
        return WrittenLine(_cropped_bytes(ink), tuple(merge_others(text)))

    def _next_group(self, height: float) -> tuple[list[_Glyph], Ink, int]:
        """Write a number, a mark or a word: glyphs, ink, and its rows above the baseline."""
        rng, p = self._rng, PARAMETERS
        pen, lot = 0.0, rng.random()
        if lot < p.word_share:
            glyphs = list(_write_letters(height, int(rng.integers(*p.word)), rng))
        elif lot < p.word_share + p.printed_share:
            word = print_word(random_word(rng), height, rng, self._fonts)
            glyphs = [_Glyph(word, round(height * rng.normal(scale=p.letter_rise)), OTHER)]
        elif lot < p.word_share + p.printed_share + p.lone_mark_share:
            mark = str(rng.choice(list(SHAPES)))
            glyphs = [_write_mark(mark, self._writer(height), rng)]
        else:
            glyphs, pen = self._number(height)
        text = "".join(str(glyph.kind % CLASSES) for glyph in glyphs)
        bottoms = [glyph.bottom for glyph in glyphs]
        gaps = self._gaps(glyphs, height)
        written = assemble(text, [glyph.ink for glyph in glyphs], bottoms, gaps)
        if pen:
            _join_digits(glyphs, written.ink, written.boxes, pen, rng)
            if rng.random() < p.struck_share:
                _strike_out(written.ink, pen, rng)
                glyphs = [replace(glyph, kind=OTHER) for glyph in glyphs]
        return glyphs, written.ink, written.baseline_px

    def _number(self, height: float) -> tuple[list[_Glyph], float]:
        """Write a number, some with marks, letters before or behind; return the pen's width too."""
        rng, p, writer = self._rng, PARAMETERS, self._writer(height)
        text = random_number_text(rng) if rng.random() < p.marks_share else self._digits()
        sizes = np.linspace(*self._first_and_last_size(), len(text)).tolist()
        glyphs = [
            _write_character(character, writer.resized(size * height), rng)
            for character, size in zip(text, sizes, strict=True)
        ]
        if rng.random() < p.letters_share:
            letters = list(_write_letters(height, int(rng.integers(*p.letters)), rng))
            glyphs = letters + glyphs if rng.random() < 0.5 else glyphs + letters
        if rng.random() < p.climbing_share:
            climb = height * float(np.clip(rng.normal(scale=p.climb), *p.climbs) / len(glyphs))
            glyphs = [
                replace(glyph, bottom=round(glyph.bottom + climb * place))
                for place, glyph in enumerate(glyphs)
            ]
        return glyphs, writer.pen_px

    def _digits(self) -> str:
        """Draw digits, some of which end in zeros."""
        rng = self._rng
        digits = rng.integers(0, 10, rng.integers(*PARAMETERS.group, endpoint=True))
        if rng.random() < PARAMETERS.round_share:
            digits[-int(rng.integers(1, len(digits) + 1)) :] = 0
        return "".join(map(str, digits))

    def _first_and_last_size(self) -> tuple[float, float]:
        rng = self._rng
        if rng.random() >= PARAMETERS.shrinking_share:
            return 1.0, 1.0
        return rng.uniform(*PARAMETERS.largest), rng.uniform(*PARAMETERS.small)

    def _writer(self, height: float) -> Writer:
        rng, lot = self._rng, self._rng.random()
        if lot < PARAMETERS.pen_share:
            return PenWriter(rng, height)
        is_reinked = lot < PARAMETERS.pen_share + PARAMETERS.reinked_share
        writers = self._reinked if is_reinked else self._patch_writers
        return writers[int(rng.integers(len(writers)))].resized(height)

    def _gaps(self, glyphs: Sequence[_Glyph], height: float) -> list[Gap]:
        rng, p = self._rng, PARAMETERS
        usual = int(rng.choice(len(GAPS), p=p.gap_shares))
        gaps = list[Gap]()
        for one, other in pairwise(glyphs):
            kinds = {one.kind, other.kind}
            if OTHER in kinds:
                gaps.append(rng.uniform(*p.letter_gap))
            elif max(kinds) >= CLASSES:
                widths = one.ink.shape[1] + other.ink.shape[1]
                gaps.append(mark_gap(kinds, 2 * height / widths, rng))
            else:
                is_stray = rng.random() < p.stray_share
                gaps.append(GAPS[int(rng.integers(len(GAPS))) if is_stray else usual](rng))
        return gaps


def mark_gap(kinds: Collection[int], heights: float, rng: np.random.Generator) -> Gap:
    """Draw the distance between a mark and what is written beside it.

    Args:
        kinds: classes of both.
        heights: a digit's height, as a multiple of the mean width of both.
        rng: chooses the distance.
    """
    p = PARAMETERS
    if rng.random() < p.touching_mark_share:
        return None
    return heights * rng.uniform(*(p.slash_gap if _SLASH in kinds else p.mark_gap))


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


def _write_character(character: str, writer: Writer, rng: np.random.Generator) -> _Glyph:
    if character in SHAPES:
        return _write_mark(character, writer, rng)
    return _write_digit(int(character), writer, rng)


def _write_mark(character: str, writer: Writer, rng: np.random.Generator) -> _Glyph:
    ink, bottom = write_varied_mark(character, writer.height_px, writer.pen_px, rng)
    return _Glyph(ink, round(bottom), FIRST_MARK + MARKS.index(SHAPES[character].kind))


def _write_letters(height: float, n: int, rng: np.random.Generator) -> Iterator[_Glyph]:
    """Write n letters and signs."""
    p, pen = PARAMETERS, PenWriter(rng, height)
    for _ in range(n):
        is_digit_like = n >= p.least_word and rng.random() < p.digit_like_share
        shapes = _DIGIT_LIKE if is_digit_like else _OTHERS
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


def _strike_out(ink: Ink, pen_px: float, rng: np.random.Generator) -> None:
    """Draw a zigzag or one to three strokes over ink, in place."""
    rows, cols = ink.shape
    lines = np.zeros(ink.shape, np.uint8)
    if rng.random() < 0.4:
        turns = int(rng.integers(4, 9))
        xs = np.linspace(0, cols, turns)
        ys = rows * (0.5 + rng.uniform(0.15, 0.4) * (-1) ** np.arange(turns))
        strokes = [np.column_stack([xs, ys])]
    else:
        strokes = [
            np.column_stack([[0, cols], rows * (0.5 + rng.uniform(-0.4, 0.4, 2))])
            for _ in range(int(rng.integers(1, 4)))
        ]
    for points in strokes:
        fixed = np.rint(16 * points).astype(np.int32)
        cv2.polylines(lines, [fixed], False, 255, max(1, round(pen_px)), cv2.LINE_AA, 4)
    np.maximum(ink, np.float32(1 / 255) * lines, out=ink)


def _cropped_bytes(ink: Ink) -> NDArray[np.uint8]:
    """Crop rows without ink at top and bottom, and convert to bytes."""
    rows = np.flatnonzero(ink.any(axis=1))
    cropped = ink[rows[0] : rows[-1] + 1] if len(rows) else ink[:ROWS]
    return np.rint(255 * cropped).astype(np.uint8)


def merge_others(text: Sequence[int]) -> Iterator[int]:
    """Merge neighbors of the class ``OTHER``."""
    for i, kind in enumerate(text):
        if i == 0 or kind != OTHER or text[i - 1] != OTHER:
            yield kind
