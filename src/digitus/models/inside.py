"""Inside a model: inputs, sums and activations of every unit for one patch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.models.model import Model
from digitus.nn.arrays import Floats
from digitus.nn.convolution import Convolution, ImageShape, MaxPooling
from digitus.nn.inspection import input_gradient, layer_outputs
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.network import Network

FULL_INK = 255
SIDE_PX = 28

Weighted = Dense | Convolution


@dataclass(frozen=True, eq=False)
class Unit:
    """One unit, or one filter at one place; its sum is ``(weights * inputs).sum() + bias``.

    Attributes:
        weights: (rows, cols, channels).
        inputs: (rows, cols, channels) that the weights multiply.
        bias: added to the sum.
        total: the sum, as the network computed it.
        activation: of the unit; of a filter, the largest on its map.
        place: (row, col) of a filter's window on its map of sums, None for a unit.
    """

    weights: Floats
    inputs: Floats
    bias: float
    total: float
    activation: float
    place: tuple[int, int] | None = None

    @property
    def products(self) -> Floats:
        """Inputs times weights, (rows, cols, channels)."""
        return self.weights * self.inputs


@dataclass(frozen=True, eq=False)
class Stage:
    """A layer with weights, and the layers after it up to the next one with weights.

    Attributes:
        layer: with weights.
        steps: kinds of the layers after it, without dropout.
        is_output: whether its sums are the logits, and its activations the probabilities.
        inputs: (rows, cols, channels); (1, 1, d) for a vector.
        sums: (rows, cols, h) of every unit; (1, 1, h) if the layer is dense.
        activations: (rows, cols, h) after all steps; fewer rows and columns after pooling.
    """

    layer: Weighted
    steps: tuple[str, ...]
    is_output: bool
    inputs: Floats
    sums: Floats
    activations: Floats

    @property
    def n_units(self) -> int:
        """Number of units, or of filters."""
        return int(self.sums.shape[2])

    @property
    def has_maps(self) -> bool:
        """Whether a unit is a filter with a map."""
        return isinstance(self.layer, Convolution)

    def most_active(self) -> int:
        """Return the unit with the largest activation."""
        return int(self.activations.max(axis=(0, 1)).argmax())

    def unit(self, index: int) -> Unit:
        """Return one unit, a filter where its map is largest.

        Raises:
            IndexError: if there is no such unit.
        """
        if not 0 <= index < self.n_units:
            raise IndexError(f"the units are 0 to {self.n_units - 1}; got {index}")
        row, col = self._strongest(index)
        inputs = self._window(row, col)
        return Unit(
            weights=self.layer.weight[:, index].reshape(inputs.shape),
            inputs=inputs,
            bias=float(self.layer.bias[index]),
            total=float(self.sums[row, col, index]),
            activation=float(self.activations[..., index].max()),
            place=(row, col) if self.has_maps else None,
        )

    def _strongest(self, index: int) -> tuple[int, int]:
        """Return the place of the sum that the largest activation comes from, before pooling."""
        small, large = self.activations[..., index], self.sums[..., index]
        row, col = np.unravel_index(small.argmax(), small.shape)
        side = large.shape[0] // small.shape[0]
        square = large[row * side : (row + 1) * side, col * side : (col + 1) * side]
        down, across = np.unravel_index(square.argmax(), square.shape)
        return int(row * side + down), int(col * side + across)

    def _window(self, row: int, col: int) -> Floats:
        """Return the inputs of a place of the sums; all of them for a dense layer."""
        if not isinstance(self.layer, Convolution):
            return self.inputs
        (rows, cols), (above, left) = self.layer.size, self.layer.padding
        padded = np.pad(self.inputs, ((above, above), (left, left), (0, 0)))
        return padded[row : row + rows, col : col + cols]


@dataclass(frozen=True, eq=False)
class Inside:
    """The values inside a model for one patch.

    Attributes:
        patch: (28, 28) ink, 0.0 paper to 1.0 full ink.
        stages: from the pixels to the output.
        answer: the output that the gradient belongs to.
        gradient: (28, 28) derivative of the answer's logit with respect to each pixel's ink.
        paper_is_zero: whether paper is 0 in the inputs of the first stage, so that inputs times
            weights are ink times weights.
    """

    patch: Floats
    stages: tuple[Stage, ...]
    answer: int
    gradient: Floats
    paper_is_zero: bool


def look_inside(model: Model, patch: NDArray[np.float32], answer: int) -> Inside:
    """Compute a model on a patch (28, 28) and keep the values of all layers.

    Args:
        model: of 784 pixels.
        patch: 0.0 paper to 1.0 full ink.
        answer: number of the output whose gradient is computed.

    Raises:
        ValueError: if the model is not one of 784 pixels, or has no such output.
    """
    network = model.network
    if network.n_inputs != SIDE_PX**2:
        raise ValueError(f"only models of 784 pixels can be shown, not of {network.n_inputs}")
    pixels = patch.reshape(1, -1) * FULL_INK
    x = model.normalizer.apply(pixels, np.empty(pixels.shape, network.dtype))
    paper, full = model.normalizer.apply(np.array([0, FULL_INK]), np.empty(2))
    gradient = input_gradient(network, x, answer) * (full - paper)  # by ink, not by input
    return Inside(
        patch=patch,
        stages=tuple(_stages(network, x)),
        answer=answer,
        gradient=gradient.reshape(SIDE_PX, SIDE_PX),
        paper_is_zero=bool(paper == 0) and not isinstance(network.layers[0], InputBias),
    )


def _stages(network: Network, x: Floats) -> Iterator[Stage]:
    """Split the layers before each one with weights."""
    layers = network.layers
    shapes = list(_shapes(layers))
    values = [x, *layer_outputs(network, x)]
    values.append(np.empty_like(values[-1]))
    network.loss.probabilities(values[-2], values[-1])
    images = [row.reshape(shape) for row, shape in zip(values, shapes, strict=True)]
    weighted = [(i, layer) for i, layer in enumerate(layers) if isinstance(layer, Weighted)]
    stops = [*(i for i, _ in weighted[1:]), len(layers) + 1]
    for (i, layer), stop in zip(weighted, stops, strict=True):
        after = layers[i + 1 : stop]
        yield Stage(
            layer=layer,
            steps=tuple(step.kind for step in after if not isinstance(step, Dropout)),
            is_output=stop > len(layers),
            inputs=images[i],
            sums=images[i + 1],
            activations=images[stop],
        )


def _shapes(layers: Sequence[Layer]) -> Iterator[ImageShape]:
    """Return the shapes of the pixels, of each layer's output, and of the probabilities."""
    shape: ImageShape = (SIDE_PX, SIDE_PX, 1)
    yield shape
    for layer in layers:
        if isinstance(layer, Convolution | MaxPooling):
            shape = layer.output_shape
        elif isinstance(layer, Dense):
            shape = (1, 1, layer.width)
        yield shape
    yield shape
