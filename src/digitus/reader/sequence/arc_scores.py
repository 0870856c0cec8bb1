"""Scores of arcs as each class: a small network on features, and the networks' probabilities.

All weights are trained on whole lines, so that the right paths through the lattice score highest
(``training.sequence``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from digitus.models.line_image_format import N_CLASSES
from digitus.models.model import Classification
from digitus.reader.results.symbols import Kind

Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("digit", "dot", "comma", "dash", "other")
DIGITS = 10
"""Classes 0 to 9 are the digits, then come the other kinds; ``N_CLASSES`` in all."""
SCORER = "scorer.safetensors"

MIN_DIGIT_PROBABILITY = 1e-5
"""Of a digit by the single-digit model, so that its logarithm is finite."""
MIN_SPAN_PROBABILITY = 1e-7
"""Of a class along an arc by the sequence network; products of many places get smaller."""


@dataclass(frozen=True, eq=False)
class ArcProbabilities:
    """Probabilities of the two networks for m arcs.

    Attributes:
        p_digit: (m,) probability of being a digit by the single-digit model; 0.0 where it was not
            asked.
        classifier: (m, 10) its probabilities of the digits; uniform where it was not asked.
        sequence: (m, N_CLASSES) probability that the sequence network reads this class along the
            arc and nothing else; that of the last class, "other", includes nothing.
        nothing: (m,) probability that it reads nothing.
    """

    p_digit: Floats
    classifier: Floats
    sequence: Floats
    nothing: Floats

    @classmethod
    def of(
        cls, classification: Classification, ranges: NDArray[np.intp], spans: Floats
    ) -> "ArcProbabilities":
        """Combine the outputs of both networks.

        Args:
            classification: of ranges of ink by the single-digit model.
            ranges: (m,) range that each arc takes.
            spans: (m, N_CLASSES + 1) what the sequence network reads along each arc.
        """
        nothing = spans[:, N_CLASSES]
        sequence = spans[:, :N_CLASSES].copy()
        sequence[:, -1] += nothing
        return cls(
            classification.p_digit[ranges].astype(np.float64),
            classification.probabilities[ranges].astype(np.float64),
            sequence,
            nothing,
        )

    @classmethod
    def joined(cls, lines: "Sequence[ArcProbabilities]") -> "ArcProbabilities":
        """Concatenate the probabilities of several lines."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(line, name) for line in lines]) for name in names))

    def logs(self) -> tuple[Floats, Floats]:
        """Return log-probabilities of the classifier (m, 10) and the sequence network (m, 14)."""
        return (
            np.log(np.maximum(self.classifier, MIN_DIGIT_PROBABILITY)),
            np.log(np.maximum(self.sequence, MIN_SPAN_PROBABILITY)),
        )


@dataclass(frozen=True, eq=False)
class Scorer:
    """Weights of the scores; the names are those of the stored arrays.

    Attributes:
        mean: (f,) of the features in training.
        spread: (f,) their standard deviation.
        hidden: (f + 1, h) weights to the hidden layer; the last row is the bias.
        output: (h + 1, 5) weights to the kinds.
        classifier_weight: (10,) weight of the classifier's log-probability of each digit.
        sequence_weight: (14,) weight of the sequence network's log-probability of each class.
        text_weight: weight of the sequence network's log-probability of a whole text, beside that
            of the lattice.
    """

    mean: Floats
    spread: Floats
    hidden: Floats
    output: Floats
    classifier_weight: Floats
    sequence_weight: Floats
    text_weight: float

    def scores(self, features: Floats, probabilities: ArcProbabilities) -> Floats:
        """Score every arc as each class.

        Args:
            features: (m, f) in the order of ``arc_features.NAMES``.
            probabilities: of the same arcs.

        Returns:
            (m, N_CLASSES) unnormalized logarithms: only differences between paths count.
        """
        hidden = np.tanh(with_one((features - self.mean) / self.spread) @ self.hidden)
        kinds = with_one(hidden) @ self.output
        classifier, sequence = probabilities.logs()
        scores: Floats = np.concatenate([np.repeat(kinds[:, :1], DIGITS, 1), kinds[:, 1:]], axis=1)
        scores[:, :DIGITS] += self.classifier_weight * classifier
        scores += self.sequence_weight * sequence
        return scores


@cache
def shipped_scorer() -> Scorer:
    """Load the weights that are shipped."""
    return read_scorer(Path(str(files("digitus.reader") / "weights" / SCORER)))


def read_scorer(path: Path) -> Scorer:
    """Read the weights of the scores."""
    arrays = {name: array.astype(np.float64) for name, array in load_file(path).items()}
    text_weight = arrays.pop("text_weight").item()
    return Scorer(**arrays, text_weight=text_weight)


def with_one(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Append a column of ones (n, d + 1), which a bias multiplies."""
    return np.concatenate([rows, np.ones((len(rows), 1), rows.dtype)], axis=1)
