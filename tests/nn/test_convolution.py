import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.signal import correlate2d

from digitus.nn.convolution import Convolution, MaxPooling, Windows, as_sides
from digitus.nn.fitting.examples import Examples
from digitus.nn.gradient_check import check_gradient
from digitus.nn.layers import Dense
from digitus.nn.network import Network

SHAPE = (6, 5, 2)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def one_layer(layer, rng):
    return Network(int(np.prod(layer.shape)), [layer], dtype=np.float64, rng=rng)


def run(layer, x):
    y = np.empty((len(x), layer.output_width(x.shape[1])), x.dtype)
    layer.forward(x, y)
    return y.reshape(len(x), *layer.output_shape)


@pytest.mark.parametrize(
    ("size", "padding"),
    [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (5, 2), ((1, 3), (0, 1)), ((6, 2), (0, 1))],
)
def test_a_convolution_is_the_sum_of_the_channels_cross_correlations(rng, size, padding):
    layer = Convolution(3, shape=SHAPE, size=size, padding=padding)
    one_layer(layer, rng)
    layer.bias[...] = rng.normal(size=3)
    x = rng.normal(size=(2, *SHAPE))
    filters = layer.weight.reshape(*as_sides(size), 2, 3)
    above, left = as_sides(padding)
    padded = np.pad(x, [(0, 0), (above, above), (left, left), (0, 0)])
    expected = [
        [
            sum(correlate2d(one[..., c], filters[..., c, h], mode="valid") for c in range(2))
            + layer.bias[h]
            for h in range(3)
        ]
        for one in padded
    ]
    found = run(layer, x.reshape(2, -1))
    np.testing.assert_allclose(found, np.moveaxis(expected, 1, -1), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("size", "padding"),
    [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2), ((1, 3), (0, 1)), ((3, 2), (2, 0))],
)
def test_a_convolutions_gradients_agree_with_measured_slopes(rng, size, padding):
    first = Convolution(3, shape=SHAPE, size=size, padding=padding)
    second = Convolution(2, shape=first.output_shape, size=2, padding=1)
    network = Network(60, [first, second, Dense(3)], dtype=np.float64, rng=rng)
    examples = Examples(rng.normal(size=(4, 60)), np.eye(3)[[0, 2, 1, 1]])
    check = check_gradient(network, examples)
    assert check.worst < 1e-6


def test_a_batch_in_chunks_equals_one_image_at_a_time(rng):
    layer = Convolution(4, shape=(28, 28, 8))
    one_layer(layer, rng)
    x = rng.normal(size=(9, 28 * 28 * 8))
    assert len(list(layer._windows.chunks(9))) > 1
    alone = np.concatenate([run(layer, row[None]) for row in x])
    np.testing.assert_allclose(run(layer, x), alone, rtol=1e-12)


def test_pooling_takes_the_largest_of_each_square(rng):
    layer = MaxPooling(shape=(4, 6, 2), size=2)
    x = rng.normal(size=(3, 48))
    squares = x.reshape(3, 2, 2, 3, 2, 2)
    np.testing.assert_array_equal(run(layer, x), squares.max(axis=(2, 4)))


@pytest.mark.parametrize("size", [1, 2, 3, (2, 1), (1, 5)])
def test_poolings_gradients_agree_with_measured_slopes(rng, size):
    pool = MaxPooling(shape=(7, 5, 3), size=size)
    first = Convolution(3, shape=(7, 5, 1))
    network = Network(35, [first, pool, Dense(3)], dtype=np.float64, rng=rng)
    examples = Examples(rng.normal(size=(4, 35)), np.eye(3)[[0, 2, 1, 1]])
    check = check_gradient(network, examples)
    assert check.worst < 1e-6


def test_pooling_gives_the_gradient_to_one_of_equal_values(rng):
    layer = MaxPooling(shape=(4, 4, 1))
    x, grad_y = np.ones((2, 16)), rng.normal(size=(2, 4))
    y, grad_x = np.empty((2, 4)), np.empty((2, 16))
    layer.forward(x, y)
    layer.backward(x, y, grad_y, grad_x)
    np.testing.assert_allclose(
        grad_x.reshape(2, 2, 2, 2, 2).sum(axis=(2, 4)), grad_y.reshape(2, 2, 2)
    )
    assert (np.count_nonzero(grad_x, axis=1) == 4).all()


def test_rows_outside_all_fields_get_no_gradient(rng):
    layer = MaxPooling(shape=(5, 5, 1))
    x, y, grad_x = rng.normal(size=(1, 25)), np.empty((1, 4)), np.full((1, 25), np.nan)
    layer.forward(x, y)
    layer.backward(x, y, np.ones((1, 4)), grad_x)
    assert not grad_x.reshape(5, 5)[4].any()
    assert not grad_x.reshape(5, 5)[:, 4].any()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copied_network_computes_the_same(rng, duplicate):
    layers = [Convolution(3, shape=SHAPE), MaxPooling(shape=(6, 5, 3)), Dense(2)]
    network = Network(60, layers, rng=rng)
    x = rng.normal(size=(4, 60)).astype(np.float32)
    expected = network.logits(x)
    np.testing.assert_array_equal(duplicate(network).logits(x), expected)


def test_threads_may_read_one_convolution_at_the_same_time(rng):
    network = Network(784, [Convolution(8, shape=(28, 28, 1)), Dense(3)], rng=rng)
    rows = rng.normal(size=(8, 30, 784)).astype(np.float32)
    expected = [network.logits(x) for x in rows]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for ours, wanted in zip(pool.map(network.logits, rows), expected, strict=True):
                np.testing.assert_array_equal(ours, wanted)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Convolution(0, shape=SHAPE),
        lambda: Convolution(3, shape=(6, 5)),
        lambda: Convolution(3, shape=(2, 2, 1), size=3, padding=0),
        lambda: Convolution(3, shape=SHAPE, size=2, padding=2),
        lambda: Convolution(3, shape=SHAPE, padding=-1),
        lambda: MaxPooling(shape=SHAPE, size=6),
        lambda: MaxPooling(shape=(0, 5, 2)),
        lambda: Network(59, [Convolution(3, shape=SHAPE)]),
    ],
)
def test_a_layer_that_does_not_fit_its_images_is_refused(make):
    with pytest.raises(ValueError, match=r"convolution needs|image|fit|cannot take"):
        make()


# Windows


def test_the_windows_of_an_image_are_the_rows_of_the_matrix():
    image = np.arange(12, dtype=np.float32).reshape(1, 3, 4, 1)
    matrix = Windows((3, 4, 1), (2, 2), (0, 0)).matrix(image)
    assert matrix[0].tolist() == [0, 1, 4, 5]
    assert matrix[-1].tolist() == [6, 7, 10, 11]


def test_windows_at_the_border_have_zeros():
    matrix = Windows((2, 2, 1), (3, 3), (1, 1)).matrix(np.ones((1, 2, 2, 1), np.float32))
    assert matrix[0].tolist() == [0, 0, 0, 0, 1, 1, 0, 1, 1]


def test_windows_larger_than_the_padded_image_are_refused():
    with pytest.raises(ValueError, match="no window of 4x4"):
        Windows((2, 2, 1), (4, 4), (0, 0))
