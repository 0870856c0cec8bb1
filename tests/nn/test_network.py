import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid
from digitus.nn.initializers import uniform
from digitus.nn.layers import Dense, Dropout, InputBias
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network, Workspace
from digitus.nn.optimizers import SGD

COUNTS = {(100,): 79_510, (10,): 7_960, (128, 64): 109_386, (10, 10): 8_070}


@pytest.mark.parametrize("hidden", COUNTS)
def test_the_five_systems_networks_have_their_number_of_parameters(make_network, hidden):
    assert make_network(784, 10, hidden=hidden).parameters.size == COUNTS[hidden]


def test_the_input_bias_adds_one_parameter_per_input(make_network):
    assert make_network(784, 10, hidden=(100,), input_bias=True).parameters.size == 79_510 + 784


def test_layer_arrays_are_views_of_the_flat_vectors(make_network):
    network = make_network()
    network.parameters[...] = 3
    network.gradient[...] = 4
    for layer in network.dense_layers():
        assert (layer.weight == 3).all()
        assert (layer.bias_grad == 4).all()


def test_equal_seeds_give_equal_networks(make_network):
    np.testing.assert_array_equal(make_network(seed=3).parameters, make_network(seed=3).parameters)


def test_without_a_generator_the_parameters_are_zero():
    assert not Network(3, [Dense(2)]).parameters.any()


# Inference


@pytest.mark.parametrize("shape", [(784,), (28, 28), (1, 784), (1, 28, 28)])
def test_a_single_sample_of_any_shape_gives_one_row(make_network, shape):
    network, sample = make_network(784, 10), np.random.default_rng(0).random(784)
    expected = network.probabilities(sample[None])
    np.testing.assert_array_equal(network.probabilities(sample.reshape(shape)), expected)
    assert network.predict(sample.reshape(shape)).shape == (1,)


@pytest.mark.parametrize("n", [0, 1, 5, 1024, 1025, 2500])
def test_n_rows_give_n_classes_and_n_rows_of_probabilities(make_network, n):
    network, x = make_network(), np.ones((n, 6))
    assert network.predict(x).shape == (n,)
    assert network.probabilities(x).shape == (n, 3)


def test_classes_are_integers(make_network):
    assert np.issubdtype(make_network().predict(np.ones((2, 6))).dtype, np.integer)


@pytest.mark.parametrize("shape", [(783,), (5, 785), (784, 2), (2, 28, 28), ()])
def test_rows_of_a_wrong_shape_are_refused_with_both_shapes(make_network, shape):
    with pytest.raises(ValueError, match=r"expected rows of 784 values.*got shape"):
        make_network(784, 10).predict(np.ones(shape))


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_a_sample_alone_and_inside_a_batch_get_the_same_probabilities(make_network, n, seed):
    network = make_network(hidden=(8, 7), dropout=0.5)
    x = np.random.default_rng(seed).normal(size=(n, 6)) * 3
    together = network.probabilities(x)
    alone = np.concatenate([network.probabilities(row) for row in x])
    np.testing.assert_allclose(alone, together, atol=1e-6)


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SigmoidBinaryCrossEntropy()])
def test_inputs_longer_than_a_chunk_keep_their_order(make_network, loss):
    network = make_network(loss=loss)
    x = np.random.default_rng(0).normal(size=(3000, 6))
    parts = [network.probabilities(part) for part in np.array_split(x, 7)]
    np.testing.assert_allclose(network.probabilities(x), np.concatenate(parts), atol=1e-6)


def test_inference_does_not_change_the_input(make_network):
    x = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    before = x.copy()
    make_network(input_bias=True, dropout=0.5).probabilities(x)
    np.testing.assert_array_equal(x, before)


def test_several_threads_read_the_same_as_one(make_network):
    network = make_network(hidden=(32, 32), dropout=0.3)
    parts = [np.random.default_rng(seed).normal(size=(700, 6)) for seed in range(16)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(network.probabilities, parts))
    for part, found in zip(parts, together, strict=True):
        np.testing.assert_array_equal(found, network.probabilities(part))


# Training


def test_one_step_moves_the_biases_by_different_amounts(make_network):
    rng = np.random.default_rng(0)
    network = make_network(784, 10, hidden=(10, 10), activation="leaky_relu")
    before = [layer.bias.copy() for layer in network.dense_layers()]
    optimizer = SGD()
    optimizer.bind(network)
    x, targets = rng.random((50, 784), np.float32), np.eye(10, dtype=np.float32)[np.arange(50) % 7]
    network.loss_and_gradient(x, targets)
    optimizer.step(0.1)
    for layer, old in zip(network.dense_layers(), before, strict=True):
        assert len(np.unique(layer.bias - old)) > 1
    assert (network.dense_layers()[-1].bias != before[-1]).all()


def test_the_gradient_is_divided_by_the_number_of_rows_used(make_network, make_examples):
    network, rows = make_network(dtype=np.float64), make_examples(dtype=np.float64)
    network.loss_and_gradient(rows.x, rows.targets)
    once = network.gradient.copy()
    network.loss_and_gradient(np.tile(rows.x, (3, 1)), np.tile(rows.targets, (3, 1)))
    np.testing.assert_allclose(network.gradient, once, rtol=1e-10, atol=1e-15)


def test_learning_does_not_change_the_rows(make_network, make_examples):
    network, rows = make_network(input_bias=True, dropout=0.3), make_examples(weighted=True)
    before = [a.copy() for a in (rows.x, rows.targets, rows.weights)]
    network.loss_and_gradient(
        rows.x, rows.targets, l2=0.1, weights=rows.weights, rng=np.random.default_rng(0)
    )
    for array, old in zip((rows.x, rows.targets, rows.weights), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_only_weights_are_scaled(make_network):
    network = make_network(input_bias=True)
    network.parameters[...] = 1
    network.scale_weights(0.5)
    values = {name: set(array.flat) for name, array, _ in network.named_parameters()}
    assert values == {
        "layer0.bias": {1},
        "layer1.weight": {0.5},
        "layer1.bias": {1},
        "layer3.weight": {0.5},
        "layer3.bias": {1},
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_array_is_of_the_networks_type(make_network, make_examples, dtype):
    network = make_network(input_bias=True, dropout=0.2, hidden=(5, 4), dtype=dtype)
    rows = make_examples(dtype=dtype, weighted=True)
    network.loss_and_gradient(
        rows.x,
        rows.targets,
        l2=np.float64(0.1),
        weights=rows.weights,
        rng=np.random.default_rng(0),
    )
    work = network.work
    arrays = [network.parameters, network.gradient, *work.outputs, *work.gradients]
    arrays += [work.loss.grad, work.loss.cells, work.loss.targets, work.loss.rows]
    for layer in network.layers:
        arrays += [value for value in vars(layer).values() if isinstance(value, np.ndarray)]
    arrays += [network.logits(rows.x), network.probabilities(rows.x)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


# Copies


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copied_network_gives_the_same_and_learns_on_its_own(
    make_network, make_examples, make_copy
):
    network, rows = make_network(input_bias=True, dropout=0.3), make_examples()
    network.loss_and_gradient(rows.x, rows.targets, rng=np.random.default_rng(0))
    before = network.probabilities(rows.x)
    copied = make_copy(network)
    np.testing.assert_array_equal(copied.probabilities(rows.x), before)
    copied.parameters *= 2
    assert not np.array_equal(copied.probabilities(rows.x), before)
    np.testing.assert_array_equal(network.probabilities(rows.x), before)


def test_a_pickle_holds_the_parameters_once(make_network):
    network = make_network(784, 10, hidden=(100,))
    assert len(pickle.dumps(network)) < 1.1 * network.parameters.nbytes


# Invalid arguments


@pytest.mark.parametrize(("d", "layers"), [(0, [Dense(2)]), (3, [])])
def test_a_network_without_inputs_or_layers_is_refused(d, layers):
    with pytest.raises(ValueError, match="at least one"):
        Network(d, layers)


def test_a_layer_used_twice_is_refused():
    layer = Dense(3)
    with pytest.raises(ValueError, match="twice"):
        Network(3, [layer, layer])


@pytest.mark.parametrize("dtype", [np.float16, np.int64])
def test_types_other_than_float32_and_float64_are_refused(dtype):
    with pytest.raises(ValueError, match="float32 or float64"):
        Network(3, [Dense(2)], dtype=dtype)


OPTIONS = [
    (Dense(3, weights=uniform(0.1)), {"width": 3}),
    (InputBias(), {}),
    (ReLU(), {}),
    (LeakyReLU(0.2), {"slope": 0.2}),
    (Sigmoid(), {}),
    (Dropout(0.4), {"share": 0.4}),
    (SoftmaxCrossEntropy(0.1), {"label_smoothing": 0.1}),
    (SigmoidBinaryCrossEntropy(exclusive=False), {"exclusive": False}),
]


@pytest.mark.parametrize(("part", "options"), OPTIONS)
def test_options_rebuild_the_layer_or_loss(part, options):
    assert part.options() == type(part)(**part.options()).options() == options


# The flat vectors


def test_the_parameter_arrays_fill_the_flat_vector_without_gaps():
    network = Network(4, [InputBias(), Dense(3), ReLU(), Dense(2)])
    spans = [(view.start, view.start + np.prod(view.shape)) for view in network.views]
    assert spans == [(0, 4), (4, 16), (16, 19), (19, 25), (25, 27)]
    assert network.parameters.shape == network.gradient.shape == (27,)


def test_each_layers_output_width_is_kept():
    assert Network(4, [InputBias(), Dense(3), ReLU(), Dense(2)]).widths == [4, 3, 3, 2]


def test_a_parameter_view_is_not_a_copy():
    network = Network(2, [Dense(2)])
    network.views[0].of(network.parameters)[1, 0] = 5
    assert network.parameters.tolist() == [0, 0, 5, 0, 0, 0]


# Workspaces


def test_the_arrays_of_the_backward_pass_are_allocated_once():
    work = Workspace(4, [3, 2], np.dtype(np.float32))
    assert work.gradients == []
    work.prepare_backward()
    first = [id(array) for array in work.gradients]
    work.prepare_backward()
    assert [id(array) for array in work.gradients] == first


def test_gradients_have_the_shapes_of_the_outputs():
    work = Workspace(4, [3, 2], np.dtype(np.float32))
    work.prepare_backward()
    assert [a.shape for a in work.gradients] == [a.shape for a in work.outputs] == [(4, 3), (4, 2)]


def test_the_last_gradient_is_that_of_the_loss(make_network, make_examples):
    network, rows = make_network(), make_examples()
    network.loss_and_gradient(rows.x, rows.targets)
    assert network.work.gradients[-1] is network.work.loss.grad


def test_a_network_keeps_one_workspace_per_batch_size(make_network, make_examples):
    network, rows = make_network(), make_examples(n=10)
    network.loss_and_gradient(rows.x, rows.targets)
    whole = network.work
    network.loss_and_gradient(rows.x[:4], rows.targets[:4])
    assert network.work is not whole
    network.loss_and_gradient(rows.x, rows.targets)
    assert network.work is whole


def test_the_number_of_kept_workspaces_is_limited(make_network, make_examples):
    network, rows = make_network(), make_examples(n=40)
    for n in range(1, 41):
        network.loss_and_gradient(rows.x[:n], rows.targets[:n])
    assert len(network._workspaces) <= 4
