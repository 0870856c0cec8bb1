"""Line images to symbols: components, cuts, arcs, scores, and the likeliest text.

The single-digit model and the sequence network run on many line images at once.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence.arc_scores import shipped_scorer
from digitus.reader.sequence.confidence import shipped_calibration
from digitus.reader.sequence.decoding import decode
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.scoring import score_arcs
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer
from digitus.recognizer import DigitModel

BATCH_WIDTH = 300
"""Total width of the line images of a batch, in digit heights; bounds the memory of a page."""


def read_line_images(model: DigitModel, images: Sequence[LineImage]) -> list[list[Symbol]]:
    """Read line images with the shipped sequence network.

    Args:
        model: classifies single digits.
        images: in any order.

    Returns:
        For each line image its symbols from left to right; none where there is no ink.
    """
    return [symbols for batch in _batches(images) for symbols in _read_batch(model, batch)]


def _batches(images: Sequence[LineImage]) -> Iterator[Sequence[LineImage]]:
    """Split line images into batches of about the same total width."""
    widths = np.array([image.ink.shape[1] / max(image.height_px, 1.0) for image in images])
    ends = np.flatnonzero(np.diff(widths.cumsum() // BATCH_WIDTH)) + 1
    for start, stop in pairwise([0, *ends.tolist(), len(images)]):
        yield images[start:stop]


def _read_batch(model: DigitModel, images: Sequence[LineImage]) -> list[list[Symbol]]:
    components = [find_line_components(image) for image in images]
    inked = [number for number, line in enumerate(components) if len(line)]
    symbols: list[list[Symbol]] = [[] for _ in images]
    if not inked:
        return symbols
    outputs = shipped_sequence_recognizer().recognize([images[number] for number in inked])
    lines = score_arcs(model, [components[number] for number in inked], outputs)
    calibration = shipped_calibration()
    for number, decoded in zip(inked, decode(lines, shipped_scorer()), strict=True):
        symbols[number] = [one.on_page(images[number], calibration) for one in decoded]
    return symbols
