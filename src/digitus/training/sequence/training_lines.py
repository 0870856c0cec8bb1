"""Lines whose every digit, mark and letter is known by its ink, to train the arc scorer with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES as DIGITS
from digitus.data.samples import Samples
from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import FIRST_MARK, MARKS, OTHER
from digitus.reader.results.symbols import LineImage
from digitus.synthesis.lines.digit_strings import VARIATION, Gap, assemble, random_text
from digitus.synthesis.lines.line_images import mark_gap, resized
from digitus.synthesis.lines.number_texts import random_number_text
from digitus.synthesis.lines.punctuation import MARKS as SHAPES
from digitus.synthesis.lines.punctuation import write_varied_mark
from digitus.synthesis.negatives.letters_and_signs import LETTERS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import FAINTEST, PatchWriter, PenWriter, Writer, draw

Range = tuple[float, float]


@dataclass(frozen=True)
class TrainingLineParameters:
    """What training lines are composed of.

    Pairs are ranges of uniform draws, in digit heights where nothing else is said; shares are
    probabilities. The values were set by hand.

    Attributes:
        height_px: of the digits; the logarithm is drawn uniformly.
        mnist_size_share: of the lines whose digits keep MNIST's 20 px.
        pen_share: of the lines that the synthetic pen writes.
        group: number of digits in a group, inclusive.
        gap_shares: of the groups whose digits are apart, touching and overlapping.
        apart: distance, as a share of the mean width of two neighbors.
        overlap: the same, negative.
        between: distance of groups, marks and words.
        mark_share: of the distances between groups with a mark.
        marked_share: of the groups that are numbers with marks.
        word_share: of the groups that are words.
        broken_share: of the digits whose strokes are interrupted.
        break_width: of such an interruption.
        broken_at: range of the middle of such an interruption, as shares of the digit's sides.
        least_ink: share of a digit's ink that an interruption leaves at least.
        groups: number of groups in a line, exclusive at the end.
        letters: number of letters in a word, exclusive at the end.
        letter_freedom: variation of letters; see `digit_strokes.write`.
        letter_size: size of a letter.
        letter_gap: distance of two letters.
        lean: greatest shear of a line, columns to the right for each row upwards.
        lean_share: of the lines that lean.
        height_doubt: standard deviation of the logarithm of the height that the line image states.
        string_px: height of the digits of `make_number_string`.
        string_apart: their distance where they are apart.
        string_overlap: their distance where they overlap.
    """

    height_px: Range = (16.0, 64.0)
    mnist_size_share: float = 0.35
    pen_share: float = 0.25
    group: tuple[int, int] = (1, 7)
    gap_shares: tuple[float, float, float] = (0.2, 0.5, 0.3)
    apart: Range = (0.04, 0.5)
    overlap: Range = (-0.28, 0.0)
    between: Range = (0.05, 0.6)
    mark_share: float = 0.15
    marked_share: float = 0.5
    word_share: float = 0.05
    broken_share: float = 0.06
    break_width: Range = (0.04, 0.1)
    broken_at: Range = (0.2, 0.8)
    least_ink: float = 0.7
    groups: tuple[int, int] = (1, 4)
    letters: tuple[int, int] = (1, 6)
    letter_freedom: Range = (0.3, 1.0)
    letter_size: Range = (0.7, 1.1)
    letter_gap: Range = (-0.05, 0.2)
    lean: float = 0.3
    lean_share: float = 0.5
    height_doubt: float = 0.12
    string_px: float = 40.0
    string_apart: Range = (0.15, 0.5)
    string_overlap: float = -0.2


PARAMETERS = TrainingLineParameters()


@dataclass(frozen=True, eq=False)
class TrainingLine:
    """A line image and the symbols that it is made of.

    Attributes:
        image: as the reader gets it.
        layers: (k, rows, cols) ink of each symbol alone.
        classes: (k,) digit, or 10 and more for marks and all else.
    """

    image: LineImage
    layers: Ink
    classes: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Glyph:
    """A symbol; it ends ``bottom`` rows below the baseline."""

    ink: Ink
    left: float
    bottom: float
    kind: int


def make_training_line(samples: Samples, rng: np.random.Generator) -> TrainingLine:
    """Write a line of numbers, with marks and words among them.

    Args:
        samples: digits of many writers.
        rng: chooses everything.
    """
    p = PARAMETERS
    is_mnist_size = rng.random() < p.mnist_size_share
    height = 20.0 if is_mnist_size else float(np.exp(rng.uniform(*np.log(p.height_px))))
    by_pen = rng.random() < p.pen_share
    writer: Writer = PenWriter(rng, height) if by_pen else PatchWriter(samples, height)
    glyphs: list[_Glyph] = []
    for _ in range(int(rng.integers(*p.groups))):
        end = max((glyph.left + glyph.ink.shape[1] for glyph in glyphs), default=0.0)
        if glyphs:
            end += height * rng.uniform(*p.between)
            if rng.random() < p.mark_share:
                mark = str(rng.choice(list(SHAPES)))
                glyphs.append(replace(_mark(mark, writer, rng), left=end))
                end += glyphs[-1].ink.shape[1] + height * rng.uniform(*p.between) / 2
        if rng.random() < p.word_share:
            glyphs += _word(end, height, rng)
        else:
            glyphs += _group(writer, end, height, rng)
    lean = rng.uniform(-p.lean, p.lean) if rng.random() < p.lean_share else 0.0
    return _compose(glyphs, height, lean, rng)


def make_number_string(samples: Samples, rng: np.random.Generator) -> TrainingLine:
    """Write one number: apart, adjacent, touching or overlapping; every other one has marks.

    Args:
        samples: digits of many writers.
        rng: chooses everything; each distance is equally likely.
    """
    p = PARAMETERS
    text = random_number_text(rng) if rng.random() < p.marked_share else random_text(rng)
    gap = (rng.uniform(*p.string_apart), 0.0, None, p.string_overlap)[rng.integers(4)]
    writer = PatchWriter(samples, p.string_px)
    glyphs = [_write(character, writer, rng) for character in text]
    return _compose(_side_by_side(text, glyphs, gap, p.string_px, rng), p.string_px, 0.0, rng)


def _group(writer: Writer, left: float, height: float, rng: np.random.Generator) -> list[_Glyph]:
    """Write digits that stand together, some with marks."""
    p = PARAMETERS
    text = "".join(map(str, rng.integers(0, 10, rng.integers(*p.group, endpoint=True))))
    if rng.random() < p.marked_share:
        text = random_number_text(rng)
    glyphs = [_write(character, writer, rng) for character in text]
    glyphs = [replace(glyph, ink=_interrupted(glyph.ink, height, rng)) for glyph in glyphs]
    gap = (rng.uniform(*p.apart), None, rng.uniform(*p.overlap))[rng.choice(3, p=p.gap_shares)]
    glyphs = _side_by_side(text, glyphs, gap, height, rng)
    return [replace(glyph, left=left + glyph.left) for glyph in glyphs]


def _side_by_side(
    text: str, glyphs: Sequence[_Glyph], gap: Gap, height: float, rng: np.random.Generator
) -> list[_Glyph]:
    """Put digits and marks side by side; their sizes and places vary."""
    inks = [
        resized(one.ink, float(np.exp(rng.normal(scale=VARIATION.size))))
        if one.kind < DIGITS
        else one.ink
        for one in glyphs
    ]
    bottoms = [round(one.bottom + height * rng.normal(scale=VARIATION.rise)) for one in glyphs]
    gaps = [
        gap
        if max(one.kind, other.kind) < DIGITS
        else mark_gap(
            {one.kind, other.kind}, 2 * height / (one.ink.shape[1] + other.ink.shape[1]), rng
        )
        for one, other in pairwise(glyphs)
    ]
    written = assemble(text, inks, bottoms, gaps)
    return [
        replace(one, ink=ink, left=box[0], bottom=bottom)
        for one, ink, box, bottom in zip(glyphs, inks, written.boxes, bottoms, strict=True)
    ]


def _write(character: str, writer: Writer, rng: np.random.Generator) -> _Glyph:
    """Write a digit or a mark, at the left edge."""
    if character in SHAPES:
        return _mark(character, writer, rng)
    return _Glyph(writer(int(character), rng), 0.0, 0.0, int(character))


def _word(left: float, height: float, rng: np.random.Generator) -> list[_Glyph]:
    """Write letters side by side."""
    p, pen, names, glyphs = PARAMETERS, PenWriter(rng, height), list(LETTERS), list[_Glyph]()
    for _ in range(int(rng.integers(*p.letters))):
        name = names[rng.integers(len(names))]
        curves = write(LETTERS[name], rng, freedom=rng.uniform(*p.letter_freedom))
        ink = resized(draw(curves, pen.height_px, pen.pen_px), rng.uniform(*p.letter_size))
        glyphs.append(_Glyph(ink, left, 0, OTHER))
        left += ink.shape[1] + height * rng.uniform(*p.letter_gap)
    return glyphs


def _mark(character: str, writer: Writer, rng: np.random.Generator) -> _Glyph:
    ink, bottom = write_varied_mark(character, writer.height_px, writer.pen_px, rng)
    return _Glyph(ink, 0.0, bottom, FIRST_MARK + MARKS.index(SHAPES[character].kind))


def _interrupted(ink: Ink, height: float, rng: np.random.Generator) -> Ink:
    """Interrupt the strokes of some digits, as a dry pen does."""
    p = PARAMETERS
    if rng.random() >= p.broken_share:
        return ink
    mask = np.ones_like(ink)
    rows, cols = ink.shape
    middle = np.array([cols, rows]) * rng.uniform(*p.broken_at, 2)
    angle = rng.uniform(0, np.pi)
    direction = np.array([np.cos(angle), np.sin(angle)]) * height
    ends = [tuple(np.rint(middle + side * direction).astype(int).tolist()) for side in (-1, 1)]
    width = max(1, round(height * rng.uniform(*p.break_width)))
    cv2.line(mask, ends[0], ends[1], 0.0, width)
    left = np.asarray(ink * mask, np.float32)
    return ink if left.sum() < p.least_ink * ink.sum() or left.max() < 0.5 else left


def _compose(
    glyphs: Sequence[_Glyph], height: float, lean: float, rng: np.random.Generator
) -> TrainingLine:
    """Put each symbol into a layer of its own, and shear all layers."""
    lefts = np.array([glyph.left for glyph in glyphs])
    tops = np.array([glyph.bottom - len(glyph.ink) for glyph in glyphs])
    lefts, tops = (np.rint(places - places.min()).astype(int) for places in (lefts, tops))
    cols = max(x + glyph.ink.shape[1] for x, glyph in zip(lefts, glyphs, strict=True))
    rows = max(y + len(glyph.ink) for y, glyph in zip(tops, glyphs, strict=True))
    margin = int(np.ceil(abs(lean) * rows)) + 3
    layers = np.zeros((len(glyphs), rows + 6, cols + 2 * margin), np.float32)
    for layer, glyph, x, y in zip(layers, glyphs, lefts, tops, strict=True):
        high, wide = glyph.ink.shape
        layer[y + 3 : y + 3 + high, x + margin : x + margin + wide] = glyph.ink
    if lean:
        matrix = np.array([[1, -lean, lean * rows / 2], [0, 1, 0]])
        layers = np.stack([cv2.warpAffine(layer, matrix, layer.shape[::-1]) for layer in layers])
    layers[layers < FAINTEST] = 0
    stated = height * float(np.exp(rng.normal(scale=PARAMETERS.height_doubt)))
    image = LineImage(layers.max(axis=0), 0, 0, stated)
    return TrainingLine(image, layers, np.array([glyph.kind for glyph in glyphs], np.intp))
