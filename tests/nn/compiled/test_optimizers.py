import copy
import sys

import numpy as np
import pytest

from digitus.nn.compiled import compiled
from digitus.nn.compiled.optimizers import _PARALLEL_FROM, compiled_optimizer
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
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
def test_compiled_steps_give_the_same_bits(make_network, name, dtype):
    found = []
    for optimizer in (MAKERS[name](), compiled_optimizer(MAKERS[name]())):
        network = make_network(dtype=dtype)
        optimizer.bind(network)
        rng = np.random.default_rng(1)
        for _ in range(200):
            network.gradient[...] = rng.normal(size=network.gradient.size)
            optimizer.step(0.01)
        found.append([network.parameters, *optimizer.state.values()])
    for plain, fast in zip(*found, strict=True):
        np.testing.assert_array_equal(fast, plain)


@pytest.mark.parametrize("name", MAKERS)
def test_two_threads_on_a_long_vector_give_the_same_bits(make_network, name):
    width = _PARALLEL_FROM // 64
    gradient = np.random.default_rng(1).normal(size=64 * width).astype(np.float32)
    found = []
    for optimizer in (MAKERS[name](), compiled_optimizer(MAKERS[name](), threads=2)):
        network = make_network(64, width, hidden=())
        optimizer.bind(network)
        network.gradient[: gradient.size] = gradient
        optimizer.step(0.1)
        optimizer.step(0.1)
        found.append(network.parameters.copy())
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_the_compiled_optimizer_has_the_same_options(name):
    plain = MAKERS[name]()
    fast = compiled_optimizer(plain)
    assert type(fast) is not type(plain)
    assert fast.options() == plain.options()


def test_an_optimizer_without_compiled_version_is_returned():
    optimizer = SGD(momentum=0.9)
    assert compiled_optimizer(optimizer) is optimizer


def test_a_compiled_run_learns_what_the_plain_one_learns(make_network, make_examples):
    found = []
    for is_compiled in (False, True):
        settings = TrainerSettings(n_epochs=3, batch_size=16, compiled=is_compiled)
        network = make_network(dropout=0.2)
        history = Trainer(network, make_examples(), optimizer=Adam(), settings=settings).run()
        found.append((history[-1].loss, history[-1].accuracy, copy.deepcopy(network)))
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-4)
    assert found[1][1] == found[0][1]
    np.testing.assert_allclose(found[1][2].parameters, found[0][2].parameters, rtol=1e-2, atol=1e-3)


def test_without_numba_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "digitus.nn.compiled.optimizers", None)
    with pytest.raises(ValueError, match=r"Numba.*not installed.*`fast`"):
        compiled(Adam(), SoftmaxCrossEntropy())
