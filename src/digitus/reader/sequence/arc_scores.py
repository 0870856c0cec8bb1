"""Scores of arcs as each class: a small network on features, and the networks' probabilities.

All weights are trained on whole lines, so that the right paths through the lattice score highest
(``training.sequence``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray

from digitus.models.model import Classification
from digitus.models.sequence.arc_scorer import scorer_network
from digitus.models.sequence.line_image_format import MARKS, N_CLASSES
from digitus.models.sequence.sequence_file import ScorerWeights, shipped_sequence_weights
from digitus.nn.network import Network
from digitus.reader.results.symbols import Kind

Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("digit", *MARKS, "other")
DIGITS = 10
"""Classes 0 to 9 are the digits, then come the other kinds; ``N_CLASSES`` in all."""


@dataclass(frozen=True)
class ProbabilityParameters:
    """Least probabilities whose logarithms the scorer gets.

    Set by hand, so that logarithms are finite. The scorer was trained with these values.

    Attributes:
        min_digit: least probability of a digit by the single-digit model.
        min_span: least probability of a class along an arc by the sequence network, which is a
            product over many places.
    """

    min_digit: float = 1e-5
    min_span: float = 1e-7


PROBABILITIES = ProbabilityParameters()


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
            classification: classification of ranges of ink by the single-digit model.
            ranges: (m,) number of the range that each arc takes.
            spans: (m, N_CLASSES + 1) probabilities of what the sequence network reads along each
                arc.
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
        """Return log-probabilities: of the classifier (m, 10), the network (m, N_CLASSES)."""
        return (
            np.log(np.maximum(self.classifier, PROBABILITIES.min_digit)),
            np.log(np.maximum(self.sequence, PROBABILITIES.min_span)),
        )


@dataclass(frozen=True, eq=False)
class Scorer:
    """Scores the arcs of a lattice.

    Attributes:
        network: from features and log-probabilities to scores; see
            `digitus.models.sequence.arc_scorer`.
        mean: (f,) mean of the features on the training lines.
        spread: (f,) standard deviation of the features.
        text_weight: weight of the sequence network's log-probability of a whole text beside the
            lattice's.
    """

    network: Network
    mean: Floats
    spread: Floats
    text_weight: float

    @classmethod
    def of(cls, weights: ScorerWeights) -> "Scorer":
        """Make the scorer of the weights in a file."""
        network = scorer_network(len(weights.mean), parameters=weights.parameters)
        return cls(network, weights.mean, weights.spread, weights.text_weight)

    def scores(self, features: Floats, probabilities: ArcProbabilities) -> Floats:
        """Score every arc as each digit and each other kind.

        Args:
            features: (m, f) features of the arcs, see `arc_features`.
            probabilities: probabilities of the arcs.

        Returns:
            (m, N_CLASSES); only differences between the sums along whole paths count.
        """
        return np.asarray(self.network.logits(self.inputs(features, probabilities)), np.float64)

    def inputs(self, features: Floats, probabilities: ArcProbabilities) -> Floats:
        """Return the rows (m, f + N_LOGS) of the network: standardized features, then logs."""
        standardized = (features - self.mean) / self.spread
        return np.concatenate([standardized, *probabilities.logs()], axis=1)


@cache
def shipped_scorer() -> Scorer:
    """Load the scorer that is shipped."""
    return Scorer.of(shipped_sequence_weights().scorer)
