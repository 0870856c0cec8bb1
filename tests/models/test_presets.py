"""Presets: what is known of the five systems, written out as configs."""

import pytest

from digitus.models.config import build_network, check_config, make_schedule
from digitus.models.presets import PRESETS

NAMES = sorted(PRESETS)
SYSTEMS = ["s0", "s1", "s2", "s3", "s4"]


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_can_be_carried_out(name):
    check_config(PRESETS[name].config)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("s0", 79_510), ("s1", 79_510), ("s2", 7_960), ("s3", 109_386), ("s4", 7_960)],
)
def test_the_systems_have_their_number_of_parameters(name, parameters):
    assert build_network(PRESETS[name].config).parameters.size == parameters


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_systems_train_on_all_rows_as_they_did(name):
    assert PRESETS[name].config.validation == 0


def test_s0_lowers_its_rate_in_stages_over_five_epochs():
    config = PRESETS["s0"].config
    schedule = make_schedule(config)
    exponents = [-1.1, -1.1, -1.5, -1.6, -1.7]
    assert [schedule(epoch, config.epochs) for epoch in range(5)] == [10**e for e in exponents]


def test_s1_is_sigmoid_throughout_with_lbfgs():
    config = PRESETS["s1"].config
    assert (config.activation, config.output, config.optimizer) == ("sigmoid", "sigmoid", "lbfgs")
    assert (config.l2, config.epochs, config.weights) == (0.1, 70, "uniform:0.15")


@pytest.mark.parametrize(
    ("name", "rate", "epochs"), [("s2", 0.1, 500), ("s3", 0.01, 3 * 600), ("s4", 0.1, 1000)]
)
def test_the_full_batch_systems_take_their_rate_and_number_of_steps(name, rate, epochs):
    config = PRESETS[name].config
    assert (config.rate, config.epochs, config.batch_size, config.optimizer) == (
        rate,
        epochs,
        None,
        "sgd",
    )


@pytest.mark.parametrize(("name", "claim"), [("s1", 0.9732), ("s3", 0.9091), ("s4", 0.854)])
def test_claims_are_those_of_the_systems(name, claim):
    assert PRESETS[name].claim == claim


@pytest.mark.parametrize("name", ["s0", "s2"])
def test_systems_without_a_claim_in_numbers_are_given_none(name):
    assert PRESETS[name].claim is None


@pytest.mark.parametrize("name", NAMES)
def test_a_title_is_one_line_that_is_there(name):
    assert len(PRESETS[name].title.splitlines()) == 1
