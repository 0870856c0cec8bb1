"""A run saved between two batches and resumed ends like an uninterrupted one."""

import copy
import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.errors import CheckpointError
from digitus.nn.fitting.callbacks import AveragedWeights, Callback, EarlyStopping, State
from digitus.nn.fitting.resume import restore_state, save_state
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.losses import SoftmaxCrossEntropy
from digitus.nn.optimizers import SGD, Adam
from digitus.nn.schedules import Staged

OPTIMIZERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "adam": Adam,
    "adamw": lambda: Adam(weight_decay=0.01),
}
N_BATCHES, N_EPOCHS = 4, 5


def through_a_file(state):
    """Copy the arrays and send the facts through JSON, as a checkpoint does."""
    arrays = {name: array.copy() for name, array in state.arrays.items()}
    return State(arrays, json.loads(json.dumps(state.facts, allow_nan=False)))


class Saver(Callback):
    """Saves the run after a number of batches, without stopping it."""

    name = "saver"

    def __init__(self, after):
        self.after, self.heard, self.saved = after, 0, None

    def batch_ended(self, trainer):
        self.heard += 1
        if self.heard == self.after:
            self.saved = through_a_file(save_state(trainer))


class EpochSaver(Callback):
    """Saves the run at the end of one epoch."""

    name = "saver"

    def __init__(self, after):
        self.after, self.saved = after, None

    def epoch_ended(self, trainer, epoch):
        if epoch.epoch == self.after:
            self.saved = through_a_file(save_state(trainer))


class Interrupter(Callback):
    """Interrupts the run after a number of batches."""

    def __init__(self, after):
        self.after = after

    def batch_ended(self, trainer):
        self.after -= 1
        if self.after == 0:
            trainer.stop(interrupted=True)


def everything(trainer):
    """All that a resume must restore, except seconds."""
    history = [replace(epoch, seconds=0.0) for epoch in trainer.history]
    arrays = {"parameters": trainer.network.parameters, **trainer.optimizer.state}
    return (
        {name: array.tobytes() for name, array in arrays.items()},
        trainer.optimizer.n_steps,
        trainer.order.rng.bit_generator.state,
        history,
        trainer.history.first_gradient_norms,
        (trainer.progress.epoch, trainer.progress.batch, trainer.progress.stopped),
    )


@given(cut=st.integers(1, N_BATCHES * N_EPOCHS - 1))
@settings(max_examples=8)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_resumed_run_equals_the_uninterrupted_one(make_trainer, optimizer, cut):
    whole = make_trainer(OPTIMIZERS[optimizer]())
    whole.run()
    first = make_trainer(OPTIMIZERS[optimizer](), callbacks=[Interrupter(cut)])
    first.run()
    assert first.interrupted
    second = make_trainer(
        OPTIMIZERS[optimizer](), seed=99
    )  # other first weights: all must come from the state
    restore_state(second, through_a_file(save_state(first)))
    second.run()
    assert everything(second) == everything(whole)


@pytest.mark.parametrize("after", [1, 3, N_BATCHES, N_BATCHES + 1, 2 * N_BATCHES])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_state_saved_during_a_run_leads_to_the_same_end(make_trainer, optimizer, after):
    saver = Saver(after)
    whole = make_trainer(OPTIMIZERS[optimizer](), callbacks=[saver])
    whole.run()
    second = make_trainer(OPTIMIZERS[optimizer](), seed=99)
    restore_state(second, saver.saved)
    second.run()
    assert everything(second) == everything(whole)


@pytest.mark.parametrize("after", [1, 2, N_EPOCHS - 1, N_EPOCHS])
@pytest.mark.parametrize("size", [16, None])
def test_a_state_saved_at_an_epochs_end_leads_to_the_same_end(make_trainer, size, after):
    saver = EpochSaver(after)
    whole = make_trainer(callbacks=[saver], batch_size=size)
    whole.run()
    second = make_trainer(seed=99, batch_size=size)
    restore_state(second, saver.saved)
    second.run()
    assert everything(second) == everything(whole)


def test_a_full_batch_run_saved_after_each_step_can_be_resumed(make_trainer):
    saver = Saver(3)
    whole = make_trainer(callbacks=[saver], batch_size=None)
    whole.run()
    second = make_trainer(seed=99, batch_size=None)
    restore_state(second, saver.saved)
    second.run()
    assert everything(second) == everything(whole)


def test_a_run_resumed_twice_equals_the_uninterrupted_one(make_trainer):
    whole = make_trainer()
    whole.run()
    trainer = make_trainer(callbacks=[Interrupter(5)])
    trainer.run()
    for cut in (2, 100):
        state = through_a_file(save_state(trainer))
        trainer = make_trainer(seed=99, callbacks=[Interrupter(cut)])
        restore_state(trainer, state)
        trainer.run()
    assert everything(trainer) == everything(whole)


# Early stopping


@pytest.fixture
def make_stopping_trainer(make_network, make_examples):
    """A run that early stopping ends: the network is far too large for its few rows."""

    def make(*callbacks, seed=0):
        return Trainer(
            make_network(hidden=(64,), dropout=0.1, seed=seed),
            make_examples(n=20, noise=1.5),
            optimizer=Adam(),
            schedule=0.05,
            settings=TrainerSettings(n_epochs=200, batch_size=5),
            validation=make_examples(n=30, seed=1, noise=1.5),
            callbacks=[EarlyStopping(3), *callbacks],
        )

    return make


@pytest.fixture
def n_epochs_until_stopped(make_stopping_trainer):
    n = len(make_stopping_trainer().run())
    assert 4 < n < 200
    return n


@pytest.mark.parametrize("back", [0, 1, 2, 4])
def test_early_stopping_continues_after_a_resume(
    make_stopping_trainer, n_epochs_until_stopped, back
):
    saver = EpochSaver(n_epochs_until_stopped - back)
    whole = make_stopping_trainer(saver)
    whole.run()
    second = make_stopping_trainer(seed=99)
    restore_state(second, saver.saved)
    second.run()
    assert everything(second) == everything(whole)


def test_a_run_ended_by_early_stopping_is_not_continued(make_stopping_trainer):
    whole = make_stopping_trainer()
    whole.run()
    second = make_stopping_trainer(seed=99)
    restore_state(second, through_a_file(save_state(whole)))
    second.run()
    assert everything(second) == everything(whole)


def test_a_run_interrupted_after_early_stopping_is_not_continued(make_stopping_trainer):
    class InterruptAtStop(Callback):
        def epoch_ended(self, trainer, epoch):
            if trainer.progress.stopped:
                trainer.stop(interrupted=True)

    whole = make_stopping_trainer()
    whole.run()
    first = make_stopping_trainer(InterruptAtStop())
    first.run()
    second = make_stopping_trainer(seed=99)
    restore_state(second, through_a_file(save_state(first)))
    second.run()
    assert everything(second) == everything(whole)


def test_a_run_ended_by_a_callback_with_its_epoch_is_not_continued(make_trainer):
    class StopWithTheEpoch(Callback):
        def batch_ended(self, trainer):
            if trainer.progress.batch == N_BATCHES:
                trainer.stop()

    saver = EpochSaver(1)
    make_trainer(callbacks=[StopWithTheEpoch(), saver]).run()
    second = make_trainer(seed=99)
    restore_state(second, saver.saved)
    assert len(second.run()) == 1


# States that are refused


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


ODD = [None, True, -1, 1.5, "abc", [], {}, [[1]], float("nan"), float("inf"), 10**400]


@pytest.mark.parametrize("value", ODD, ids=str)
@pytest.mark.parametrize(
    "place",
    [
        ("run",),
        ("progress",),
        ("progress", "epoch"),
        ("progress", "batch"),
        ("progress", "loss_sum"),
        ("progress", "stopped"),
        ("n_steps",),
        ("order",),
        ("order", "now"),
        ("order", "now", "state"),
        ("order", "at_epoch"),
        ("history",),
        ("history", 0),
        ("history", 0, "epoch"),
        ("history", 0, "loss"),
        ("history", 0, "gradient_norms"),
        ("first_gradient_norms",),
        ("callbacks",),
    ],
    ids=str,
)
def test_damaged_facts_are_refused_or_trained_with(make_trainer, state, place, value):
    node = state.facts
    for name in place[:-1]:
        node = node[name]
    node[place[-1]] = value
    trainer = make_trainer(seed=99)
    with suppress(CheckpointError):
        restore_state(trainer, state)
        assert np.isfinite([epoch.loss for epoch in trainer.run()]).all()


@pytest.mark.parametrize(
    "array", [np.zeros((2, 3)), np.array(1.0), np.zeros(5, np.int64), np.zeros(5, np.complex64)]
)
def test_a_callbacks_array_of_another_shape_or_type_is_refused(make_trainer, state, array):
    state.arrays["early_stopping.best_parameters"] = array
    with pytest.raises(CheckpointError, match=r"damaged: early_stopping\.best_parameters is"):
        restore_state(make_trainer(), state)


def test_a_mean_beyond_single_precision_is_refused(make_trainer, state):
    size = len(state.arrays["parameters"])
    state.arrays["averaged_weights.mean"] = np.full(size, 1e300)
    with pytest.raises(CheckpointError, match=r"damaged: averaged_weights\.mean holds"):
        restore_state(make_trainer(), state)


def test_a_position_behind_the_last_batch_is_refused(make_trainer, state):
    state.facts["progress"]["batch"] = 10**6
    with pytest.raises(CheckpointError, match="batch 1000000"):
        restore_state(make_trainer(), state)


@pytest.mark.parametrize(
    ("callback", "facts"),
    [
        (EarlyStopping(3), {"best_score": "a", "best_epoch": 1, "waited": 0}),
        (EarlyStopping(3), {"best_score": 0.1, "best_epoch": 1}),
        (EarlyStopping(3), []),
        (AveragedWeights(1), {"n": "a"}),
        (AveragedWeights(1), {"n": 2}),
    ],
)
def test_damaged_facts_of_a_callback_are_refused(make_trainer, state, callback, facts):
    state.facts["callbacks"] = {callback.name: facts}
    with pytest.raises(CheckpointError, match="incomplete"):
        restore_state(make_trainer(callbacks=[callback]), state)


def test_a_schedule_may_be_any_function(make_trainer):
    first = make_trainer(schedule=lambda epoch, n_epochs: 0.1 / (1 + epoch))
    second = make_trainer(schedule=lambda epoch, n_epochs: 0.1 / (1 + epoch), seed=99)
    restore_state(second, save_state(first))
    np.testing.assert_array_equal(second.network.parameters, first.network.parameters)
