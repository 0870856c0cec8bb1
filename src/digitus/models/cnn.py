"""The layers of the default network: four convolutions, each with batch normalization."""

from collections.abc import Sequence

from digitus.nn.activations import ReLU
from digitus.nn.batch_normalization import BatchNormalization
from digitus.nn.convolution import Convolution, ImageShape, MaxPooling, SpatialLayer
from digitus.nn.layers import Dense, Dropout, Layer

CHANNELS = (24, 48, 48, 96)
HIDDEN = 96
PATCH: ImageShape = (28, 28, 1)


def cnn_layers(
    n_outputs: int, *, channels: Sequence[int] = CHANNELS, dropout: float = 0.0
) -> list[Layer]:
    """Make the layers from patches (n, 784) to logits (n, n_outputs).

    28x28 - convolution, pooling - 14x14 - convolution without padding - 12x12 - convolution,
    pooling - 6x6 - convolution, pooling - 3x3 - dense. Pooling comes before normalization and
    ReLU, which then have a quarter of the values to compute.
    """
    chain = _SpatialLayers(PATCH)
    first, second, third, fourth = channels
    chain.convolve(first, pool=True)
    chain.convolve(second, padding=0)
    chain.convolve(third, pool=True)
    chain.convolve(fourth, pool=True)
    hidden = [Dense(HIDDEN), BatchNormalization(shape=(1, 1, HIDDEN)), ReLU()]
    dropouts = [Dropout(dropout)] if dropout else []
    return [*chain.layers, *hidden, *dropouts, Dense(n_outputs)]


class _SpatialLayers:
    """A sequence of layers; each is given the output shape of the one before."""

    def __init__(self, shape: ImageShape) -> None:
        self.shape, self.layers = shape, list[Layer]()

    def convolve(self, channels: int, *, padding: int = 1, pool: bool = False) -> None:
        """Add a convolution, pooling if wanted, normalization and ReLU."""
        self._add(Convolution(channels, shape=self.shape, padding=padding))
        if pool:
            self._add(MaxPooling(shape=self.shape))
        self._add(BatchNormalization(shape=self.shape))
        self.layers.append(ReLU())

    def _add(self, layer: SpatialLayer) -> None:
        self.layers.append(layer)
        self.shape = layer.output_shape
