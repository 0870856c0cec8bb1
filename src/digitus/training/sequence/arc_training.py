"""Learning the scores of a lattice: make the right ways through whole strings likely.

The loss of a string is the logarithm of what all ways weigh together minus that of the right ways
(discriminative training of the whole; LeCun, Bottou, Bengio, Haffner 1998, section VI).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from digitus.models.line_image_format import N_CLASSES
from digitus.reader.sequence.arc_scores import (
    DIGITS,
    KINDS,
    ArcProbabilities,
    Scorer,
    with_one,
)
from digitus.reader.sequence.lattice import Lattice
from digitus.training.sequence.descent import Adam, batches

Floats = NDArray[np.float64]

HIDDEN = 40
BATCH = 64
RATE, DECAY = 0.01, 1e-4
LEARNED = ("hidden", "output", "classifier_weight", "sequence_weight")


@dataclass(frozen=True, eq=False)
class Exercise:
    """A string's lattice and its right arcs.

    Attributes:
        features: (m, f) of the arcs.
        probabilities: on the arcs.
        start: (m,) first node of each arc.
        end: (m,) last node.
        nodes: number of nodes.
        right: (m, 14) which arcs are right as which class.
    """

    features: Floats
    probabilities: ArcProbabilities
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    nodes: int
    right: NDArray[np.bool_]


def learn(exercises: Sequence[Exercise], rng: np.random.Generator, *, epochs: int) -> Scorer:
    """Learn a scorer from strings; those without any right way are left out.

    Args:
        exercises: with features in the order of ``features.NAMES``.
        rng: chooses the first weights and the order.
        epochs: times that each string is seen.
    """
    useful = [exercise for exercise in exercises if has_a_right_way(exercise)]
    scorer = _first(np.concatenate([exercise.features for exercise in useful]), rng)
    adam = Adam([getattr(scorer, name) for name in LEARNED], decay=DECAY)
    steps = epochs * -(-len(useful) // BATCH)
    for step, rows in enumerate(batches(len(useful), BATCH, epochs, rng)):
        _, gradient = loss_and_gradient(scorer, [useful[row] for row in rows])
        adam.step(gradient, rate=RATE * 0.5 * (1 + np.cos(np.pi * step / steps)))
    return scorer


def loss_and_gradient(scorer: Scorer, batch: Sequence[Exercise]) -> tuple[float, list[Floats]]:
    """Return the mean loss of strings, and its gradient for each array of ``LEARNED``."""
    features = np.concatenate([exercise.features for exercise in batch])
    probabilities = ArcProbabilities.joined([exercise.probabilities for exercise in batch])
    model, strip = probabilities.logs()
    right = np.concatenate([exercise.right for exercise in batch])
    lattice = Lattice.of([(e.start, e.end, e.nodes) for e in batch])
    x = with_one((features - scorer.mean) / scorer.spread)
    hidden = np.tanh(x @ scorer.hidden)
    h = with_one(hidden)
    scores = scorer.scores(features, probabilities)
    everything, total = _expected(lattice, scores)
    wanted, right_total = _expected(lattice, np.where(right, scores, -np.inf))
    slope = (everything - wanted) / len(batch)
    digits = slope[:, :DIGITS]
    by_kind = np.concatenate([digits.sum(axis=1, keepdims=True), slope[:, DIGITS:]], axis=1)
    back = (by_kind @ scorer.output[:-1].T) * (1 - hidden**2)
    classifier_weight, sequence_weight = (digits * model).sum(axis=0), (slope * strip).sum(axis=0)
    gradient = [x.T @ back, h.T @ by_kind, classifier_weight, sequence_weight]
    return float((total - right_total).mean()), gradient


def _expected(lattice: Lattice, scores: Floats) -> tuple[Floats, Floats]:
    """How often ways take each arc as each class (m, 14), and the weight of all ways (k,)."""
    with np.errstate(divide="ignore"):
        arcs = np.asarray(logsumexp(scores, axis=1))
    likely, total = lattice.posteriors(arcs)
    shares = scores - np.where(np.isfinite(arcs), arcs, 0)[:, None]
    return np.exp(likely[:, None] + shares), total


def has_a_right_way(exercise: Exercise) -> bool:
    """Return whether right arcs lead all the way through."""
    scores = np.where(exercise.right.any(axis=1), 0.0, -np.inf)
    lattice = Lattice.of([(exercise.start, exercise.end, exercise.nodes)])
    return bool(np.isfinite(lattice.posteriors(scores)[1][0]))


def _first(features: Floats, rng: np.random.Generator) -> Scorer:
    n = features.shape[1]
    return Scorer(
        features.mean(axis=0),
        np.maximum(features.std(axis=0), 1e-3),
        rng.normal(scale=n**-0.5, size=(n + 1, HIDDEN)),
        rng.normal(scale=0.1 * HIDDEN**-0.5, size=(HIDDEN + 1, len(KINDS))),
        0.3 * np.ones(DIGITS),
        np.ones(N_CLASSES),
        1.0,
    )


def as_arrays(learned: Scorer) -> dict[str, NDArray[np.float32]]:
    """Return the weights by name, as they are stored."""
    return {
        field.name: np.asarray(getattr(learned, field.name), np.float32)
        for field in fields(learned)
    }
