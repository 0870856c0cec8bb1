import json
from collections import Counter
from dataclasses import asdict
from itertools import chain

import numpy as np
import pytest

from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.inspection import gradient_norms
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam
from digitus.nn.schedules import Constant, Cosine, Staged


class Spy(Network):
    """Records the first value of every training row."""

    def loss_and_gradient(self, x, targets, **options):
        self.seen.append(x[:, 0].astype(int).tolist())
        return super().loss_and_gradient(x, targets, **options)


@pytest.fixture
def spied(make_network):
    def make(n):
        network = Spy(2, make_network(2, 2).layers, rng=np.random.default_rng(0))
        network.seen = []
        x = np.stack([np.arange(n), np.zeros(n)], axis=1).astype(np.float32)
        return network, Examples(x, np.eye(2, dtype=np.float32)[np.arange(n) % 2])

    return make


# Batches


@pytest.mark.parametrize("n_and_size", [(50, 7), (50, 50), (50, 1), (50, None), (50, 80), (1, 10)])
@pytest.mark.parametrize("shuffle", [True, False])
def test_every_row_is_used_exactly_once_per_epoch(spied, n_and_size, shuffle):
    n, size = n_and_size
    network, rows = spied(n)
    settings = TrainerSettings(n_epochs=3, batch_size=size, shuffle=shuffle)
    trainer = Trainer(network, rows, optimizer=SGD(), schedule=1e-3, settings=settings)
    trainer.run()
    for start in range(0, len(network.seen), trainer.n_batches):
        epoch = Counter(chain.from_iterable(network.seen[start : start + trainer.n_batches]))
        assert epoch == Counter(range(n))


@pytest.mark.parametrize(
    ("n", "size", "lengths"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 9, [3])]
)
def test_batches_are_full_but_the_last(spied, n, size, lengths):
    network, rows = spied(n)
    settings = TrainerSettings(n_epochs=1, batch_size=size)
    Trainer(network, rows, optimizer=SGD(), schedule=1e-3, settings=settings).run()
    assert [len(batch) for batch in network.seen] == lengths


def test_each_epoch_has_another_order(spied):
    network, rows = spied(30)
    settings = TrainerSettings(n_epochs=2, batch_size=10)
    Trainer(network, rows, optimizer=SGD(), schedule=1e-3, settings=settings).run()
    assert network.seen[:3] != network.seen[3:]


# Results


@pytest.mark.parametrize("rate", [0.1, 0.01])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "sigmoid"])
def test_full_batch_loss_never_rises(make_network, make_examples, activation, rate):
    trainer = Trainer(
        make_network(activation=activation, dtype=np.float64),
        make_examples(dtype=np.float64),
        optimizer=SGD(),
        schedule=rate,
        settings=TrainerSettings(n_epochs=300, batch_size=None),
    )
    losses = [epoch.loss for epoch in trainer.run()]
    assert (np.diff(losses) <= 0).all()


@pytest.mark.parametrize(
    "make", [SGD, lambda: SGD(momentum=0.9), lambda: SGD(momentum=0.9, nesterov=True), Adam]
)
def test_training_learns_what_can_be_learned(make_network, make_examples, make):
    network, rows = make_network(), make_examples(noise=0.1)
    settings = TrainerSettings(n_epochs=60, batch_size=10)
    Trainer(network, rows, optimizer=make(), schedule=0.05, settings=settings).run()
    assert evaluate(network, rows)[1] == 1


@pytest.mark.parametrize("make", [SGD, lambda: SGD(momentum=0.9), Adam])
def test_equal_seeds_give_equal_weights(train, make):
    first, second = train(optimizer=make()), train(optimizer=make())
    np.testing.assert_array_equal(first.network.parameters, second.network.parameters)


def test_the_seed_decides_the_order(spied):
    orders = []
    for seed in (1, 2):
        network, rows = spied(30)
        settings = TrainerSettings(n_epochs=1, batch_size=10, seed=seed)
        Trainer(network, rows, optimizer=SGD(), schedule=1e-3, settings=settings).run()
        orders.append(network.seen)
    assert orders[0] != orders[1]


def test_one_full_batch_epoch_is_one_textbook_step(make_network, make_examples):
    network, rows = make_network(dtype=np.float64), make_examples(dtype=np.float64)
    network.loss_and_gradient(rows.x, rows.targets, l2=0.5)
    expected = network.parameters - 0.3 * network.gradient
    settings = TrainerSettings(n_epochs=1, batch_size=None, l2=0.5)
    Trainer(network, rows, optimizer=SGD(), schedule=0.3, settings=settings).run()
    np.testing.assert_allclose(network.parameters, expected, rtol=1e-13)


def test_the_history_records_each_epoch(train, make_examples):
    trainer = train(schedule=Cosine(0.1), validation=make_examples(seed=1))
    assert [epoch.epoch for epoch in trainer.history] == [1, 2, 3]
    for epoch in trainer.history:
        assert 0 < epoch.loss < 5
        assert 0 <= epoch.accuracy <= 1
        assert 0 < epoch.validation_loss < 5
        assert 0 <= epoch.validation_accuracy <= 1
        assert len(epoch.gradient_norms) == 2
        assert epoch.seconds > 0
    assert json.loads(json.dumps(trainer.history.to_json())) == [asdict(e) for e in trainer.history]


def test_a_full_batch_epochs_loss_and_accuracy_are_those_before_the_step(
    make_network, make_examples
):
    network, rows = make_network(dtype=np.float64), make_examples(dtype=np.float64)
    before = evaluate(network, rows)
    settings = TrainerSettings(n_epochs=1, batch_size=None)
    (epoch,) = Trainer(network, rows, optimizer=SGD(), settings=settings).run()
    assert (epoch.loss, epoch.accuracy) == pytest.approx(before, rel=1e-12)


def test_the_validation_scores_are_those_after_the_epoch(train, make_examples):
    rows = make_examples(seed=1)
    trainer = train(validation=rows)
    last = trainer.history[-1]
    scores = (last.validation_loss, last.validation_accuracy)
    assert scores == evaluate(trainer.network, rows)


def test_the_first_gradient_is_kept(make_network, make_examples):
    network, rows = make_network(), make_examples()
    network.loss_and_gradient(rows.x, rows.targets)
    expected = gradient_norms(network)
    settings = TrainerSettings(n_epochs=3, batch_size=None)
    trainer = Trainer(network, rows, optimizer=SGD(), settings=settings)
    assert trainer.run().first_gradient_norms == expected


def test_the_first_gradient_is_that_of_the_first_batch(train):
    norms = []

    class Norms(Callback):
        def batch_ended(self, trainer):
            norms.append(gradient_norms(trainer.network))

    trainer = train(callbacks=[Norms()])
    assert trainer.history.first_gradient_norms == norms[0]


def test_the_gradient_norms_are_those_of_the_epochs_last_step(train):
    trainer = train()
    assert trainer.history[-1].gradient_norms == gradient_norms(trainer.network)


@pytest.mark.parametrize(("every", "due"), [(1, [1, 2, 3, 4, 5]), (2, [2, 4, 5]), (10, [5])])
def test_validation_is_done_at_its_interval_and_at_the_end(train, make_examples, every, due):
    trainer = train(n_epochs=5, validate_every=every, validation=make_examples(seed=1))
    assert [e.epoch for e in trainer.history if e.validation_loss is not None] == due


def test_staged_rates_take_effect_at_the_stated_epoch(train):
    trainer = train(n_epochs=5, schedule=Staged({0: 0.1, 2: 0.05, 4: 0.01}))
    assert [epoch.rate for epoch in trainer.history] == [0.1, 0.1, 0.05, 0.05, 0.01]


def test_a_schedule_advances_within_the_epoch(train):
    rates = []

    class Rates(Callback):
        def batch_ended(self, trainer):
            rates.append(trainer.progress.rate)

    train(schedule=Cosine(0.1), callbacks=[Rates()])
    assert len(set(rates)) == 12
    assert rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("rate", [1, 0.5, np.float64(0.5), Constant(np.float64(0.5))])
def test_a_rate_of_any_number_type_is_taken_as_a_python_float(train, rate):
    assert type(train(n_epochs=0, schedule=rate).rate) is float


# Invalid arguments


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch_size": 0},
        {"batch_size": -5},
        {"n_epochs": -1},
        {"validate_every": 0},
        {"l2": -1.0},
        {"l2": float("nan")},
    ],
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainerSettings(**wrong)


@pytest.mark.parametrize("unfit", [{"d": 5}, {"k": 4}, {"dtype": np.float64}])
def test_examples_that_do_not_fit_the_network_are_refused(make_network, make_examples, unfit):
    with pytest.raises(ValueError, match="the network expects 6 inputs, 3 targets and float32"):
        Trainer(make_network(), make_examples(**unfit), optimizer=SGD())


# Stopping


class Stop(Callback):
    """Stops the run after a number of batches or epochs."""

    def __init__(self, *, batches=None, epochs=None, interrupted=False):
        self.batches, self.epochs, self.interrupted = batches, epochs, interrupted
        self.n_batches = self.n_epochs = self.n_ended = 0

    def batch_ended(self, trainer):
        self.n_batches += 1
        if self.n_batches == self.batches:
            trainer.stop(interrupted=self.interrupted)

    def epoch_ended(self, trainer, epoch):
        self.n_epochs += 1
        if self.n_epochs == self.epochs:
            trainer.stop(interrupted=self.interrupted)

    def ended(self, trainer):
        self.n_ended += 1


def test_a_callback_stops_the_run_within_an_epoch(train):
    trainer = train(callbacks=[Stop(batches=6)])
    assert (trainer.progress.epoch, trainer.progress.batch) == (1, 2)
    assert len(trainer.history) == 1


def test_a_callback_stops_the_run_between_epochs(train):
    assert len(train(callbacks=[Stop(epochs=2)]).history) == 2


@pytest.mark.parametrize("interrupted", [True, False])
def test_a_stopped_run_says_whether_it_is_to_be_resumed(train, interrupted):
    assert train(callbacks=[Stop(batches=6, interrupted=interrupted)]).interrupted is interrupted


def test_a_stop_in_the_last_step_leaves_nothing_to_resume(train):
    trainer = train(callbacks=[Stop(batches=12, interrupted=True)])
    assert len(trainer.history) == 3
    assert not trainer.interrupted


def test_an_interrupted_trainer_continues(train):
    whole = train()
    halved = train(callbacks=[Stop(batches=6, interrupted=True)])
    halved.run()
    np.testing.assert_array_equal(halved.network.parameters, whole.network.parameters)


@pytest.mark.parametrize("stop", [{"batches": 3}, {"epochs": 1}, {}])
def test_every_callback_is_told_of_the_end_once(train, stop):
    listener = Stop(**stop)
    train(callbacks=[listener])
    assert listener.n_ended == 1


def test_zero_epochs_leave_the_parameters(train, make_network):
    trainer = train(n_epochs=0)
    np.testing.assert_array_equal(trainer.network.parameters, make_network(dropout=0.2).parameters)
