import numpy as np
import pytest

from digitus.nn.batch_normalization import BatchNormalization
from digitus.nn.fitting import batch_chunks
from digitus.nn.fitting.batch_chunks import BatchChunks
from digitus.nn.layers import Dense
from digitus.nn.losses import LossWork, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SigmoidBinaryCrossEntropy()])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_the_chunks_add_up_to_the_batch(
    make_network, make_examples, monkeypatch, loss, weighted, chunk
):
    network = make_network(dtype=np.float64, loss=loss)
    rows = make_examples(n=50, weighted=weighted, dtype=np.float64)
    whole = network.loss_and_gradient(rows.x, rows.targets, l2=0.3, weights=rows.weights)
    gradient = network.gradient.copy()
    monkeypatch.setattr(batch_chunks, "SIZES", batch_chunks.ChunkSizes(rows=chunk))
    found = BatchChunks(network)
    assert found.loss_and_gradient(rows, l2=0.3) == pytest.approx(whole, rel=1e-13)
    np.testing.assert_allclose(network.gradient, gradient, rtol=1e-11, atol=1e-15)
    logits = network.logits(rows.x)
    work = LossWork(*logits.shape, logits.dtype)
    assert found.correct == loss.are_correct(logits, rows.targets, work).sum()


def test_right_answers_are_counted_per_batch(make_network, make_examples):
    found, rows = BatchChunks(make_network()), make_examples(n=50)
    found.loss_and_gradient(rows)
    first = found.correct
    found.loss_and_gradient(rows)
    assert found.correct == first


def test_the_arrays_do_not_grow_with_the_rows(make_network, make_examples, monkeypatch):
    monkeypatch.setattr(batch_chunks, "SIZES", batch_chunks.ChunkSizes(rows=100))
    network = make_network()
    BatchChunks(network).loss_and_gradient(make_examples(n=1050))
    assert max(len(work.outputs[0]) for work in network._workspaces.values()) == 100


def test_replicas_add_up_to_the_batch(make_network, make_examples):
    rows, network = make_examples(n=60), make_network(hidden=(8, 5), dtype=np.float32)
    alone, shared = BatchChunks(network), BatchChunks(network, 3)
    loss = alone.loss_and_gradient(rows, l2=0.5)
    gradient, correct = network.gradient.copy(), alone.correct
    assert shared.loss_and_gradient(rows, l2=0.5) == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(network.gradient, gradient, rtol=1e-4, atol=1e-7)
    assert shared.correct == correct


def test_replicas_give_the_same_bits_again(make_network, make_examples):
    gradients = []
    for _ in range(2):
        network = make_network(hidden=(8, 5), dropout=0.3)
        chunks, rng = BatchChunks(network, 2), np.random.default_rng(5)
        for _ in range(20):
            chunks.loss_and_gradient(make_examples(n=60), rng=rng)
            network.parameters -= 0.1 * network.gradient
        gradients.append(network.parameters.copy())
    np.testing.assert_array_equal(*gradients)


def test_replicas_share_the_parameters_and_one_updates_the_averages(rng):
    network = Network(4, [Dense(3), BatchNormalization(shape=(1, 1, 3))], rng=rng)
    replica = network.replica()
    network.parameters[0] = 5
    assert replica.parameters[0] == 5
    assert not np.shares_memory(replica.gradient, network.gradient)
    x, targets = rng.normal(size=(6, 4)).astype(np.float32), np.eye(3, dtype=np.float32)[[0, 1] * 3]
    before = network.layers[1].mean.copy()
    replica.loss_and_gradient(x, targets, rng=rng)
    np.testing.assert_array_equal(network.layers[1].mean, before)
    network.loss_and_gradient(x, targets, rng=rng)
    assert (network.layers[1].mean != before).all()
