"""Activations: the bends between the affine maps, each with its derivative.

All keep the width; ``x`` is the pre-activation (n, h), ``y`` the activation (n, h).
A derivative written in ``y`` saves a second evaluation.
"""

from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.layers import Layer
from digitus.nn.scratch import Scratch


class ReLU(Layer):
    """``max(x, 0)`` (Nair and Hinton 2010)."""

    kind = "relu"

    def __init__(self) -> None:
        self._zeros = Scratch(fill=0)  # beside a whole array, NumPy's maximum is 4 times as fast

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Cut off what is negative."""
        np.maximum(x, self._zeros.like(x), out=y)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Slope 1 where x > 0, else 0."""
        if grad_x is not None:
            np.greater(y, 0, out=grad_x)
            grad_x *= grad_y


class LeakyReLU(Layer):
    """``x`` where positive, ``slope * x`` elsewhere (Maas et al. 2013)."""

    kind = "leaky_relu"

    def __init__(self, slope: float = 0.1) -> None:
        if not 0 <= slope < 1:
            raise ValueError(f"a leaky ReLU wants a slope from 0 to below 1, got {slope}")
        self.slope = float(slope)
        self._slopes = Scratch(fill=self.slope)

    def options(self) -> dict[str, Any]:
        """Return the slope on the negative side."""
        return {"slope": self.slope}

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Take the larger of x and slope * x: the slope is below 1."""
        np.multiply(x, self.slope, out=y)
        np.maximum(x, y, out=y)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Slope 1 where x > 0, else ``slope``."""
        if grad_x is not None:
            np.greater(x, 0, out=grad_x)
            np.maximum(grad_x, self._slopes.like(x), out=grad_x)
            grad_x *= grad_y


class Tanh(Layer):
    """Hyperbolic tangent."""

    kind = "tanh"

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Squash into (-1, 1)."""
        np.tanh(x, out=y)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Chain rule with tanh' = 1 - tanh²."""
        if grad_x is not None:
            np.multiply(y, y, out=grad_x)
            np.subtract(1, grad_x, out=grad_x)
            grad_x *= grad_y


class Sigmoid(Layer):
    """The logistic function ``1 / (1 + exp(-x))``."""

    kind = "sigmoid"

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Use sigmoid(x) = (1 + tanh(x/2)) / 2, which overflows nowhere."""
        np.multiply(x, 0.5, out=y)
        np.tanh(y, out=y)
        y *= 0.5
        y += 0.5

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Chain rule with sigmoid' = sigmoid * (1 - sigmoid)."""
        if grad_x is not None:
            np.subtract(1, y, out=grad_x)
            grad_x *= y
            grad_x *= grad_y
