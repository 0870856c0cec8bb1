"""The best way through a page's lattices, as pieces with honest confidences."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from digitus.reader.calibration import Calibration
from digitus.reader.candidates import Candidates
from digitus.reader.judging import Judged
from digitus.reader.pieces import InkRun, Piece
from digitus.reader.scores import DIGITS, KINDS, LEAST, Scorer
from digitus.reader.search import Step, likeliest

Floats = NDArray[np.float64]

SAME = 0.6  # share of ink in common from which two ranges are the same thing cut differently


@dataclass(frozen=True, eq=False)
class Found:
    """A piece at working size.

    Attributes:
        piece: its box lies within the run, at working size.
        scale: working pixels to one of the page.
    """

    piece: Piece
    scale: float

    def on_page(self, run: InkRun, calibration: Calibration) -> Piece:
        """Give the piece its box in the page, and an honest confidence."""
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
    scores = scorer.scores(np.concatenate(known.features), known.probabilities())
    arc_scores = logsumexp(scores, axis=1)
    likely, _ = known.lattice().posteriors(arc_scores)
    posterior = np.exp(likely[:, None] + scores - arc_scores[:, None])
    ends = np.cumsum([len(candidates.start) for candidates in known.candidates])[:-1]
    parts = zip(np.split(scores, ends), np.split(posterior, ends), strict=True)
    return [_read(run, *part) for run, part in zip(known.candidates, parts, strict=True)]


def _read(candidates: Candidates, scores: Floats, posterior: Floats) -> list[Found]:
    steps = likeliest(candidates.start, candidates.end, scores, posterior)
    scale = candidates.nodes.parts.scale
    return [Found(_piece(candidates, step, posterior, scores[step[0]]), scale) for step in steps]


def _piece(candidates: Candidates, step: Step, posterior: Floats, scores: Floats) -> Piece:
    arc, best = step
    kind = KINDS[max(best - DIGITS + 1, 0)]
    left, top, right, bottom = candidates.boxes[candidates.range[arc]].tolist()
    whole = np.exp(scores - logsumexp(scores))
    here = posterior[_same(candidates, arc)].sum(axis=0)
    digits = np.maximum(here[:DIGITS], LEAST)
    sure = float(here[best]) if kind == "digit" else 0.0
    is_digit = float(whole[:DIGITS].sum())
    return Piece(kind, (left, top, right, bottom), digits / digits.sum(), is_digit, sure)


def _same(candidates: Candidates, arc: int) -> NDArray[np.bool_]:
    """Tell which arcs (m,) take about the same ink as this one."""
    before = candidates.nodes.ink_before
    low = before[candidates.first[candidates.range]]
    high = before[candidates.last[candidates.range]]
    common = np.minimum(high, high[arc]) - np.maximum(low, low[arc])
    union = np.maximum(high, high[arc]) - np.minimum(low, low[arc])
    same: NDArray[np.bool_] = common >= SAME * union
    return same
