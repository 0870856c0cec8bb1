"""Convolution and pooling: layers that know which inputs are neighbours in the picture.

Rows stay rows: a picture (rows, cols, channels) travels as one row of ``d = rows * cols *
channels`` values, channels last, and each of these layers is told the picture's shape.
LeCun, Bottou, Bengio and Haffner (1998), section II, is the source.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.initializers import Initializer, Shape, he_normal, zeros
from digitus.nn.layers import Layer
from digitus.nn.scratch import Scratch
from digitus.nn.windows import Windows

PictureShape = tuple[int, int, int]
"""Rows, cols and channels."""


class SpatialLayer(Layer):
    """A layer over pictures of one shape.

    Args:
        shape: rows, cols and channels of the pictures that come in.
    """

    def __init__(self, shape: Sequence[int]) -> None:
        if len(shape) != 3 or min(shape) < 1:
            raise ValueError(f"a picture has rows, cols and channels, all above 0; got {shape}")
        self.shape: PictureShape = (int(shape[0]), int(shape[1]), int(shape[2]))

    @property
    def output_shape(self) -> PictureShape:
        """Rows, cols and channels of the pictures that go out."""
        return self.shape

    def options(self) -> dict[str, Any]:
        """Give the shape."""
        return {"shape": list(self.shape)}

    def output_width(self, d: int) -> int:
        """Give the values of a picture that goes out; ``d`` must be those of one that comes in."""
        rows, cols, channels = self.shape
        if d != rows * cols * channels:
            raise ValueError(f"a layer for pictures of {self.shape} cannot take {d} inputs")
        rows, cols, channels = self.output_shape
        return rows * cols * channels


class Convolution(SpatialLayer):
    """The same small filters at every place: ``y[r, c] = window(x, r, c) @ weight + bias``.

    As everywhere in this field it is a cross-correlation: the filters are not flipped.

    Args:
        channels: number of filters ``h``.
        shape: of the pictures that come in.
        size: rows and cols of a filter.
        padding: zeros around the picture; ``size // 2`` keeps its rows and cols.
        weights: draws ``weight`` (size * size * channels in, h).
        biases: draws ``bias`` (h,).
    """

    kind = "convolution"
    weight: Floats
    bias: Floats
    weight_grad: Floats
    bias_grad: Floats

    def __init__(
        self,
        channels: int,
        *,
        shape: Sequence[int],
        size: int = 3,
        padding: int = 1,
        weights: Initializer = he_normal,
        biases: Initializer = zeros,
    ) -> None:
        super().__init__(shape)
        if channels < 1 or padding >= size:
            raise ValueError(
                f"a convolution wants at least 1 filter and less padding than filter; "
                f"got {channels} of size {size} with padding {padding}"
            )
        self.channels, self.size, self.padding = channels, size, padding
        self.weights, self.biases = weights, biases
        self._windows = Windows(self.shape, size, padding)
        self._gradient_windows = Windows(self.output_shape, size, size - 1 - padding)
        self._ones, self._part, self._flipped = Scratch(fill=1), Scratch(), Scratch()

    @property
    def output_shape(self) -> PictureShape:
        """As many channels as filters."""
        return self._windows.rows, self._windows.cols, self.channels

    def options(self) -> dict[str, Any]:
        """Give the filters and the shape; how the weights were drawn no longer matters."""
        own = {"channels": self.channels, "size": self.size, "padding": self.padding}
        return {**own, **super().options()}

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Weight (size * size * channels in, h), then bias (h,)."""
        return {"weight": (self._windows.width, self.channels), "bias": (self.channels,)}

    def initialize(self, rng: Generator) -> None:
        """Draw weight, then bias; an output's inputs are those of one window."""
        d, h = self.weight.shape
        self.weight[...] = self.weights(rng, (d, h), d, h)
        self.bias[...] = self.biases(rng, (h,), d, h)

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Map a batch ``x`` (n, d) into ``y``: one product of all windows with all filters."""
        pictures = x.reshape(-1, *self.shape)
        for part in self._windows.parts(len(x)):
            out = y[part].reshape(-1, self.channels)
            self._windows.matrix(pictures[part]).dot(self.weight, out=out)
            out += self.bias

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """From dLoss/dy fill the parameter gradients and dLoss/dx.

        A filter is used at every place, so its gradient adds up over all windows, as if each were
        a row of a dense layer.
        """
        pictures = x.reshape(-1, *self.shape)
        self.weight_grad[...] = 0
        for part in self._windows.parts(len(x)):
            windows, grad = self._windows.matrix(pictures[part]), grad_y[part]
            more = self._part.like(self.weight_grad)
            self.weight_grad += windows.T.dot(grad.reshape(-1, self.channels), out=more)
        grads = grad_y.reshape(-1, self.channels)
        self._ones.like(grads[:, 0]).dot(grads, out=self.bias_grad)
        if grad_x is not None:
            self._pull_back(grad_y, grad_x)

    def _pull_back(self, grad_y: Floats, grad_x: Floats) -> None:
        """Fill dLoss/dx: x[r, c] took part in y[r - i, c - j] with the weight at (i, j).

        Summing over i and j is a convolution of dLoss/dy with the filters turned by half a turn,
        inputs and outputs exchanged.
        """
        k, (_, _, channels) = self.size, self.shape
        weight = self.weight.reshape(k, k, channels, self.channels)
        flipped = self._flipped.like(self.weight).reshape(k, k, self.channels, channels)
        flipped[...] = weight[::-1, ::-1].swapaxes(2, 3)
        filters = flipped.reshape(-1, channels)
        grads = grad_y.reshape(-1, *self.output_shape)
        for part in self._gradient_windows.parts(len(grads)):
            windows = self._gradient_windows.matrix(grads[part])
            windows.dot(filters, out=grad_x[part].reshape(-1, channels))


class MaxPooling(SpatialLayer):
    """The largest value of each square: ``y[r, c] = max(x[r*s : r*s+s, c*s : c*s+s])``.

    Rows and cols that fill no square are left out.

    Args:
        shape: of the pictures that come in.
        size: the squares' side ``s``.
    """

    kind = "max_pooling"

    def __init__(self, *, shape: Sequence[int], size: int = 2) -> None:
        super().__init__(shape)
        if not 1 <= size <= min(self.shape[:2]):
            raise ValueError(f"squares of side {size} do not fit pictures of {self.shape}")
        self.size = size
        self._mine, self._free = Scratch(), Scratch()

    @property
    def output_shape(self) -> PictureShape:
        """Rows and cols divided by the squares' side."""
        rows, cols, channels = self.shape
        return rows // self.size, cols // self.size, channels

    def options(self) -> dict[str, Any]:
        """Give the side and the shape."""
        return {"size": self.size, **super().options()}

    def _corners(self, x: Floats) -> list[Floats]:
        """Give a view (n, rows, cols, channels) for each place within the squares."""
        pictures, s = x.reshape(-1, *self.shape), self.size
        rows, cols, _ = self.output_shape
        return [
            pictures[:, i : i + rows * s : s, j : j + cols * s : s]
            for i in range(s)
            for j in range(s)
        ]

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Take the largest of each square."""
        first, *others = self._corners(x)
        out = y.reshape(first.shape)
        np.copyto(out, first)
        for corner in others:
            np.maximum(out, corner, out=out)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """The gradient goes to the largest value, the first of them where several are equal."""
        if grad_x is None:
            return
        grad_x[...] = 0  # what fills no square
        corners, grads = self._corners(x), self._corners(grad_x)
        out, grad_out = y.reshape(corners[0].shape), grad_y.reshape(corners[0].shape)
        left = self._free.like(grad_out)
        np.copyto(left, grad_out)  # each place takes its gradient and leaves nothing behind
        mine = self._mine.like(grad_out)
        for corner, grad in zip(corners, grads, strict=True):
            np.equal(corner, out, out=mine)
            np.multiply(mine, left, out=grad)
            left -= grad
