"""Sparse rows: only the first layer and the examples differ from the dense ones.

``x`` is a SciPy CSR matrix (n, d) here, which is never converted to a dense array.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats, Ints
from digitus.nn.fitting.examples import Batch, Examples
from digitus.nn.layers import Dense
from digitus.nn.network import Network


class SparseDense(Dense):
    """Affine map of sparse rows: ``y = x @ weight + bias``."""

    def forward(self, x: Any, y: Floats, rng: Generator | None = None) -> None:
        """Compute ``y = x @ weight + bias``."""
        y[...] = x @ self.weight
        y += self.bias

    def backward(self, x: Any, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """Compute the parameter gradients from dLoss/dy; a first layer needs no dLoss/dx."""
        self.weight_grad[...] = x.T @ grad_y
        np.add.reduce(grad_y, axis=0, out=self.bias_grad)


class SparseNetwork(Network):
    """A network whose first layer is a `SparseDense`."""

    def as_rows(self, x: Any) -> Any:
        """Return the sparse rows ``x`` (n, d) in this network's type."""
        return x.astype(self.dtype, copy=False)


@dataclass(frozen=True)
class SparseExamples(Examples):
    """Sparse inputs (n, d) and dense targets (n, k)."""

    def __post_init__(self) -> None:
        """Skip the checks: scikit-learn's validation has done them."""

    def __len__(self) -> int:
        """Return the number of rows ``n``."""
        return len(self.targets)

    def part(self, rows: slice) -> "SparseExamples":
        """Return a slice of the rows."""
        weights = None if self.weights is None else self.weights[rows]
        return SparseExamples(self.x[rows], self.targets[rows], weights)

    def batch(self, n: int) -> Batch:
        """Return an object that gathers rows; sparse batches need no arrays in advance."""
        return _SparseBatch(self)


class _SparseBatch(Batch):
    """Gathers rows of a sparse matrix."""

    def __init__(self, examples: SparseExamples) -> None:
        self._examples = examples

    def gather(self, rows: Ints) -> SparseExamples:
        """Copy the rows of the given indices (m,)."""
        source = self._examples
        weights = None if source.weights is None else source.weights[rows]
        return SparseExamples(source.x[rows], source.targets[rows], weights)
