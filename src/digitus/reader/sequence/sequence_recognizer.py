"""The sequence recognizer: which symbol stands where along a line image, and in spans of it.

The network moves along the line image and gives, at every place (two columns), the probability of
each class or the blank of connectionist temporal classification (A. Graves, S. Fernández, F. Gomez,
J. Schmidhuber 2006; see ``nn.ctc``). The paths of a span of places that read one class go through
blanks, then through the class, then through blanks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.models.sequence.line_input import LINE_INPUT, line_input
from digitus.models.sequence.sequence_file import shipped_sequence_weights
from digitus.models.sequence.sequence_network import CHANNELS, STEP_PX, sequence_network
from digitus.nn.arrays import Floats
from digitus.nn.network import Network
from digitus.reader.results.symbols import LineImage

Probabilities = NDArray[np.float64]
PlaceProbabilities = NDArray[np.float64]
"""(places, N_CLASSES + 1) probability of each class at each place; the last is the blank."""

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class SequenceRecognizerParameters:
    """Parameters of the sequence recognizer.

    Set by hand, from the size of the network's input and the width of digits in it.

    Attributes:
        widths: columns of the networks' inputs, multiples of two. A line image is given to the
            narrowest network that holds it; a longer one to the widest, in overlapping windows.
        context_px: half of the columns that two neighboring windows share. A place sees fewer, 23,
            on either side.
        views: stretch and slant (columns to the right per row upwards) of the further views of
            a doubtful line image.
        sure: least probability of the likeliest class at every place of a line image that is not
            doubtful.
        max_span: greatest number of places that may read one class. Digits are up to 16 places
            wide.
    """

    widths: tuple[int, ...] = (64, 128, 256)
    context_px: int = 32
    views: tuple[tuple[float, float], ...] = ((0.87, 0.15), (1.14, -0.15))
    sure: float = 0.9
    max_span: int = 28

    @property
    def stride_px(self) -> int:
        """Columns from the start of one window of a long line image to that of the next."""
        return self.widths[-1] - 2 * self.context_px


PARAMETERS = SequenceRecognizerParameters()


@dataclass(frozen=True, eq=False)
class SequenceOutput:
    """Output of the network along a line image.

    Attributes:
        probabilities: (places, N_CLASSES + 1) probability of each class at each place; the last is
            the blank.
        scale: pixels of the network's input per pixel of the line image.
        views: the same for further views of the line image, stretched and slanted; they have other
            numbers of places. Empty if the line image is not doubtful.
    """

    probabilities: PlaceProbabilities
    scale: float
    views: tuple[PlaceProbabilities, ...] = ()

    def places(self, cols: NDArray[np.floating]) -> Ints:
        """Return the first place (n,) on the right of each column (n,) of the line image."""
        place = (cols * self.scale + LINE_INPUT.margin_px) / STEP_PX
        return np.clip(np.rint(place), 0, len(self.probabilities)).astype(np.intp)


@dataclass(eq=False)
class SequenceRecognizer:
    """The sequence network, for line images of any width.

    Attributes:
        parameters: (p,) parameters of the network, the same for every width.
        channels: of its convolutions.
    """

    parameters: Floats
    channels: tuple[int, ...] = CHANNELS
    _networks: dict[int, Network] = field(default_factory=dict, repr=False)

    def recognize(self, images: Sequence[LineImage]) -> list[SequenceOutput]:
        """Run the network along line images, and along further views of those that are doubtful."""
        inputs = [line_input(image.ink, image.height_px) for image in images]
        outputs = self._probabilities([ink for ink, _ in inputs])
        doubtful = [number for number, output in enumerate(outputs) if not _is_sure(output)]
        views = [
            self._probabilities(
                [_transformed(inputs[number][0], stretch, slant) for number in doubtful]
            )
            for stretch, slant in PARAMETERS.views
        ]
        views_of = dict(zip(doubtful, zip(*views, strict=True), strict=True))
        return [
            SequenceOutput(output, scale, views_of.get(number, ()))
            for number, (output, (_, scale)) in enumerate(zip(outputs, inputs, strict=True))
        ]

    def _probabilities(self, inks: Sequence[Ink]) -> list[PlaceProbabilities]:
        """Return the probabilities along inks (ROWS, cols) of any widths."""
        windows = [list(_windows(ink.shape[1])) for ink in inks]
        outputs = iter(
            self._window_probabilities(
                [
                    _padded(ink[:, start : start + width], width)
                    for ink, starts in zip(inks, windows, strict=True)
                    for start, width in starts
                ]
            )
        )
        return [
            _joined([next(outputs) for _ in starts], ink.shape[1])
            for ink, starts in zip(inks, windows, strict=True)
        ]

    def _window_probabilities(self, inks: Sequence[Ink]) -> list[PlaceProbabilities]:
        """Return the probabilities along inks (ROWS, cols) of the networks' widths."""
        widths = np.array([ink.shape[1] for ink in inks], np.intp)
        outputs: dict[int, PlaceProbabilities] = {}
        for width in np.unique(widths).tolist():
            same = np.flatnonzero(widths == width).tolist()
            rows = np.stack([inks[number].ravel() for number in same])
            output = self._network(width).probabilities(rows)
            by_place = output.astype(np.float64).reshape(len(same), -1, N_CLASSES + 1)
            outputs.update(zip(same, by_place, strict=True))
        return [outputs[number] for number in range(len(inks))]

    def _network(self, cols: int) -> Network:
        if cols not in self._networks:
            self._networks[cols] = sequence_network(
                cols, N_CLASSES, channels=self.channels, parameters=self.parameters
            )
        return self._networks[cols]


def span_probabilities(probabilities: PlaceProbabilities, first: Ints, last: Ints) -> Probabilities:
    """Return the probability that each span of places reads one class and nothing else.

    A class that was read at the place before a span continues in it; it does not count again.

    Args:
        probabilities: (places, k + 1) of the classes at each place, the blank last.
        first: (m,) first place of each span.
        last: (m,) place behind it.

    Returns:
        (m, k + 1); the last is the probability that nothing is read. All are 0 for spans longer
        than ``PARAMETERS.max_span``.
    """
    one, nothing = _span_table(probabilities)
    length = np.maximum(last - first, 0)
    short = length <= PARAMETERS.max_span
    length = np.minimum(length, PARAMETERS.max_span)
    found = np.column_stack([one[length, first], nothing[length, first]])
    return np.where(short[:, None], found, 0.0)


def _span_table(probabilities: PlaceProbabilities) -> tuple[Probabilities, Probabilities]:
    """Return ``span_probabilities`` of every length and first place.

    Returns:
        Of each class (max_span + 1, places + 1, k), and of nothing (max_span + 1, places + 1).
    """
    longest = PARAMETERS.max_span
    places, k = len(probabilities), probabilities.shape[1] - 1
    end = np.zeros((longest, k + 1))
    end[:, k] = 1  # paper behind the line
    padded = np.concatenate([probabilities, end, end[:1]])
    fresh = np.ones((places + 1, k))  # the class was not read at the place before
    fresh[1:] -= probabilities[:, :k]
    # Forward probabilities: only blanks so far; within the class; blanks behind the class.
    ahead, within, behind = np.ones(places + 1), *np.zeros((2, places + 1, k))
    one, nothing = np.zeros((longest + 1, places + 1, k)), np.ones((longest + 1, places + 1))
    for length in range(1, longest + 1):
        here = padded[length - 1 : length + places]
        blank = here[:, k]
        behind = (behind + within) * blank[:, None]
        start = ahead[:, None] * (fresh if length == 1 else 1.0)
        within = (within + start) * here[:, :k]
        ahead = ahead * blank
        one[length], nothing[length] = within + behind, ahead
    return one, nothing


@cache
def shipped_sequence_recognizer() -> SequenceRecognizer:
    """Load the sequence recognizer that is shipped."""
    weights = shipped_sequence_weights()
    return SequenceRecognizer(weights.network, weights.channels)


def _is_sure(probabilities: PlaceProbabilities) -> bool:
    """Return whether one class is nearly certain at every place."""
    return bool(probabilities.max(axis=1).min(initial=1.0) >= PARAMETERS.sure)


def _transformed(ink: Ink, stretch: float, slant: float) -> Ink:
    """Stretch ink along the line and slant it: columns to the right per row upwards."""
    rows, cols = ink.shape
    matrix = np.array([[stretch, -slant, slant * rows / 2], [0.0, 1.0, 0.0]])
    return np.asarray(cv2.warpAffine(ink, matrix, (max(1, round(stretch * cols)), rows)))


def _windows(cols: int) -> Iterator[tuple[int, int]]:
    """Return first column and width of the windows that ink of some width is given in."""
    widest = PARAMETERS.widths[-1]
    if cols <= widest:
        yield 0, next(width for width in PARAMETERS.widths if width >= cols)
        return
    last = cols - 2 * PARAMETERS.context_px
    yield from ((start, widest) for start in range(0, last, PARAMETERS.stride_px))


def _padded(ink: Ink, cols: int) -> Ink:
    """Add paper on the right, up to a width."""
    return np.pad(ink, ((0, 0), (0, cols - ink.shape[1])))


def _joined(windows: Sequence[PlaceProbabilities], cols: int) -> PlaceProbabilities:
    """Join the outputs of windows, each without the places that lack some of their context."""
    context, stride = PARAMETERS.context_px // STEP_PX, PARAMETERS.stride_px // STEP_PX
    last = len(windows) - 1
    own = [
        window[context if number else 0 : context + stride if number < last else None]
        for number, window in enumerate(windows)
    ]
    return np.concatenate(own)[: -(-cols // STEP_PX)]
