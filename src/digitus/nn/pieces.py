"""Loss and gradient of many rows, a piece at a time.

A sum over n rows is the sum of the sums over its pieces. Each piece stays in cache, and memory does
not grow with n.
"""

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.examples import Examples, count_correct
from digitus.nn.losses import total_weight
from digitus.nn.network import Network

PIECE_ROWS = 2048


class Pieces:
    """Computes loss, gradient and right answers of a batch of any size.

    Attributes:
        correct: rows of the latest batch answered right.
    """

    def __init__(self, network: Network) -> None:
        self.network, self.correct = network, 0
        self._sum: Floats | None = None

    def loss_and_gradient(
        self, batch: Examples, *, l2: float = 0.0, rng: Generator | None = None
    ) -> float:
        """Give the mean loss, penalty included; leave the gradient in ``network.gradient``.

        Args:
            batch: inputs, targets and perhaps weights.
            l2: lambda of the penalty ``lambda/(2n) * sum(w²)``.
            rng: switches dropout on.
        """
        n, self.correct = len(batch), 0
        total = total_weight(batch.weights, n)
        loss = self._one(batch, total, rng) if n <= PIECE_ROWS else self._all(batch, total, rng)
        return loss + self.network.add_l2(float(l2 / total)) if l2 else loss

    def _one(self, batch: Examples, total: float, rng: Generator | None) -> float:
        network = self.network
        loss = network.loss_and_gradient(
            batch.x, batch.targets, weights=batch.weights, rng=rng, total=total
        )
        work = network.work
        counted = work.loss.n_right
        self.correct += (
            count_correct(network.loss, work.outputs[-1], batch.targets, work=work.loss)
            if counted is None
            else counted
        )
        return loss

    def _all(self, batch: Examples, total: float, rng: Generator | None) -> float:
        gradient, loss = self.network.gradient, 0.0
        if self._sum is None:
            self._sum = np.empty_like(gradient)
        self._sum[...] = 0
        for start in range(0, len(batch), PIECE_ROWS):
            loss += self._one(batch.part(slice(start, start + PIECE_ROWS)), total, rng)
            self._sum += gradient
        gradient[...] = self._sum
        return loss
