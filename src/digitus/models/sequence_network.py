"""The network that slides along a line of handwriting: convolutions alone, so any width will do."""

from collections.abc import Sequence

from digitus.models.line_image_format import ROWS
from digitus.nn.activations import ReLU
from digitus.nn.arrays import Floats
from digitus.nn.batch_normalization import BatchNormalization
from digitus.nn.convolution import Convolution, ImageShape, MaxPooling, SpatialLayer
from digitus.nn.ctc import ConnectionistTemporalClassification
from digitus.nn.layers import Layer
from digitus.nn.network import Network

CHANNELS = (16, 32, 64, 96, 128, 128, 128)
STEP_PX = 2
"""Columns of a strip to one place of the output."""
LONGEST_TEXT = 32


def sequence_network(
    cols: int, classes: int, *, channels: Sequence[int] = CHANNELS, parameters: Floats | None = None
) -> Network:
    """Make the network for strips (n, 32 * cols), with ``cols / 2`` places of ``classes + 1``.

    32 rows - 16 - 8 - 4 - 2 - 1 by pooling and a last convolution as high as what is left; columns
    are halved once, so that even two slim 1s have places of their own. Each place sees 46 columns.

    Args:
        cols: of the strips; even.
        classes: without the blank.
        channels: of the seven convolutions.
        parameters: (p,) to use; they are the same for every width.
    """
    chain = _Chain((ROWS, cols, 1))
    first, second, third, fourth, flat, *wide = channels
    chain.convolve(first, pool=(2, 2))
    for filters in (second, third, fourth):
        chain.convolve(filters, pool=(2, 1))
    chain.convolve(flat, size=(2, 3), padding=(0, 1))
    for filters in wide:
        chain.convolve(filters, size=(1, 5), padding=(0, 2))
    last = Convolution(classes + 1, shape=chain.shape, size=1, padding=0)
    loss = ConnectionistTemporalClassification(classes + 1, LONGEST_TEXT)
    return Network(ROWS * cols, [*chain.layers, last], loss=loss, parameters=parameters)


class _Chain:
    """Layers in a row, each told the shape that the one before gives."""

    def __init__(self, shape: ImageShape) -> None:
        self.shape, self.layers = shape, list[Layer]()

    def convolve(
        self,
        channels: int,
        *,
        size: int | tuple[int, int] = 3,
        padding: int | tuple[int, int] = 1,
        pool: tuple[int, int] | None = None,
    ) -> None:
        """Add a convolution, pooling if wanted, normalization and ReLU."""
        self._add(Convolution(channels, shape=self.shape, size=size, padding=padding))
        if pool:
            self._add(MaxPooling(shape=self.shape, size=pool))
        self._add(BatchNormalization(shape=self.shape))
        self.layers.append(ReLU())

    def _add(self, layer: SpatialLayer) -> None:
        self.layers.append(layer)
        self.shape = layer.output_shape
