"""Judging candidates: what the strips read there, and what the model says of whole parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.patch.batch import lay_out_all
from digitus.imaging.patch.patch import PATCH_PX
from digitus.models.model import Classification
from digitus.reader.sequence.arc_features import features_of
from digitus.reader.sequence.arc_scores import DIGITS, ArcProbabilities
from digitus.reader.sequence.arcs import Candidates, candidates_of, read_between
from digitus.reader.sequence.cut_nodes import Nodes
from digitus.reader.sequence.cuts import cut_runs
from digitus.reader.sequence.lattice import Lattice
from digitus.reader.sequence.line_components import Parts
from digitus.reader.sequence.sequence_recognizer import Seen
from digitus.recognizer import FULL_INK_IN_MNIST, DigitModel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SETTLED = 0.98  # probability from which a part is one digit without a look inside
WIDEST_SETTLED = 1.05  # digit heights
NARROWEST_CUT = 0.3  # digit heights; a narrower part holds no two digits


@dataclass(frozen=True, eq=False)
class Judged:
    """The candidates of some runs, with all that is known of them.

    Attributes:
        candidates: of each run.
        features: (m, f) of the arcs of each run.
        probabilities: on the arcs of each run.
        seen: along each run.
    """

    candidates: list[Candidates]
    features: list[Floats]
    probabilities: list[ArcProbabilities]
    seen: Sequence[Seen]

    def lattice(self) -> Lattice:
        """Join the arcs of all runs."""
        return Lattice.of([(c.start, c.end, len(c.nodes)) for c in self.candidates])


def judge_parts(model: DigitModel, parts: Sequence[Parts], seen: Sequence[Seen]) -> Judged:
    """Cut what may be several digits, and judge every candidate.

    All are judged by what the strip reads there. Whole parts are judged by the model as well; what
    was cut has lost a brim or has a bit of its neighbour, and it has not learned that.

    Args:
        model: judges single digits.
        parts: of each run.
        seen: along each run.
    """
    settled = [_settled(*pair) for pair in zip(parts, seen, strict=True)]
    cut = cut_runs(parts, [_may_be_cut(*pair) for pair in zip(parts, settled, strict=True)])
    candidates = [candidates_of(*four) for four in zip(parts, cut, settled, seen, strict=True)]
    probabilities = [
        ArcProbabilities.of(judged, run.range, run.read)
        for run, judged in zip(candidates, _judge(model, candidates), strict=True)
    ]
    features = [features_of(*pair) for pair in zip(candidates, probabilities, strict=True)]
    return Judged(candidates, features, probabilities, seen)


def _settled(parts: Parts, seen: Seen) -> Bools:
    """Return which parts (n,) are surely one digit each."""
    (uncut,) = cut_runs([parts], [np.zeros(len(parts), bool)])
    nodes, number = Nodes.of(parts, uncut), np.arange(len(parts))
    read = read_between(nodes, seen, number, number + 1)
    width = parts.boxes[:, 2] - parts.boxes[:, 0]
    sure: Bools = read[:, :DIGITS].max(axis=1) >= SETTLED
    return sure & (width <= WIDEST_SETTLED * parts.height_px)


def _may_be_cut(parts: Parts, settled: Bools) -> Bools:
    width = parts.boxes[:, 2] - parts.boxes[:, 0]
    return ~settled & (width >= NARROWEST_CUT * parts.height_px)


def _judge(model: DigitModel, runs: Sequence[Candidates]) -> list[Classification]:
    """Let the model judge the ranges of whole parts, of many runs in one call."""
    asked = [run.is_uncut() & run.is_large() for run in runs]
    inks = [
        run.inks[number]
        for run, some in zip(runs, asked, strict=True)
        for number in np.flatnonzero(some).tolist()
    ]
    pixels = lay_out_all(inks).reshape(len(inks), PATCH_PX**2) * np.float32(FULL_INK_IN_MNIST)
    judged = model.classify(pixels) if inks else Classification(np.empty((0, DIGITS)), np.empty(0))
    ends = np.cumsum([int(some.sum()) for some in asked])[:-1]
    parts = zip(np.split(judged.probabilities, ends), np.split(judged.p_digit, ends), strict=True)
    return [_spread(some, *part) for some, part in zip(asked, parts, strict=True)]


def _spread(
    asked: Bools, probabilities: NDArray[np.floating], digit: NDArray[np.floating]
) -> Classification:
    """Fill in those that were not asked: any digit, and surely none."""
    every, is_digit = np.full((len(asked), DIGITS), 1 / DIGITS), np.zeros(len(asked))
    every[asked], is_digit[asked] = probabilities, np.maximum(digit, np.finfo(float).tiny)
    return Classification(every, is_digit)
