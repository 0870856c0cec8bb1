"""The convolutional network that reads by default: four convolutions, each normalized."""

from collections.abc import Sequence

from digitus.nn.activations import ReLU
from digitus.nn.batch_normalization import BatchNormalization
from digitus.nn.convolution import Convolution, ImageShape, MaxPooling, SpatialLayer
from digitus.nn.layers import Dense, Dropout, Layer

CHANNELS = (24, 48, 48, 96)
HIDDEN = 96
PATCH: ImageShape = (28, 28, 1)
Sides = int | tuple[int, int]
"""Rows and columns; one number for a square."""


def cnn_layers(
    n_outputs: int, *, channels: Sequence[int] = CHANNELS, dropout: float = 0.0
) -> list[Layer]:
    """Make the layers from patches (n, 784) to logits (n, n_outputs).

    28x28 - convolution, pooling - 14x14 - convolution without padding - 12x12 - convolution,
    pooling - 6x6 - convolution, pooling - 3x3 - dense. Pooling comes before normalization and
    ReLU, which then have a quarter to do.
    """
    chain = ConvolutionChain(PATCH)
    first, second, third, fourth = channels
    chain.convolve(first, pool=2)
    chain.convolve(second, padding=0)
    chain.convolve(third, pool=2)
    chain.convolve(fourth, pool=2)
    hidden = [Dense(HIDDEN), BatchNormalization(shape=(1, 1, HIDDEN)), ReLU()]
    silenced = [Dropout(dropout)] if dropout else []
    return [*chain.layers, *hidden, *silenced, Dense(n_outputs)]


class ConvolutionChain:
    """Layers in a row, each made for the shape that the one before it gives.

    Pooling comes before normalization and ReLU, which then have less to compute.

    Args:
        shape: rows, columns and channels of the images that come in.

    Attributes:
        shape: of the images that come out of the last layer.
        layers: from the first to the last.
    """

    def __init__(self, shape: ImageShape) -> None:
        self.shape, self.layers = shape, list[Layer]()

    def convolve(
        self, channels: int, *, size: Sides = 3, padding: Sides = 1, pool: Sides | None = None
    ) -> None:
        """Append a convolution, pooling if its size is given, normalization and ReLU.

        Args:
            channels: number of filters.
            size: of a filter.
            padding: zeros around the image.
            pool: size of the fields of which the greatest value is kept.
        """
        self._append(Convolution(channels, shape=self.shape, size=size, padding=padding))
        if pool:
            self._append(MaxPooling(shape=self.shape, size=pool))
        self._append(BatchNormalization(shape=self.shape))
        self.layers.append(ReLU())

    def _append(self, layer: SpatialLayer) -> None:
        self.layers.append(layer)
        self.shape = layer.output_shape
