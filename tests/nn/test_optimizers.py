import json
from math import sqrt

import numpy as np
import pytest

from digitus.nn.optimizers import SGD, Adam, Optimizer

RATE, STEPS = 0.05, 12
MAKERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "nesterov": lambda: SGD(momentum=0.9, nesterov=True),
    "adam": Adam,
    "adamw": lambda: Adam(weight_decay=0.1),
}


def textbook_sgd(w, gradients, decayed):
    for g in gradients:
        w = [w_i - RATE * g_i for w_i, g_i in zip(w, g, strict=True)]
    return w


def textbook_momentum(w, gradients, decayed):
    v = [0.0] * len(w)
    for g in gradients:
        v = [0.9 * v_i - RATE * g_i for v_i, g_i in zip(v, g, strict=True)]
        w = [w_i + v_i for w_i, v_i in zip(w, v, strict=True)]
    return w


def textbook_adam(w, gradients, decayed, *, decay=0.0):
    w, m, v = list(w), [0.0] * len(w), [0.0] * len(w)
    for t, g in enumerate(gradients, start=1):
        for i, g_i in enumerate(g):
            m[i] = 0.9 * m[i] + 0.1 * g_i
            v[i] = 0.999 * v[i] + 0.001 * g_i**2
            m_hat, v_hat = m[i] / (1 - 0.9**t), v[i] / (1 - 0.999**t)
            shrink = RATE * decay * w[i] if decayed[i] else 0.0
            w[i] -= RATE * m_hat / (sqrt(v_hat) + 1e-8) + shrink
    return w


def textbook_adamw(w, gradients, decayed):
    return textbook_adam(w, gradients, decayed, decay=0.1)


@pytest.fixture
def network(make_network):
    network = make_network(input_bias=True, hidden=(5, 4), dtype=np.float64)
    network.parameters[...] = np.random.default_rng(1).normal(size=network.parameters.size)
    return network


@pytest.fixture
def gradients(network):
    return np.random.default_rng(2).normal(size=(STEPS, network.parameters.size))


def follow(optimizer, network, gradients):
    optimizer.bind(network)
    for gradient in gradients:
        network.gradient[...] = gradient
        optimizer.step(RATE)


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam", "adamw"])
def test_the_steps_are_those_of_the_textbook(network, gradients, name):
    decayed = np.concatenate(
        [np.full(w.size, "weight" in array) for array, w, _ in network.named_parameters()]
    )
    start = network.parameters.tolist()
    expected = globals()[f"textbook_{name}"](start, gradients.tolist(), decayed.tolist())
    follow(MAKERS[name](), network, gradients)
    np.testing.assert_allclose(network.parameters, expected, rtol=1e-12, atol=1e-14)


def test_nesterov_measures_the_gradient_one_step_ahead(network):
    """Sutskever's form, on a quadratic; ours stores theta + momentum * v."""
    slopes = np.random.default_rng(3).uniform(0.1, 2, network.parameters.size)
    theta, v = network.parameters.copy(), np.zeros_like(slopes)
    optimizer = SGD(momentum=0.9, nesterov=True)
    optimizer.bind(network)
    for _ in range(STEPS):
        v = 0.9 * v - RATE * slopes * (theta + 0.9 * v)
        theta = theta + v
        network.gradient[...] = slopes * network.parameters
        optimizer.step(RATE)
    np.testing.assert_allclose(network.parameters, theta + 0.9 * v, rtol=1e-12)


def test_weight_decay_leaves_biases_alone(network):
    before = network.parameters.copy()
    follow(Adam(weight_decay=0.1), network, np.zeros((1, before.size)))
    moved = {
        name: not np.array_equal(values, old)
        for (name, values, _), old in zip(
            network.named_parameters(), _split(network, before), strict=True
        )
    }
    assert moved == {name: "weight" in name for name in moved}


def _split(network, vector):
    sizes = [values.size for _, values, _ in network.named_parameters()]
    shapes = [values.shape for _, values, _ in network.named_parameters()]
    parts = np.split(vector, np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


@pytest.mark.parametrize("name", MAKERS)
def test_state_arrays_stay_the_same_objects_over_the_steps(network, gradients, name):
    optimizer = MAKERS[name]()
    optimizer.bind(network)
    before = {key: id(array) for key, array in optimizer.state.items()}
    for gradient in gradients:
        network.gradient[...] = gradient
        optimizer.step(RATE)
    assert {key: id(array) for key, array in optimizer.state.items()} == before


@pytest.mark.parametrize("name", MAKERS)
def test_binding_resets_the_state(network, gradients, name):
    optimizer, start = MAKERS[name](), network.parameters.copy()
    follow(optimizer, network, gradients)
    first = network.parameters.copy()
    network.parameters[...] = start
    follow(optimizer, network, gradients)
    np.testing.assert_array_equal(network.parameters, first)


@pytest.mark.parametrize("name", MAKERS)
def test_a_step_leaves_the_gradient_readable(network, gradients, name):
    follow(MAKERS[name](), network, gradients)
    np.testing.assert_array_equal(network.gradient, gradients[-1])


@pytest.mark.parametrize("name", MAKERS)
def test_the_state_is_of_the_networks_type(make_network, make_examples, name):
    network, rows, optimizer = make_network(), make_examples(), MAKERS[name]()
    optimizer.bind(network)
    network.loss_and_gradient(rows.x, rows.targets)
    optimizer.step(0.1)
    arrays = [network.parameters, *optimizer.state.values(), optimizer._scratch]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", MAKERS)
def test_options_are_json(name):
    options = MAKERS[name]().options()
    assert json.loads(json.dumps(options)) == options


def test_numpy_options_do_not_widen_the_arithmetic():
    adam = Adam(beta_1=np.float64(0.9), epsilon=np.float64(1e-8))
    kinds = {type(value) for value in adam.options()["adam"].values()}
    assert kinds == {float}
    assert type(SGD(momentum=np.float64(0.5)).momentum) is float


@pytest.mark.parametrize(
    "make",
    [
        lambda: SGD(momentum=1.0),
        lambda: SGD(momentum=-0.1),
        lambda: Adam(beta_1=1.0),
        lambda: Adam(beta_2=-0.5),
        lambda: Adam(epsilon=0.0),
        lambda: Adam(weight_decay=-1.0),
    ],
)
def test_options_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match="must be"):
        make()


def test_the_base_optimizer_has_no_step():
    with pytest.raises(NotImplementedError):
        Optimizer().step(0.1)


@pytest.mark.parametrize("name", ["momentum", "nesterov", "adam"])
@pytest.mark.parametrize("last", [1e-3, -1e-3, 1e-25, 1e-42])
def test_a_vanishing_gradient_leaves_no_denormal_moment(make_network, name, last):
    network, optimizer = make_network(), MAKERS[name]()
    optimizer.bind(network)
    for step in range(2500):
        network.gradient[...] = last if step == 0 else 0
        optimizer.step(RATE)
        for moment in optimizer.state.values():
            assert (np.abs(moment) >= np.finfo(np.float32).tiny).all()


def test_a_parameter_without_gradient_does_not_move(make_network):
    network, optimizer = make_network(), Adam()
    optimizer.bind(network)
    before, moved = network.parameters.copy(), network.parameters != 0
    for _ in range(1000):
        network.gradient[...] = 0
        optimizer.step(RATE)
    np.testing.assert_array_equal(network.parameters[moved], before[moved])
