"""Chains of convolutions and the layers of the convolutional network."""

import numpy as np
import pytest

from digitus.models.cnn import ConvolutionChain, cnn_layers
from digitus.nn.layers import Dropout
from digitus.nn.network import Network

SHAPE = (8, 12, 1)


def kinds(chain):
    return [layer.kind for layer in chain.layers]


def test_pooling_comes_between_convolution_and_normalization():
    chain = ConvolutionChain(SHAPE)
    chain.convolve(4, pool=2)
    assert kinds(chain) == ["convolution", "max_pooling", "batch_normalization", "relu"]


def test_without_a_pool_there_is_no_pooling():
    chain = ConvolutionChain(SHAPE)
    chain.convolve(4)
    assert kinds(chain) == ["convolution", "batch_normalization", "relu"]
    assert chain.shape == (8, 12, 4)


def test_each_convolution_is_made_for_the_shape_that_the_one_before_gives():
    chain = ConvolutionChain(SHAPE)
    chain.convolve(4, pool=(2, 3))
    assert chain.shape == (4, 4, 4)
    chain.convolve(6, size=(4, 3), padding=(0, 1))
    assert chain.shape == (1, 4, 6)


@pytest.mark.parametrize("n_outputs", [10, 11])
def test_a_patch_gives_one_logit_for_each_output(n_outputs):
    network = Network(784, cnn_layers(n_outputs), rng=np.random.default_rng(0))
    assert network.logits(np.zeros((2, 784), np.float32)).shape == (2, n_outputs)


def test_the_channels_are_those_of_the_convolutions():
    layers = cnn_layers(10, channels=(2, 3, 4, 5))
    found = [layer.channels for layer in layers if layer.kind == "convolution"]
    assert found == [2, 3, 4, 5]


def test_dropout_is_added_before_the_last_layer_only_if_wanted():
    assert isinstance(cnn_layers(10, dropout=0.2)[-2], Dropout)
    assert not any(isinstance(layer, Dropout) for layer in cnn_layers(10))
