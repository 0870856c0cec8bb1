"""Runs of ink as strips, and what the network that slides along a strip sees at each place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.models.line_image_format import DIGIT_PX, KINDS, ROWS
from digitus.models.sequence_file import shipped_sequence_weights
from digitus.models.sequence_network import STEP_PX, sequence_network
from digitus.nn.arrays import Floats
from digitus.nn.network import Network
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence.line_components import scaled

Likely = NDArray[np.float64]

BLANK = KINDS
"""The last of the classes at a place: nothing begins to be seen here."""

MARGIN_PX = 8  # paper on the left and on the right of the ink
FREE_ROWS = 2
FAINTEST = 0.1
WIDTHS = (64, 128, 256)  # of the networks; a strip gets the narrowest that holds it
VIEWS = ((0.87, 0.15), (1.14, -0.15))  # stretch and lean of further looks
SURE = 0.9
CONTEXT_PX = 32  # that neighbouring pieces of a longer strip share; more than a place sees
_STRIDE = WIDTHS[-1] - 2 * CONTEXT_PX


@dataclass(frozen=True, eq=False)
class Seen:
    """What the network sees along a run.

    Attributes:
        likely: (places, KINDS + 1) probability of each class at each place; the last is the blank.
        scale: pixels of the strip to one of the run.
        views: what it sees along the same run stretched and leant, like ``likely``; none where it
            is sure without them.
    """

    likely: Likely
    scale: float
    views: tuple[Likely, ...] = ()

    def places(self, cols: NDArray[np.floating]) -> NDArray[np.intp]:
        """Return the first place on the right of each column of the run."""
        at = (cols * self.scale + MARGIN_PX) / STEP_PX
        return np.clip(np.rint(at), 0, len(self.likely)).astype(np.intp)


@dataclass(eq=False)
class SequenceRecognizer:
    """The parameters of a network that slides, and a network for each width that was needed.

    Attributes:
        parameters: (p,) the same for all widths.
    """

    parameters: Floats
    _networks: dict[int, Network] = field(default_factory=dict, repr=False)

    def look(self, runs: Sequence[LineImage]) -> list[Seen]:
        """Slide along some runs; twice more along those of which it is not sure."""
        strips = [line_image_of(run) for run in runs]
        seen = self._slide([strip for strip, _ in strips])
        doubtful = [number for number, likely in enumerate(seen) if not _is_sure(likely)]
        views = [
            self._slide([_changed(strips[number][0], *view) for number in doubtful])
            for view in VIEWS
        ]
        others = dict(zip(doubtful, zip(*views, strict=True), strict=True))
        return [
            Seen(likely, scale, others.get(number, ()))
            for number, (likely, (_, scale)) in enumerate(zip(seen, strips, strict=True))
        ]

    def _slide(self, strips: Sequence[Ink]) -> list[Likely]:
        """Return the probabilities (places, KINDS + 1) along strips (32, cols)."""
        windows = [list(_windows(strip.shape[1])) for strip in strips]
        pieces = [
            _padded(strip[:, start : start + width], width)
            for strip, some in zip(strips, windows, strict=True)
            for start, width in some
        ]
        likely = iter(self._look_at(pieces))
        return [
            _joined([next(likely) for _ in some], strip.shape[1])
            for strip, some in zip(strips, windows, strict=True)
        ]

    def _look_at(self, pieces: Sequence[Ink]) -> list[Likely]:
        """Return the probabilities (places, KINDS + 1) along pieces of the known widths."""
        widths = np.array([piece.shape[1] for piece in pieces], np.intp)
        found: dict[int, Likely] = {}
        for width in np.unique(widths).tolist():
            same = np.flatnonzero(widths == width).tolist()
            rows = np.stack([pieces[number].ravel() for number in same])
            out = self._network(width).probabilities(rows)
            likely = out.astype(np.float64).reshape(len(same), -1, KINDS + 1)
            found.update(zip(same, likely, strict=True))
        return [found[number] for number in range(len(pieces))]

    def _network(self, cols: int) -> Network:
        if cols not in self._networks:
            self._networks[cols] = sequence_network(cols, KINDS, parameters=self.parameters)
        return self._networks[cols]


def line_image_of(run: LineImage) -> tuple[Ink, float]:
    """Bring a run to the size that the network has learned.

    Digits become ``DIGIT_PX`` high, less if the run's ink would not fit; it lies in the middle.

    Returns:
        The strip (32, cols) and its scale, pixels of the strip to one of the run.
    """
    inked = np.flatnonzero(run.ink.max(axis=1, initial=0) > FAINTEST)
    top, bottom = (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, 1)
    scale = min(DIGIT_PX / max(run.height_px, 1.0), (ROWS - FREE_ROWS) / (bottom - top))
    ink = scaled(run.ink[top:bottom], scale)
    rows, cols = ink.shape
    strip = np.zeros((ROWS, cols + 2 * MARGIN_PX), np.float32)
    above = (ROWS - rows) // 2
    strip[above : above + rows, MARGIN_PX : MARGIN_PX + cols] = ink
    return strip, cols / run.ink.shape[1]


def _is_sure(likely: Likely) -> bool:
    """Return whether one class is nearly certain at every place."""
    return bool(likely.max(axis=1).min(initial=1.0) >= SURE)


def _changed(strip: Ink, stretch: float, lean: float) -> Ink:
    """Stretch a strip and lean it: columns to the right for each row upwards."""
    rows, cols = strip.shape
    matrix = np.array([[stretch, -lean, lean * rows / 2], [0.0, 1.0, 0.0]])
    return np.asarray(cv2.warpAffine(strip, matrix, (max(1, round(stretch * cols)), rows)))


@cache
def shipped_sequence_recognizer() -> SequenceRecognizer:
    """Load what comes with the program."""
    return SequenceRecognizer(shipped_sequence_weights().network)


def _windows(cols: int) -> Iterator[tuple[int, int]]:
    """Return first column and width of the pieces that a strip is looked at in."""
    widest = WIDTHS[-1]
    if cols <= widest:
        yield 0, next(width for width in WIDTHS if width >= cols)
        return
    yield from ((start, widest) for start in range(0, cols - 2 * CONTEXT_PX, _STRIDE))


def _padded(ink: Ink, cols: int) -> Ink:
    """Fill up with paper on the right."""
    return np.pad(ink, ((0, 0), (0, cols - ink.shape[1])))


def _joined(pieces: Sequence[Likely], cols: int) -> Likely:
    """Join what was seen in pieces: of each the part that has its whole context."""
    context, stride = CONTEXT_PX // STEP_PX, _STRIDE // STEP_PX
    last = len(pieces) - 1
    own = [
        piece[context if number else 0 : context + stride if number < last else None]
        for number, piece in enumerate(pieces)
    ]
    return np.concatenate(own)[: -(-cols // STEP_PX)]
