"""Chains of convolutions: order and shapes of their layers."""

from digitus.models.cnn import ConvolutionChain

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
