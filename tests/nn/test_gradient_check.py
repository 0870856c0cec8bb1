"""Backpropagation against central differences, and the check itself against wrong gradients."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digitus.nn.fitting.examples import Examples
from digitus.nn.gradient_check import check_gradient, numerical_gradient
from digitus.nn.layers import Dropout
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network

N, D, K = 5, 4, 3
ACTIVATIONS = ["relu", "leaky_relu", "leaky_relu_0.3", "tanh", "sigmoid"]
LOSSES = {
    "softmax": SoftmaxCrossEntropy(),
    "softmax, smoothed labels": SoftmaxCrossEntropy(0.1),
    "sigmoid": SigmoidBinaryCrossEntropy(),
    "sigmoid, several labels": SigmoidBinaryCrossEntropy(exclusive=False),
}


@dataclass(frozen=True)
class Case:
    """Variations of a network with one activation and one loss."""

    hidden: tuple[int, ...]
    input_bias: bool
    dropout: float
    l2: float
    weighted: bool
    seed: int


cases = st.builds(
    Case,
    hidden=st.lists(st.integers(2, 5), min_size=0, max_size=3).map(tuple),
    input_bias=st.booleans(),
    dropout=st.sampled_from([0.0, 0.3, 0.6]),
    l2=st.sampled_from([0.0, 0.5]),
    weighted=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)


def targets_for(loss, rng):
    if loss.exclusive:
        return np.eye(K)[rng.integers(0, K, N)]
    return rng.integers(0, 2, (N, K)).astype(np.float64)


def is_far_from_kinks(network, x, dropout_seed):
    """Whether no input of a ReLU is so close to 0 that central differences are wrong."""
    work = network.new_workspace(len(x))
    network.forward(x, work, np.random.default_rng(dropout_seed))
    inputs = [x, *work.outputs]
    kinked = [z for z, layer in zip(inputs, network.layers, strict=False) if "relu" in layer.kind]
    return all(np.abs(z).min() > 1e-3 for z in kinked)


def is_above_rounding(network):
    """Rounding of a float64 loss over a step of 1e-5 gives errors of about 1e-11."""
    norms = [np.linalg.norm(gradient) for _, _, gradient in network.named_parameters()]
    return all(norm == 0 or norm > 2e-4 for norm in norms)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@given(case=cases)
@settings(max_examples=25)
def test_backpropagation_agrees_with_measured_slopes(make_network, activation, loss, case):
    rng = np.random.default_rng(case.seed)
    network = make_network(
        D,
        K,
        hidden=case.hidden,
        activation=activation,
        dropout=case.dropout,
        input_bias=case.input_bias,
        loss=LOSSES[loss],
        dtype=np.float64,
    )
    network.parameters[...] = rng.uniform(-1.5, 1.5, network.parameters.size)  # biases too
    x, targets = rng.normal(size=(N, D)), targets_for(network.loss, rng)
    assume(is_far_from_kinks(network, x, case.seed))
    weights = rng.uniform(0.2, 2, (N, 1)) if case.weighted else None
    examples = Examples(x, targets, weights)
    found = check_gradient(network, examples, l2=case.l2, dropout_seed=case.seed)
    assume(is_above_rounding(network))
    assert found.worst < 1e-6, found.relative_errors


class OnePercentOff(Network):
    """A network with an error in one array of its gradient."""

    spoiled = ""

    def loss_and_gradient(self, *args, **options):
        loss = super().loss_and_gradient(*args, **options)
        for name, _, gradient in self.named_parameters():
            if name == self.spoiled:
                gradient *= 1.01
        return loss


@pytest.fixture
def problem():
    rng = np.random.default_rng(5)
    return Examples(rng.normal(size=(N, D)), np.eye(K)[rng.integers(0, K, N)])


@pytest.mark.parametrize("name", ["layer0.bias", "layer1.weight", "layer1.bias", "layer3.weight"])
def test_the_gradient_check_catches_a_gradient_that_is_one_percent_off(make_network, problem, name):
    good = make_network(D, K, activation="tanh", input_bias=True, dtype=np.float64)
    network = OnePercentOff(D, good.layers, dtype=np.float64, rng=np.random.default_rng(0))
    network.spoiled = name
    errors = check_gradient(network, problem).relative_errors
    assert {array for array, error in errors.items() if error > 1e-6} == {name}


def test_the_gradient_check_leaves_parameters_and_gradient_as_they_were(make_network, problem):
    network = make_network(D, K, dtype=np.float64)
    network.loss_and_gradient(problem.x, problem.targets)
    parameters, gradient = network.parameters.copy(), network.gradient.copy()
    check_gradient(network, problem)
    np.testing.assert_array_equal(network.parameters, parameters)
    np.testing.assert_array_equal(network.gradient, gradient)


def test_the_gradient_check_refuses_float32(make_network, problem):
    with pytest.raises(ValueError, match="float64"):
        check_gradient(make_network(D, K), problem)


def test_the_gradient_check_measures_every_array(make_network, problem):
    network = make_network(D, K, hidden=(3, 2), input_bias=True, dtype=np.float64)
    names = [name for name, _, _ in network.named_parameters()]
    assert list(check_gradient(network, problem).relative_errors) == names


def test_fixed_masks_give_the_same_loss_in_every_pass(make_network, problem):
    network = make_network(D, K, dropout=0.5, dtype=np.float64)
    assert any(isinstance(layer, Dropout) for layer in network.layers)
    x, targets = problem.x, problem.targets
    losses = {network.loss_and_gradient(x, targets, rng=np.random.default_rng(9)) for _ in range(3)}
    assert len(losses) == 1


def test_the_measured_gradient_of_a_known_function():
    vector = np.array([1.0, -2.0, 0.5])
    slopes = numerical_gradient(lambda: float(vector @ vector), vector)
    np.testing.assert_allclose(slopes, 2 * vector, rtol=1e-9)
