import copy
import sys

import numpy as np
import pytest

from digitus.nn.compiled import _SHARED_FROM
from digitus.nn.fitting.batch_chunks import BatchChunks
from digitus.nn.fitting.trainer import Settings, Trainer
from digitus.nn.losses import SoftmaxCrossEntropy
from digitus.nn.optimizers import SGD, Adam

MAKERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "adam": Adam,
    "adamw": lambda: Adam(weight_decay=0.1),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", MAKERS)
def test_compiled_steps_end_in_the_same_bits(make_network, name, dtype):
    found = []
    for compiled in (False, True):
        network, optimizer = make_network(dtype=dtype), MAKERS[name]()
        optimizer.bind(network)
        if compiled:
            optimizer.compile()
        rng = np.random.default_rng(1)
        for _ in range(200):
            network.gradient[...] = rng.normal(size=network.gradient.size)
            optimizer.step(0.01)
        found.append([network.parameters, *optimizer.state.values()])
    for plain, fast in zip(*found, strict=True):
        np.testing.assert_array_equal(fast, plain)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 2e-6), (np.float64, 1e-13)])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("scale", [1, 100])
def test_the_compiled_loss_agrees_with_numpys(
    make_network, make_examples, dtype, rtol, smoothing, scale
):
    rows = make_examples(n=50, dtype=dtype)
    found = []
    for compiled in (False, True):
        network = make_network(loss=SoftmaxCrossEntropy(smoothing), dtype=dtype)
        network.parameters *= scale
        if compiled:
            network.loss.compile()
        pieces = BatchChunks(network)
        found.append((pieces.loss_and_gradient(rows, l2=0.1), pieces.correct, network.gradient))
    (value, correct, gradient), (fast, fast_correct, fast_gradient) = found
    assert fast == pytest.approx(value, rel=rtol)
    assert fast_correct == correct
    np.testing.assert_allclose(fast_gradient, gradient, rtol=50 * rtol, atol=rtol * scale)


def test_weighted_rows_go_numpys_way(make_network, make_examples):
    rows = make_examples(n=50, weighted=True)
    plain, compiled = make_network(), make_network()
    compiled.loss.compile()
    assert BatchChunks(plain).loss_and_gradient(rows) == BatchChunks(compiled).loss_and_gradient(
        rows
    )
    np.testing.assert_array_equal(plain.gradient, compiled.gradient)


def test_a_compiled_run_learns_what_the_plain_one_learns(make_network, make_examples):
    found = []
    for compiled in (False, True):
        plan = Settings(n_epochs=3, batch_size=16, compiled=compiled)
        network = make_network(dropout=0.2)
        history = Trainer(network, make_examples(), optimizer=Adam(), settings=plan).run()
        found.append((history[-1].loss, history[-1].accuracy, copy.deepcopy(network)))
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-4)
    assert found[1][1] == found[0][1]
    np.testing.assert_allclose(found[1][2].parameters, found[0][2].parameters, rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("name", MAKERS)
def test_two_threads_on_a_long_vector_end_in_the_same_bits(make_network, name):
    width = _SHARED_FROM // 64
    gradient = np.random.default_rng(1).normal(size=64 * width).astype(np.float32)
    found = []
    for threads in (None, 2):
        network = make_network(64, width, hidden=())
        optimizer = MAKERS[name]()
        optimizer.bind(network)
        if threads:
            optimizer.compile(threads)
        network.gradient[: gradient.size] = gradient
        optimizer.step(0.1)
        optimizer.step(0.1)
        found.append(network.parameters.copy())
    np.testing.assert_array_equal(*found)


def test_without_numba_there_is_one_clear_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "digitus.nn.compiled", None)
    with pytest.raises(ValueError, match=r"Numba.*not installed.*`fast`"):
        Adam().compile()
