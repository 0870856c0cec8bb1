"""The network that scores the arcs of a lattice: which digit or other kind does an arc show?

A small dense network turns the features of an arc into one score for "digit" and one for each other
kind. The log-probabilities that the classifier and the sequence network give to the arc are added
with one learned weight for each class (discriminative training of the whole; LeCun, Bottou, Bengio
and Haffner 1998, section VI).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.data.samples import CLASSES as DIGITS
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.nn.activations import Tanh
from digitus.nn.arrays import Floats
from digitus.nn.initializers import Shape
from digitus.nn.layers import Dense, Layer
from digitus.nn.losses import Loss
from digitus.nn.network import Network

N_KINDS = 1 + N_CLASSES - DIGITS
"""Digit, each mark, and other."""
N_LOGS = DIGITS + N_CLASSES
"""Log-probabilities of an arc: of ten digits by the classifier, of all classes by the sequence
network."""
HIDDEN = 40
"""Hidden units."""
FIRST_CLASSIFIER_WEIGHT, FIRST_SEQUENCE_WEIGHT = 0.3, 1.0


def scorer_network(
    n_features: int, *, parameters: Floats | None = None, loss: Loss | None = None
) -> Network:
    """Make the network from arcs (m, n_features + N_LOGS) to scores (m, N_CLASSES), in float64.

    Args:
        n_features: features of an arc; its log-probabilities follow them in each row.
        parameters: (p,) to use; None makes them zero.
        loss: to train with.
    """
    layers: list[Layer] = [
        LeadingColumns(layer, N_LOGS) for layer in (Dense(HIDDEN), Tanh(), Dense(N_KINDS))
    ]
    n_inputs = n_features + N_LOGS
    return Network(
        n_inputs, [*layers, ArcScores()], loss=loss, dtype=np.float64, parameters=parameters
    )


class LeadingColumns(Layer):
    """Apply a layer to all columns but the last ``kept``, which pass unchanged.

    Args:
        layer: takes the leading columns.
        kept: number of columns that pass.
    """

    kind = "leading_columns"

    def __init__(self, layer: Layer, kept: int) -> None:
        self.layer, self.kept = layer, kept

    def options(self) -> dict[str, Any]:
        """Return the layer and the number of columns that pass."""
        return {"layer": {"kind": self.layer.kind, **self.layer.options()}, "kept": self.kept}

    def output_width(self, d: int) -> int:
        """Return the width of the layer's output and the columns that pass."""
        return self.layer.output_width(d - self.kept) + self.kept

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """Return the shapes of the layer's parameters."""
        return self.layer.parameter_shapes(d - self.kept)

    def bind(self, parameters: Mapping[str, Floats], gradients: Mapping[str, Floats]) -> None:
        """Hand the views on to the layer."""
        self.layer.bind(parameters, gradients)

    def initialize(self, rng: Generator) -> None:
        """Initialize the layer."""
        self.layer.initialize(rng)

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Map ``x`` (n, d + kept) into ``y`` (n, h + kept)."""
        leading = np.empty((len(y), y.shape[1] - self.kept), y.dtype)
        self.layer.forward(self._leading(x), leading, rng)
        y[:, : -self.kept], y[:, -self.kept :] = leading, x[:, -self.kept :]

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Fill the layer's gradients and dLoss/dx; the kept columns' gradient passes unchanged."""
        leading = None if grad_x is None else np.empty((len(x), x.shape[1] - self.kept), x.dtype)
        x, y, inner = map(self._leading, (x, y, grad_y))
        self.layer.backward(x, y, inner, leading)
        if grad_x is not None and leading is not None:
            grad_x[:, : -self.kept], grad_x[:, -self.kept :] = leading, grad_y[:, -self.kept :]

    def _leading(self, rows: Floats) -> Floats:
        return np.ascontiguousarray(rows[:, : -self.kept])


class ArcScores(Layer):
    """Add weighted log-probabilities to the scores of the kinds.

    A row of ``x`` holds the scores of the N_KINDS kinds, the classifier's ten log-probabilities and
    those of all N_CLASSES classes by the sequence network. A row of ``y`` holds ten digits and the
    other kinds.
    """

    kind = "arc_scores"
    weight: Floats
    weight_grad: Floats

    def output_width(self, d: int) -> int:
        """Return the number of classes."""
        return N_CLASSES

    def parameter_shapes(self, d: int) -> dict[str, Shape]:
        """One weight for each log-probability, (N_LOGS,)."""
        return {"weight": (N_LOGS,)}

    def initialize(self, rng: Generator) -> None:
        """Start with fixed weights: the sequence network counts more than the classifier."""
        self.weight[:DIGITS] = FIRST_CLASSIFIER_WEIGHT
        self.weight[DIGITS:] = FIRST_SEQUENCE_WEIGHT

    def forward(self, x: Floats, y: Floats, rng: Generator | None = None) -> None:
        """Map ``x`` (n, N_KINDS + N_LOGS) into ``y`` (n, N_CLASSES)."""
        kinds, classifier, sequence = _columns(x)
        y[:, :DIGITS] = kinds[:, :1] + self.weight[:DIGITS] * classifier
        y[:, DIGITS:] = kinds[:, 1:]
        y += self.weight[DIGITS:] * sequence

    def backward(self, x: Floats, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Fill the weights' gradient and dLoss/dx; the score of "digit" is in ten outputs."""
        _, classifier, sequence = _columns(x)
        digits = grad_y[:, :DIGITS]
        self.weight_grad[:DIGITS] = (digits * classifier).sum(axis=0)
        self.weight_grad[DIGITS:] = (grad_y * sequence).sum(axis=0)
        if grad_x is None:
            return
        kinds, classifier, sequence = _columns(grad_x)
        kinds[:, 0], kinds[:, 1:] = digits.sum(axis=1), grad_y[:, DIGITS:]
        classifier[...] = self.weight[:DIGITS] * digits
        sequence[...] = self.weight[DIGITS:] * grad_y


def _columns(rows: Floats) -> tuple[Floats, Floats, Floats]:
    """Return views: kinds (n, N_KINDS), then the logs (n, 10) and (n, N_CLASSES)."""
    return (
        rows[:, :N_KINDS],
        rows[:, N_KINDS : N_KINDS + DIGITS],
        rows[:, N_KINDS + DIGITS :],
    )
