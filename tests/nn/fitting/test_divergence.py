import re

import numpy as np
import pytest

from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.resume import save_state
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.optimizers import SGD
from digitus.nn.schedules import Staged


@pytest.fixture
def run(make_network):
    def run(examples, *, rate=0.1, network=None, **changes):
        settings = TrainerSettings(**{"n_epochs": 5, "batch_size": 16, **changes})
        network = network or make_network(hidden=(8, 8))
        trainer = Trainer(network, examples, optimizer=SGD(), schedule=rate, settings=settings)
        trainer.run()
        return trainer

    return run


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_value_of_the_data_that_is_not_finite_is_named(run, make_examples, broken):
    rows = make_examples()
    rows.x[17, 2] = broken
    with pytest.raises(DivergenceError, match=r"^epoch 1: a value of the training data is not f"):
        run(rows)


@pytest.mark.parametrize("size", [16, None])
def test_too_large_a_rate_names_epoch_and_layer(run, make_examples, size):
    with pytest.raises(DivergenceError, match=r"^epoch \d: .*layer \d \(\w+\).*learning rate"):
        run(make_examples(), rate=1e30, batch_size=size)


@pytest.mark.parametrize("start", [1, 3])
def test_the_epoch_named_is_the_one_that_diverged(run, make_examples, start):
    rate = Staged({0: 1e-3, start: 1e38})
    with pytest.raises(DivergenceError) as caught:
        run(make_examples(), rate=rate, batch_size=30)
    assert re.match(r"epoch (\d)", str(caught.value))[1] == str(start + 1)


@pytest.mark.parametrize("layer", [0, 2, 4])
def test_the_layer_with_the_first_parameter_not_finite_is_named(
    run, make_network, make_examples, layer
):
    network = make_network(hidden=(8, 8))
    network.layers[layer].bias[1] = np.nan
    with pytest.raises(DivergenceError, match=rf"parameter in layer {layer} \(dense\), bias"):
        run(make_examples(), network=network)


def test_the_first_layer_whose_output_overflows_is_named(run, make_network, make_examples):
    network = make_network(hidden=(8, 8))
    for layer in network.dense_layers():
        layer.weight[...] = 1e25
    with pytest.raises(DivergenceError, match=r"output of layer 2 \(dense\)"):
        run(make_examples(), network=network)


def test_a_loss_that_overflows_after_finite_outputs_is_named(run, make_network, make_examples):
    network = make_network(hidden=())
    network.dense_layers()[0].bias[...] = [3e38, 3e38, -3e38]
    with pytest.raises(DivergenceError, match="the loss after layer 0"):
        run(make_examples(), network=network)


def test_divergence_in_the_last_step_is_found(run, make_examples):
    rows = make_examples()
    with pytest.raises(DivergenceError, match=r"^epoch 1: a parameter in layer"):
        run(Examples(rows.x * 100, rows.targets), rate=3e38, n_epochs=1, batch_size=None)


def test_parameters_that_are_not_finite_are_not_saved(make_network, make_examples):
    trainer = Trainer(make_network(), make_examples(), optimizer=SGD())
    trainer.network.parameters[3] = np.inf
    with pytest.raises(DivergenceError, match=r"epoch 1: a parameter in layer 0 \(dense\)"):
        save_state(trainer)
