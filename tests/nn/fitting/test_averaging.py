"""The mean of the weights over the last epochs."""

import numpy as np
import pytest

from digitus.nn.fitting.averaging import AveragedWeights
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.resume import restore_state, save_state
from digitus.nn.fitting.trainer import Settings, Trainer
from digitus.nn.optimizers import Adam

EPOCHS, LAST = 6, 4


class Diary(Callback):
    """Keeps the parameters after each epoch, and stops after one if asked to."""

    name = "diary"

    def __init__(self, stop_after=None):
        self.stop_after, self.kept = stop_after, []

    def epoch_ended(self, trainer, epoch):
        self.kept.append(trainer.network.parameters.copy())
        if epoch.epoch == self.stop_after:
            trainer.stop(interrupted=True)


def make_trainer(make_network, examples, *, stop_after=None):
    diary = Diary(stop_after)
    return Trainer(
        make_network(),
        examples,
        optimizer=Adam(),
        schedule=0.01,
        settings=Settings(n_epochs=EPOCHS, batch_size=16),
        callbacks=[AveragedWeights(LAST), diary],
    ), diary


def test_the_weights_at_the_end_are_the_mean_of_the_last_epochs(make_network, make_examples):
    trainer, diary = make_trainer(make_network, make_examples())
    trainer.run()
    assert np.allclose(trainer.network.parameters, np.mean(diary.kept[-LAST:], axis=0), atol=1e-6)
    assert not np.allclose(trainer.network.parameters, diary.kept[-1], atol=1e-6)


@pytest.mark.parametrize("stop_after", [1, 4])
def test_a_resumed_run_ends_with_the_same_mean(make_network, make_examples, stop_after):
    whole, _ = make_trainer(make_network, make_examples())
    whole.run()
    first, diary = make_trainer(make_network, make_examples(), stop_after=stop_after)
    first.run()
    assert np.array_equal(first.network.parameters, diary.kept[-1])  # not yet averaged
    second, _ = make_trainer(make_network, make_examples())
    restore_state(second, save_state(first))
    second.run()
    assert np.array_equal(second.network.parameters, whole.network.parameters)


def test_averaging_over_no_epoch_is_refused():
    with pytest.raises(ValueError, match="1 epoch or more"):
        AveragedWeights(0)
