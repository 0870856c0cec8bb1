"""Dense networks between files and models."""

from itertools import pairwise

import numpy as np
import pytest

from digitus.errors import ModelFileError
from digitus.models.formats.dense_network import (
    ACTIVATIONS,
    DenseNetwork,
    StoredLayer,
    activation_named,
    dense_network_of,
    model_from,
)


def stored(widths=(784, 5, 10), dtype=np.float64):
    rng = np.random.default_rng(0)
    return [
        StoredLayer(rng.random((h, d)).astype(dtype), np.ones(h, dtype))
        for d, h in pairwise(widths)
    ]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_known_activation_is_made(name):
    assert activation_named(name).kind == name


def test_an_unknown_activation_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="relu, leaky_relu, sigmoid, tanh"):
        activation_named("swish")


def test_a_model_and_its_layers_hold_the_same_arrays():
    layers = stored()
    model = model_from(
        DenseNetwork(layers, activation_named("tanh"), "softmax"), "a/b.npz", form="npz"
    )
    again = dense_network_of(model, form="npz")
    assert model.name == "b"
    assert again.activation.kind == "tanh"
    for one, other in zip(layers, again.layers, strict=True):
        np.testing.assert_array_equal(one.weight, other.weight)
        np.testing.assert_array_equal(one.bias, other.bias)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_of_the_file_is_kept(dtype):
    network = DenseNetwork(stored(dtype=dtype), activation_named("relu"), "softmax")
    assert model_from(network, "f", form="npz").network.dtype == dtype


@pytest.mark.parametrize("widths", [(783, 5, 10), (784, 5, 9)])
def test_layers_that_do_not_lead_from_pixels_to_digits_are_refused(widths):
    network = DenseNetwork(stored(widths), activation_named("relu"), "softmax")
    with pytest.raises(ModelFileError, match="expected shape"):
        model_from(network, "f", form="npz")


def test_an_input_bias_of_another_width_is_refused():
    network = DenseNetwork(stored(), activation_named("relu"), "softmax", np.ones(783))
    with pytest.raises(ModelFileError, match="input bias: expected shape"):
        model_from(network, "f", form="pickle")
