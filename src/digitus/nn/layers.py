"""Layers: each computes forward and takes the gradient back, into arrays made once.

Rows are samples: ``x`` is (n, d), ``y`` is (n, h). Parameters and their gradients are views into
the network's two flat vectors; `Layer.bind` hands them out. The formulas are those of Rumelhart,
Hinton and Williams (1986); "grad_a" is the derivative of the loss with respect to a.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.initializers import Initializer, Shape, glorot_uniform, zeros
from digitus.nn.scratch import Scratch


class Layer:
    """One step of the network. This base has no parameters and keeps the width."""

    kind = "layer"
    tracks = True
    """Whether training passes move running averages; of networks that share them, one does."""

    def options(self) -> dict[str, Any]:
        """Return the arguments that make this layer again (JSON types only)."""
        return {}

    def output_width(self, d: int) -> int:
        """Tell the number of outputs ``h`` for ``d`` inputs."""
        return d

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Name the parameters and their shapes for ``d`` inputs, in the order of storage."""
        return {}

    def bind(self, parameters: Mapping[str, Floats], gradients: Mapping[str, Floats]) -> None:
        """Keep the views into the network's flat vectors, as ``weight`` and ``weight_grad``."""
        for name, view in parameters.items():
            setattr(self, name, view)
            setattr(self, f"{name}_grad", gradients[name])

    def __getstate__(self) -> dict[str, Any]:
        """Leave all arrays out of a copy or a pickle: the network binds its copy anew."""
        return {k: value for k, value in vars(self).items() if not isinstance(value, np.ndarray)}

    def initialize(self, rng: Generator) -> None:
        """Draw the parameters anew."""

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Map a batch ``x`` (n, d) into ``y`` (n, h); ``rng`` is given in training only."""
        raise NotImplementedError

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """From dLoss/dy (n, h) fill the parameter gradients and, if wanted, dLoss/dx (n, d)."""
        raise NotImplementedError


class Dense(Layer):
    """Affine map of every row: ``y = x @ weight + bias``.

    Args:
        width: number of outputs ``h``.
        weights: draws ``weight`` (d, h).
        biases: draws ``bias`` (h,).
    """

    kind = "dense"
    weight: Floats
    bias: Floats
    weight_grad: Floats
    bias_grad: Floats

    def __init__(
        self, width: int, *, weights: Initializer = glorot_uniform, biases: Initializer = zeros
    ) -> None:
        if width < 1:
            raise ValueError(f"a dense layer needs at least 1 output, got {width}")
        self.width, self.weights, self.biases = width, weights, biases
        self._ones = Scratch(fill=1)

    def options(self) -> dict[str, Any]:
        """Return the width; how the weights were drawn no longer matters."""
        return {"width": self.width}

    def output_width(self, d: int) -> int:
        """Return the width, whatever the input."""
        return self.width

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Weight (d, h), then bias (h,)."""
        return {"weight": (d, self.width), "bias": (self.width,)}

    def initialize(self, rng: Generator) -> None:
        """Draw weight, then bias."""
        d, h = self.weight.shape
        self.weight[...] = self.weights(rng, (d, h), d, h)
        self.bias[...] = self.biases(rng, (h,), d, h)

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Map a batch ``x`` (n, d) into ``y`` (n, h)."""
        x.dot(self.weight, out=y)
        y += self.bias

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """From dLoss/dy (n, h) fill the parameter gradients and dLoss/dx (n, d).

        The loss already carries the 1/n, so gradients are summed here, not averaged.
        """
        x.T.dot(grad_y, out=self.weight_grad)  # d/dW of sum(grad_y * (x @ W))
        self._ones.like(grad_y[:, 0]).dot(grad_y, out=self.bias_grad)  # the sum over the rows
        if grad_x is not None:
            grad_y.dot(self.weight.T, out=grad_x)


class InputBias(Layer):
    """S0's optional first step: ``y = tanh(x + bias)`` with one learnable bias an input."""

    kind = "input_bias"
    bias: Floats
    bias_grad: Floats

    def __init__(self) -> None:
        self._scratch = Scratch()

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """One bias an input, (d,)."""
        return {"bias": (d,)}

    def initialize(self, rng: Generator) -> None:
        """Start at zero: plain tanh."""
        self.bias[...] = 0

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Shift every input by its own bias and squash it into (-1, 1)."""
        np.add(x, self.bias, out=y)
        np.tanh(y, out=y)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Chain rule with tanh' = 1 - tanh²; the bias gradient adds up over the rows."""
        if grad_x is None:  # the first layer: nobody asks for dLoss/dx, but the bias needs it
            grad_x = self._scratch.like(x)
        np.multiply(y, y, out=grad_x)
        np.subtract(1, grad_x, out=grad_x)
        grad_x *= grad_y
        np.add.reduce(grad_x, axis=0, out=self.bias_grad)


class Dropout(Layer):
    """Silences each input with probability ``share`` in training; does nothing otherwise.

    What remains is scaled by 1/(1-share), so that the expected value stays
    (Srivastava et al. 2014, section 10, "inverted" form).
    """

    kind = "dropout"
    _mask: Floats | None = None
    _masked: Floats | None = None
    """The output that the mask was drawn for; who only reads has other arrays."""

    def __init__(self, share: float) -> None:
        if not 0 <= share < 1:
            raise ValueError(f"dropout wants a share from 0 to below 1, got {share}")
        self.share = float(share)
        self._scratch = Scratch()

    def options(self) -> dict[str, Any]:
        """Return the share that is silenced."""
        return {"share": self.share}

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Multiply by a fresh mask of 0 and 1/(1-share) in training; copy otherwise."""
        if rng is None or self.share == 0:
            self._masked = None if self._masked is y else self._masked
            np.copyto(y, x)
            return
        self._masked = y
        self._mask = mask = self._scratch.like(x)
        rng.random(dtype=x.dtype.type, out=mask)
        np.greater_equal(mask, self.share, out=mask)
        mask *= 1 / (1 - self.share)
        np.multiply(x, mask, out=y)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """The gradient passes where the signal passed, scaled alike."""
        if grad_x is None:
            return
        if self._mask is not None and self._masked is y:
            np.multiply(grad_y, self._mask, out=grad_x)
        else:
            np.copyto(grad_x, grad_y)
