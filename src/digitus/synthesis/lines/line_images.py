"""Strips of handwriting with the text as truth, for a network that slides along a line.

A strip is as high as a line of digits, and long. Digits stand in groups, apart, touching,
overlapping or joined by a stroke, with marks, letters and signs among them; over them lies what a
page leaves on a line: rests of rules and patterns, specks, and the scars of a rule removed.
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
from digitus.synthesis.lines.degradation import wear
from digitus.synthesis.lines.digit_strings import RISE, SIZE, Box, Gap, assemble, lay
from digitus.synthesis.lines.printed_words import print_word, random_word
from digitus.synthesis.lines.punctuation import write_mark
from digitus.synthesis.negatives.letters_and_signs import LETTERS, SIGNS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import PatchWriter, PenWriter, Writer, draw

PEN_SHARE = 0.4  # of the groups that our own pen writes; MNIST's people write the others
ONE_PEN = 24  # writers of MNIST's patches whose digits look as if one pen had written them
HEIGHT_SPREAD = 0.1  # deviation of the logarithm of the height
SMALL_SHARE, SMALL = 0.1, (0.55, 0.9)  # of the digits, those that are smaller than others
SHRINKING_SHARE, LARGEST = 0.15, (1.0, 1.35)  # of the groups; and their first digit's size
GROUP, WORD = (1, 8), (1, 6)
ATTEMPTS = 6  # groups that are tried; those that no longer fit are left out
ROUND_SHARE = 0.2  # of the groups, those that end in zeros
BETWEEN = (0.25, 1.2)  # digit heights between groups
WORD_SHARE, PRINTED_SHARE, MARK_SHARE, INNER_MARK_SHARE = 0.06, 0.06, 0.15, 0.12
MARK_GAP = (-0.1, 0.6)  # beside a mark
LETTER_GAP = (-0.1, 0.3)
GAPS: tuple[Callable[[np.random.Generator], Gap], ...] = (
    lambda rng: rng.uniform(0.04, 0.5),
    lambda rng: rng.uniform(-0.08, 0.06),
    lambda _: None,
    lambda rng: rng.uniform(-0.32, -0.08),
)
GAP_SHARES = (0.35, 0.15, 0.25, 0.25)
STRAY = 0.2  # of the pairs, those that are not as far apart as the others of their group
JOINED, ZEROS_JOINED = 0.05, 0.3  # pairs with a stroke from one digit to the next


@dataclass(frozen=True, eq=False)
class Strip:
    """A strip and what stands on it.

    Attributes:
        written: (rows, cols) 0 paper to 255 full ink, cropped from top to bottom.
        text: classes from left to right; what is ``OTHER`` side by side is one.
    """

    written: NDArray[np.uint8]
    text: tuple[int, ...]

    def worn(self, rng: np.random.Generator) -> Ink:
        """Return the strip (32, cols), 0.0 paper to 1.0 full ink, as a reader may get to see it."""
        return wear(self.written * np.float32(1 / 255), rng)


@dataclass(frozen=True, eq=False)
class _Thing:
    """A digit, a mark or a letter; ``bottom`` rows below the baseline."""

    ink: Ink
    bottom: int
    kind: int


class StripMaker:
    """Makes strips.

    Args:
        samples: digits by many hands.
        rng: chooses everything.
        fonts: font files, for words in print.
    """

    def __init__(
        self, samples: Samples, rng: np.random.Generator, fonts: Sequence[str | PathLike[str]]
    ) -> None:
        self._rng, self._fonts = rng, fonts
        one_pen = (PatchWriter.of_one_pen(samples, DIGIT_PX, rng) for _ in range(ONE_PEN))
        self._patch_writers = [PatchWriter(samples, DIGIT_PX), *one_pen]

    def __call__(self, cols: int) -> Strip:
        """Fill a strip of so many columns."""
        rng = self._rng
        height = DIGIT_PX * float(np.exp(rng.normal(scale=HEIGHT_SPREAD)))
        ink, text = np.zeros((4 * ROWS, cols), np.float32), list[int]()
        left = round(rng.uniform(0.1, 0.8) * height)
        for _ in range(ATTEMPTS):
            things, group, baseline = self._next(height)
            if left + group.shape[1] > cols:
                continue
            lay(group, ink, left, 2 * ROWS - baseline)
            text += [thing.kind for thing in things]
            left += group.shape[1] + round(height * rng.uniform(*BETWEEN))
        return Strip(_without_paper_above(ink), tuple(_as_read(text)))

    def _next(self, height: float) -> tuple[list[_Thing], Ink, int]:
        """Write a group of digits, a mark, or a word: its things, ink, and rows above the base."""
        rng, lot = self._rng, self._rng.random()
        if lot < WORD_SHARE:
            things, pen = list(_letters(height, rng)), 0.0
        elif lot < WORD_SHARE + PRINTED_SHARE:
            word = print_word(random_word(rng), height, rng, self._fonts)
            things, pen = [_Thing(word, round(height * rng.normal(scale=0.06)), OTHER)], 0.0
        elif lot < WORD_SHARE + PRINTED_SHARE + MARK_SHARE:
            things, pen = [_mark(height, rng)], 0.0
        else:
            things, pen = self._group(height)
        text = "".join(str(thing.kind % CLASSES) for thing in things)
        bottoms = [thing.bottom for thing in things]
        written = assemble(text, [thing.ink for thing in things], bottoms, self._gaps(things))
        if pen:
            _join(things, written.ink, written.boxes, pen, rng)
        return things, written.ink, written.baseline_px

    def _group(self, height: float) -> tuple[list[_Thing], float]:
        """Write digits that stand together, at times with a mark among them; tell the pen."""
        rng, writer = self._rng, self._writer(height)
        digits = rng.integers(0, 10, rng.integers(*GROUP, endpoint=True))
        if rng.random() < ROUND_SHARE:
            digits[-int(rng.integers(1, len(digits) + 1)) :] = 0
        sizes = np.linspace(*self._sizes(), len(digits))
        things = [
            _digit(int(one), writer.resized(float(size) * height), rng)
            for one, size in zip(digits, sizes, strict=True)
        ]
        if rng.random() < INNER_MARK_SHARE:
            things.insert(int(rng.integers(1, len(things) + 1)), _mark(height, rng))
        return things, writer.pen_px

    def _sizes(self) -> tuple[float, float]:
        """Choose the sizes of a group's first digit and its last; some hands grow smaller."""
        rng = self._rng
        if rng.random() >= SHRINKING_SHARE:
            return 1.0, 1.0
        return rng.uniform(*LARGEST), rng.uniform(*SMALL)

    def _writer(self, height: float) -> Writer:
        rng = self._rng
        if rng.random() < PEN_SHARE:
            return PenWriter(rng, height)
        return self._patch_writers[int(rng.integers(len(self._patch_writers)))].resized(height)

    def _gaps(self, things: Sequence[_Thing]) -> list[Gap]:
        rng = self._rng
        usual = int(rng.choice(len(GAPS), p=GAP_SHARES))
        gaps = list[Gap]()
        for pair in pairwise(things):
            kinds = {thing.kind for thing in pair}
            if max(kinds) >= CLASSES:
                gaps.append(rng.uniform(*(LETTER_GAP if OTHER in kinds else MARK_GAP)))
            else:
                stray = rng.random() < STRAY
                gaps.append(GAPS[int(rng.integers(len(GAPS))) if stray else usual](rng))
        return gaps


def _digit(digit: int, writer: Writer, rng: np.random.Generator) -> _Thing:
    size = float(np.exp(rng.normal(scale=SIZE)))
    if rng.random() < SMALL_SHARE:
        size *= rng.uniform(*SMALL)
    ink = _resized(writer(digit, rng), size)
    return _Thing(ink, round(writer.height_px * rng.normal(scale=RISE)), digit)


def _mark(height: float, rng: np.random.Generator) -> _Thing:
    """Write a dot, a comma or a dash."""
    which = int(rng.integers(len(MARKS)))
    ink, bottom = write_mark(MARKS[which], height, rng)
    return _Thing(ink, round(bottom), FIRST_MARK + which)


def _letters(height: float, rng: np.random.Generator) -> Iterator[_Thing]:
    """Write letters and signs."""
    pen, shapes = PenWriter(rng, height), [*LETTERS.values(), *SIGNS.values()]
    for _ in range(int(rng.integers(*WORD))):
        curves = write(shapes[rng.integers(len(shapes))], rng, freedom=rng.uniform(0.3, 1))
        ink = _resized(draw(curves, pen.height_px, pen.pen_px), rng.uniform(0.6, 1.15))
        yield _Thing(ink, round(height * rng.normal(scale=0.06)), OTHER)


def _resized(ink: Ink, factor: float) -> Ink:
    rows, cols = (max(2, round(side * factor)) for side in ink.shape)
    return np.asarray(cv2.resize(ink, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _join(
    things: Sequence[_Thing],
    ink: Ink,
    boxes: Sequence[Box],
    pen_px: float,
    rng: np.random.Generator,
) -> None:
    """Draw a stroke from some digits to the next, in place, as a pen that is not lifted does."""
    for (one, box), (other, after) in pairwise(zip(things, boxes, strict=True)):
        often = ZEROS_JOINED if one.kind == other.kind == 0 else JOINED
        if rng.random() >= often or max(one.kind, other.kind) >= CLASSES:
            continue
        x0, x1 = (
            box[0] + rng.uniform(0.5, 0.9) * box[2],
            after[0] + rng.uniform(0.2, 0.6) * after[2],
        )
        y0, y1 = (place[1] + rng.uniform(0.02, 0.6) * place[3] for place in (box, after))
        along = np.linspace(0, 1, 9)
        sag = rng.uniform(-0.1, 0.25) * box[3] * 4 * along * (1 - along)
        points = np.column_stack([x0 + along * (x1 - x0), y0 + along * (y1 - y0) + sag])
        stroke = np.zeros(ink.shape, np.uint8)
        wide = max(1, round(pen_px * rng.uniform(0.5, 1)))
        fixed = np.rint(16 * points).astype(np.int32)
        cv2.polylines(stroke, [fixed], False, 255, wide, cv2.LINE_AA, 4)
        np.maximum(ink, np.float32(1 / 255) * stroke, out=ink)


def _without_paper_above(ink: Ink) -> NDArray[np.uint8]:
    """Crop rows without ink at top and bottom, and give bytes."""
    rows = np.flatnonzero(ink.any(axis=1))
    cropped = ink[rows[0] : rows[-1] + 1] if len(rows) else ink[:ROWS]
    return np.rint(255 * cropped).astype(np.uint8)


def _as_read(text: Sequence[int]) -> Iterator[int]:
    """Make one of what is ``OTHER`` side by side."""
    for i, kind in enumerate(text):
        if i == 0 or kind != OTHER or text[i - 1] != OTHER:
            yield kind
