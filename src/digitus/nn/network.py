"""The network: layers in a row over one flat parameter vector and one flat gradient vector.

An optimizer is therefore a few vector operations, a gradient check a loop over one vector, and
saving a network means saving one array.
"""

from collections.abc import Iterator, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from digitus.nn.arrays import Floats, Ints
from digitus.nn.initializers import Shape
from digitus.nn.layers import Dense, Layer
from digitus.nn.losses import Loss, LossWork, SoftmaxCrossEntropy, total_weight


@dataclass(frozen=True)
class NetworkLimits:
    """Limits of a network's arrays.

    Attributes:
        chunk_rows: rows that inference computes at a time, so that the outputs stay in cache.
        chunk_values: largest number of outputs of a layer in a chunk; wide layers get fewer rows.
        kept_workspaces: batch sizes whose training arrays are kept; a run has two, the batch and
            the shorter last one.
    """

    chunk_rows: int = 1024
    chunk_values: int = 2**20
    kept_workspaces: int = 4


LIMITS = NetworkLimits()


@dataclass(frozen=True)
class ParameterView:
    """Position of one parameter array: ``vector[start:stop]``, reshaped to ``shape``.

    Attributes:
        layer: index of the layer.
        name: name of the parameter, such as ``weight``.
        start: index of the first entry.
        shape: shape of the array.
    """

    layer: int
    name: str
    start: int
    shape: Shape

    def of(self, vector: Floats) -> Floats:
        """Return the array as a view of the flat vector (p,)."""
        return vector[self.start : self.start + prod(self.shape)].reshape(self.shape)


class Workspace:
    """The arrays of a pass over n rows.

    Attributes:
        outputs: outputs of each layer, ``outputs[i]`` (n, h_i); the last are the logits.
        gradients: dLoss/d(outputs[i]), same shapes; empty before the first backward pass.
        loss: the arrays of the loss; its ``grad`` is the last of ``gradients``.
    """

    def __init__(self, n: int, widths: Sequence[int], dtype: np.dtype[Any]) -> None:
        self.outputs: list[Floats] = [np.empty((n, h), dtype) for h in widths]
        self.gradients: list[Floats] = []
        self.loss: LossWork

    def prepare_backward(self) -> None:
        """Allocate the arrays of the backward pass, once."""
        if self.gradients:
            return
        *hidden, logits = self.outputs
        n, k = logits.shape
        self.loss = LossWork(n, k, logits.dtype)
        self.gradients = [*map(np.empty_like, hidden), self.loss.grad]


class Network:
    """A feedforward network that owns its parameters as one vector.

    Args:
        n_inputs: width ``d`` of the input rows.
        layers: from the input to the logits; each belongs to this network alone.
        loss: the loss, which also maps logits to probabilities; softmax cross-entropy if None.
        dtype: float32 to train, float64 to check.
        rng: draws the first parameters; without it they are zero.
        parameters: (p,) a vector to use instead of a new one.

    Attributes:
        parameters: (p,) all parameters, one flat vector; the layers hold views into it.
        gradient: (p,) dLoss/dparameters of the last backward pass, same layout.
        work: the arrays of the last training pass.

    Raises:
        ValueError: if the layers do not fit together, or the type is another.

    One thread may train a network; any number may read it with `probabilities` and `predict`.

    >>> network = Network(784, [Dense(100), Dense(10)], rng=np.random.default_rng(0))
    >>> network.parameters.size
    79510
    """

    def __init__(
        self,
        n_inputs: int,
        layers: Sequence[Layer],
        *,
        loss: Loss | None = None,
        dtype: DTypeLike = np.float32,
        rng: Generator | None = None,
        parameters: Floats | None = None,
    ) -> None:
        if n_inputs < 1 or not layers:
            raise ValueError("a network needs at least one input and one layer")
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("a layer stands twice in the network; make one for each place")
        self.n_inputs, self.layers = n_inputs, list(layers)
        self.loss = loss if loss is not None else SoftmaxCrossEntropy()
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"a network computes in float32 or float64, not in {self.dtype}")
        self._lay_out(parameters)
        widest = max(n_inputs, *self.widths)
        self._chunk_rows = max(1, min(LIMITS.chunk_rows, LIMITS.chunk_values // widest))
        self._workspaces: dict[int, Workspace] = {}
        self._weights: list[tuple[Floats, Floats, Floats]] = []
        if rng is not None:
            self.initialize(rng)

    def _lay_out(self, parameters: Floats | None) -> None:
        """Allocate the two flat vectors and bind every layer to its views of them."""
        self.widths: list[int] = []
        self.views: list[ParameterView] = []
        start, d = 0, self.n_inputs
        for i, layer in enumerate(self.layers):
            for name, shape in layer.parameter_shapes(d).items():
                self.views.append(ParameterView(i, name, start, shape))
                start += prod(shape)
            d = layer.output_width(d)
            self.widths.append(d)
        self.parameters: Floats = np.zeros(start, self.dtype) if parameters is None else parameters
        self.gradient: Floats = np.zeros(start, self.dtype)
        for i, layer in enumerate(self.layers):
            own = [view for view in self.views if view.layer == i]
            layer.bind(
                {view.name: view.of(self.parameters) for view in own},
                {view.name: view.of(self.gradient) for view in own},
            )

    def __getstate__(self) -> dict[str, Any]:
        """Return what defines a copy: copied views would not look into the copied vectors."""
        names = ("n_inputs", "layers", "loss", "dtype", "parameters")
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Allocate new vectors, bind the layers to them and copy the parameters."""
        self.__init__(  # type: ignore[misc]  # no subclass changes the arguments
            state["n_inputs"], state["layers"], loss=state["loss"], dtype=state["dtype"]
        )
        self.parameters[...] = state["parameters"]

    def replica(self) -> "Network":
        """Return a network on the same parameters with its own gradient, for another thread."""
        layers = deepcopy(self.layers)
        for layer in layers:
            layer.updates_averages = False
        loss, dtype = copy(self.loss), self.dtype
        return Network(self.n_inputs, layers, loss=loss, dtype=dtype, parameters=self.parameters)

    @property
    def n_outputs(self) -> int:
        """Number of logits ``k``."""
        return self.widths[-1]

    def initialize(self, rng: Generator) -> None:
        """Draw new parameters, layer by layer."""
        for layer in self.layers:
            layer.initialize(rng)

    def dense_layers(self) -> list[Dense]:
        """Return the dense layers, from the input on."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    def named_parameters(self) -> Iterator[tuple[str, Floats, Floats]]:
        """Yield the name of every parameter array, such as ``layer0.weight``, it and its gradient.

        The arrays are views, in the order of the flat vectors.
        """
        for view in self.views:
            name = f"layer{view.layer}.{view.name}"
            yield name, view.of(self.parameters), view.of(self.gradient)

    # Forward

    def forward(self, x: Floats, work: Workspace, rng: Generator | None = None) -> Floats:
        """Pass rows ``x`` (n, d) through all layers; return the logits (n, k), a view."""
        for layer, y in zip(self.layers, work.outputs, strict=True):
            layer.forward(x, y, rng)
            x = y
        return x

    def logits(self, x: Floats) -> Floats:
        """Return the logits (n, k) of rows ``x`` (n, d), or of a single row (d,)."""
        x = self.as_rows(x)
        n, step = x.shape[0], self._chunk_rows
        if n <= step:
            return self.forward(x, self.new_workspace(n))  # a new array: no copy is needed
        out = np.empty((n, self.n_outputs), self.dtype)
        work = self.new_workspace(step)
        for start in range(0, n, step):
            stop = min(start + step, n)
            if stop - start != len(work.outputs[0]):
                work = self.new_workspace(stop - start)
            out[start:stop] = self.forward(x[start:stop], work)
        return out

    def probabilities(self, x: Floats) -> Floats:
        """Return the outputs (n, k) in 0..1 of rows ``x`` (n, d), or of one row (d,)."""
        out = self.logits(x)
        self.loss.probabilities(out, out)
        return out

    def predict(self, x: Floats) -> Ints:
        """Return the most probable class (n,) of rows ``x`` (n, d), or of one row (d,)."""
        classes: Ints = self.logits(x).argmax(axis=1)
        return classes

    # Backward

    def loss_and_gradient(
        self,
        x: Floats,
        targets: Floats,
        *,
        l2: float = 0.0,
        weights: Floats | None = None,
        rng: Generator | None = None,
        total: float | None = None,
    ) -> float:
        """Return the loss of a batch and store its gradient in ``self.gradient``.

        Backpropagation (Rumelhart, Hinton and Williams 1986): dLoss/dlogits is propagated through
        the layers from the last to the first, and each computes the gradient of its parameters.

        Args:
            x: (n, d) inputs.
            targets: (n, k), 1 for each row's class and 0 elsewhere.
            l2: lambda of the penalty ``lambda/(2n) * sum(w²)`` on weights; biases have none.
            weights: (n, 1) row weights.
            rng: source of the dropout masks; None switches dropout off.
            total: divisor of the sum of losses, n if None; for rows that are part of a batch.
        """
        n = x.shape[0]
        work = self.work = self._workspace(n)
        work.prepare_backward()
        logits = self.forward(x, work, rng)
        loss = self.loss.value_and_gradient(
            logits, targets, work.loss, weights=weights, total=total
        )
        for i in reversed(range(len(self.layers))):
            x_i = work.outputs[i - 1] if i else x
            grad_x = work.gradients[i - 1] if i else None  # dLoss/d(network's input) is not needed
            self.layers[i].backward(x_i, work.outputs[i], work.gradients[i], grad_x)
        return loss + self.add_l2(float(l2 / total_weight(weights, n))) if l2 else loss

    def add_l2(self, rate: float) -> float:
        """Add the gradient of the penalty ``rate/2 * sum(w²)``, rate * w; return the penalty."""
        squares = 0.0
        for weight, gradient, scaled in self._decayed_weights():
            np.multiply(weight, rate, out=scaled)
            gradient += scaled
            squares += float(np.vdot(weight, weight))
        return rate / 2 * squares

    def scale_weights(self, factor: float) -> None:
        """Multiply every weight, but no bias, by ``factor``."""
        for weight, _, _ in self._decayed_weights():
            weight *= factor

    def _decayed_weights(self) -> list[tuple[Floats, Floats, Floats]]:
        """Return each weight, its gradient and a work array of the same shape, made once."""
        if not self._weights:
            scratch = np.empty_like(self.parameters)
            self._weights = [
                (view.of(self.parameters), view.of(self.gradient), view.of(scratch))
                for view in self.views
                if view.name == "weight"
            ]
        return self._weights

    # Arrays

    def as_rows(self, x: Floats) -> Floats:
        """Return ``x`` as rows (n, d) of this network's type; one sample of any shape is (1, d).

        Raises:
            ValueError: if the rows are not ``n_inputs`` wide.
        """
        ready = isinstance(x, np.ndarray) and x.dtype == self.dtype and x.flags.c_contiguous
        rows = x if ready and x.ndim == 2 else np.ascontiguousarray(np.atleast_2d(x), self.dtype)
        if rows.ndim == 2 and rows.shape[1] == self.n_inputs:
            return rows
        if rows.size == self.n_inputs:
            return rows.reshape(1, -1)
        raise ValueError(
            f"expected rows of {self.n_inputs} values, shape (n, {self.n_inputs}), or one sample "
            f"of {self.n_inputs} values; got shape {np.shape(x)}"
        )

    def new_workspace(self, n: int) -> Workspace:
        """Allocate the arrays of a pass over n rows; each reading thread needs its own."""
        return Workspace(n, self.widths, self.dtype)

    def _workspace(self, n: int) -> Workspace:
        """Return the training workspace for n rows, allocated once per batch size."""
        if n not in self._workspaces:
            if len(self._workspaces) == LIMITS.kept_workspaces:
                self._workspaces.clear()
            self._workspaces[n] = self.new_workspace(n)
        return self._workspaces[n]
