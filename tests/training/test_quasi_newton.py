"""Training by L-BFGS-B."""

import numpy as np
import pytest

from digitus.errors import CheckpointError
from digitus.models.checkpoint import read_checkpoint, write_checkpoint
from digitus.training.quasi_newton import train_by_lbfgs


def test_a_run_that_is_completed_has_every_epoch(make_run, quick):
    config = quick(optimizer="lbfgs", epochs=12)
    history, completed = train_by_lbfgs(make_run(config))
    assert completed
    assert [epoch.epoch for epoch in history] == list(range(1, config.epochs + 1))


def test_an_interrupted_run_is_not_completed_and_resumes_to_the_same_bits(make_run, quick, stopper):
    config = quick(optimizer="lbfgs", epochs=12)
    whole = make_run(config)
    train_by_lbfgs(whole)
    history, completed = train_by_lbfgs(make_run(config, listener=stopper))
    assert not completed
    assert len(history) < config.epochs
    resumed = make_run(config, resume=True)
    assert train_by_lbfgs(resumed)[1]
    np.testing.assert_array_equal(resumed.network.parameters, whole.network.parameters)


def test_a_run_without_a_checkpoint_cannot_be_resumed(make_run, quick):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        train_by_lbfgs(make_run(quick(optimizer="lbfgs", epochs=12), resume=True))


def test_validation_is_measured_every_ten_iterations_and_at_the_end(make_run, quick):
    history, _ = train_by_lbfgs(make_run(quick(optimizer="lbfgs", epochs=12)))
    measured = [epoch.epoch for epoch in history if epoch.validation_loss is not None]
    assert measured == [10, 12]


def test_the_cost_never_rises(make_run, quick):
    history, _ = train_by_lbfgs(make_run(quick(optimizer="lbfgs", epochs=12)))
    costs = [epoch.loss for epoch in history]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize(
    "damage",
    [
        lambda arrays, facts: arrays.clear(),
        lambda arrays, facts: arrays.update(gradients=arrays["gradients"][:1]),
        lambda arrays, facts: arrays.update(gradients=arrays["gradients"][:, :5].copy()),
        lambda arrays, facts: arrays.update(gradients=arrays["gradients"].astype(float)),
        lambda arrays, facts: arrays["gradients"].fill(np.nan),
        lambda arrays, facts: facts.pop("costs"),
        lambda arrays, facts: facts.update(costs=3),
        lambda arrays, facts: facts["costs"].append("x"),
        lambda arrays, facts: facts["costs"].append(1.0),
        lambda arrays, facts: facts["costs"].__setitem__(0, float("inf")),
        lambda arrays, facts: facts.update(history={}),
        lambda arrays, facts: facts.update(history=[{"epoch": 1}]),
        lambda arrays, facts: facts["history"][0].update(loss="low"),
        lambda arrays, facts: facts["history"].pop(0),
    ],
)
def test_a_damaged_checkpoint_is_refused(make_run, quick, stopper, damage):
    run = make_run(quick(optimizer="lbfgs", epochs=12), listener=stopper)
    train_by_lbfgs(run)
    state = read_checkpoint(run.checkpoint)
    damage(state.arrays, state.facts)
    write_checkpoint(run.checkpoint, state)
    with pytest.raises(CheckpointError, match=r"is incomplete .*start without --resume"):
        train_by_lbfgs(make_run(run.config, resume=True))
