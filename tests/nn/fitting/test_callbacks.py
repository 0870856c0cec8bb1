import json
from types import SimpleNamespace

import numpy as np
import pytest

from digitus.nn.fitting.callbacks import AveragedWeights, Callback, EarlyStopping
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.resume import restore_state, save_state
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.optimizers import SGD, Adam


@pytest.fixture
def trainer(make_network):
    """As much of a trainer as early stopping uses; the parameters are the number of the epoch."""

    class Fake(SimpleNamespace):
        stopped_at = None

        def stop(self):
            self.stopped_at = self.stopped_at or self.network.parameters[0]

    return Fake(network=make_network(), interrupted=False, progress=SimpleNamespace(epoch=0))


def epoch(number, score, monitor="validation_loss"):
    facts = dict.fromkeys(Epoch.__dataclass_fields__)
    return Epoch(**{**facts, "epoch": number, monitor: score})


def listen(callback, trainer, scores, monitor="validation_loss"):
    callback.started(trainer)
    for number, score in enumerate(scores, start=1):
        trainer.network.parameters[...] = number
        callback.epoch_ended(trainer, epoch(number, score, monitor))
        if trainer.stopped_at:
            break
    callback.ended(trainer)


@pytest.mark.parametrize(
    ("scores", "patience", "stopped_at", "best"),
    [
        ([3, 2, 1, 2, 2, 2], 2, 6, 3),
        ([3, 2, 1, 2, 2], 2, None, 3),
        ([3, 2, 2.5, 1, 2, 2], 2, None, 4),
        ([1, 1, 1], 1, 3, 1),
        ([1, 2], 0, 2, 1),
    ],
)
def test_early_stopping_waits_for_its_patience_and_restores_the_best(
    trainer, scores, patience, stopped_at, best
):
    callback = EarlyStopping(patience)
    listen(callback, trainer, scores)
    assert trainer.stopped_at == stopped_at
    assert callback.best_epoch == best
    assert (trainer.network.parameters == best).all()


def test_larger_accuracy_is_better(trainer):
    callback = EarlyStopping(1, monitor="validation_accuracy")
    listen(callback, trainer, [0.5, 0.9, 0.8, 0.7], "validation_accuracy")
    assert (trainer.stopped_at, callback.best_epoch) == (4, 2)


def test_an_improvement_below_the_tolerance_is_stored_but_not_counted(trainer):
    callback = EarlyStopping(1, tolerance=0.1)
    listen(callback, trainer, [1.0, 0.95, 0.93])
    assert (trainer.stopped_at, callback.best_epoch) == (3, 3)


def test_epochs_without_validation_are_not_counted(trainer):
    callback = EarlyStopping(1)
    listen(callback, trainer, [1, None, None, None, 2])
    assert trainer.stopped_at is None


def test_an_interrupted_run_keeps_its_current_parameters(trainer):
    trainer.interrupted = True
    listen(EarlyStopping(5), trainer, [1, 2, 3])
    assert (trainer.network.parameters == 3).all()


def test_the_state_before_the_first_epoch_is_strict_json():
    json.dumps(EarlyStopping().state().facts, allow_nan=False)


def test_early_stopping_is_resumed(trainer):
    callback, other = EarlyStopping(2), EarlyStopping(2)
    trainer.interrupted = True
    listen(callback, trainer, [3, 1, 2])
    other.restore(callback.state())
    assert (other.best_score, other.best_epoch, other.waited) == (-1, 2, 1)
    assert (other.best_parameters == 2).all()


def test_a_second_run_with_the_same_early_stopping_resets_it(make_network, make_examples):
    callback, lengths = EarlyStopping(1, monitor="loss"), []
    for noise in (0.1, 2.0):  # what comes second is harder: never as good as the first
        rows, settings = make_examples(noise=noise), TrainerSettings(n_epochs=8, batch_size=None)
        trainer = Trainer(
            make_network(), rows, optimizer=SGD(), settings=settings, callbacks=[callback]
        )
        lengths.append(len(trainer.run()))
    assert lengths == [8, 8]


def test_a_run_ends_with_the_best_weights(make_network, make_examples):
    callback = EarlyStopping(3)
    validation = make_examples(n=30, seed=1, noise=1.5)
    network = make_network(hidden=(64,))
    trainer = Trainer(
        network,
        make_examples(n=20, noise=1.5),
        optimizer=Adam(),
        schedule=0.05,
        settings=TrainerSettings(n_epochs=200, batch_size=5),
        validation=validation,
        callbacks=[callback],
    )
    history = trainer.run()
    best = min(history, key=lambda epoch: epoch.validation_loss)
    assert len(history) == best.epoch + 4 < 200
    logits_loss = network.loss_and_gradient(validation.x, validation.targets)
    assert logits_loss == pytest.approx(best.validation_loss, rel=1e-6)


def test_unknown_quantities_cannot_be_monitored():
    with pytest.raises(ValueError, match="'f1'"):
        EarlyStopping(monitor="f1")


def test_the_base_callback_has_no_state(make_network, make_examples):
    callback = Callback()
    Trainer(make_network(), make_examples(), optimizer=SGD(), callbacks=[callback]).run()
    state = callback.state()
    assert (state.arrays, state.facts) == ({}, {})


# Averaged weights

EPOCHS, LAST = 6, 4


class Diary(Callback):
    """Stores the parameters after each epoch; stops after a given one."""

    name = "diary"

    def __init__(self, stop_after=None):
        self.stop_after, self.kept = stop_after, []

    def epoch_ended(self, trainer, epoch):
        self.kept.append(trainer.network.parameters.copy())
        if epoch.epoch == self.stop_after:
            trainer.stop(interrupted=True)


def averaging_trainer(make_network, examples, *, stop_after=None):
    diary = Diary(stop_after)
    return Trainer(
        make_network(),
        examples,
        optimizer=Adam(),
        schedule=0.01,
        settings=TrainerSettings(n_epochs=EPOCHS, batch_size=16),
        callbacks=[AveragedWeights(LAST), diary],
    ), diary


def test_the_weights_at_the_end_are_the_mean_of_the_last_epochs(make_network, make_examples):
    trainer, diary = averaging_trainer(make_network, make_examples())
    trainer.run()
    assert np.allclose(trainer.network.parameters, np.mean(diary.kept[-LAST:], axis=0), atol=1e-6)
    assert not np.allclose(trainer.network.parameters, diary.kept[-1], atol=1e-6)


@pytest.mark.parametrize("stop_after", [1, 4])
def test_a_resumed_run_ends_with_the_same_mean(make_network, make_examples, stop_after):
    whole, _ = averaging_trainer(make_network, make_examples())
    whole.run()
    first, diary = averaging_trainer(make_network, make_examples(), stop_after=stop_after)
    first.run()
    assert np.array_equal(first.network.parameters, diary.kept[-1])  # not yet averaged
    second, _ = averaging_trainer(make_network, make_examples())
    restore_state(second, save_state(first))
    second.run()
    assert np.array_equal(second.network.parameters, whole.network.parameters)


def test_averaging_over_zero_epochs_is_refused():
    with pytest.raises(ValueError, match="1 epoch or more"):
        AveragedWeights(0)
