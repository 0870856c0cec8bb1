"""Sparse rows through the network without filling them: only the first layer touches the input.

``x`` is a SciPy CSR matrix (n, d) here; everything behind the first layer is as dense as ever.
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
    """The affine map ``y = x @ weight + bias`` of sparse rows."""

    def forward(self, x: Any, y: Floats, rng: Generator | None = None) -> None:
        """Map a sparse batch ``x`` (n, d) into ``y`` (n, h)."""
        y[...] = x @ self.weight
        y += self.bias

    def backward(self, x: Any, y: Floats, grad_y: Floats, grad_x: Floats | None) -> None:
        """From dLoss/dy (n, h) fill the parameter gradients; as the first layer, no dLoss/dx."""
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
        """Nothing to check: scikit-learn's validation has done it."""

    def __len__(self) -> int:
        """Return the number of rows ``n``."""
        return len(self.targets)

    def part(self, rows: slice) -> "SparseExamples":
        """Return some of the rows."""
        weights = None if self.weights is None else self.weights[rows]
        return SparseExamples(self.x[rows], self.targets[rows], weights)

    def batch(self, n: int) -> Batch:
        """Make a gatherer; sparse batches differ in size, so nothing can be made beforehand."""
        return _SparseBatch(self)


class _SparseBatch(Batch):
    """The rows of one training step, taken out of the sparse matrix."""

    def __init__(self, examples: SparseExamples) -> None:
        self._examples = examples

    def gather(self, rows: Ints) -> SparseExamples:
        """Copy the given rows."""
        source = self._examples
        weights = None if source.weights is None else source.weights[rows]
        return SparseExamples(source.x[rows], source.targets[rows], weights)
