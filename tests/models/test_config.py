"""The training config: what it builds, and which configs are refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from digitus.models.config import (
    TrainingConfig,
    build_network,
    check_config,
    initializer,
    make_optimizer,
    make_schedule,
    make_settings,
)
from digitus.nn.optimizers import SGD, Adam


@pytest.mark.parametrize(
    ("hidden", "parameters"),
    [((100,), 79_510), ((10,), 7_960), ((128, 64), 109_386), ((10, 10), 8_070), ((), 7_850)],
)
def test_any_depth_and_width_is_built(hidden, parameters):
    assert build_network(TrainingConfig(hidden=hidden)).parameters.size == parameters


def test_the_input_bias_adds_one_parameter_for_each_pixel():
    assert (
        build_network(TrainingConfig(hidden=(100,), input_bias=True)).parameters.size
        == 79_510 + 784
    )


def test_the_same_seed_draws_the_same_first_weights_and_another_one_others():
    first, again, other = (
        build_network(TrainingConfig(seed=seed)).parameters for seed in (1, 1, 2)
    )
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "sigmoid"])
def test_each_activation_follows_each_hidden_layer(activation):
    kinds = [layer.kind for layer in build_network(TrainingConfig(activation=activation)).layers]
    assert kinds == ["dense", activation, "dense", activation, "dense"]


def test_dropout_follows_each_activation():
    kinds = [
        layer.kind for layer in build_network(TrainingConfig(hidden=(8, 8), dropout=0.2)).layers
    ]
    assert kinds == ["dense", "relu", "dropout"] * 2 + ["dense"]


@pytest.mark.parametrize(
    ("config", "kind", "options"),
    [
        (TrainingConfig(optimizer="sgd"), SGD, {"momentum": 0.0}),
        (
            TrainingConfig(optimizer="momentum", momentum=0.7),
            SGD,
            {"momentum": 0.7, "nesterov": False},
        ),
        (TrainingConfig(optimizer="nesterov"), SGD, {"momentum": 0.9, "nesterov": True}),
        (TrainingConfig(optimizer="adam", weight_decay=0.1), Adam, {"weight_decay": 0.0}),
        (TrainingConfig(optimizer="adamw", weight_decay=0.1), Adam, {"weight_decay": 0.1}),
    ],
)
def test_the_optimizer_is_the_configured_one(config, kind, options):
    assert make_optimizer(config).options() == kind(**options).options()


def test_staged_rates_hold_from_their_epoch_on():
    schedule = make_schedule(TrainingConfig(schedule="staged", stages={"0": 0.1, "2": 0.01}))
    assert [schedule(epoch, 5) for epoch in (0, 1.99, 2, 4)] == [0.1, 0.1, 0.01, 0.01]


def test_a_warm_up_begins_below_the_rate_and_reaches_it():
    schedule = make_schedule(TrainingConfig(rate=0.1, warm_up=2))
    assert schedule(0, 10) < schedule(1, 10) < schedule(2, 10) == 0.1


@pytest.mark.parametrize(("batch_size", "every"), [(128, 1), (None, 10)])
def test_full_batches_are_validated_every_ten_epochs(batch_size, every):
    assert make_settings(TrainingConfig(batch_size=batch_size)).validate_every == every


@pytest.mark.parametrize("limit", [0.15, 0.5, 1e-3, 2e3])
def test_uniform_weights_lie_within_their_limit_and_fill_it(limit):
    weight = build_network(TrainingConfig(weights=f"uniform:{limit}")).layers[0].weight
    assert 0.99 * limit < np.abs(weight).max() <= limit


@pytest.mark.parametrize("limit", ["1e-3", "+2.5E-1", "3e38", ".5"])
def test_a_limit_may_be_any_number_above_0_however_it_is_written(limit):
    weight = (
        build_network(TrainingConfig(hidden=(), weights=f"uniform:{limit}"), 1, 1).layers[0].weight
    )
    assert 0 < np.abs(weight).max() <= float(limit)


def test_a_config_survives_json():
    config = TrainingConfig(hidden=(7,), stages={"0": 10**-1.1}, split_seed=3)
    fields = json.loads(json.dumps(config.to_json()))
    assert replace(TrainingConfig(), **{**fields, "hidden": tuple(fields["hidden"])}) == config


def test_the_default_config_is_valid():
    check_config(TrainingConfig())


BAD_LIMITS = [f"uniform:{limit}" for limit in ("0", "nan", "inf", "1e39", "1e308")]


@pytest.mark.parametrize(
    "name", ["", "nonsense", "uniform", "uniform:", "uniform:x", "uniform:-1", *BAD_LIMITS]
)
def test_an_unknown_initializer_is_refused_with_the_list_of_known_ones(name):
    with pytest.raises(ValueError, match=r"he_normal.*uniform:LIMIT"):
        initializer(name)


def test_lbfgs_is_no_step_by_step_optimizer():
    with pytest.raises(ValueError, match="optimizer 'lbfgs'"):
        make_optimizer(TrainingConfig(optimizer="lbfgs"))


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": "nonsense"},
        {"output": "nonsense"},
        {"optimizer": "nonsense"},
        {"schedule": "nonsense"},
        {"normalizer": "nonsense"},
        {"weights": "nonsense"},
        {"hidden": (0,)},
        {"hidden": (-3,)},
        {"rate": 0.0},
        {"rate": NAN},
        {"rate": INF},
        {"epochs": -1},
        {"batch_size": 0},
        {"l2": -1.0},
        {"l2": NAN},
        {"weight_decay": NAN},
        {"warm_up": -1.0},
        {"dropout": 1.0},
        {"dropout": NAN},
        {"label_smoothing": 1.0},
        {"label_smoothing": 0.1, "output": "sigmoid"},
        {"momentum": 1.0, "optimizer": "momentum"},
        {"schedule": "staged"},
        {"schedule": "staged", "stages": {"0": -0.1}},
        {"validation": -1},
        {"validation": 0, "patience": 3},
        {"optimizer": "lbfgs", "patience": 3},
        {"optimizer": "lbfgs", "hard_rounds": 1},
        {"optimizer": "lbfgs", "dropout": 0.1},
    ],
    ids=str,
)
def test_an_invalid_config_is_refused(changes):
    with pytest.raises(ValueError, match=r"\w"):
        check_config(replace(TrainingConfig(), **changes))
