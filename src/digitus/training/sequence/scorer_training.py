"""Training of the arc scorer on the lattices of whole lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.models.sequence.arc_scorer import scorer_network
from digitus.nn.arrays import Floats
from digitus.nn.optimizers import Adam
from digitus.nn.schedules import Cosine
from digitus.reader.sequence.arc_scores import ArcProbabilities, Scorer
from digitus.training.sequence.lattice_loss import LatticeLoss, has_right_path, lattice_targets

LEAST_SPREAD = 1e-3
"""Smallest standard deviation that a feature is divided by, as some features hardly vary."""


@dataclass(frozen=True)
class ScorerSettings:
    """How the scorer is trained. Set by hand; no search is recorded.

    Attributes:
        epochs: passes over the lines.
        batch_size: lines per step.
        rate: largest learning rate of Adam; it falls to 0 along a cosine.
        weight_decay: weight decay of Adam.
    """

    epochs: int = 16
    batch_size: int = 64
    rate: float = 0.01
    weight_decay: float = 1e-4


SETTINGS = ScorerSettings()


@dataclass(frozen=True, eq=False)
class ScoringExample:
    """The lattice of a line and its right arcs.

    Attributes:
        features: (m, f) of the arcs, in the order of `arc_features.NAMES`.
        probabilities: on the arcs.
        start: (m,) first node of each arc.
        end: (m,) last node.
        right: (m, N_CLASSES) which arcs are right as which class.
    """

    features: NDArray[np.float64]
    probabilities: ArcProbabilities
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    right: NDArray[np.bool_]

    def targets(self, number: int = 0) -> Floats:
        """Return the targets (m, 3 + N_CLASSES) of the arcs, as the given lattice of a batch."""
        return lattice_targets(number, self.start, self.end, self.right)


def train_scorer(
    examples: Sequence[ScoringExample],
    rng: np.random.Generator,
) -> tuple[Scorer, list[float]]:
    """Train a scorer; lines whose right arcs make no whole path are left out.

    Args:
        examples: lattices of lines.
        rng: draws the first weights and the order of the lines.

    Returns:
        The scorer, its text weight 1, and the mean loss of each epoch.

    Raises:
        ValueError: if no line has a right path.
    """
    settings = SETTINGS
    useful = [example for example in examples if has_right_path(example.targets())]
    if not useful:
        raise ValueError("none of the lines has a path of right arcs to train the scorer on")
    scorer = _first(useful, rng)
    inputs = [scorer.inputs(example.features, example.probabilities) for example in useful]
    network, optimizer = scorer.network, Adam(weight_decay=settings.weight_decay)
    optimizer.bind(network)
    schedule, losses = Cosine(settings.rate), list[float]()
    for epoch in range(settings.epochs):
        order, loss = rng.permutation(len(useful)), 0.0
        for start in range(0, len(useful), settings.batch_size):
            rows = order[start : start + settings.batch_size].tolist()
            x = np.concatenate([inputs[row] for row in rows])
            targets = np.concatenate([useful[row].targets(i) for i, row in enumerate(rows)])
            loss += network.loss_and_gradient(x, targets) * len(rows)
            optimizer.step(schedule(epoch + start / len(useful), settings.epochs))
        losses.append(loss / len(useful))
    return scorer, losses


def _first(examples: Sequence[ScoringExample], rng: np.random.Generator) -> Scorer:
    """Make a scorer with random first weights that standardizes the features of the examples."""
    features = np.concatenate([example.features for example in examples])
    network = scorer_network(features.shape[1], loss=LatticeLoss())
    network.initialize(rng)
    spread = np.maximum(features.std(axis=0), LEAST_SPREAD)
    return Scorer(network, features.mean(axis=0), spread, text_weight=1.0)
