import sys

import numpy as np
import pytest

from digitus.nn.compiled import _SHARED_FROM
from digitus.nn.optimizers import SGD, Adam
from digitus.nn.training import Settings, Trainer

MAKERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "adam": Adam,
    "adamw": lambda: Adam(weight_decay=0.1),
}


def run(network, rows, name, compiled):
    plan = Settings(n_epochs=3, batch_size=16, compiled=compiled)
    trainer = Trainer(network, rows, optimizer=MAKERS[name](), settings=plan)
    trainer.run()
    return trainer


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", MAKERS)
def test_compiled_steps_end_in_the_same_bits(make_network, make_examples, name, dtype):
    plain, compiled = (
        run(make_network(dropout=0.2, dtype=dtype), make_examples(dtype=dtype), name, compiled)
        for compiled in (False, True)
    )
    np.testing.assert_array_equal(compiled.network.parameters, plain.network.parameters)
    for key, array in plain.optimizer.state.items():
        np.testing.assert_array_equal(compiled.optimizer.state[key], array)


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
