"""Convolution and max pooling, on images stored as rows.

An image (rows, cols, channels) is one row of ``d = rows * cols * channels`` values, channels
last; each layer knows the image's shape. Source: LeCun, Bottou, Bengio and Haffner (1998),
section II.
"""

from collections.abc import Iterator, Sequence
from threading import local
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.random import Generator

from digitus.nn.arrays import Floats, Scratch
from digitus.nn.initializers import Shape, he_normal
from digitus.nn.layers import Layer

Sides: TypeAlias = tuple[int, int]
"""Rows and cols."""

ImageShape: TypeAlias = tuple[int, int, int]
"""Rows, cols and channels."""

_WINDOW_FLOATS = 2**17
"""Values of the window matrix computed at a time: 0.5 MB in float32 stays in a core's cache."""


def as_sides(size: int | Sequence[int]) -> Sides:
    """Return rows and cols of a size that is one number (a square) or a pair.

    >>> as_sides(3), as_sides([2, 1])
    ((3, 3), (2, 1))
    """
    rows, cols = (size, size) if isinstance(size, int) else size
    return int(rows), int(cols)


def _option(sides: Sides) -> int | list[int]:
    """Return rows and cols as stored in model files: one number for a square."""
    return sides[0] if sides[0] == sides[1] else list(sides)


class SpatialLayer(Layer):
    """Base of the layers over images of one shape.

    Args:
        shape: rows, cols and channels of the input images.

    Raises:
        ValueError: if the shape is not three numbers above 0.
    """

    def __init__(self, shape: Sequence[int]) -> None:
        if len(shape) != 3 or min(shape) < 1:
            raise ValueError(f"an image has rows, cols and channels, all above 0; got {shape}")
        self.shape: ImageShape = (int(shape[0]), int(shape[1]), int(shape[2]))

    @property
    def output_shape(self) -> ImageShape:
        """Rows, cols and channels of the output images."""
        return self.shape

    def options(self) -> dict[str, Any]:
        """Return the shape of the input images."""
        return {"shape": list(self.shape)}

    def output_width(self, d: int) -> int:
        """Return the number of values of an output image.

        Raises:
            ValueError: if ``d`` is not the number of values of an input image.
        """
        rows, cols, channels = self.shape
        if d != rows * cols * channels:
            raise ValueError(f"a layer for images of {self.shape} cannot take {d} inputs")
        rows, cols, channels = self.output_shape
        return rows * cols * channels


class Windows:
    """The windows of zero-padded images as the rows of a matrix, stride 1 ("im2col").

    A convolution becomes one matrix product of this matrix with the filters (Chellapilla, Puri
    and Simard 2006, section 3).

    Args:
        shape: rows, cols and channels of an image.
        size: rows and cols of a window.
        padding: rows of zeros above and below, cols of zeros left and right.

    Attributes:
        rows, cols: number of windows down and across.
        width: number of values in a window.

    Raises:
        ValueError: if no window fits.
    """

    def __init__(self, shape: ImageShape, size: Sides, padding: Sides) -> None:
        self.shape, self.size, self.padding = shape, size, padding
        sides = zip(shape[:2], size, padding, strict=True)
        self.rows, self.cols = (side + 2 * zeros - window + 1 for side, window, zeros in sides)
        if min(*shape, *size, self.rows, self.cols) < 1 or min(padding) < 0:
            raise ValueError(
                f"no window of {size[0]}x{size[1]} with {padding[0]} rows and {padding[1]} cols "
                f"of zeros around fits images of {shape}"
            )
        self.width = size[0] * size[1] * shape[2]
        self._arrays = local()  # several threads may read one network

    def __reduce__(self) -> tuple[type["Windows"], tuple[ImageShape, Sides, Sides]]:
        """Leave the arrays out of a copy or a pickle."""
        return Windows, (self.shape, self.size, self.padding)

    def chunks(self, n: int) -> Iterator[slice]:
        """Split n images into chunks whose window matrix stays in cache."""
        step = max(1, _WINDOW_FLOATS // (self.rows * self.cols * self.width))
        for start in range(0, n, step):
            yield slice(start, min(start + step, n))

    def matrix(self, images: Floats) -> Floats:
        """Return the windows of images (m, rows, cols, channels), valid until the next call.

        Returns:
            (m * rows * cols, width), the values of a window ordered by row, col, channel.
        """
        m, (height, width, channels) = len(images), self.shape
        (rows, cols), (above, left) = self.size, self.padding
        padded, matrix = self._thread_arrays(m, images.dtype)
        padded[:, above : above + height, left : left + width] = images
        image, row, col, value = padded.strides
        # One row of a window is contiguous: its cols and channels lie side by side.
        views = as_strided(
            padded,
            (m, self.rows, self.cols, rows, cols * channels),
            (image, row, col, row, value),
            writeable=False,
        )
        matrix.reshape(views.shape)[...] = views
        return matrix

    def _thread_arrays(self, m: int, dtype: "np.dtype[np.floating]") -> tuple[Floats, Floats]:
        """Return this thread's arrays for m images: zero-padded images and window matrix."""
        kept = self._arrays.__dict__.setdefault("arrays", {})
        if (m, dtype) not in kept:
            if len(kept) == 2:  # whole chunks and the last, shorter one
                kept.clear()
            height, width, channels = self.shape
            rows, cols = (2 * zeros for zeros in self.padding)
            padded = np.zeros((m, height + rows, width + cols, channels), dtype)
            kept[m, dtype] = padded, np.empty((m * self.rows * self.cols, self.width), dtype)
        arrays: tuple[Floats, Floats] = kept[m, dtype]
        return arrays


class Convolution(SpatialLayer):
    """The same filters at every position: ``y[r, c] = window(x, r, c) @ weight + bias``.

    As usual in this field it is a cross-correlation: the filters are not flipped.

    Args:
        channels: number of filters ``h``.
        shape: rows, cols and channels of the input images.
        size: rows and cols of a filter; one number for a square.
        padding: rows and cols of zeros around the image; ``size // 2`` keeps the image's size.

    Raises:
        ValueError: if ``channels`` is below 1, or the padding is as large as a filter.
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
    ) -> None:
        super().__init__(shape)
        self.channels, self.size, self.padding = channels, as_sides(size), as_sides(padding)
        (rows, cols), (above, left) = self.size, self.padding
        if channels < 1 or above >= rows or left >= cols:
            raise ValueError(
                f"a convolution needs at least 1 filter and less padding than filter; "
                f"got {channels} of size {size} with padding {padding}"
            )
        self._windows = Windows(self.shape, self.size, self.padding)
        full = (rows - 1 - above, cols - 1 - left)
        self._grad_windows = Windows(self.output_shape, self.size, full)
        self._ones, self._part, self._flipped = Scratch(fill=1), Scratch(), Scratch()

    @property
    def output_shape(self) -> ImageShape:
        """Rows and cols of the window positions, one channel per filter."""
        return self._windows.rows, self._windows.cols, self.channels

    def options(self) -> dict[str, Any]:
        """Return filters and shape."""
        sides = {"size": _option(self.size), "padding": _option(self.padding)}
        return {"channels": self.channels, **sides, **super().options()}

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Return the shapes of weight (rows * cols * input channels, h) and bias (h,)."""
        return {"weight": (self._windows.width, self.channels), "bias": (self.channels,)}

    def initialize(self, rng: Generator) -> None:
        """Draw the weight (He et al. 2015) for the inputs of one window; the bias is 0."""
        d, h = self.weight.shape
        self.weight[...] = he_normal(rng, (d, h), d, h)
        self.bias[...] = 0

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Compute ``y = windows(x) @ weight + bias``, a chunk of images at a time."""
        images = x.reshape(-1, *self.shape)
        for chunk in self._windows.chunks(len(x)):
            out = y[chunk].reshape(-1, self.channels)
            self._windows.matrix(images[chunk]).dot(self.weight, out=out)
            out += self.bias

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute the parameter gradients and dLoss/dx from dLoss/dy.

        Every window is a row of a dense layer with these filters, hence with G = grad_y as rows
        of h values: dLoss/dW = windows(x)ᵀ G, dLoss/db = the sum of G over all windows. The value
        x[r, c] takes part in y[r - i, c - j] through the weight at (i, j); summing over i and j,
        dLoss/dx is the convolution of dLoss/dy with the filters turned by 180 degrees, input and
        output channels exchanged.
        """
        images, grads = x.reshape(-1, *self.shape), grad_y.reshape(-1, self.channels)
        part = self._part.like(self.weight_grad)
        self.weight_grad[...] = 0
        for chunk in self._windows.chunks(len(x)):
            windows = self._windows.matrix(images[chunk])
            grad = grad_y[chunk].reshape(-1, self.channels)
            self.weight_grad += windows.T.dot(grad, out=part)
        self._ones.like(grads[:, 0]).dot(grads, out=self.bias_grad)
        if grad_x is None:
            return
        grad_images, filters = grad_y.reshape(-1, *self.output_shape), self._turned_filters()
        for chunk in self._grad_windows.chunks(len(x)):
            windows = self._grad_windows.matrix(grad_images[chunk])
            windows.dot(filters, out=grad_x[chunk].reshape(-1, self.shape[2]))

    def _turned_filters(self) -> Floats:
        """Return the filters turned by 180 degrees, (rows * cols * h, input channels)."""
        channels = self.shape[2]
        weight = self.weight.reshape(*self.size, channels, self.channels)
        turned = self._flipped.like(self.weight).reshape(*self.size, self.channels, channels)
        turned[...] = weight[::-1, ::-1].swapaxes(2, 3)
        return turned.reshape(-1, channels)


class MaxPooling(SpatialLayer):
    """The largest value of each field: ``y[r, c] = max(x[r*s : r*s+s, c*t : c*t+t])``.

    Rows and cols at the end that do not fill a field are ignored.

    Args:
        shape: rows, cols and channels of the input images.
        size: rows ``s`` and cols ``t`` of a field; one number for a square.

    Raises:
        ValueError: if no field fits.
    """

    kind = "max_pooling"

    def __init__(self, *, shape: Sequence[int], size: int | Sequence[int] = 2) -> None:
        super().__init__(shape)
        self.size = as_sides(size)
        if min(self.size) < 1 or self.size[0] > self.shape[0] or self.size[1] > self.shape[1]:
            raise ValueError(f"fields of size {size} do not fit images of {self.shape}")
        self._is_largest, self._remaining = Scratch(), Scratch()

    @property
    def output_shape(self) -> ImageShape:
        """Rows and cols divided by those of a field, the same channels."""
        rows, cols, channels = self.shape
        return rows // self.size[0], cols // self.size[1], channels

    def options(self) -> dict[str, Any]:
        """Return the size of a field and the shape."""
        return {"size": _option(self.size), **super().options()}

    def _positions(self, x: Floats) -> list[Floats]:
        """Return a view (n, rows, cols, channels) for each of the s * t positions in a field."""
        images, (s, t) = x.reshape(-1, *self.shape), self.size
        rows, cols, _ = self.output_shape
        return [
            images[:, i : i + rows * s : s, j : j + cols * t : t]
            for i in range(s)
            for j in range(t)
        ]

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Compute the largest value of each field."""
        first, *others = self._positions(x)
        out = y.reshape(first.shape)
        np.copyto(out, first)
        for values in others:
            np.maximum(out, values, out=out)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute dLoss/dx: grad_y at the (first) largest value of each field, else 0."""
        if grad_x is None:
            return
        grad_x[...] = 0  # the ignored rows and cols
        positions, grads = self._positions(x), self._positions(grad_x)
        out, grad_out = y.reshape(positions[0].shape), grad_y.reshape(positions[0].shape)
        remaining = self._remaining.like(grad_out)
        np.copyto(remaining, grad_out)  # set to 0 once a position has received it
        is_largest = self._is_largest.like(grad_out)
        for values, grad in zip(positions, grads, strict=True):
            np.equal(values, out, out=is_largest)
            np.multiply(is_largest, remaining, out=grad)
            remaining -= grad
