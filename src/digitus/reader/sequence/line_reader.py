"""Runs of ink -> pieces: candidates, one split_classes of all, and the best way through them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence.arc_scores import Scorer, shipped_scorer
from digitus.reader.sequence.confidence import Calibration, shipped_calibration
from digitus.reader.sequence.decoding import decode
from digitus.reader.sequence.line_components import parts_of
from digitus.reader.sequence.scoring import judge_parts
from digitus.reader.sequence.sequence_recognizer import (
    SequenceRecognizer,
    shipped_sequence_recognizer,
)
from digitus.recognizer import DigitModel

PORTION = 300  # digit heights of runs side by side that are read at a time


@dataclass(frozen=True, eq=False)
class SequenceModels:
    """The models that read line images.

    Attributes:
        strips: slides along a run.
        scorer: weights of the scores.
        calibration: makes confidences honest.
    """

    strips: SequenceRecognizer
    scorer: Scorer
    calibration: Calibration


@cache
def shipped_sequence_models() -> SequenceModels:
    """Load what comes with the program."""
    return SequenceModels(shipped_sequence_recognizer(), shipped_scorer(), shipped_calibration())


def read_runs(
    model: DigitModel, runs: Sequence[LineImage], *, sequence_models: SequenceModels | None = None
) -> list[list[Symbol]]:
    """Read runs of ink, many at once.

    Args:
        model: judges single digits.
        runs: in any order.
        sequence_models: that read the runs; None takes those that come with the program.

    Returns:
        For each run its pieces from left to right; none where there is no ink.
    """
    models = sequence_models or shipped_sequence_models()
    return [pieces for some in _portions(runs) for pieces in _read_portion(model, some, models)]


def _portions(runs: Sequence[LineImage]) -> Iterator[Sequence[LineImage]]:
    """Cut many runs into portions of about as many columns, so that memory does not grow."""
    widths = np.array([run.ink.shape[1] / max(run.height_px, 1.0) for run in runs])
    ends = np.flatnonzero(np.diff(widths.cumsum() // PORTION)) + 1
    for start, stop in pairwise([0, *ends.tolist(), len(runs)]):
        yield runs[start:stop]


def _read_portion(
    model: DigitModel, runs: Sequence[LineImage], models: SequenceModels
) -> list[list[Symbol]]:
    parts = [parts_of(run) for run in runs]
    filled = [number for number, found in enumerate(parts) if len(found)]
    pieces: list[list[Symbol]] = [[] for _ in runs]
    if filled:
        inked = [parts[number] for number in filled]
        seen = models.strips.look([runs[number] for number in filled])
        judged = judge_parts(model, inked, seen)
        for number, found in zip(filled, decode(judged, models.scorer), strict=True):
            pieces[number] = [piece.on_page(runs[number], models.calibration) for piece in found]
    return pieces
