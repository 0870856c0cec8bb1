"""Convolution and pooling: layers that know which inputs are neighbours in the image.

Rows stay rows: an image (rows, cols, channels) travels as one row of ``d = rows * cols *
channels`` values, channels last, and each of these layers is told the image's shape.
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
from digitus.nn.windows import Sides, Windows

ImageShape = tuple[int, int, int]
"""Rows, cols and channels."""


def as_sides(size: int | Sequence[int]) -> Sides:
    """Return rows and cols of what may be said by one number, if it is square.

    >>> as_sides(3), as_sides([2, 1])
    ((3, 3), (2, 1))
    """
    rows, cols = (size, size) if isinstance(size, int) else size
    return int(rows), int(cols)


def _option(sides: Sides) -> int | list[int]:
    """Return rows and cols as a model file says them: one number if it is square."""
    return sides[0] if sides[0] == sides[1] else list(sides)


class SpatialLayer(Layer):
    """A layer over images of one shape.

    Args:
        shape: rows, cols and channels of the images that come in.
    """

    def __init__(self, shape: Sequence[int]) -> None:
        if len(shape) != 3 or min(shape) < 1:
            raise ValueError(f"an image has rows, cols and channels, all above 0; got {shape}")
        self.shape: ImageShape = (int(shape[0]), int(shape[1]), int(shape[2]))

    @property
    def output_shape(self) -> ImageShape:
        """Rows, cols and channels of the images that go out."""
        return self.shape

    def options(self) -> dict[str, Any]:
        """Return the shape."""
        return {"shape": list(self.shape)}

    def output_width(self, d: int) -> int:
        """Return the values of an image that goes out; ``d`` must be those of one that comes in."""
        rows, cols, channels = self.shape
        if d != rows * cols * channels:
            raise ValueError(f"a layer for images of {self.shape} cannot take {d} inputs")
        rows, cols, channels = self.output_shape
        return rows * cols * channels


class Convolution(SpatialLayer):
    """The same small filters at every place: ``y[r, c] = window(x, r, c) @ weight + bias``.

    As everywhere in this field it is a cross-correlation: the filters are not flipped.

    Args:
        channels: number of filters ``h``.
        shape: of the images that come in.
        size: rows and cols of a filter; one number for a square.
        padding: rows and cols of zeros around the image; ``size // 2`` keeps its own.
        weights: draws ``weight`` (rows * cols * channels in, h).
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
        size: int | Sequence[int] = 3,
        padding: int | Sequence[int] = 1,
        weights: Initializer = he_normal,
        biases: Initializer = zeros,
    ) -> None:
        super().__init__(shape)
        self.channels, self.size, self.padding = channels, as_sides(size), as_sides(padding)
        (rows, cols), (above, left) = self.size, self.padding
        if channels < 1 or above >= rows or left >= cols:
            raise ValueError(
                f"a convolution wants at least 1 filter and less padding than filter; "
                f"got {channels} of size {size} with padding {padding}"
            )
        self.weights, self.biases = weights, biases
        self._windows = Windows(self.shape, self.size, self.padding)
        back = (rows - 1 - above, cols - 1 - left)
        self._gradient_windows = Windows(self.output_shape, self.size, back)
        self._ones, self._part, self._flipped = Scratch(fill=1), Scratch(), Scratch()

    @property
    def output_shape(self) -> ImageShape:
        """As many channels as filters."""
        return self._windows.rows, self._windows.cols, self.channels

    def options(self) -> dict[str, Any]:
        """Return the filters and the shape; how the weights were drawn no longer matters."""
        sides = {"size": _option(self.size), "padding": _option(self.padding)}
        own = {"channels": self.channels, **sides}
        return {**own, **super().options()}

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Weight (rows * cols * channels in, h), then bias (h,)."""
        return {"weight": (self._windows.width, self.channels), "bias": (self.channels,)}

    def initialize(self, rng: Generator) -> None:
        """Draw weight, then bias; an output's inputs are those of one window."""
        d, h = self.weight.shape
        self.weight[...] = self.weights(rng, (d, h), d, h)
        self.bias[...] = self.biases(rng, (h,), d, h)

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Map a batch ``x`` (n, d) into ``y``: one product of all windows with all filters."""
        images = x.reshape(-1, *self.shape)
        for part in self._windows.parts(len(x)):
            out = y[part].reshape(-1, self.channels)
            self._windows.matrix(images[part]).dot(self.weight, out=out)
            out += self.bias

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """From dLoss/dy fill the parameter gradients and dLoss/dx.

        A filter is used at every place, so its gradient adds up over all windows, as if each were
        a row of a dense layer.
        """
        images = x.reshape(-1, *self.shape)
        self.weight_grad[...] = 0
        for part in self._windows.parts(len(x)):
            windows, grad = self._windows.matrix(images[part]), grad_y[part]
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
        sides, (_, _, channels) = self.size, self.shape
        weight = self.weight.reshape(*sides, channels, self.channels)
        flipped = self._flipped.like(self.weight).reshape(*sides, self.channels, channels)
        flipped[...] = weight[::-1, ::-1].swapaxes(2, 3)
        filters = flipped.reshape(-1, channels)
        grads = grad_y.reshape(-1, *self.output_shape)
        for part in self._gradient_windows.parts(len(grads)):
            windows = self._gradient_windows.matrix(grads[part])
            windows.dot(filters, out=grad_x[part].reshape(-1, channels))


class MaxPooling(SpatialLayer):
    """The largest value of each field: ``y[r, c] = max(x[r*s : r*s+s, c*t : c*t+t])``.

    Rows and cols that fill no field are left out.

    Args:
        shape: of the images that come in.
        size: the fields' rows ``s`` and cols ``t``; one number for squares.
    """

    kind = "max_pooling"

    def __init__(self, *, shape: Sequence[int], size: int | Sequence[int] = 2) -> None:
        super().__init__(shape)
        self.size = as_sides(size)
        if min(self.size) < 1 or self.size[0] > self.shape[0] or self.size[1] > self.shape[1]:
            raise ValueError(f"fields of size {size} do not fit images of {self.shape}")
        self._mine, self._free = Scratch(), Scratch()

    @property
    def output_shape(self) -> ImageShape:
        """Rows and cols divided by those of a field."""
        rows, cols, channels = self.shape
        return rows // self.size[0], cols // self.size[1], channels

    def options(self) -> dict[str, Any]:
        """Return the size and the shape."""
        return {"size": _option(self.size), **super().options()}

    def _corners(self, x: Floats) -> list[Floats]:
        """Return a view (n, rows, cols, channels) for each place within the fields."""
        images, (s, t) = x.reshape(-1, *self.shape), self.size
        rows, cols, _ = self.output_shape
        return [
            images[:, i : i + rows * s : s, j : j + cols * t : t]
            for i in range(s)
            for j in range(t)
        ]

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Take the largest of each field."""
        first, *others = self._corners(x)
        out = y.reshape(first.shape)
        np.copyto(out, first)
        for corner in others:
            np.maximum(out, corner, out=out)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """The gradient goes to the largest value, the first of them where several are equal."""
        if grad_x is None:
            return
        grad_x[...] = 0  # what fills no field
        corners, grads = self._corners(x), self._corners(grad_x)
        out, grad_out = y.reshape(corners[0].shape), grad_y.reshape(corners[0].shape)
        left = self._free.like(grad_out)
        np.copyto(left, grad_out)  # each place takes its gradient and leaves nothing behind
        mine = self._mine.like(grad_out)
        for corner, grad in zip(corners, grads, strict=True):
            np.equal(corner, out, out=mine)
            np.multiply(mine, left, out=grad)
            left -= grad
