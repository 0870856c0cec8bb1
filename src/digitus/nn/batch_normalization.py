"""Batch normalization: mean 0 and variance 1 per channel, then a learned scale and shift."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats, Scratch
from digitus.nn.convolution import SpatialLayer
from digitus.nn.initializers import Shape

EPSILON = 1e-5
"""Added to the variance; PyTorch's and ONNX's default."""
_MOMENTUM = 0.99
"""Share of the running mean and variance kept at each batch."""


class BatchNormalization(SpatialLayer):
    """``y = scale * (x - mean) / sqrt(variance + epsilon) + shift`` per channel.

    In training, mean and variance are those of the batch, over its rows and all positions of the
    image (Ioffe and Szegedy 2015, algorithm 1); otherwise they are running averages of those. The
    averages are stored among the parameters, with a gradient of zero, so that whatever saves or
    copies the parameters includes them.

    Args:
        shape: rows, cols and channels of the images; (1, 1, d) normalizes each of d inputs.
    """

    kind = "batch_normalization"
    scale: Floats
    shift: Floats
    mean: Floats
    variance: Floats
    scale_grad: Floats
    shift_grad: Floats
    _normalized: Floats | None = None
    """The output array that ``_statistics`` belong to: passes of other threads use others."""
    _statistics: tuple[Floats, Floats]

    def __init__(self, *, shape: Sequence[int]) -> None:
        super().__init__(shape)
        self._ones, self._work, self._other = Scratch(fill=1), Scratch(), Scratch()

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Return the shapes of scale, shift, running mean and variance, (channels,) each."""
        return dict.fromkeys(("scale", "shift", "mean", "variance"), (self.shape[2],))

    def initialize(self, rng: Generator) -> None:
        """Set scale and variance to 1, shift and mean to 0."""
        self.scale[...] = self.variance[...] = 1
        self.shift[...] = self.mean[...] = 0

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Normalize with the batch's statistics in training, with the running ones otherwise."""
        if rng is None:
            self._normalized = None if self._normalized is y else self._normalized
            mean, inverse = self._running_statistics()
        else:
            self._normalized = y
            mean, inverse = self._statistics = self._batch_statistics(x)
        factor = self.scale * inverse
        np.multiply(x, self._tiled(factor), out=y)
        y += self._tiled(self.shift - mean * factor)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute the gradients of scale and shift, and dLoss/dx, from G = dLoss/dy.

        With z the normalized x: dLoss/dscale = sum(G * z), dLoss/dshift = sum(G). In training
        mean and variance depend on x too (Ioffe and Szegedy 2015, section 3):
        dLoss/dx = scale/deviation * (G - mean(G) - z * mean(G * z)).
        Otherwise they are constants: dLoss/dx = scale/deviation * G.
        """
        in_training = self._normalized is y
        mean, inverse = self._statistics if in_training else self._running_statistics()
        z, product = self._work.like(x), self._other.like(x)
        np.subtract(x, self._tiled(mean), out=z)
        z *= self._tiled(inverse)
        np.multiply(grad_y, z, out=product)
        self.scale_grad[...], self.shift_grad[...] = self._sum(product), self._sum(grad_y)
        if grad_x is None:
            return
        np.copyto(grad_x, grad_y)
        if in_training:
            n = x.size // self.shape[2]
            z *= self._tiled(self.scale_grad / n)
            grad_x -= z
            grad_x -= self._tiled(self.shift_grad / n)
        grad_x *= self._tiled(self.scale * inverse)

    def _running_statistics(self) -> tuple[Floats, Floats]:
        """Return running mean and 1 / standard deviation, (channels,) each."""
        return self.mean, 1 / np.sqrt(self.variance + EPSILON)

    def _batch_statistics(self, x: Floats) -> tuple[Floats, Floats]:
        """Return a batch's mean and 1 / standard deviation, and update the running averages."""
        n = x.size // self.shape[2]
        mean = self._sum(x) / n
        squares = self._work.like(x)
        np.subtract(x, self._tiled(mean), out=squares)
        np.multiply(squares, squares, out=squares)
        variance = self._sum(squares) / n
        if self.updates_averages:
            self.mean += (1 - _MOMENTUM) * (mean - self.mean)
            self.variance += (1 - _MOMENTUM) * (variance * (n / max(1, n - 1)) - self.variance)
        return mean, 1 / np.sqrt(variance + EPSILON)

    def _sum(self, x: Floats) -> Floats:
        """Return the sum of each channel over rows and positions, as a product with ones."""
        values = x.reshape(-1, self.shape[2])
        total: Floats = self._ones.like(values[:, 0]).dot(values)
        return total

    def _tiled(self, channels: Floats) -> Floats:
        """Repeat one number per channel over all positions (d,): long rows broadcast faster."""
        return np.tile(channels, self.shape[0] * self.shape[1])
