"""Layers: each maps a batch forward and propagates the gradient backward.

Rows are samples: ``x`` is (n, d), ``y`` is (n, h). ``grad_a`` is dLoss/da. Parameters and their
gradients are views into the network's two flat vectors, assigned by `Layer.bind`; results are
written into arrays of the caller, so that a training step allocates nothing. The formulas are
those of backpropagation (Rumelhart, Hinton and Williams 1986).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats, Scratch
from digitus.nn.initializers import Initializer, Shape, glorot_uniform, zeros


class Layer:
    """Base of all layers: no parameters, as many outputs as inputs.

    Attributes:
        kind: name of the class in model files.
        updates_averages: whether training passes update running averages; of the replicas of a
            network, which share their parameters, only the original does.
    """

    kind = "layer"
    updates_averages = True

    def options(self) -> dict[str, Any]:
        """Return the constructor's arguments (JSON types only)."""
        return {}

    def output_width(self, d: int) -> int:
        """Return the number of outputs ``h`` for ``d`` inputs."""
        return d

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Return the names and shapes of the parameters for ``d`` inputs, in storage order."""
        return {}

    def bind(self, parameters: Mapping[str, Floats], gradients: Mapping[str, Floats]) -> None:
        """Keep views into the network's flat vectors, such as ``weight`` and ``weight_grad``."""
        for name, view in parameters.items():
            setattr(self, name, view)
            setattr(self, f"{name}_grad", gradients[name])

    def __getstate__(self) -> dict[str, Any]:
        """Leave all arrays out of a copy or a pickle: the copied network binds its own."""
        return {k: value for k, value in vars(self).items() if not isinstance(value, np.ndarray)}

    def initialize(self, rng: Generator) -> None:
        """Draw new parameters."""

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Compute the outputs of a batch.

        Args:
            x: (n, d) inputs.
            y: (n, h) filled with the outputs.
            rng: given during training only; source of random masks.
        """
        raise NotImplementedError

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute the parameter gradients and dLoss/dx from dLoss/dy.

        Args:
            x: (n, d) inputs of the forward pass.
            y: (n, h) its outputs.
            grad_y: (n, h) dLoss/dy; it already carries the 1/n, so gradients are sums here.
            grad_x: (n, d) filled with dLoss/dx; None if it is not needed.
        """
        raise NotImplementedError


class Dense(Layer):
    """Affine map of every row: ``y = x @ weight + bias``.

    Args:
        width: number of outputs ``h``.
        weights: initializer of ``weight`` (d, h).
        biases: initializer of ``bias`` (h,).

    Raises:
        ValueError: if ``width`` is below 1.
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
        """Return the width; the initializers are of no use once the weights are drawn."""
        return {"width": self.width}

    def output_width(self, d: int) -> int:
        """Return the width."""
        return self.width

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Return the shapes of weight (d, h) and bias (h,)."""
        return {"weight": (d, self.width), "bias": (self.width,)}

    def initialize(self, rng: Generator) -> None:
        """Draw the weight, then the bias."""
        d, h = self.weight.shape
        self.weight[...] = self.weights(rng, (d, h), d, h)
        self.bias[...] = self.biases(rng, (h,), d, h)

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Compute ``y = x @ weight + bias``."""
        x.dot(self.weight, out=y)
        y += self.bias

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute the parameter gradients and dLoss/dx from dLoss/dy.

        With y = x W + b and G = grad_y, dLoss = sum(G * dy):
        dLoss/dW = xᵀ G, dLoss/db = the sum of G over the rows, dLoss/dx = G Wᵀ.
        """
        x.T.dot(grad_y, out=self.weight_grad)
        self._ones.like(grad_y[:, 0]).dot(grad_y, out=self.bias_grad)  # faster than sum(axis=0)
        if grad_x is not None:
            grad_y.dot(self.weight.T, out=grad_x)


class InputBias(Layer):
    """First layer of the system S0: ``y = tanh(x + bias)`` with one bias per input."""

    kind = "input_bias"
    bias: Floats
    bias_grad: Floats

    def __init__(self) -> None:
        self._scratch = Scratch()

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Return the shape of the bias, (d,)."""
        return {"bias": (d,)}

    def initialize(self, rng: Generator) -> None:
        """Set the bias to zero."""
        self.bias[...] = 0

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Compute ``y = tanh(x + bias)``."""
        np.add(x, self.bias, out=y)
        np.tanh(y, out=y)

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute dLoss/dx with dy/dx = 1 - y²; dLoss/dbias is its sum over the rows."""
        if grad_x is None:  # as the first layer: the bias needs dLoss/dx all the same
            grad_x = self._scratch.like(x)
        np.multiply(y, y, out=grad_x)
        np.subtract(1, grad_x, out=grad_x)
        grad_x *= grad_y
        np.add.reduce(grad_x, axis=0, out=self.bias_grad)


class Dropout(Layer):
    """Set each input to zero with probability ``share`` in training; the identity otherwise.

    The other inputs are scaled by 1/(1 - share), which keeps the expected value
    (Srivastava et al. 2014, section 10, "inverted dropout").

    Args:
        share: probability of zero, from 0 to below 1.

    Raises:
        ValueError: if the share is out of range.
    """

    kind = "dropout"
    _mask: Floats | None = None
    _masked: Floats | None = None
    """The output array that the mask belongs to: passes of other threads use other arrays."""

    def __init__(self, share: float) -> None:
        if not 0 <= share < 1:
            raise ValueError(f"dropout needs a share from 0 to below 1, got {share}")
        self.share = float(share)
        self._scratch = Scratch()

    def options(self) -> dict[str, Any]:
        """Return the share of inputs set to zero."""
        return {"share": self.share}

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Compute ``y = x * mask`` with a new mask of 0 and 1/(1 - share); copy without rng."""
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
        """Compute dLoss/dx = grad_y * mask; copy after a pass without mask."""
        if grad_x is None:
            return
        if self._mask is not None and self._masked is y:
            np.multiply(grad_y, self._mask, out=grad_x)
        else:
            np.copyto(grad_x, grad_y)
