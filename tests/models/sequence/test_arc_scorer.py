"""The arc scorer: its formula, its gradient, and its layers."""

import numpy as np
import pytest

from digitus.models.sequence.arc_scorer import (
    N_KINDS,
    N_LOGS,
    ArcScores,
    LeadingColumns,
    scorer_network,
)
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.nn.fitting.examples import Examples
from digitus.nn.gradient_check import check_gradient
from digitus.nn.layers import Dense
from digitus.nn.losses import SoftmaxCrossEntropy
from digitus.nn.network import Network

N_FEATURES = 3


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_score_is_that_of_the_kind_plus_the_weighted_log_probabilities(rng):
    network = scorer_network(N_FEATURES)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    named = {name: values for name, values, _ in network.named_parameters()}
    x = rng.normal(size=(5, N_FEATURES + N_LOGS))
    features, classifier, sequence = np.split(x, [N_FEATURES, N_FEATURES + 10], axis=1)
    hidden = np.tanh(features @ named["layer0.weight"] + named["layer0.bias"])
    kinds = hidden @ named["layer2.weight"] + named["layer2.bias"]
    wanted = np.concatenate([np.repeat(kinds[:, :1], 10, axis=1), kinds[:, 1:]], axis=1)
    wanted[:, :10] += named["layer3.weight"][:10] * classifier
    wanted += named["layer3.weight"][10:] * sequence
    np.testing.assert_allclose(network.logits(x), wanted, rtol=1e-12)


def test_the_gradient_agrees_with_measured_slopes(rng):
    network = scorer_network(N_FEATURES, loss=SoftmaxCrossEntropy())
    network.initialize(rng)
    targets = np.eye(N_CLASSES)[rng.integers(N_CLASSES, size=6)]
    examples = Examples(rng.normal(size=(6, N_FEATURES + N_LOGS)), targets)
    check = check_gradient(network, examples)
    assert check.worst < 1e-6


def test_the_gradient_of_the_scores_inputs_agrees_with_measured_slopes(rng):
    layers = [Dense(N_KINDS + N_LOGS), ArcScores()]
    network = Network(4, layers, dtype=np.float64, rng=rng)
    targets = np.eye(N_CLASSES)[rng.integers(N_CLASSES, size=6)]
    examples = Examples(rng.normal(size=(6, 4)), targets)
    assert check_gradient(network, examples).worst < 1e-6


def test_columns_at_the_end_pass_unchanged(rng):
    network = Network(6, [LeadingColumns(Dense(3), kept=2)], dtype=np.float64, rng=rng)
    x = rng.normal(size=(4, 6))
    np.testing.assert_array_equal(network.logits(x)[:, 3:], x[:, 4:])


def test_more_columns_that_pass_leave_the_layer_fewer_inputs(rng):
    network = Network(6, [LeadingColumns(Dense(3), kept=2)], rng=rng)
    assert network.parameters.size == 4 * 3 + 3
