"""Judging the candidates of a page: few calls of the networks for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from digitus.imaging.patch import PATCH_PX
from digitus.models.model import Judgement
from digitus.reader.candidates import Candidates, whole_parts
from digitus.reader.cuts import cut_runs
from digitus.reader.features import LEAST, features_of
from digitus.reader.lattice import Lattice
from digitus.reader.parts import Parts
from digitus.reader.proposals import Proposal, patches_of, propose
from digitus.reader.sieve import Sieve
from digitus.recognizer import FULL_INK_IN_MNIST, DigitModel

SETTLED = 0.98  # probability from which a part is one digit without a look inside
WIDEST_SETTLED = 1.05  # digit heights


@dataclass(frozen=True, eq=False)
class Judged:
    """The candidates of some runs, with all that is known of them.

    Attributes:
        candidates: of each run.
        judgements: of the ranges of each run.
        features: (m, f) of the arcs of each run.
    """

    candidates: list[Candidates]
    judgements: list[Judgement]
    features: list[NDArray[np.float64]]

    def lattice(self) -> Lattice:
        """Join the arcs of all runs."""
        return Lattice.of([(c.start, c.end, len(c.nodes)) for c in self.candidates])

    def probabilities(self) -> NDArray[np.float64]:
        """Give the probabilities (m, 10) of the digits for the arcs of all runs."""
        pairs = zip(self.judgements, self.candidates, strict=True)
        return np.concatenate([judged.probabilities[c.range] for judged, c in pairs])


def judge_parts(
    model: DigitModel, parts: Sequence[Parts], *, cutter: DigitModel, sieve: Sieve | None
) -> Judged:
    """Cut what may be several digits, and judge every candidate.

    Whole parts are judged by the model; those that are surely one digit are not cut. All else is
    judged by the cutter, and whole parts that are in doubt by both.

    Args:
        model: judges single digits.
        parts: of each run.
        cutter: judges what was cut.
        sieve: drops candidates unseen; None keeps all.
    """
    whole = cut_runs(parts, [np.zeros(len(run), bool) for run in parts])
    firsts = [whole_parts(*pair) for pair in zip(parts, whole, strict=True)]
    seen = _judge_ranges(model, [(run.is_large(), patches_of(run)) for run in firsts])
    settled = [_settled(*pair) for pair in zip(firsts, seen, strict=True)]
    proposals = propose(parts, settled)
    if sieve is not None:
        proposals = [proposal.sifted(sieve) for proposal in proposals]
    asked = [_open(*pair) for pair in zip(proposals, settled, strict=True)]
    shown = [(some, proposal.patches) for some, proposal in zip(asked, proposals, strict=True)]
    judgements = _judge_ranges(cutter, shown)
    for proposal, judged, first in zip(proposals, judgements, seen, strict=True):
        _add_opinion(proposal.candidates, judged, first)
    features = [
        features_of(proposal.candidates, proposal.geometry, judged)
        for proposal, judged in zip(proposals, judgements, strict=True)
    ]
    return Judged([proposal.candidates for proposal in proposals], judgements, features)


def _open(proposal: Proposal, settled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which ranges (n,) are to be judged: not those that are settled."""
    candidates = proposal.candidates
    part = np.minimum(candidates.nodes.part[candidates.first], len(settled) - 1)
    is_open: NDArray[np.bool_] = candidates.is_large() & ~(candidates.is_whole() & settled[part])
    return is_open


def _add_opinion(candidates: Candidates, judged: Judgement, first: Judgement) -> None:
    """Let the model that saw the whole parts have its say on them, in place.

    Two opinions on the digit are joined by their geometric mean, those on being one by the mean of
    their log odds; where only the model was asked, its opinion stands alone.
    """
    whole = np.flatnonzero(candidates.is_whole())
    part = candidates.nodes.part[candidates.first[whole]]
    whole, part = whole[first.digit[part] > 0], part[first.digit[part] > 0]
    twice = judged.digit[whole] > 0
    joint = np.sqrt(judged.probabilities[whole] * first.probabilities[part])
    joint /= joint.sum(axis=1, keepdims=True)
    judged.probabilities[whole] = np.where(twice[:, None], joint, first.probabilities[part])
    both = expit((_odds(judged.digit[whole]) + _odds(first.digit[part])) / 2)
    judged.digit[whole] = np.where(twice, both, first.digit[part])


def _odds(digit: NDArray[np.floating]) -> NDArray[np.floating]:
    """Log odds of being a digit, within bounds."""
    bounded = np.clip(digit, LEAST, 1 - LEAST)
    odds: NDArray[np.floating] = np.log(bounded / (1 - bounded))
    return odds


def _settled(candidates: Candidates, judged: Judgement) -> NDArray[np.bool_]:
    sure = judged.digit * judged.probabilities.max(axis=1) >= SETTLED
    width = candidates.boxes[:, 2] - candidates.boxes[:, 0]
    settled: NDArray[np.bool_] = sure & (width <= WIDEST_SETTLED * candidates.nodes.parts.height_px)
    return settled


def _judge_ranges(
    model: DigitModel, shown: Sequence[tuple[NDArray[np.bool_], NDArray[np.float32]]]
) -> list[Judgement]:
    """Judge ranges of many runs in one call.

    Args:
        model: judges single digits.
        shown: for each run which ranges (n,) to judge, and the patches (n, 28, 28) of all.
    """
    asked = np.concatenate([patches[some] for some, patches in shown])
    pixels = asked.reshape(len(asked), PATCH_PX**2) * np.float32(FULL_INK_IN_MNIST)
    judged = model.judge(pixels) if len(asked) else Judgement(np.empty((0, 10)), np.empty(0))
    ends = np.cumsum([int(some.sum()) for some, _ in shown])[:-1]
    parts = zip(np.split(judged.probabilities, ends), np.split(judged.digit, ends), strict=True)
    return [_spread(some, *part) for (some, _), part in zip(shown, parts, strict=True)]


def _spread(
    asked: NDArray[np.bool_], probabilities: NDArray[np.floating], digit: NDArray[np.floating]
) -> Judgement:
    """Fill in those that were not asked: any digit, and surely none."""
    every, is_digit = np.full((len(asked), 10), 0.1), np.zeros(len(asked))
    every[asked], is_digit[asked] = probabilities, np.maximum(digit, np.finfo(float).tiny)
    return Judgement(every, is_digit)
