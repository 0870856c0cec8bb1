"""Batch normalization: every channel gets mean 0 and variance 1, then learns its own."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.convolution import SpatialLayer
from digitus.nn.initializers import Shape
from digitus.nn.scratch import Scratch

EPSILON = 1e-5
_KEPT = 0.99
"""Share of the running mean and variance that a batch leaves."""


class BatchNormalization(SpatialLayer):
    """``y = scale * (x - mean) / sqrt(variance + epsilon) + shift`` per channel.

    In training, mean and variance are the batch's own, over its rows and all places of the image
    (Ioffe and Szegedy 2015, algorithm 1); otherwise they are running averages of those. The
    averages lie among the parameters, with a gradient of zero, so that whatever saves or copies
    the parameters takes them along.

    Args:
        shape: of the images; (1, 1, d) normalizes each of d inputs by itself.
    """

    kind = "batch_normalization"
    scale: Floats
    shift: Floats
    mean: Floats
    variance: Floats
    scale_grad: Floats
    shift_grad: Floats
    _normalized: Floats | None = None
    """The output that the batch's statistics were taken for; who only reads has other arrays."""
    _statistics: tuple[Floats, Floats]

    def __init__(self, *, shape: Sequence[int]) -> None:
        super().__init__(shape)
        self._ones, self._work, self._other = Scratch(fill=1), Scratch(), Scratch()

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Scale, shift, running mean and running variance, (channels,) each."""
        return dict.fromkeys(("scale", "shift", "mean", "variance"), (self.shape[2],))

    def initialize(self, rng: Generator) -> None:
        """Start with scale 1 and shift 0."""
        self.scale[...] = self.variance[...] = 1
        self.shift[...] = self.mean[...] = 0

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Normalize with the batch's statistics in training, with the running ones otherwise."""
        if rng is None:
            self._normalized = None if self._normalized is y else self._normalized
            mean, inverse = self._running()
        else:
            self._normalized = y
            mean, inverse = self._statistics = self._measure(x)
        factor = self.scale * inverse
        np.multiply(x, self._tiled(factor), out=y)
        y += self._tiled(self.shift - mean * factor)

    def _running(self) -> tuple[Floats, Floats]:
        """Return mean and 1 / standard deviation (channels,) outside training."""
        return self.mean, 1 / np.sqrt(self.variance + EPSILON)

    def _measure(self, x: Floats) -> tuple[Floats, Floats]:
        """Take mean and 1 / standard deviation (channels,) of a batch, and follow them slowly."""
        n = x.size // self.shape[2]
        mean = self._sum(x) / n
        squares = self._work.like(x)
        np.subtract(x, self._tiled(mean), out=squares)
        np.multiply(squares, squares, out=squares)
        variance = self._sum(squares) / n
        if self.tracks:
            self.mean += (1 - _KEPT) * (mean - self.mean)
            self.variance += (1 - _KEPT) * (variance * (n / max(1, n - 1)) - self.variance)
        return mean, 1 / np.sqrt(variance + EPSILON)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """From dLoss/dy fill the gradients of scale and shift, and dLoss/dx.

        With z the normalized x: dLoss/dx = scale/deviation * (grad_y - mean(grad_y) -
        z * mean(grad_y * z)), for mean and variance move with x too (Ioffe and Szegedy 2015,
        section 3). Out of training they stand still, and only the factor is left.
        """
        learns = self._normalized is y
        mean, inverse = self._statistics if learns else self._running()
        z, product = self._work.like(x), self._other.like(x)
        np.subtract(x, self._tiled(mean), out=z)
        z *= self._tiled(inverse)
        np.multiply(grad_y, z, out=product)
        self.scale_grad[...], self.shift_grad[...] = self._sum(product), self._sum(grad_y)
        if grad_x is None:
            return
        np.copyto(grad_x, grad_y)
        if learns:
            n = x.size // self.shape[2]
            z *= self._tiled(self.scale_grad / n)
            grad_x -= z
            grad_x -= self._tiled(self.shift_grad / n)
        grad_x *= self._tiled(self.scale * inverse)

    def _sum(self, x: Floats) -> Floats:
        """Add up each channel of a batch (n, d) over rows and places, as a product with ones."""
        values = x.reshape(-1, self.shape[2])
        total: Floats = self._ones.like(values[:, 0]).dot(values)
        return total

    def _tiled(self, channels: Floats) -> Floats:
        """Repeat one number a channel over all places (d,): long rows are quick to broadcast."""
        return np.tile(channels, self.shape[0] * self.shape[1])
