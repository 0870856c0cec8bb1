"""Training by gradient descent."""

import numpy as np
import pytest

from digitus.errors import CheckpointError
from digitus.training.gradient_descent import train_by_descent


def test_a_run_that_is_completed_has_every_epoch(make_run, quick):
    config = quick()
    history, completed = train_by_descent(make_run(config))
    assert completed
    assert [epoch.epoch for epoch in history] == list(range(1, config.epochs + 1))


def test_an_interrupted_run_is_not_completed_and_resumes_to_the_same_bits(make_run, quick, stopper):
    config = quick()
    whole = make_run(config)
    train_by_descent(whole)
    history, completed = train_by_descent(make_run(config, listener=stopper))
    assert not completed
    assert len(history) < config.epochs
    resumed = make_run(config, resume=True)
    assert train_by_descent(resumed)[1]
    np.testing.assert_array_equal(resumed.network.parameters, whole.network.parameters)


def test_a_run_without_a_checkpoint_cannot_be_resumed(make_run, quick):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        train_by_descent(make_run(quick(), resume=True))


def test_rounds_of_hard_examples_are_added_to_the_history(make_run, quick):
    config = quick(hard_rounds=2, epochs=1, rate=1e-4)
    history, completed = train_by_descent(make_run(config))
    assert completed
    assert [epoch.epoch for epoch in history] == [1, 2, 3]


def test_averaged_weights_are_the_mean_of_the_last_epochs(make_run, quick):
    averaged, last = make_run(quick(averaged=3)), make_run(quick())
    for run in (averaged, last):
        train_by_descent(run)
    assert (averaged.network.parameters != last.network.parameters).any()
