import numpy as np
import pytest

from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.network import Network


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_dense_is_the_affine_map(rng):
    network = Network(4, [Dense(3)], dtype=np.float64, rng=rng)
    (layer,) = network.dense_layers()
    layer.bias[...] = rng.normal(size=3)
    x, y = rng.normal(size=(5, 4)), np.empty((5, 3))
    layer.forward(x, y)
    expected = [
        [sum(x[n, d] * layer.weight[d, h] for d in range(4)) + layer.bias[h] for h in range(3)]
        for n in range(5)
    ]
    np.testing.assert_allclose(y, expected, rtol=1e-12)


def test_the_dense_bias_gradient_has_one_value_per_unit(rng):
    network = Network(4, [Dense(3)], dtype=np.float64, rng=rng)
    (layer,) = network.dense_layers()
    x, grad_y = rng.normal(size=(5, 4)), rng.normal(size=(5, 3))
    layer.backward(x, np.empty((5, 3)), grad_y, None)
    np.testing.assert_allclose(layer.bias_grad, [sum(grad_y[:, h]) for h in range(3)])


@pytest.mark.parametrize("width", [0, -1])
def test_a_dense_layer_without_outputs_is_refused(width):
    with pytest.raises(ValueError, match="at least 1 output"):
        Dense(width)


def test_a_new_input_bias_is_plain_tanh(rng):
    network = Network(4, [InputBias(), Dense(2)], dtype=np.float64, rng=rng)
    x, y = rng.normal(size=(3, 4)), np.empty((3, 4))
    network.layers[0].forward(x, y)
    np.testing.assert_array_equal(y, np.tanh(x))


def test_dropout_does_nothing_outside_training(rng):
    x, y = rng.normal(size=(3, 4)), np.empty((3, 4))
    Dropout(0.5).forward(x, y)
    np.testing.assert_array_equal(y, x)


def test_dropout_leaves_zeros_and_scaled_values(rng):
    x, y = np.ones((50, 40), np.float32), np.empty((50, 40), np.float32)
    Dropout(0.2).forward(x, y, rng)
    assert set(np.unique(y)) == {np.float32(0), np.float32(1.25)}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_dropout_zeroes_its_share(rng, share):
    x, y = np.ones((400, 100), np.float32), np.empty((400, 100), np.float32)
    Dropout(share).forward(x, y, rng)
    assert np.mean(y == 0) == pytest.approx(share, abs=0.01)


def test_dropout_keeps_the_mean(rng):
    x, y = np.ones((400, 100), np.float32), np.empty((400, 100), np.float32)
    Dropout(0.5).forward(x, y, rng)
    assert y.mean() == pytest.approx(1, abs=0.02)


def test_dropout_masks_the_gradient_like_the_signal(rng):
    layer, x = Dropout(0.5), np.ones((8, 6))
    y, grad_x = np.empty_like(x), np.empty_like(x)
    layer.forward(x, y, rng)
    layer.backward(x, y, np.ones_like(x), grad_x)
    np.testing.assert_array_equal(grad_x, y)


def test_inference_between_forward_and_backward_keeps_the_dropout_mask(rng):
    layer, x = Dropout(0.5), np.ones((8, 6))
    y, grad_x = np.empty_like(x), np.empty_like(x)
    layer.forward(x, y, rng)
    layer.forward(x, np.empty_like(x))  # another thread predicts, with its own arrays
    layer.backward(x, y, np.ones_like(x), grad_x)
    np.testing.assert_array_equal(grad_x, y)


def test_a_pass_without_dropout_forgets_the_mask_of_the_last(rng):
    layer, x = Dropout(0.5), np.ones((8, 6))
    y, grad_x = np.empty_like(x), np.empty_like(x)
    layer.forward(x, y, rng)
    layer.forward(x, y)
    layer.backward(x, y, np.ones_like(x), grad_x)
    assert (grad_x == 1).all()


def test_the_dropout_mask_does_not_depend_on_the_memory_layout():
    x, masked = np.ones((8, 6), np.float32), []
    for rows in (x, np.asfortranarray(x)):
        y = np.empty_like(x)
        Dropout(0.5).forward(rows, y, np.random.default_rng(0))
        masked.append(y)
    np.testing.assert_array_equal(*masked)


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_dropout_share_outside_0_to_1_is_refused(share):
    with pytest.raises(ValueError, match="share"):
        Dropout(share)


def test_the_base_layer_has_no_passes():
    x = np.ones((1, 1))
    with pytest.raises(NotImplementedError):
        Layer().forward(x, x)
    with pytest.raises(NotImplementedError):
        Layer().backward(x, x, x, None)
