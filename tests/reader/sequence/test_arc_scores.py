"""Scores of arcs: which probabilities and weights they are made of."""

import numpy as np
import pytest

from digitus.models import Classification
from digitus.models.sequence.arc_scorer import HIDDEN, N_KINDS, scorer_network
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.reader.sequence.arc_features import NAMES
from digitus.reader.sequence.arc_scores import DIGITS, ArcProbabilities, Scorer, shipped_scorer

M, F = 3, 4


def probabilities(classifier=0.1, sequence=0.05):
    return ArcProbabilities(
        np.ones(M), np.full((M, DIGITS), classifier), np.full((M, N_CLASSES), sequence), np.zeros(M)
    )


def scorer(*, mean=0.0, spread=1.0, **weights):
    """Make a scorer that gives each kind its number, but for the weights that are named."""
    network = scorer_network(F)
    named = {name: values for name, values, _ in network.named_parameters()}
    named["layer2.bias"][...] = np.arange(N_KINDS)
    for name, values in weights.items():
        named[name.replace("_", ".")][...] = values
    return Scorer(network, np.full(F, mean), np.full(F, spread), text_weight=1.0)


def log_weights(*, classifier=0.0, sequence=0.0):
    """Weights of the log-probabilities, the same for all classes."""
    return np.repeat([classifier, sequence], [DIGITS, N_CLASSES])


def test_all_digits_get_the_score_of_their_kind_and_each_mark_its_own():
    scores = scorer().scores(np.zeros((M, F)), probabilities())
    assert scores[0].tolist() == [0.0] * DIGITS + list(range(1, N_KINDS))


def test_the_classifier_counts_for_digits_alone():
    scores = scorer(layer3_weight=log_weights(classifier=2.0)).scores(
        np.zeros((M, F)), probabilities()
    )
    assert scores[0, :DIGITS] == pytest.approx(2 * np.log(0.1))
    assert scores[0, DIGITS:].tolist() == list(range(1, N_KINDS))


def test_the_sequence_network_counts_for_every_class():
    weights = scorer(layer3_weight=log_weights(sequence=3.0))
    change = weights.scores(np.zeros((M, F)), probabilities()) - scorer().scores(
        np.zeros((M, F)), probabilities()
    )
    assert change == pytest.approx(3 * np.log(0.05))


def test_features_are_normalized_before_they_are_weighted():
    first, second = np.zeros((F, HIDDEN)), np.zeros((HIDDEN, N_KINDS))
    first[0, 0] = second[0, 0] = 1
    weights = scorer(mean=5.0, spread=2.0, layer0_weight=first, layer2_weight=second)
    features = np.full((M, F), 7.0)
    assert weights.scores(features, probabilities())[0, 0] == pytest.approx(np.tanh(1))


def test_a_probability_of_zero_has_a_finite_score():
    weights = scorer(layer3_weight=log_weights(classifier=1.0, sequence=1.0))
    assert np.isfinite(weights.scores(np.zeros((M, F)), probabilities(0.0, 0.0))).all()


def test_an_arc_along_which_nothing_is_read_counts_as_other():
    spans = np.zeros((1, N_CLASSES + 1))
    spans[0, [2, N_CLASSES - 1, N_CLASSES]] = 0.5, 0.2, 0.3
    classified = Classification(np.full((1, 10), 0.1), np.ones(1))
    found = ArcProbabilities.of(classified, np.array([0]), spans)
    assert found.sequence[0, -1] == pytest.approx(0.5)
    assert found.sequence.shape == (1, N_CLASSES)
    assert found.nothing == pytest.approx([0.3])


def test_an_arc_has_the_classification_of_the_range_that_it_takes():
    classified = Classification(np.eye(2, 10), np.array([0.2, 0.7]))
    found = ArcProbabilities.of(classified, np.array([1, 0, 1]), np.zeros((3, N_CLASSES + 1)))
    assert found.p_digit.tolist() == [0.7, 0.2, 0.7]
    assert found.classifier.argmax(axis=1).tolist() == [1, 0, 1]


def test_joined_probabilities_are_those_of_all_lines_in_order():
    joined = ArcProbabilities.joined([probabilities(0.1), probabilities(0.2)])
    assert joined.classifier[:, 0].tolist() == [0.1] * M + [0.2] * M


def test_the_shipped_scorer_fits_the_features():
    shipped = shipped_scorer()
    assert shipped.mean.shape == (len(NAMES),)
    assert shipped.scores(np.zeros((M, len(NAMES))), probabilities()).shape == (M, N_CLASSES)
