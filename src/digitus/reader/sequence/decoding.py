"""Decoding: the likeliest text of each line, as symbols with boxes and confidences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from digitus.models.sequence.line_image_format import FIRST_MARK, MARKS, OTHER
from digitus.reader.results.symbols import LineImage, Symbol, with_marks_between
from digitus.reader.sequence.arc_features import NAMES
from digitus.reader.sequence.arc_scores import (
    DIGITS,
    KINDS,
    PROBABILITIES,
    ArcProbabilities,
    Scorer,
)
from digitus.reader.sequence.arcs import Arcs
from digitus.reader.sequence.classifier_doubt import ClassifierDoubt
from digitus.reader.sequence.confidence import SymbolCalibration
from digitus.reader.sequence.scoring import ScoredArcs, lattice_of
from digitus.reader.sequence.texts.beam_search import Step, TextReading, likeliest_texts
from digitus.reader.sequence.texts.text_weights import (
    digit_probabilities,
    mark_probabilities,
    text_probabilities,
    unread_marks,
    with_sequence_texts,
)

Floats = NDArray[np.float64]

HEIGHT = NAMES.index("height")


@dataclass(frozen=True)
class DecodingParameters:
    """Parameters of decoding.

    Set by hand: points, commas and dashes are low, and two neighboring digits share little ink.

    Attributes:
        max_mark_height: greatest height of a point, comma or dash in digit heights. A higher stroke
            is a 1, even if it reaches below the line as a comma does.
        same_ink: least share of their joint ink that two ranges have in common if they are the
            same symbol between different cuts.
        min_unread: least posterior of a mark that is kept although the likeliest text leaves it
            out. A lower one is calibrated to less than one in twenty.
    """

    max_mark_height: float = 0.6
    same_ink: float = 0.6
    min_unread: float = 1e-9


PARAMETERS = DecodingParameters()

LEAST_REST = 1e-9
"""Least probability of the other digits together: far below what a calibration tells apart."""

_LOW_MARKS = [FIRST_MARK + MARKS.index(kind) for kind in ("point", "comma", "minus")]


@dataclass(frozen=True, eq=False)
class DecodedSymbol:
    """A symbol of a line image at working size.

    Attributes:
        symbol: its box lies within the line image, at working size; its confidence is not
            calibrated.
        scale: working pixels per pixel of the page.
        doubt: what the single-digit model says of it, where it was asked.
    """

    symbol: Symbol
    scale: float
    doubt: ClassifierDoubt = field(default_factory=ClassifierDoubt)

    def on_page(self, image: LineImage, calibration: SymbolCalibration) -> Symbol:
        """Return the symbol with its box in the page and a calibrated confidence.

        Args:
            image: line image that was decoded.
            calibration: of the confidences of digits and of marks; other symbols have 0.
        """
        left, top, right, bottom = self.symbol.box
        x0, y0 = int(left / self.scale), int(top / self.scale)
        x1 = min(int(np.ceil(right / self.scale)), image.ink.shape[1])
        y1 = min(int(np.ceil(bottom / self.scale)), image.ink.shape[0])
        box = (image.left + x0, image.top + y0, x1 - x0, y1 - y0)
        confidence = calibration.confidence_of(self.symbol)
        probabilities, digit = self.symbol.probabilities, self.symbol.digit
        if self.symbol.kind == "digit" and probabilities is not None and digit is not None:
            confidence *= self.doubt.factor(digit)
            probabilities = self.doubt.with_alternatives(probabilities, digit)
        return replace(self.symbol, box=box, probabilities=probabilities, confidence=confidence)


def decode(lines: Sequence[ScoredArcs], scorer: Scorer) -> list[list[DecodedSymbol]]:
    """Return the symbols of the likeliest text of each line, from left to right."""
    probabilities = ArcProbabilities.joined([line.probabilities for line in lines])
    features = np.concatenate([line.features for line in lines])
    scores = scorer.scores(features, probabilities)
    is_high = np.flatnonzero(features[:, HEIGHT] > PARAMETERS.max_mark_height)
    scores[is_high[:, None], _LOW_MARKS] = -np.inf
    arc_scores = logsumexp(scores, axis=1)
    log_posterior, _ = lattice_of(lines).posteriors(arc_scores)
    posterior = np.exp(log_posterior[:, None] + scores - arc_scores[:, None])
    ends = np.cumsum([len(line.arcs.start) for line in lines])[:-1]
    return [
        _decode_line(line, _ClassScores(line_scores, line_posterior), scorer.text_weight)
        for line, line_scores, line_posterior in zip(
            lines, np.split(scores, ends), np.split(posterior, ends), strict=True
        )
    ]


@dataclass(frozen=True, eq=False)
class _ClassScores:
    """Scores (m, N_CLASSES) of a line's arcs as each class, and the posteriors (m, N_CLASSES)."""

    scores: Floats
    posterior: Floats


def _decode_line(
    line: ScoredArcs, classes: _ClassScores, text_weight: float
) -> list[DecodedSymbol]:
    arcs = line.arcs
    readings = likeliest_texts(arcs.start, arcs.end, classes.scores, classes.posterior)
    readings = with_sequence_texts(readings, line.output, arcs, classes.scores)
    probabilities = text_probabilities(readings, line.output, text_weight)
    best = int(probabilities.argmax())
    scale = arcs.nodes.components.scale
    symbols = [
        DecodedSymbol(
            _symbol(arcs, classes, step, confidence),
            scale,
            ClassifierDoubt.of(line.probabilities, step[0]),
        )
        for step, confidence in _with_confidences(best, readings, probabilities)
    ]
    unread = [
        DecodedSymbol(_unread(_symbol(arcs, classes, step, probability), probability), scale)
        for step, probability in unread_marks(best, readings, probabilities).values()
        if probability >= PARAMETERS.min_unread
    ]
    return with_marks_between(symbols, unread, _middle)


def _unread(symbol: Symbol, probability: float) -> Symbol:
    """Return a mark that the likeliest text leaves out, and the probability that it is there."""
    return replace(symbol, is_read=False, confidence=probability)


def _middle(one: DecodedSymbol) -> float:
    left, _, right, _ = one.symbol.box
    return (left + right) / 2


def _with_confidences(
    best: int, readings: Sequence[TextReading], probabilities: Floats
) -> Iterator[tuple[Step, float]]:
    """Yield the steps of the likeliest text with the probability that each is right."""
    of_digits = iter(digit_probabilities(best, readings, probabilities).tolist())
    of_all = iter(mark_probabilities(best, readings, probabilities).tolist())
    for step in readings[best].steps:
        if step[1] == OTHER:
            yield step, 0.0
            continue
        confidence = next(of_all)
        yield step, next(of_digits) if step[1] < DIGITS else confidence


def _symbol(arcs: Arcs, classes: _ClassScores, step: Step, confidence: float) -> Symbol:
    """Make the symbol of one step of a path; its confidence is the smaller of two posteriors.

    One is that of the texts, given; the other is that of this ink, which the lattice may read as
    something else. Beam search drops what is unlikely, so the first one alone is 1 for most digits.
    """
    arc, best = step
    kind = KINDS[max(best - DIGITS + 1, 0)]
    left, top, right, bottom = arcs.ranges.boxes[arcs.range[arc]].tolist()
    scores = classes.scores[arc]
    shares = np.exp(scores - logsumexp(scores))
    same = classes.posterior[_takes_same_ink(arcs, arc)].sum(axis=0)
    # The arc's own shares tell the digits apart that the posteriors of a sure line leave at 0.
    digits = same[:DIGITS] + PROBABILITIES.min_digit * shares[:DIGITS]
    digits = np.maximum(digits, np.finfo(np.float64).tiny)
    confidence = min(confidence, max(1 - float(np.delete(same, best).sum()), 0.0))
    is_digit = kind == "digit"
    digits = _with_confidence(digits, best, confidence) if is_digit else digits / digits.sum()
    p_digit = float(shares[:DIGITS].sum())
    return Symbol(kind, (left, top, right, bottom), digits, p_digit, confidence)


def _with_confidence(digits: Floats, best: int, confidence: float) -> Floats:
    """Give one digit a probability and share the rest among the others (10,).

    None of the others exceeds it, even where it is below one half. Where rounding leaves no rest,
    the least one keeps their proportions.
    """
    others = digits.copy()
    others[best] = 0
    rest = max(1 - confidence, LEAST_REST)
    others *= min(rest, confidence) / others.sum()
    others[best] = max(confidence, PROBABILITIES.min_digit)
    probabilities: Floats = others / others.sum()
    return probabilities


def _takes_same_ink(arcs: Arcs, arc: int) -> NDArray[np.bool_]:
    """Return which arcs (m,) take about the same ink as one of them."""
    before = arcs.nodes.ink_before
    low = before[arcs.ranges.first[arcs.range]]
    high = before[arcs.ranges.last[arcs.range]]
    common = np.minimum(high, high[arc]) - np.maximum(low, low[arc])
    union = np.maximum(high, high[arc]) - np.minimum(low, low[arc])
    same: NDArray[np.bool_] = common >= PARAMETERS.same_ink * union
    return same
