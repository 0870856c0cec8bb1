"""Strings to learn the reading of strings from: touching digits, marks, letters, with truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import Samples
from digitus.imaging.arrays import Ink
from digitus.models.line_image_format import MARKS
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.arc_scores import DIGITS, KINDS
from digitus.synthesis.lines.digit_strings import RISE, SIZE, assemble, random_text
from digitus.synthesis.lines.punctuation import write_mark
from digitus.synthesis.negatives.letters_and_signs import LETTERS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import FAINTEST, PatchWriter, PenWriter, Writer, draw

HEIGHT_PX = (16.0, 64.0)
AS_IN_MNIST = 0.35  # share of strings whose digits keep MNIST's 20 px
PEN_SHARE = 0.25
GROUP = (1, 7)  # digits that stand together
GAPS = ("apart", "meeting", "over")
GAP_SHARES = (0.2, 0.5, 0.3)
APART, OVER = (0.04, 0.5), (-0.28, 0.0)  # of the mean width of two neighbours
BETWEEN = (0.05, 0.6)  # digit heights between groups, marks and words
MARK_SHARE, WORD_SHARE = 0.3, 0.05
BROKEN_SHARE = 0.06
BREAK = (0.04, 0.1)  # digit heights, width of a gap that a dry pen leaves
LEAN = 0.3  # columns to the right for each row upwards, of a whole string, at most
PLAIN_PX, PLAINLY_APART, PLAINLY_OVER = 40.0, (0.15, 0.5), -0.2
"""Height, gaps and overlap of strings that confidences are measured on."""
HEIGHT_DOUBT = 0.12  # deviation of the logarithm of the height that is said of a run


@dataclass(frozen=True, eq=False)
class Lesson:
    """A run of ink and what it is made of.

    Attributes:
        run: as the reader gets it.
        layers: (k, rows, cols) ink of each thing alone.
        classes: (k,) digit, or 10 and more for the other kinds, in the order of ``KINDS``.
    """

    run: LineImage
    layers: Ink
    classes: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Thing:
    ink: Ink
    left: float
    bottom: float
    kind: int


def make_lesson(samples: Samples, rng: np.random.Generator) -> Lesson:
    """Write one string.

    Args:
        samples: digits by many augmentation, to write with most of the time.
        rng: chooses everything.
    """
    small = rng.random() < AS_IN_MNIST
    height = 20.0 if small else float(np.exp(rng.uniform(*np.log(HEIGHT_PX))))
    by_pen = rng.random() < PEN_SHARE
    writer: Writer = PenWriter(rng, height) if by_pen else PatchWriter(samples, height)
    things: list[_Thing] = []
    for _ in range(int(rng.integers(1, 4))):
        end = max((thing.left + thing.ink.shape[1] for thing in things), default=0.0)
        if things:
            end += height * rng.uniform(*BETWEEN)
            if rng.random() < MARK_SHARE:
                things.append(_mark(end, height, rng))
                end += things[-1].ink.shape[1] + height * rng.uniform(*BETWEEN) / 2
        wordy = rng.random() < WORD_SHARE
        things += (_word if wordy else _group)(writer, end, height, rng)
    lean = rng.uniform(-LEAN, LEAN) if rng.random() < 0.5 else 0.0
    return _lesson(things, height, lean, rng)


def make_string(samples: Samples, rng: np.random.Generator) -> Lesson:
    """Write one string of digits alone, as often apart as meeting, touching and overlapping.

    Args:
        samples: digits by many augmentation.
        rng: chooses everything.
    """
    text = random_text(rng)
    gap = (rng.uniform(*PLAINLY_APART), 0.0, None, PLAINLY_OVER)[rng.integers(4)]
    writer = PatchWriter(samples, PLAIN_PX)
    inks = [writer(int(character), rng) for character in text]
    return _lesson(_beside(text, inks, gap, PLAIN_PX, rng), PLAIN_PX, 0.0, rng)


def _group(writer: Writer, left: float, height: float, rng: np.random.Generator) -> list[_Thing]:
    """Digits that stand together, apart, touching or overlapping."""
    text = "".join(map(str, rng.integers(0, 10, rng.integers(*GROUP, endpoint=True))))
    inks = [_broken(writer(int(character), rng), height, rng) for character in text]
    how = str(rng.choice(GAPS, p=GAP_SHARES))
    gap = {"apart": rng.uniform(*APART), "meeting": None, "over": rng.uniform(*OVER)}[how]
    things = _beside(text, inks, gap, height, rng)
    return [replace(thing, left=left + thing.left) for thing in things]


def _beside(
    text: str, inks: list[Ink], gap: float | None, height: float, rng: np.random.Generator
) -> list[_Thing]:
    """Put digits side by side, their sizes and places a little different."""
    inks = [_resized(ink, float(np.exp(rng.normal(scale=SIZE)))) for ink in inks]
    bottoms = [round(height * rng.normal(scale=RISE)) for _ in inks]
    written = assemble(text, inks, bottoms, gap)
    return [
        _Thing(ink, box[0], bottom, int(character))
        for ink, box, bottom, character in zip(inks, written.boxes, bottoms, text, strict=True)
    ]


def _word(_: Writer, left: float, height: float, rng: np.random.Generator) -> list[_Thing]:
    """Letters beside each other."""
    pen, names, things = PenWriter(rng, height), list(LETTERS), list[_Thing]()
    for _i in range(int(rng.integers(1, 6))):
        curves = write(LETTERS[names[rng.integers(len(names))]], rng, freedom=rng.uniform(0.3, 1))
        ink = _resized(draw(curves, pen.height_px, pen.pen_px), rng.uniform(0.7, 1.1))
        things.append(_Thing(ink, left, 0, DIGITS + KINDS.index("other") - 1))
        left += ink.shape[1] + height * rng.uniform(-0.05, 0.2)
    return things


def _mark(left: float, height: float, rng: np.random.Generator) -> _Thing:
    """A dot, a comma or a dash between two groups."""
    kind = MARKS[rng.integers(len(MARKS))]
    ink, bottom = write_mark(kind, height, rng)
    return _Thing(ink, left, bottom, DIGITS + KINDS.index(kind) - 1)


def _broken(ink: Ink, height: float, rng: np.random.Generator) -> Ink:
    """Interrupt the strokes of some digits."""
    if rng.random() >= BROKEN_SHARE:
        return ink
    mask = np.ones_like(ink)
    rows, cols = ink.shape
    middle = np.array([cols, rows]) * rng.uniform(0.2, 0.8, 2)
    angle = rng.uniform(0, np.pi)
    way = np.array([np.cos(angle), np.sin(angle)]) * height
    ends = [tuple(np.rint(middle + side * way).astype(int).tolist()) for side in (-1, 1)]
    width = max(1, round(height * rng.uniform(*BREAK)))
    cv2.line(mask, ends[0], ends[1], 0.0, width)
    left = np.asarray(ink * mask, np.float32)
    return ink if left.sum() < 0.7 * ink.sum() or left.max() < 0.5 else left


def _resized(ink: Ink, factor: float) -> Ink:
    rows, cols = (max(2, round(side * factor)) for side in ink.shape)
    return np.asarray(cv2.resize(ink, (cols, rows), interpolation=cv2.INTER_AREA), np.float32)


def _lesson(
    things: Sequence[_Thing], height: float, lean: float, rng: np.random.Generator
) -> Lesson:
    """Lay things into layers, and lean them all."""
    lefts = np.array([thing.left for thing in things])
    tops = np.array([thing.bottom - len(thing.ink) for thing in things])
    lefts, tops = (np.rint(places - places.min()).astype(int) for places in (lefts, tops))
    cols = max(x + thing.ink.shape[1] for x, thing in zip(lefts, things, strict=True))
    rows = max(y + len(thing.ink) for y, thing in zip(tops, things, strict=True))
    margin = int(np.ceil(abs(lean) * rows)) + 3
    layers = np.zeros((len(things), rows + 6, cols + 2 * margin), np.float32)
    for layer, thing, x, y in zip(layers, things, lefts, tops, strict=True):
        place = (
            slice(y + 3, y + 3 + len(thing.ink)),
            slice(x + margin, x + margin + thing.ink.shape[1]),
        )
        layer[place] = thing.ink
    if lean:
        matrix = np.array([[1, -lean, lean * rows / 2], [0, 1, 0]])
        layers = np.stack([cv2.warpAffine(layer, matrix, layer.shape[::-1]) for layer in layers])
    layers[layers < FAINTEST] = 0
    said = height * float(np.exp(rng.normal(scale=HEIGHT_DOUBT)))
    run = LineImage(layers.max(axis=0), 0, 0, said)
    return Lesson(run, layers, np.array([thing.kind for thing in things], np.intp))
