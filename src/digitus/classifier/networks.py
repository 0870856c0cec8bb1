"""The engine's network for the estimator's parameters, and its weights in and out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import RandomState
from numpy.typing import DTypeLike

from digitus.classifier.sparse import SparseDense, SparseNetwork
from digitus.nn.activations import ReLU, Sigmoid, Tanh
from digitus.nn.arrays import Floats
from digitus.nn.initializers import glorot_uniform, glorot_uniform_logistic
from digitus.nn.layers import Dense, Dropout, Layer
from digitus.nn.losses import Loss, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network

_ACTIVATIONS: dict[str, Callable[[], Layer]] = {"logistic": Sigmoid, "tanh": Tanh, "relu": ReLU}
"""By scikit-learn's names; "identity" needs no layer."""


@dataclass(frozen=True)
class Architecture:
    """A multilayer perceptron, in scikit-learn's terms.

    Attributes:
        n_inputs: number of features ``d``.
        widths: number of outputs of each dense layer, ``k`` of the last.
        activation: activation of the hidden layers.
        out_activation: ``softmax``, or ``logistic`` for two classes or several labels per row.
        dropout: share of the hidden units set to zero in training.
        label_smoothing: share of each softmax target spread evenly over all classes.
    """

    n_inputs: int
    widths: Sequence[int]
    activation: str
    out_activation: str
    dropout: float = 0.0
    label_smoothing: float = 0.0

    def build(self, dtype: DTypeLike, *, sparse: bool = False) -> Network:
        """Return the network, all parameters zero; ``sparse`` if its rows will be CSR matrices."""
        kind = SparseNetwork if sparse else Network
        return kind(self.n_inputs, list(self._layers(sparse)), loss=self._loss(), dtype=dtype)

    def _layers(self, sparse: bool) -> Iterator[Layer]:
        *hidden, k = self.widths
        first = SparseDense if sparse else Dense
        for i, h in enumerate(hidden):
            yield Dense(h) if i else first(h)
            if self.activation in _ACTIVATIONS:
                yield _ACTIVATIONS[self.activation]()
            if self.dropout:
                yield Dropout(self.dropout)
        yield Dense(k) if hidden else first(k)

    def _loss(self) -> Loss:
        if self.out_activation == "softmax":
            return SoftmaxCrossEntropy(self.label_smoothing)
        return SigmoidBinaryCrossEntropy(exclusive=False)


def draw_parameters(network: Network, activation: str, random_state: RandomState) -> None:
    """Draw weights and biases: the same numbers as scikit-learn's, up to rounding."""
    draw = glorot_uniform_logistic if activation == "logistic" else glorot_uniform
    for layer in network.dense_layers():
        d, h = layer.weight.shape
        layer.weight[...] = draw(random_state, (d, h), d, h)
        layer.bias[...] = draw(random_state, (h,), d, h)


def load_parameters(
    network: Network, coefs: Sequence[Floats], intercepts: Sequence[Floats]
) -> None:
    """Copy weights (d, h) and biases (h,) of every dense layer into the network.

    Raises:
        ValueError: if a shape differs from the network's.
    """
    wanted = [layer.weight.shape for layer in network.dense_layers()]
    found = [np.shape(coef) for coef in coefs]
    if wanted != found:
        raise ValueError(
            f"the fitted weights have shapes {found}, the settings ask for {wanted}; "
            f"fit with warm_start=False to draw new weights"
        )
    for layer, coef, intercept in zip(network.dense_layers(), coefs, intercepts, strict=True):
        layer.weight[...], layer.bias[...] = coef, intercept
