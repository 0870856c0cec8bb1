import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.models import Model, load_model
from digitus.models.cnn import cnn_layers
from digitus.models.inside import look_inside
from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.layers import Dense, Dropout, InputBias
from digitus.nn.losses import SigmoidBinaryCrossEntropy
from digitus.nn.network import Network

ZSCORE = Normalizer("zscore", 33.3, 78.6)
UNIT = Normalizer("unit")


def model(layers, *, normalizer=UNIT, loss=None):
    rng = np.random.default_rng(0)
    network = Network(784, layers, loss=loss, dtype=np.float64, rng=rng)
    network.parameters += rng.normal(0, 0.05, network.parameters.size)
    for layer in network.layers:
        if layer.kind == "batch_normalization":
            layer.variance[...] = rng.uniform(0.5, 2, layer.variance.shape)
    return Model("small", network, normalizer)


MODELS = {
    "two hidden layers": lambda: model([Dense(12), ReLU(), Dense(7), ReLU(), Dense(10)]),
    "one hidden layer": lambda: model([Dense(9), Tanh(), Dense(10)]),
    "no hidden layer": lambda: model([Dense(10)]),
    "many hidden layers": lambda: model(_deep()),
    "sigmoid outputs": lambda: model(
        [Dense(8), Sigmoid(), Dense(10)], loss=SigmoidBinaryCrossEntropy()
    ),
    "zscore": lambda: model([Dense(8), ReLU(), Dropout(0.5), Dense(10)], normalizer=ZSCORE),
    "input bias": lambda: model([InputBias(), Dense(8), ReLU(), Dense(10)]),
    "convolutions": lambda: model(cnn_layers(11, channels=(3, 4, 4, 5))),
}


def _deep():
    return [layer for _ in range(5) for layer in (Dense(6), LeakyReLU())] + [Dense(10)]


@pytest.fixture
def patch():
    ink = np.random.default_rng(1).uniform(0, 1, (28, 28)).astype(np.float32)
    ink[ink < 0.6] = 0
    return ink


@pytest.fixture(params=MODELS)
def any_model(request):
    return MODELS[request.param]()


def test_every_sum_is_inputs_times_weights_plus_bias(any_model, patch):
    for stage in look_inside(any_model, patch, 3).stages:
        for index in range(stage.n_units):
            unit = stage.unit(index)
            by_hand = (unit.weights * unit.inputs).sum() + unit.bias
            np.testing.assert_allclose(unit.total, by_hand, rtol=1e-9, atol=1e-12)


def test_the_last_activations_are_the_networks_outputs(any_model, patch):
    last = look_inside(any_model, patch, 0).stages[-1]
    assert last.is_output
    outputs = any_model.outputs(patch.reshape(1, -1) * 255)
    np.testing.assert_array_equal(last.activations.ravel(), outputs[0])


def test_the_gradient_is_the_finite_difference_of_the_answers_logit(any_model, patch):
    answer, step = 3, 1e-5  # so small that hardly a unit bends within it
    gradient = look_inside(any_model, patch, answer).gradient
    for row, col in [(3, 4), (14, 14), (20, 9), (27, 0)]:
        ends = []
        for sign in (-1, 1):
            moved = patch.astype(np.float64)
            moved[row, col] += sign * step
            ends.append(any_model.logits(moved.reshape(1, -1) * 255)[0, answer])
        slope = (ends[1] - ends[0]) / (2 * step)
        np.testing.assert_allclose(gradient[row, col], slope, rtol=1e-4, atol=1e-7)


def test_a_dense_network_equals_the_hand_computation(patch):
    small = MODELS["two hidden layers"]()
    first, second, last = small.network.dense_layers()
    x = patch.reshape(-1).astype(np.float64)
    sums = first.weight.T @ x + first.bias
    hidden = second.weight.T @ np.maximum(sums, 0) + second.bias
    logits = last.weight.T @ np.maximum(hidden, 0) + last.bias
    stages = look_inside(small, patch, 0).stages
    found = [stage.sums.ravel() for stage in stages]
    for values, expected in zip(found, (sums, hidden, logits), strict=True):
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(
        stages[0].activations.ravel(), np.maximum(sums, 0), rtol=1e-6, atol=1e-9
    )


def test_a_filter_is_shown_where_its_map_is_strongest(patch):
    stage = look_inside(MODELS["convolutions"](), patch, 0).stages[0]
    for index in range(stage.n_units):
        unit = stage.unit(index)
        strongest = np.unravel_index(stage.activations[..., index].argmax(), (14, 14))
        assert (unit.place[0] // 2, unit.place[1] // 2) == strongest
        assert unit.activation == stage.activations[..., index].max()


def test_a_dense_layer_behind_convolutions_keeps_the_maps_apart(patch):
    stages = look_inside(MODELS["convolutions"](), patch, 0).stages
    assert [stage.has_maps for stage in stages] == [True] * 4 + [False] * 2
    assert stages[4].inputs.shape == (3, 3, 5)
    np.testing.assert_array_equal(stages[4].inputs, stages[3].activations)


@pytest.mark.parametrize(
    ("name", "is_zero"), [("two hidden layers", True), ("zscore", False), ("input bias", False)]
)
def test_it_is_known_whether_paper_is_zero(name, is_zero, patch):
    assert look_inside(MODELS[name](), patch, 0).paper_is_zero is is_zero


def test_looking_leaves_the_networks_gradient_alone(patch):
    small = MODELS["convolutions"]()
    small.network.gradient[...] = 7
    look_inside(small, patch, 0)
    assert (small.network.gradient == 7).all()


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_the_shipped_models_can_be_looked_into(name, patch):
    shipped = load_model(name)
    inside = look_inside(shipped, patch, 5)
    last = inside.stages[-1].activations.ravel()
    np.testing.assert_array_equal(last, shipped.outputs(patch.reshape(1, -1) * 255)[0])


def test_a_model_of_other_pixels_and_an_output_that_is_none_are_refused(patch):
    other = Model("tiny", Network(64, [Dense(10)]), UNIT)
    with pytest.raises(ValueError, match="784 pixels"):
        look_inside(other, patch, 0)
    with pytest.raises(ValueError, match="outputs are 0 to 9"):
        look_inside(MODELS["no hidden layer"](), patch, 10)
    with pytest.raises(IndexError, match="0 to 9"):
        look_inside(MODELS["no hidden layer"](), patch, 0).stages[0].unit(10)
