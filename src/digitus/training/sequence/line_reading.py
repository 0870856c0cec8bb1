"""Reading of training lines: examples for the scorer, its text weight, and what was read right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES as DIGITS
from digitus.data.samples import Samples
from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import DIGIT_PX, OTHER
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence.arc_scores import KINDS, Scorer
from digitus.reader.sequence.decoding import DecodedSymbol, decode
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.scoring import ScoredArcs, score_arcs
from digitus.reader.sequence.sequence_recognizer import SequenceRecognizer
from digitus.recognizer import DigitModel
from digitus.synthesis.lines.line_images import LineWriter
from digitus.training.sequence.arc_truth import right_ranges
from digitus.training.sequence.lines_of_pages import page_lines
from digitus.training.sequence.network_training import word_fonts
from digitus.training.sequence.scorer_training import ScoringExample
from digitus.training.sequence.training_lines import TrainingLine

TEXT_WEIGHTS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Candidate weights of the sequence network's log-probability of a whole text."""
DEGRADED_COLS = 160
"""Columns of the degraded lines that the text weight is chosen on."""
BATCH_LINES = 25
"""Lines that are read together, so that memory stays small."""
COMMON_AREA = 0.2
"""Smallest intersection over union of a symbol's box and the box that it was read in.

Low, because cut positions are approximate."""


@dataclass(frozen=True, eq=False)
class LineNetworks:
    """The two networks whose probabilities are scored.

    Attributes:
        classifier: of single digits.
        recognizer: of line images.
    """

    classifier: DigitModel
    recognizer: SequenceRecognizer

    def score(self, lines: Sequence[TrainingLine]) -> list[ScoredArcs]:
        """Return the arcs of some lines with both networks' probabilities."""
        images = [line.image for line in lines]
        components = [find_line_components(image) for image in images]
        return score_arcs(self.classifier, components, self.recognizer.recognize(images))


def in_batches(lines: Sequence[TrainingLine]) -> Iterator[Sequence[TrainingLine]]:
    """Return the lines a few at a time."""
    for start in range(0, len(lines), BATCH_LINES):
        yield lines[start : start + BATCH_LINES]


def scoring_examples(
    lines: Sequence[TrainingLine], networks: LineNetworks
) -> Iterator[ScoringExample]:
    """Return the lattice of each line with its right arcs."""
    for line, scored in zip(lines, networks.score(lines), strict=True):
        arcs = scored.arcs
        right = right_ranges(line, arcs.ranges)[arcs.range]
        yield ScoringExample(scored.features, scored.probabilities, arcs.start, arcs.end, right)


def degraded_lines(n: int, samples: Samples, rng: np.random.Generator) -> list[TrainingLine]:
    """Write degraded lines with ink; their symbols have no layers of their own."""
    write, lines = LineWriter(samples, rng, word_fonts()), list[TrainingLine]()
    while len(lines) < n:
        written = write(DEGRADED_COLS)
        image = LineImage(written.degraded(rng), 0, 0, DIGIT_PX)
        if len(find_line_components(image)):
            lines.append(TrainingLine(image, image.ink[None], np.array(written.text, np.intp)))
    return lines


def lines_of_pages(n: int, samples: Samples, rng: np.random.Generator) -> list[TrainingLine]:
    """Return lines that are cut out of pages; their symbols have no layers of their own."""
    lines = list[TrainingLine]()
    for line in page_lines(samples, DEGRADED_COLS, rng):
        image = LineImage(line.ink * np.float32(1 / 255), 0, 0, DIGIT_PX)
        if len(find_line_components(image)):
            lines.append(TrainingLine(image, image.ink[None], np.array(line.text, np.intp)))
        if len(lines) == n:
            break
    return lines


def choose_text_weight(
    lines: Sequence[TrainingLine], networks: LineNetworks, scorer: Scorer
) -> Scorer:
    """Return the scorer with the text weight that reads most lines right, the smallest on a tie."""
    right = np.zeros(len(TEXT_WEIGHTS))
    for some in in_batches(lines):
        scored = networks.score(some)
        for number, weight in enumerate(TEXT_WEIGHTS):
            readings = decode(scored, replace(scorer, text_weight=weight))
            right[number] += sum(map(_is_right, readings, some))
    return replace(scorer, text_weight=TEXT_WEIGHTS[int(right.argmax())])


@dataclass(frozen=True, eq=False)
class LineReadings:
    """What was read on held-out lines, and whether it is right.

    Attributes:
        posteriors: for each line those of the digits and marks that were read, uncalibrated.
        right: for each line which of these are written there.
        is_digit: for each line which of these are digits.
        lines: (k,) whether all digits and marks of a line were read, and no others.
    """

    posteriors: list[NDArray[np.float64]]
    right: list[NDArray[np.bool_]]
    is_digit: list[NDArray[np.bool_]]
    lines: NDArray[np.bool_]


def read_lines(
    lines: Sequence[TrainingLine], networks: LineNetworks, scorer: Scorer
) -> Iterator[LineReadings]:
    """Read lines and compare with what was written; return a batch at a time."""
    for some in in_batches(lines):
        readings = decode(networks.score(some), scorer)
        symbols = [_symbols(found) for found in readings]
        yield LineReadings(
            [np.array([item.symbol.confidence for item in found]) for found in symbols],
            [
                np.array([_stands_there(item, line) for item in found], bool)
                for found, line in zip(symbols, some, strict=True)
            ],
            [np.array([not item.symbol.is_mark for item in found], bool) for found in symbols],
            np.array([*map(_is_right, readings, some)], bool),
        )


def join_readings(readings: Sequence[LineReadings]) -> LineReadings:
    """Join the readings of several batches."""
    return LineReadings(
        [posterior for some in readings for posterior in some.posteriors],
        [right for some in readings for right in some.right],
        [is_digit for some in readings for is_digit in some.is_digit],
        np.concatenate([some.lines for some in readings]),
    )


def _symbols(found: Sequence[DecodedSymbol]) -> list[DecodedSymbol]:
    """Return the digits and marks that were read."""
    return [one for one in found if one.symbol.is_read and one.symbol.kind != "other"]


def _class_of(symbol: Symbol) -> int | None:
    """Return the class of a digit or mark."""
    return symbol.digit if symbol.kind == "digit" else KINDS.index(symbol.kind) + DIGITS - 1


def _is_right(found: Sequence[DecodedSymbol], line: TrainingLine) -> bool:
    """Return whether all digits and marks that were written were read, and no others."""
    written = [int(kind) for kind in line.classes if kind != OTHER]
    return [_class_of(item.symbol) for item in _symbols(found)] == written


def _stands_there(found: DecodedSymbol, line: TrainingLine) -> bool:
    """Return whether the symbol was written about where it was read."""
    box = np.array(found.symbol.box) / found.scale
    return any(
        kind == _class_of(found.symbol) and _common_area(box, layer) >= COMMON_AREA
        for kind, layer in zip(line.classes, line.layers, strict=True)
    )


def _common_area(box: NDArray[np.float64], layer: Ink) -> float:
    """Return the area common to a box (left, top, right, bottom) and a layer's ink, over both."""
    cols, rows = (np.flatnonzero(layer.any(axis=axis)) for axis in (0, 1))
    other = np.array([cols[0], rows[0], cols[-1] + 1, rows[-1] + 1])
    common = np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2])
    shared, own, others = (
        float(np.prod(sides.clip(min=0)))
        for sides in (common, box[2:] - box[:2], other[2:] - other[:2])
    )
    return shared / (own + others - shared)
