"""A network as dense layers with what follows each."""

import pytest

from digitus.nn.activations import ReLU, Tanh
from digitus.nn.compiled.support import dense_layers, is_worth_it
from digitus.nn.layers import Dense, Dropout
from digitus.nn.network import Network


def test_activation_and_dropout_belong_to_the_layer_before_them():
    layers = [Dense(5), ReLU(), Dropout(0.25), Dense(4), Tanh(), Dense(3)]
    found = dense_layers(Network(6, layers))
    assert [one.dense for one in found] == [layers[0], layers[3], layers[5]]
    assert [one.activation for one in found] == [layers[1], layers[4], None]
    assert [one.dropout for one in found] == [0.25, 0.0, 0.0]


@pytest.mark.parametrize(
    "layers",
    [
        [ReLU(), Dense(3)],
        [Dense(5), ReLU(), Tanh(), Dense(3)],
        [Dense(5), Dropout(0.5), ReLU(), Dense(3)],
        [Dense(3), ReLU()],
        [Dense(3), Dropout(0.5)],
    ],
    ids=["first", "two", "order", "activation last", "dropout last"],
)
def test_another_order_of_layers_is_not_compiled(layers):
    assert dense_layers(Network(6, layers)) is None


def test_a_run_gains_by_its_rows_epochs_and_parameters():
    network = Network(784, [Dense(128), ReLU(), Dense(10)])
    assert is_worth_it(network, n_rows=60_000, n_epochs=20)
    assert not is_worth_it(network, n_rows=60_000, n_epochs=1)
    assert not is_worth_it(network, n_rows=1_000, n_epochs=20)
