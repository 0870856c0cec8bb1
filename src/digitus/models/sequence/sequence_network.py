"""The sequence network: convolutions along a line image, for images of any width."""

from collections.abc import Sequence

from digitus.models.cnn import ConvolutionChain
from digitus.models.sequence.line_image_format import ROWS
from digitus.nn.arrays import Floats
from digitus.nn.convolution import Convolution
from digitus.nn.ctc import ConnectionistTemporalClassification
from digitus.nn.network import Network

CHANNELS = (16, 32, 64, 128, 224, 224, 224)
"""Of the seven convolutions before the last one, in a network that is trained from nothing."""
STEP_PX = 2
"""Columns of the input per place of the output."""
LONGEST_TEXT = 32
"""Classes in the longest text of the targets."""


def sequence_network(
    cols: int, classes: int, *, channels: Sequence[int] = CHANNELS, parameters: Floats | None = None
) -> Network:
    """Make the network from line images (n, 32 * cols) to logits (n, cols / 2 * (classes + 1)).

    Pooling halves the 32 rows four times, and a convolution as high as the remaining two rows makes
    one of them. Columns are halved once, so that even two narrow 1s have places of their own. Each
    place sees 46 columns.

    Args:
        cols: of the line images; even.
        classes: without the blank.
        channels: of the seven convolutions before the last one.
        parameters: (p,) to use; they are the same for every width.
    """
    chain = ConvolutionChain((ROWS, cols, 1))
    first, second, third, fourth, flat, *wide = channels
    chain.convolve(first, pool=(2, STEP_PX))
    for filters in (second, third, fourth):
        chain.convolve(filters, pool=(2, 1))
    chain.convolve(flat, size=(2, 3), padding=(0, 1))
    for filters in wide:
        chain.convolve(filters, size=(1, 5), padding=(0, 2))
    last = Convolution(classes + 1, shape=chain.shape, size=1, padding=0)
    loss = ConnectionistTemporalClassification(classes + 1, LONGEST_TEXT)
    return Network(ROWS * cols, [*chain.layers, last], loss=loss, parameters=parameters)
