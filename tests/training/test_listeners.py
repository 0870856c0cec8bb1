"""A listener is told every epoch, and interrupts the trainer."""

import numpy as np
import pytest

from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD
from digitus.training.listeners import Listener, ListenerCallback


class Recorder(Listener):
    """Keeps what it is told; wants to stop after some steps."""

    def __init__(self, stop_after=None):
        self.told, self.steps, self.stop_after = [], 0, stop_after

    def epoch(self, epoch, n_epochs):
        self.told.append((epoch.epoch, n_epochs))

    def wants_to_stop(self):
        self.steps += 1
        return self.steps == self.stop_after


@pytest.fixture
def run():
    def call(listener):
        rng = np.random.default_rng(0)
        examples = Examples(rng.random((8, 3), np.float32), np.eye(2, dtype=np.float32)[[0, 1] * 4])
        trainer = Trainer(
            Network(3, [Dense(2)], rng=rng),
            examples,
            optimizer=SGD(),
            settings=TrainerSettings(n_epochs=3, batch_size=4),
            callbacks=[ListenerCallback(listener)],
        )
        trainer.run()
        return trainer

    return call


def test_every_epoch_is_told_with_their_number(run):
    listener = Recorder()
    run(listener)
    assert listener.told == [(1, 3), (2, 3), (3, 3)]


def test_the_trainer_is_interrupted_after_the_step_in_which_the_listener_wants_to_stop(run):
    trainer = run(Recorder(stop_after=3))
    assert trainer.interrupted
    assert (trainer.progress.epoch, trainer.progress.batch) == (1, 1)


def test_a_plain_listener_never_stops(run):
    assert not run(Listener()).interrupted
