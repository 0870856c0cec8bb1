"""Loss and gradient of many rows, a piece at a time, and shared among threads where that pays.

A sum over n rows is the sum of the sums over its pieces. Each piece stays in cache, and memory does
not grow with n.
"""

from concurrent.futures import ThreadPoolExecutor
from math import ceil

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.fitting.examples import Examples
from digitus.nn.losses import total_weight
from digitus.nn.network import Network

PIECE_ROWS = 2048
_LEAST_SHARE = 8


class BatchChunks:
    """Computes loss, gradient and right answers of a batch of any size.

    Args:
        network: whose gradient is left.
        shares: parts of a piece that are computed at the same time, each by a network of its own
            on the same parameters. NumPy lets other threads run during a product or a long loop,
            so it pays for convolutions; the short calls of small dense layers only get in each
            other's way. Batch normalization measures each share by itself.

    Attributes:
        correct: rows of the latest batch answered right.
    """

    def __init__(self, network: Network, shares: int = 1) -> None:
        self.network, self.correct = network, 0
        self._twins = [network.twin() for _ in range(shares - 1)]
        self._pool = ThreadPoolExecutor(len(self._twins)) if self._twins else None
        self._sum: Floats | None = None

    def loss_and_gradient(
        self, batch: Examples, *, l2: float = 0.0, rng: Generator | None = None
    ) -> float:
        """Return the mean loss, penalty included; leave the gradient in ``network.gradient``.

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
        if self._pool is not None and len(batch) >= _LEAST_SHARE * (1 + len(self._twins)):
            return self._shared(self._pool, batch, total, rng)
        loss, correct = _pass(self.network, batch, total, rng)
        self.correct += correct
        return loss

    def _shared(
        self, pool: ThreadPoolExecutor, batch: Examples, total: float, rng: Generator | None
    ) -> float:
        """Let each network do its share; add up in a fixed order, so that a run repeats itself."""
        networks = [self.network, *self._twins]
        step = ceil(len(batch) / len(networks))
        shares = [batch.part(slice(i * step, (i + 1) * step)) for i in range(len(networks))]
        rngs = [None] * len(networks) if rng is None else _spawn(rng, len(networks))
        others = [
            pool.submit(_pass, twin, share, total, own)
            for twin, share, own in zip(self._twins, shares[1:], rngs[1:], strict=True)
        ]
        results = [_pass(self.network, shares[0], total, rngs[0])]
        results += [other.result() for other in others]
        for twin in self._twins:
            self.network.gradient += twin.gradient
        self.correct += sum(correct for _, correct in results)
        return sum(loss for loss, _ in results)

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


def _pass(
    network: Network, batch: Examples, total: float, rng: Generator | None
) -> tuple[float, int]:
    """Return a batch's part of the loss and its right answers; leave its part of the gradient."""
    loss = network.loss_and_gradient(
        batch.x, batch.targets, weights=batch.weights, rng=rng, total=total
    )
    work = network.work
    counted = work.loss.n_right
    if counted is None:
        right = network.loss.are_correct(work.outputs[-1], batch.targets, work.loss)
        counted = int(np.count_nonzero(right))
    return loss, counted


def _spawn(rng: Generator, n: int) -> list[Generator]:
    """Make n generators out of the next numbers of one, whose saved state then tells all."""
    return [np.random.default_rng(seed) for seed in rng.integers(2**63, size=n).tolist()]
