"""Scores of the arcs of a lattice: what the networks say, and a small one on their features.

All weights are learned on whole strings.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from digitus.models.model import Classification
from digitus.reader.results.symbols import Kind

Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("digit", "dot", "comma", "dash", "other")
DIGITS = 10
CLASSES = DIGITS + len(KINDS) - 1
"""The ten digits, then the other kinds."""
SCORER = "scorer.safetensors"
LEAST = 1e-5  # probability of a digit
LEAST_READ = 1e-7  # probability that a strip reads one thing


@dataclass(frozen=True, eq=False)
class ArcProbabilities:
    """What the networks say of each arc.

    Attributes:
        is_digit: (m,) the model's probability of being a digit; 0.0 where it was not asked.
        model: (m, 10) the model's probabilities of the digits; alike where it was not asked.
        strip: (m, 14) probability that the strip reads one of ``CLASSES`` there, and nothing else;
            "other" includes nothing at all.
        nothing: (m,) probability that it reads nothing there.
    """

    is_digit: Floats
    model: Floats
    strip: Floats
    nothing: Floats

    @classmethod
    def of(
        cls, judged: Classification, taken: NDArray[np.intp], spans: Floats
    ) -> "ArcProbabilities":
        """Join both networks' probabilities.

        Args:
            judged: ranges of ink.
            taken: (m,) range that each arc takes.
            spans: (m, 15) what the strip reads on each arc; the last is nothing.
        """
        strip = spans[:, :CLASSES].copy()
        strip[:, -1] += spans[:, CLASSES]
        model = judged.probabilities[taken].astype(np.float64)
        return cls(judged.p_digit[taken].astype(np.float64), model, strip, spans[:, CLASSES])

    @classmethod
    def joined(cls, some: "list[ArcProbabilities]") -> "ArcProbabilities":
        """Put the probabilities on several runs together."""
        names = ("is_digit", "model", "strip", "nothing")
        return cls(*(np.concatenate([getattr(one, name) for one in some]) for name in names))

    def logs(self) -> tuple[Floats, Floats]:
        """Return the logarithms of the model's (m, 10) and the strip's (m, 14) probabilities."""
        return np.log(np.maximum(self.model, LEAST)), np.log(np.maximum(self.strip, LEAST_READ))


@dataclass(frozen=True, eq=False)
class Scorer:
    """Weights of the scores.

    Attributes:
        mean: (f,) of the features where it was learned.
        spread: (f,) their standard deviation.
        hidden: (f + 1, h) weights to the hidden layer; the last row is the bias.
        output: (h + 1, 5) weights to the kinds.
        classifier_weight: (10,) weight of the logarithm of the model's probability of each digit.
        sequence_weight: (14,) weight of the logarithm of the strip's probability of each class.
        whole: (1,) weight of the strip's opinion on a whole text beside the lattice's.
    """

    mean: Floats
    spread: Floats
    hidden: Floats
    output: Floats
    classifier_weight: Floats
    sequence_weight: Floats
    whole: Floats

    def scores(self, features: Floats, probabilities: ArcProbabilities) -> Floats:
        """Score every arc as each digit and each other kind.

        Args:
            features: (m, f) see ``features``.
            probabilities: on the arcs.

        Returns:
            (m, 14); only differences between the scores of whole ways count.
        """
        hidden = np.tanh(with_one((features - self.mean) / self.spread) @ self.hidden)
        kinds = with_one(hidden) @ self.output
        model, strip = probabilities.logs()
        scores: Floats = np.concatenate([np.repeat(kinds[:, :1], DIGITS, 1), kinds[:, 1:]], axis=1)
        scores[:, :DIGITS] += self.classifier_weight * model
        scores += self.sequence_weight * strip
        return scores


@cache
def shipped_scorer() -> Scorer:
    """Load the weights that come with the program."""
    return read_scorer(Path(str(files("digitus.reader") / "weights" / SCORER)))


def read_scorer(path: Path) -> Scorer:
    """Read weights of the scores."""
    arrays = {name: array.astype(np.float64) for name, array in load_file(path).items()}
    return Scorer(**arrays)


def with_one(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Add a column of ones, which a bias multiplies."""
    return np.concatenate([rows, np.ones((len(rows), 1), rows.dtype)], axis=1)
