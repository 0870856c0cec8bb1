"""Line images to symbols: components, cuts, arcs, scores, and the likeliest text.

The single-digit model and the sequence network run on many line images at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence.arc_scores import Scorer, shipped_scorer
from digitus.reader.sequence.confidence import SymbolCalibration, shipped_calibration
from digitus.reader.sequence.decoding import decode
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.scoring import score_arcs
from digitus.reader.sequence.sequence_recognizer import (
    SequenceRecognizer,
    shipped_sequence_recognizer,
)
from digitus.recognizer import DigitModel

LEAST_UNREAD = 0.05
"""Least probability of a mark that the likeliest text leaves out; set by hand. Below it the mark
would hardly change the confidence of its number."""
BATCH_WIDTH = 300
"""Total width of a batch of line images in digit heights; set by hand, bounds the memory."""


@dataclass(frozen=True, eq=False)
class SequenceModels:
    """What `digitus train` fits to lines.

    Attributes:
        recognizer: the sequence network.
        scorer: scores of the arcs.
        calibration: calibration of the confidences of digits and marks.
    """

    recognizer: SequenceRecognizer
    scorer: Scorer
    calibration: SymbolCalibration


@cache
def shipped_sequence_models() -> SequenceModels:
    """Load the models that are shipped."""
    return SequenceModels(shipped_sequence_recognizer(), shipped_scorer(), shipped_calibration())


def read_line_images(
    model: DigitModel,
    images: Sequence[LineImage],
    *,
    sequence_models: SequenceModels | None = None,
) -> list[list[Symbol]]:
    """Read line images.

    Args:
        model: classifies single digits.
        images: in any order.
        sequence_models: None takes those that are shipped.

    Returns:
        For each line image its symbols from left to right; an empty list where there is no ink.
    """
    models = sequence_models or shipped_sequence_models()
    return [symbols for batch in _batches(images) for symbols in _read_batch(model, batch, models)]


def _batches(images: Sequence[LineImage]) -> Iterator[Sequence[LineImage]]:
    """Split line images into batches of about the same total width."""
    widths = np.array([image.ink.shape[1] / max(image.height_px, 1.0) for image in images])
    ends = np.flatnonzero(np.diff(widths.cumsum() // BATCH_WIDTH)) + 1
    for start, stop in pairwise([0, *ends.tolist(), len(images)]):
        yield images[start:stop]


def _read_batch(
    model: DigitModel, images: Sequence[LineImage], models: SequenceModels
) -> list[list[Symbol]]:
    components = [find_line_components(image) for image in images]
    inked = [number for number, line in enumerate(components) if len(line)]
    symbols: list[list[Symbol]] = [[] for _ in images]
    if not inked:
        return symbols
    outputs = models.recognizer.recognize([images[number] for number in inked])
    lines = score_arcs(model, [components[number] for number in inked], outputs)
    for number, decoded in zip(inked, decode(lines, models.scorer), strict=True):
        found = (one.on_page(images[number], models.calibration) for one in decoded)
        symbols[number] = [one for one in found if one.is_read or one.confidence >= LEAST_UNREAD]
    return symbols
