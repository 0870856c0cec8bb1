"""Only a complete state of the same run is restored."""

import copy

import numpy as np
import pytest

from digitus.errors import CheckpointError
from digitus.nn.fitting.callbacks import State
from digitus.nn.fitting.resume import restore_state, save_state
from digitus.nn.losses import SoftmaxCrossEntropy
from digitus.nn.optimizers import SGD
from digitus.nn.schedules import Staged


@pytest.fixture
def state(make_trainer):
    trainer = make_trainer(n_epochs=1)
    trainer.run()
    return copy.deepcopy(save_state(trainer))


OTHER_RUNS = {
    "n_inputs": lambda make, net, rows: make(network=net(d=5), rows=rows(d=5)),
    "layers": lambda make, net, rows: make(network=net(hidden=(9, 5), input_bias=True)),
    "loss": lambda make, net, rows: make(
        network=net(hidden=(8, 5), dropout=0.3, input_bias=True, loss=SoftmaxCrossEntropy(0.1))
    ),
    "optimizer": lambda make, net, rows: make(SGD()),
    "n_rows": lambda make, net, rows: make(rows=rows(n=61)),
    "learning rates": lambda make, net, rows: make(schedule=Staged({0: 0.1, 1: 0.05})),
    "batch_size": lambda make, net, rows: make(batch_size=17),
    "l2": lambda make, net, rows: make(l2=0.2),
    "seed": lambda make, net, rows: make(order_seed=4),
    "shuffle": lambda make, net, rows: make(shuffle=False),
    "validate_every": lambda make, net, rows: make(validate_every=2),
}


@pytest.mark.parametrize("name", OTHER_RUNS)
def test_the_state_of_another_run_is_refused(
    make_trainer, make_network, make_examples, state, name
):
    other = OTHER_RUNS[name](make_trainer, make_network, make_examples)
    with pytest.raises(CheckpointError, match=rf"another run: its {name} "):
        restore_state(other, state)


def test_facts_of_something_else_are_refused(make_trainer, state):
    with pytest.raises(CheckpointError, match="another run"):
        restore_state(make_trainer(), State(state.arrays, {}))


DAMAGES = {
    "missing": lambda arrays: arrays.pop("optimizer.sum"),
    "too short": lambda arrays: arrays.update(parameters=arrays["parameters"][:1]),
    "widened": lambda arrays: arrays.update(parameters=arrays["parameters"].astype(float)),
    "NaN": lambda arrays: arrays["parameters"].__setitem__(5, np.nan),
    "infinite": lambda arrays: arrays["optimizer.square_sum"].__setitem__(5, np.inf),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_is_refused_and_changes_nothing(make_trainer, state, damage):
    trainer = make_trainer(seed=99)
    before = trainer.network.parameters.copy()
    DAMAGES[damage](state.arrays)
    with pytest.raises(CheckpointError, match=r"damaged.*start without resuming"):
        restore_state(trainer, state)
    np.testing.assert_array_equal(trainer.network.parameters, before)
    assert trainer.optimizer.state["sum"].max() < 1e-29


def test_a_schedule_may_be_any_function(make_trainer):
    first = make_trainer(schedule=lambda epoch, n_epochs: 0.1 / (1 + epoch))
    second = make_trainer(schedule=lambda epoch, n_epochs: 0.1 / (1 + epoch), seed=99)
    restore_state(second, save_state(first))
    np.testing.assert_array_equal(second.network.parameters, first.network.parameters)
