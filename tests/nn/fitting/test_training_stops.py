import numpy as np
import pytest

from digitus.nn.fitting.callbacks import Callback


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
