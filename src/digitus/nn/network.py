"""The network: layers in a row over one flat parameter vector and one flat gradient vector."""

from collections.abc import Iterator, Sequence
from copy import copy, deepcopy
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from digitus.nn.arrays import Floats, Ints
from digitus.nn.layers import Dense, Layer
from digitus.nn.losses import Loss, SoftmaxCrossEntropy, total_weight
from digitus.nn.storage import Storage
from digitus.nn.workspace import Workspace

_CHUNK_ROWS = 1024
_CHUNK_FLOATS = 2**20
"""When nothing is learned, so many rows go through at a time that the widest layer's outputs have
no more values than that: they stay in cache."""
_KEPT_WORKSPACES = 4
"""Batch sizes whose arrays are kept: a run has two, the batch and the shorter last one."""


class Network:
    """A feedforward network that owns its parameters as one vector.

    Args:
        n_inputs: width ``d`` of the input rows.
        layers: from the input to the logits; they belong to this network alone.
        loss: the loss, which also turns logits into probabilities.
        dtype: float32 to train, float64 to check.
        rng: draws the first parameters; without it they are zero until something is loaded.
        parameters: (p,) a vector to use instead of one of its own.

    Attributes:
        parameters: (p,) all parameters, one flat vector; the layers hold views into it.
        gradient: (p,) dLoss/dparameters of the last backward pass, same layout.
        work: the outputs and gradients of every layer in the last training pass.

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
        self._storage = Storage(n_inputs, layers, dtype, parameters)
        widest = max(n_inputs, *self._storage.widths)
        self._chunk_rows = max(1, min(_CHUNK_ROWS, _CHUNK_FLOATS // widest))
        self.parameters, self.gradient = self._storage.parameters, self._storage.gradient
        self._workspaces: dict[int, Workspace] = {}
        self._weights: list[tuple[Floats, Floats, Floats]] = []
        if rng is not None:
            self.initialize(rng)

    def __getstate__(self) -> dict[str, Any]:
        """Return what makes a copy: a copied view would no longer look into its vector."""
        names = ("n_inputs", "layers", "loss", "dtype", "parameters")
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make the vectors anew, bind the layers to them and take the parameters over."""
        self.__init__(  # type: ignore[misc]  # no subclass changes the arguments
            state["n_inputs"], state["layers"], loss=state["loss"], dtype=state["dtype"]
        )
        self.parameters[...] = state["parameters"]

    def twin(self) -> "Network":
        """Make a network on the same parameters with a gradient of its own, for another thread."""
        layers = deepcopy(self.layers)
        for layer in layers:
            layer.tracks = False
        loss, dtype = copy(self.loss), self.dtype
        return Network(self.n_inputs, layers, loss=loss, dtype=dtype, parameters=self.parameters)

    @property
    def n_outputs(self) -> int:
        """Number of classes ``k``."""
        return self._storage.widths[-1]

    def initialize(self, rng: Generator) -> None:
        """Draw all parameters anew, layer by layer."""
        for layer in self.layers:
            layer.initialize(rng)

    def dense_layers(self) -> list[Dense]:
        """Return the layers with weights, from the input on."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    def named_parameters(self) -> Iterator[tuple[str, Floats, Floats]]:
        """Return every parameter array by name, such as ``layer0.weight``, and its gradient."""
        for place in self._storage.places:
            name = f"layer{place.layer}.{place.name}"
            yield name, place.view(self.parameters), place.view(self.gradient)

    # Forward

    def forward(self, x: Floats, work: Workspace, rng: Generator | None = None) -> Floats:
        """Send rows ``x`` (n, d) through all layers; give the logits (n, k), a view of ``work``."""
        for layer, y in zip(self.layers, work.outputs, strict=True):
            layer.forward(x, y, rng)
            x = y
        return x

    def logits(self, x: Floats) -> Floats:
        """Return the logits (n, k) of rows ``x`` (n, d), or of a single row (d,)."""
        x = self.as_rows(x)
        n, step = x.shape[0], self._chunk_rows
        if n <= step:
            return self.forward(x, self.new_workspace(n))  # no other pass will write there
        out = np.empty((n, self.n_outputs), self.dtype)
        work = self.new_workspace(step)
        for start in range(0, n, step):
            stop = min(start + step, n)
            if stop - start != len(work.outputs[0]):
                work = self.new_workspace(stop - start)
            out[start:stop] = self.forward(x[start:stop], work)
        return out

    def probabilities(self, x: Floats) -> Floats:
        """Return the outputs (n, k) between 0 and 1 of rows ``x`` (n, d), or of one row (d,)."""
        out = self.logits(x)
        self.loss.probabilities(out, out)
        return out

    def predict(self, x: Floats) -> Ints:
        """Return the likeliest class (n,) of rows ``x`` (n, d), or of one row (d,)."""
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
        """Return the loss of a batch and leave its gradient in ``self.gradient``.

        Backpropagation (Rumelhart, Hinton and Williams 1986): the gradient of the loss goes back
        through the layers, last to first, and each leaves its parameters' part on the way.

        Args:
            x: (n, d).
            targets: (n, k), 1 for each row's class and 0 elsewhere.
            l2: lambda of the penalty ``lambda/(2n) * sum(w²)`` over weights; biases are free.
            weights: (n, 1), how much each row counts.
            rng: switches dropout on.
            total: what the loss is divided by instead of n, if these rows are a part of more.
        """
        n = x.shape[0]
        work = self.work = self._kept_workspace(n)
        work.prepare_backward()
        logits = self.forward(x, work, rng)
        loss = self.loss.value_and_gradient(
            logits, targets, work.loss, weights=weights, total=total
        )
        self._backward(x, work)
        return loss + self.add_l2(float(l2 / total_weight(weights, n))) if l2 else loss

    def _backward(self, x: Floats, work: Workspace) -> None:
        grad_x: Floats | None
        for i in reversed(range(len(self.layers))):
            x_i = work.outputs[i - 1] if i else x
            grad_x = work.gradients[i - 1] if i else None  # nobody needs dLoss/d(images)
            self.layers[i].backward(x_i, work.outputs[i], work.gradients[i], grad_x)

    def scale_weights(self, factor: float) -> None:
        """Multiply every weight by ``factor``; biases stay."""
        for weight, _, _ in self._decayed():
            weight *= factor

    def _decayed(self) -> list[tuple[Floats, Floats, Floats]]:
        """Return the weights, their gradients and scratch of the same shapes, made once."""
        if not self._weights:
            scratch = np.empty_like(self.parameters)
            vectors = (self.parameters, self.gradient, scratch)
            places = [place for place in self._storage.places if place.name == "weight"]
            self._weights = [
                (place.view(vectors[0]), place.view(vectors[1]), place.view(vectors[2]))
                for place in places
            ]
        return self._weights

    def add_l2(self, rate: float) -> float:
        """Add rate * w to the gradient of every weight w; give rate/2 * sum(w²)."""
        squares = 0.0
        for weight, gradient, scaled in self._decayed():
            np.multiply(weight, rate, out=scaled)
            gradient += scaled
            squares += float(np.vdot(weight, weight))
        return rate / 2 * squares

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
        """Make the arrays for a pass over n rows; give one to each thread that reads."""
        return Workspace(n, self._storage.widths, self.dtype)

    def _kept_workspace(self, n: int) -> Workspace:
        if n not in self._workspaces:
            if len(self._workspaces) == _KEPT_WORKSPACES:
                self._workspaces.clear()
            self._workspaces[n] = self.new_workspace(n)
        return self._workspaces[n]
