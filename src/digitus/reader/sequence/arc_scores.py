"""Scores of the arcs of a lattice: what the networks say, and a small one on their features.

All weights are learned on whole strings.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from digitus.models.arc_scorer import scorer_network
from digitus.models.model import Classification
from digitus.models.sequence_file import ScorerWeights, shipped_sequence_weights
from digitus.nn.network import Network
from digitus.reader.results.symbols import Kind

Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("digit", "dot", "comma", "dash", "other")
DIGITS = 10
CLASSES = DIGITS + len(KINDS) - 1
"""The ten digits, then the other kinds."""
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
    """Scores the arcs of a lattice.

    Attributes:
        network: from features and log-probabilities to scores; see `digitus.models.arc_scorer`.
        mean: (f,) of the features on the training lines.
        spread: (f,) their standard deviation.
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
            features: (m, f) see `arc_features`.
            probabilities: on the arcs.

        Returns:
            (m, 14); only differences between the sums along whole paths count.
        """
        return np.asarray(self.network.logits(self.inputs(features, probabilities)), np.float64)

    def inputs(self, features: Floats, probabilities: ArcProbabilities) -> Floats:
        """Return the rows (m, f + 24) of the network: standardized features, then logs."""
        standardized = (features - self.mean) / self.spread
        return np.concatenate([standardized, *probabilities.logs()], axis=1)


@cache
def shipped_scorer() -> Scorer:
    """Load the weights that come with the program."""
    return Scorer.of(shipped_sequence_weights().scorer)
