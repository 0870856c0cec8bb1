import json

import numpy as np
import pytest

from digitus.models.architecture import build, dense_chain, describe, hidden_activation, title
from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.layers import Dense, Dropout, InputBias
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network

NETWORKS = {
    "all layers": lambda: Network(
        784,
        [InputBias(), Dense(7), ReLU(), Dense(6), LeakyReLU(0.2), Dropout(0.3), Dense(5), Tanh(),
         Dense(4), Sigmoid(), Dense(10)],
        loss=SoftmaxCrossEntropy(label_smoothing=0.1),
    ),
    "several labels a row": lambda: Network(
        3, [Dense(2)], loss=SigmoidBinaryCrossEntropy(exclusive=False), dtype=np.float64
    ),
}  # fmt: skip


@pytest.fixture(params=NETWORKS)
def network(request):
    return NETWORKS[request.param]()


def test_a_described_network_is_built_alike(network):
    description = describe(network)
    assert describe(build(json.loads(json.dumps(description)))) == description


def test_a_built_network_has_as_many_parameters(network):
    assert build(describe(network)).parameters.size == network.parameters.size


def test_a_built_network_starts_at_zero(network):
    assert not build(describe(network)).parameters.any()


def test_the_callers_type_wins_over_the_description(network):
    assert build(describe(network), dtype=np.float64).dtype == np.float64


@pytest.mark.parametrize(
    ("widths", "count"),
    [
        ((784, 100, 10), 79_510),
        ((784, 10, 10), 7_960),
        ((784, 128, 64, 10), 109_386),
        ((784, 10, 10, 10), 8_070),
    ],
)
def test_the_original_networks_have_their_number_of_parameters(widths, count):
    assert build(dense_chain(widths, ReLU())).parameters.size == count


def test_a_chain_has_its_activation_between_all_dense_layers():
    network = build(dense_chain((784, 5, 4, 10), LeakyReLU()))
    assert [layer.kind for layer in network.layers] == [
        "dense", "leaky_relu", "dense", "leaky_relu", "dense"
    ]  # fmt: skip


def test_a_network_without_bends_names_no_activation():
    assert hidden_activation(build(dense_chain((784, 10), None))) == "none"


def test_a_title_lists_the_widths():
    assert title(build(dense_chain((784, 128, 64, 10), ReLU()))) == "784-128-64-10"


@pytest.mark.parametrize("dtype", ["float16", "int64", "object", "nonsense"])
def test_a_type_that_is_no_float32_or_float64_is_refused(dtype):
    with pytest.raises(ValueError, match=r"float32 and float64|cannot be built"):
        build(dense_chain((784, 10), None) | {"dtype": dtype})


@pytest.mark.parametrize("key", ["inputs", "layers", "loss", "dtype"])
def test_a_description_that_lacks_a_part_is_refused(key):
    description = dense_chain((784, 10), None)
    del description[key]
    with pytest.raises(ValueError, match="cannot be built"):
        build(description)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"layers": [{"kind": "relu"}] * 1001}, "more than 1000 layers"),
        ({"inputs": 1 << 30}, "more than 1,048,576 inputs"),
        ({"inputs": "784"}, "cannot be built"),
        ({"layers": 3}, "cannot be built"),
    ],
)
def test_a_network_of_absurd_size_is_refused_before_it_is_made(changes, reason):
    architecture = dense_chain((784, 10), None) | changes
    with pytest.raises(ValueError, match=reason):
        build(architecture)
