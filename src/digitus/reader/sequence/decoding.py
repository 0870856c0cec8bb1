"""The best way through a page's lattices, as pieces with honest confidences."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence.arc_features import NAMES
from digitus.reader.sequence.arc_scores import DIGITS, KINDS, LEAST, ArcProbabilities, Scorer
from digitus.reader.sequence.arcs import Candidates
from digitus.reader.sequence.beam_search import Step, likeliest
from digitus.reader.sequence.confidence import Calibration
from digitus.reader.sequence.scoring import Judged
from digitus.reader.sequence.sequence_recognizer import Seen
from digitus.reader.sequence.text_weights import certainty, shares_of, with_the_strips_own

Floats = NDArray[np.float64]

HEIGHT = NAMES.index("height")
HIGHEST_MARK = 0.6  # digit heights; a bare stroke that is higher is a 1, however low it hangs
SAME = 0.6  # share of ink in common from which two ranges are the same thing cut differently


@dataclass(frozen=True, eq=False)
class Found:
    """A piece at working size.

    Attributes:
        piece: its box lies within the run, at working size.
        scale: working pixels to one of the page.
    """

    piece: Symbol
    scale: float

    def on_page(self, run: LineImage, calibration: Calibration) -> Symbol:
        """Return the piece its box in the page, and an honest confidence."""
        left, top, right, bottom = self.piece.box
        x0, y0 = int(left / self.scale), int(top / self.scale)
        x1 = min(int(np.ceil(right / self.scale)), run.ink.shape[1])
        y1 = min(int(np.ceil(bottom / self.scale)), run.ink.shape[0])
        box = (run.left + x0, run.top + y0, x1 - x0, y1 - y0)
        sure = self.piece.confidence
        honest = calibration.calibrated(sure) if self.piece.kind == "digit" else 0.0
        return replace(self.piece, box=box, confidence=honest)


def decode(known: Judged, scorer: Scorer) -> list[list[Found]]:
    """Read every run: the likeliest text, and for each piece of it how sure it is."""
    probabilities = ArcProbabilities.joined(known.probabilities)
    features = np.concatenate(known.features)
    scores = scorer.scores(features, probabilities)
    scores[features[:, HEIGHT] > HIGHEST_MARK, DIGITS:-1] = -np.inf
    arc_scores = logsumexp(scores, axis=1)
    likely, _ = known.lattice().posteriors(arc_scores)
    posterior = np.exp(likely[:, None] + scores - arc_scores[:, None])
    ends = np.cumsum([len(candidates.start) for candidates in known.candidates])[:-1]
    parts = zip(np.split(scores, ends), np.split(posterior, ends), strict=True)
    return [
        _read(candidates, seen, scorer, *part)
        for candidates, seen, part in zip(known.candidates, known.seen, parts, strict=True)
    ]


def _read(
    candidates: Candidates, seen: Seen, scorer: Scorer, scores: Floats, posterior: Floats
) -> list[Found]:
    start, end = candidates.start, candidates.end
    readings = likeliest(start, end, scores, posterior)
    readings = with_the_strips_own(readings, seen, start, end, scores)
    shares = shares_of(readings, seen, scorer.text_weight)
    best = int(shares.argmax())
    sure = iter(certainty(best, readings, shares).tolist())
    scale = candidates.nodes.parts.scale
    pieces = (
        _piece(candidates, step, posterior, scores[step[0]], next(sure) if step[1] < DIGITS else 0)
        for step in readings[best].steps
    )
    return [Found(piece, scale) for piece in pieces]


def _piece(
    candidates: Candidates, step: Step, posterior: Floats, scores: Floats, sure: float
) -> Symbol:
    arc, best = step
    kind = KINDS[max(best - DIGITS + 1, 0)]
    left, top, right, bottom = candidates.boxes[candidates.range[arc]].tolist()
    whole = np.exp(scores - logsumexp(scores))
    here = np.maximum(posterior[_same(candidates, arc), :DIGITS].sum(axis=0), LEAST)
    digits = _with_best(here, best, sure) if kind == "digit" else here / here.sum()
    is_digit = float(whole[:DIGITS].sum())
    box = (left, top, right, bottom)
    return Symbol(kind, box, digits, is_digit, sure)


def _with_best(here: Floats, best: int, sure: float) -> Floats:
    """Share out what is not sure of a digit among the others; none of them exceeds it."""
    others = here.copy()
    others[best] = 0
    others *= min(1 - sure, sure) / others.sum()
    others[best] = max(sure, LEAST)
    digits: Floats = others / others.sum()
    return digits


def _same(candidates: Candidates, arc: int) -> NDArray[np.bool_]:
    """Return which arcs (m,) take about the same ink as this one."""
    before = candidates.nodes.ink_before
    low = before[candidates.first[candidates.range]]
    high = before[candidates.last[candidates.range]]
    common = np.minimum(high, high[arc]) - np.maximum(low, low[arc])
    union = np.maximum(high, high[arc]) - np.minimum(low, low[arc])
    same: NDArray[np.bool_] = common >= SAME * union
    return same
