"""The course in reading strings: lessons, scores, and an honest measure of the outcome.

Digits that the network has not trained on write the lessons; others again are left for the measure,
so that nothing is learned from what it will be measured by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import Samples
from digitus.imaging.arrays import Ink
from digitus.models.line_image_format import DIGIT_PX
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.arc_scores import DIGITS, Scorer
from digitus.reader.sequence.decoding import DecodedSymbol, decode
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.scoring import ScoredArcs, score_arcs
from digitus.reader.sequence.sequence_recognizer import SequenceRecognizer
from digitus.recognizer import DigitModel
from digitus.synthesis.lines.line_images import StripMaker
from digitus.training.sequence.arc_training import Exercise, learn
from digitus.training.sequence.arc_truth import right_ranges
from digitus.training.sequence.network_training import word_fonts
from digitus.training.sequence.training_lines import Lesson, make_lesson

WEIGHTS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # of the strip's opinion on a whole text
WORN_COLS = 160
AT_ONCE = 25  # strings that are judged together
SAME_PLACE = 0.2  # of the area of two boxes that they have in common; cuts lie roughly


@dataclass(frozen=True)
class Course:
    """How long the course is.

    Attributes:
        strings: from which the scores are learned.
        chosen: others, and as many worn ones, by which the weight of whole texts is chosen.
        epochs: times that each of these is seen.
    """

    strings: int = 4000
    chosen: int = 500
    epochs: int = 16


@dataclass(frozen=True, eq=False)
class Judges:
    """The two networks.

    Attributes:
        model: judges whole parts.
        strips: slides along a string.
    """

    model: DigitModel
    strips: SequenceRecognizer

    def judge(self, lessons: Sequence[Lesson]) -> list[ScoredArcs]:
        """Judge every candidate of some strings."""
        parts = [find_line_components(lesson.run) for lesson in lessons]
        return score_arcs(self.model, parts, self.strips.recognize([one.run for one in lessons]))


def take(course: Course, judges: Judges, samples: Samples, rng: np.random.Generator) -> Scorer:
    """Learn the scores.

    Args:
        course: how long.
        judges: that are shown the candidates.
        samples: digits to write with, that neither judge has not trained on.
        rng: chooses everything.
    """
    exercises = [
        exercise
        for lessons in lessons_of(course.strings, samples, rng)
        for exercise in exercises_of(lessons, judges)
    ]
    scorer = learn(exercises, rng, epochs=course.epochs)
    chosen = [make_lesson(samples, rng) for _ in range(course.chosen)]
    chosen += worn_lessons(course.chosen, samples, rng)
    return replace(scorer, text_weight=_best_weight(chosen, judges, scorer))


def worn_lessons(n: int, samples: Samples, rng: np.random.Generator) -> list[Lesson]:
    """Write strings on strips that have seen much; they come without layers."""
    make, lessons = StripMaker(samples, rng, word_fonts()), list[Lesson]()
    while len(lessons) < n:
        strip = make(WORN_COLS)
        run = LineImage(strip.worn(rng), 0, 0, DIGIT_PX)
        if len(find_line_components(run)):
            lessons.append(Lesson(run, run.ink[None], np.array(strip.text, np.intp)))
    return lessons


def _best_weight(lessons: Sequence[Lesson], judges: Judges, scorer: Scorer) -> float:
    """Choose the weight of the strip's opinion with which most strings are right."""
    right = np.zeros(len(WEIGHTS))
    for start in range(0, len(lessons), AT_ONCE):
        some = lessons[start : start + AT_ONCE]
        judged = judges.judge(some)
        for number, weight in enumerate(WEIGHTS):
            found = decode(judged, replace(scorer, text_weight=weight))
            right[number] += sum(_is_right(*pair) for pair in zip(found, some, strict=True))
    return WEIGHTS[int(right.argmax())]


def exercises_of(lessons: Sequence[Lesson], judges: Judges) -> list[Exercise]:
    """Judge strings, and mark what is right."""
    judged = judges.judge(lessons)
    return [
        Exercise(
            line.features,
            line.probabilities,
            line.arcs.start,
            line.arcs.end,
            len(line.arcs.nodes),
            right_ranges(lesson, line.arcs.ranges)[line.arcs.range],
        )
        for lesson, line in zip(lessons, judged, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was read on held-out strings.

    Attributes:
        posteriors: for each string those of the digits that were read, as the lattice has them.
        right: for each string which of these digits stand there.
        numbers: (k,) whether all that was written was read, and nothing else.
    """

    posteriors: list[NDArray[np.float64]]
    right: list[NDArray[np.bool_]]
    numbers: NDArray[np.bool_]


def examine(lessons: Sequence[Lesson], judges: Judges, scorer: Scorer) -> Outcome:
    """Read strings, and compare."""
    outcome = Outcome([], [], np.zeros(len(lessons), bool))
    for start in range(0, len(lessons), AT_ONCE):
        some = lessons[start : start + AT_ONCE]
        for number, found in enumerate(decode(judges.judge(some), scorer), start):
            lesson = lessons[number]
            digits = _digits(found)
            outcome.posteriors.append(np.array([item.symbol.confidence for item in digits]))
            outcome.right.append(np.array([_stands_there(item, lesson) for item in digits], bool))
            outcome.numbers[number] = _is_right(found, lesson)
    return outcome


def _digits(found: Sequence[DecodedSymbol]) -> list[DecodedSymbol]:
    return [item for item in found if item.symbol.kind == "digit"]


def _is_right(found: Sequence[DecodedSymbol], lesson: Lesson) -> bool:
    """Return whether all digits that were written were read, and nothing else."""
    written = [int(kind) for kind in lesson.classes if kind < DIGITS]
    return [item.symbol.digit for item in _digits(found)] == written


def _stands_there(found: DecodedSymbol, lesson: Lesson) -> bool:
    """Return whether a digit stands about where it was read."""
    mine = np.array(found.symbol.box) / found.scale
    return any(
        kind == found.symbol.digit and _share(mine, layer) >= SAME_PLACE
        for kind, layer in zip(lesson.classes, lesson.layers, strict=True)
    )


def _share(mine: NDArray[np.float64], layer: Ink) -> float:
    """Common area of a box (left, top, right, bottom) and a layer's ink over that of both."""
    cols, rows = (np.flatnonzero(layer.any(axis=axis)) for axis in (0, 1))
    other = np.array([cols[0], rows[0], cols[-1] + 1, rows[-1] + 1])
    common = np.minimum(mine[2:], other[2:]) - np.maximum(mine[:2], other[:2])
    areas = [
        float(np.prod(sides.clip(min=0)))
        for sides in (common, mine[2:] - mine[:2], other[2:] - other[:2])
    ]
    return areas[0] / (areas[1] + areas[2] - areas[0])


def lessons_of(n: int, samples: Samples, rng: np.random.Generator) -> Iterator[list[Lesson]]:
    """Return lessons that have ink, some at a time."""
    for start in range(0, n, AT_ONCE):
        yield [make_lesson(samples, rng) for _ in range(min(AT_ONCE, n - start))]
