import numpy as np
import pytest

from digitus.nn.activations import Tanh
from digitus.nn.batch_normalization import EPSILON, BatchNormalization
from digitus.nn.convolution import Convolution
from digitus.nn.fitting.examples import Examples
from digitus.nn.gradient_check import check_gradient
from digitus.nn.layers import Dense
from digitus.nn.network import Network

SHAPE = (3, 2, 4)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def layer(rng):
    layer = BatchNormalization(shape=SHAPE)
    Network(24, [layer], dtype=np.float64, rng=rng)
    return layer


def forward(layer, x, rng=None):
    y = np.empty_like(x)
    layer.forward(x, y, rng)
    return y


def test_in_training_every_channel_has_mean_0_and_variance_1(layer, rng):
    y = forward(layer, rng.normal(5, 3, size=(50, 24)), rng).reshape(-1, 4)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=0), 1, rtol=1e-4)


def test_scale_and_shift_set_another_mean_and_variance(layer, rng):
    layer.scale[...], layer.shift[...] = [1, 2, 3, 4], [5, 6, 7, 8]
    y = forward(layer, rng.normal(5, 3, size=(50, 24)), rng).reshape(-1, 4)
    np.testing.assert_allclose(y.mean(axis=0), [5, 6, 7, 8])
    np.testing.assert_allclose(y.std(axis=0), [1, 2, 3, 4], rtol=1e-4)


def test_outside_training_the_running_averages_are_used(layer, rng):
    layer.mean[...], layer.variance[...] = [1, 2, 3, 4], [4, 9, 16, 25]
    x = rng.normal(size=(5, 24))
    expected = (x.reshape(-1, 4) - layer.mean) / np.sqrt(layer.variance + EPSILON)
    np.testing.assert_allclose(forward(layer, x), expected.reshape(5, 24))


def test_running_averages_converge_to_those_of_the_data(layer, rng):
    for _ in range(1500):
        forward(layer, rng.normal([1, 2, 3, 4] * 6, 3, size=(20, 24)), rng)
    np.testing.assert_allclose(layer.mean, [1, 2, 3, 4], atol=0.2)
    np.testing.assert_allclose(layer.variance, 9, rtol=0.1)


def test_inference_does_not_change_the_averages(layer, rng):
    before = layer.mean.copy(), layer.variance.copy()
    forward(layer, rng.normal(5, 3, size=(50, 24)))
    np.testing.assert_array_equal((layer.mean, layer.variance), before)


@pytest.mark.parametrize("seed", [None, 3])
def test_the_gradients_agree_with_measured_slopes(rng, seed):
    first = Convolution(3, shape=(4, 3, 2))
    normalize = BatchNormalization(shape=first.output_shape)
    layers = [first, normalize, Tanh(), Dense(6), BatchNormalization(shape=(1, 1, 6)), Dense(3)]
    network = Network(24, layers, dtype=np.float64, rng=rng)
    network.parameters += 0.3 * rng.random(network.parameters.size)
    targets = np.eye(3)[rng.integers(0, 3, 7)]
    examples = Examples(rng.normal(size=(7, 24)), targets)
    check = check_gradient(network, examples, dropout_seed=seed)
    learned = {
        name: error
        for name, error in check.relative_errors.items()
        if not name.endswith((".mean", ".variance"))  # these are measured, not learned
        and not (seed and name.endswith("bias") and name != "layer5.bias")  # normalized away
    }
    assert len(learned) >= 7
    assert max(learned.values()) < 1e-6


def test_a_bias_before_it_is_normalized_away(rng):
    network = Network(4, [Dense(3), BatchNormalization(shape=(1, 1, 3))], dtype=np.float64, rng=rng)
    network.loss_and_gradient(rng.normal(size=(6, 4)), np.eye(3)[[0, 1, 2] * 2], rng=rng)
    np.testing.assert_allclose(network.layers[0].bias_grad, 0, atol=1e-14)


def test_the_averages_have_no_gradient_so_no_optimizer_moves_them(layer, rng):
    x = rng.normal(size=(6, 24))
    y = forward(layer, x, rng)
    layer.backward(x, y, rng.normal(size=y.shape), np.empty_like(x))
    assert not layer.mean_grad.any()
    assert not layer.variance_grad.any()


def test_inference_between_forward_and_backward_does_not_change_the_gradient(layer, rng):
    x, grad_y = rng.normal(size=(6, 24)), rng.normal(size=(6, 24))
    y, expected, found = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    layer.forward(x, y, rng)
    layer.backward(x, y, grad_y, expected)
    layer.forward(x, y, rng)
    forward(layer, rng.normal(size=(3, 24)))
    layer.backward(x, y, grad_y, found)
    np.testing.assert_array_equal(found, expected)
