import numpy as np
import pytest

from digitus.nn.inspection import (
    gradient_norms,
    input_gradient,
    layer_outputs,
    trace,
    trace_gradients,
)
from digitus.nn.losses import SigmoidBinaryCrossEntropy

SHAPES = {
    "A0": (5, 6),
    "Z1": (5, 4),
    "A1": (5, 4),
    "Z2": (5, 2),
    "A2": (5, 2),
    "Z3": (5, 3),
    "A3": (5, 3),
}


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(5, 6))


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_trace_has_the_documented_names_and_shapes(make_network, x, dropout):
    found = trace(make_network(hidden=(4, 2), dropout=dropout), x)
    assert {name: values.shape for name, values in found.items()} == SHAPES


def test_a_trace_equals_the_hand_computation(make_network, x):
    network = make_network(hidden=(4,), activation="tanh", dtype=np.float64)
    first, last = network.dense_layers()
    first.bias[...] = [0.1, -0.2, 0.3, 0]
    z1 = x @ first.weight + first.bias
    z2 = np.tanh(z1) @ last.weight + last.bias
    a2 = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    expected = {"A0": x, "Z1": z1, "A1": np.tanh(z1), "Z2": z2, "A2": a2}
    found = trace(network, x)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12, err_msg=name)


def test_a_trace_with_input_bias_starts_behind_it(make_network, x):
    network = make_network(input_bias=True, dtype=np.float64)
    np.testing.assert_array_equal(trace(network, x)["A0"], np.tanh(x))


def test_a_trace_of_sigmoid_outputs_ends_with_them(make_network, x):
    network = make_network(loss=SigmoidBinaryCrossEntropy(), dtype=np.float64)
    found = trace(network, x)
    np.testing.assert_allclose(found["A2"], 1 / (1 + np.exp(-found["Z2"])), rtol=1e-12)


def test_traced_gradients_equal_the_hand_computation(make_network, x):
    network, t = (
        make_network(hidden=(4,), activation="tanh", dtype=np.float64),
        np.eye(3)[[0, 1, 2, 2, 0]],
    )
    values, last = trace(network, x), network.dense_layers()[1]
    d_z2 = (values["A2"] - t) / 5
    d_a1 = d_z2 @ last.weight.T
    d_z1 = d_a1 * (1 - values["A1"] ** 2)
    expected = {
        "dZ1": d_z1,
        "dA1": d_a1,
        "dZ2": d_z2,
        "dW1": x.T @ d_z1,
        "db1": d_z1.sum(axis=0),
        "dW2": values["A1"].T @ d_z2,
        "db2": d_z2.sum(axis=0),
    }
    found = trace_gradients(network, x, t)
    assert found.keys() == expected.keys()
    for name, gradient in expected.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-10, err_msg=name)


def test_traced_gradients_are_copies(make_network, x):
    network, t = make_network(), np.eye(3)[[0, 1, 2, 2, 0]]
    found = trace_gradients(network, x, t)
    before = {name: gradient.copy() for name, gradient in found.items()}
    trace_gradients(network, 2 * x, t)
    for name, gradient in before.items():
        np.testing.assert_array_equal(found[name], gradient)


def test_gradient_norms_are_euclidean_per_layer_with_parameters(make_network, x):
    network = make_network(input_bias=True, hidden=(4,), dtype=np.float64)
    network.loss_and_gradient(x, np.eye(3)[[0, 1, 2, 2, 0]])
    spans = [(0, 6), (6, 34), (34, 49)]
    expected = [sum(g * g for g in network.gradient[a:b]) ** 0.5 for a, b in spans]
    assert gradient_norms(network) == pytest.approx(expected)


def test_layer_outputs_end_in_the_logits(make_network, x):
    network = make_network(hidden=(4, 2), dropout=0.5, dtype=np.float64)
    outputs = layer_outputs(network, x)
    assert len(outputs) == len(network.layers)
    np.testing.assert_array_equal(outputs[-1], network.logits(x))


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_the_input_gradient_equals_central_differences(make_network, x, activation):
    network = make_network(hidden=(4,), activation=activation, input_bias=True, dtype=np.float64)
    found, step = input_gradient(network, x, 2), 1e-6
    for i in range(x.shape[1]):
        moved = np.eye(x.shape[1])[i] * step
        slope = (network.logits(x + moved)[:, 2] - network.logits(x - moved)[:, 2]) / (2 * step)
        np.testing.assert_allclose(found[:, i], slope, rtol=1e-6, atol=1e-9)


def test_the_input_gradient_does_not_disturb_training(make_network, x):
    network = make_network(dropout=0.5, dtype=np.float64)
    network.loss_and_gradient(x, np.eye(3)[[0, 1, 2, 2, 0]])
    before, work = network.gradient.copy(), network.work
    input_gradient(network, x, 0)
    np.testing.assert_array_equal(network.gradient, before)
    assert network.work is work


def test_the_input_gradient_of_no_output_is_refused(make_network, x):
    with pytest.raises(ValueError, match="0 to 2"):
        input_gradient(make_network(), x, 3)
