"""Training examples, batches of them, and a network's loss and accuracy on them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitus.nn.arrays import Floats, Ints
from digitus.nn.losses import LossWork, total_weight
from digitus.nn.network import Network

_CHUNK_ROWS = 1024
"""Rows evaluated at a time: `Network` computes as many at once."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Inputs and targets, one row per sample.

    Args:
        x: (n, d) inputs, of the network's type.
        targets: (n, k) of the same type, as the loss defines them: for most losses 1 for each
            row's class and 0 elsewhere.
        weights: (n, 1) row weights of the same type; None weighs all rows alike.

    Raises:
        ValueError: if the arrays differ in length or type, or are empty.
    """

    x: Floats
    targets: Floats
    weights: Floats | None = None

    def __post_init__(self) -> None:
        """Check shapes and types, once for all training steps."""
        if self.x.ndim != 2 or self.targets.ndim != 2 or len(self.x) != len(self.targets):
            raise ValueError(
                f"expected inputs (n, d) and targets (n, k) of the same n; "
                f"got {self.x.shape} and {self.targets.shape}"
            )
        if len(self.x) == 0:
            raise ValueError("expected at least one row to train with, got none")
        if self.x.dtype != self.targets.dtype:
            raise ValueError(f"inputs are {self.x.dtype}, targets are {self.targets.dtype}")
        weights = self.weights
        if weights is not None and (
            weights.shape != (len(self.x), 1) or weights.dtype != self.x.dtype
        ):
            raise ValueError(
                f"expected weights ({len(self.x)}, 1) of {self.x.dtype}, "
                f"got {weights.shape} of {weights.dtype}"
            )

    def __len__(self) -> int:
        """Return the number of rows ``n``."""
        return len(self.x)

    def part(self, rows: slice) -> "Examples":
        """Return a slice of the rows, as views."""
        weights = None if self.weights is None else self.weights[rows]
        return Examples(self.x[rows], self.targets[rows], weights)

    def batch(self, n: int) -> "Batch":
        """Allocate the arrays into which up to ``n`` rows are gathered."""
        return Batch(self, n)


class Batch:
    """Rows gathered in any order into arrays that are allocated once.

    Args:
        examples: the rows to gather from.
        n: largest number of rows of a batch.
    """

    def __init__(self, examples: Examples, n: int) -> None:
        # NumPy's take copies a whole array that is not C-contiguous at every call.
        self._source_x = np.ascontiguousarray(examples.x)
        self._source_targets = np.ascontiguousarray(examples.targets)
        self._source_weights = examples.weights
        self._x = np.empty((n, examples.x.shape[1]), examples.x.dtype)
        self._targets = np.empty((n, examples.targets.shape[1]), examples.targets.dtype)
        self._weights = None if examples.weights is None else np.empty((n, 1), examples.x.dtype)
        self._whole = Examples(self._x, self._targets, self._weights)

    def gather(self, rows: Ints) -> Examples:
        """Copy the rows of the given indices (m,), m <= n; the result is valid until the next."""
        m = len(rows)
        weights = None if self._weights is None else self._weights[:m]
        # mode="clip" avoids NumPy's buffered, bounds-checked copy; the indices are a permutation.
        np.take(self._source_x, rows, axis=0, out=self._x[:m], mode="clip")
        np.take(self._source_targets, rows, axis=0, out=self._targets[:m], mode="clip")
        if weights is not None and self._source_weights is not None:
            np.take(self._source_weights, rows, axis=0, out=weights, mode="clip")
        return self._whole if m == len(self._x) else self._whole.part(slice(0, m))


def evaluate(network: Network, examples: Examples) -> tuple[float, float]:
    """Return the mean loss (without penalty) and the accuracy over all rows, computed in chunks.

    Both are weighted means where the rows have weights.
    """
    loss = correct = 0.0
    for start in range(0, len(examples), _CHUNK_ROWS):
        part = examples.part(slice(start, start + _CHUNK_ROWS))
        logits = network.logits(part.x)
        work = LossWork(len(part), network.n_outputs, logits.dtype)
        mean = network.loss.value_and_gradient(logits, part.targets, work, weights=part.weights)
        loss += mean * total_weight(part.weights, len(part))
        right = network.loss.are_correct(logits, part.targets, work)
        correct += _weight_of(right, part.weights)
    total = total_weight(examples.weights, len(examples))
    return loss / total, correct / total


def _weight_of(right: NDArray[np.bool_], weights: Floats | None) -> float:
    """Return the sum of the weights of the right rows, 1 each without weights."""
    return float(right.sum()) if weights is None else float(weights[right].sum(dtype=np.float64))
