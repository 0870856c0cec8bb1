"""The floor: the matrix products of an epoch alone, by `np.matmul` into existing arrays."""

from itertools import pairwise

import numpy as np

from contest.cells import Cell, Floats, Weights
from contest.contestant import Contestant

Product = tuple[Floats, Floats, Floats]


def products(widths: tuple[int, ...], n: int) -> list[Product]:
    """Return factors and results of all products of a step with n rows.

    Forward ``x @ weight``; backward ``x.T @ grad`` and, except in the first layer, whose inputs
    need no gradient, ``grad @ weight.T``.
    """
    rng = np.random.default_rng(0)
    outputs = [rng.random((n, width), dtype=np.float32) for width in widths]
    gradients = [rng.random((n, width), dtype=np.float32) for width in widths]
    pairs = list(pairwise(widths))
    weights = [rng.random(pair, dtype=np.float32) for pair in pairs]
    forward = [(outputs[i], weights[i], np.empty_like(outputs[i + 1])) for i in range(len(pairs))]
    backward = []
    for i in reversed(range(len(pairs))):
        backward.append((outputs[i].T, gradients[i + 1], np.empty_like(weights[i])))
        if i:
            backward.append((gradients[i + 1], weights[i].T, np.empty_like(gradients[i])))
    return forward + backward


class Floor(Contestant):
    """Computes the matrix products of an epoch, without training."""

    def prepare(self, cell: Cell, weights: Weights) -> bool:
        """Allocate the arrays once per batch size."""
        sizes = cell.batch_sizes(len(self.rows))
        by_size = {size: products(cell.shape.widths, size) for size in set(sizes)}
        self.steps = [by_size[size] for size in sizes]
        return False

    def train(self) -> None:
        """Compute all products."""
        for step in self.steps:
            for left, right, result in step:
                np.matmul(left, right, out=result)

    def weights(self) -> None:
        """Return None: nothing was trained."""
