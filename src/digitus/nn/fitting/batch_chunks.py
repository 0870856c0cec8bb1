"""Loss and gradient of a batch of any size, in chunks, and on several threads where that pays.

The gradient over n rows is the sum of the gradients of its chunks. A chunk stays in cache, and
memory does not grow with n.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.random import Generator

from digitus.nn.arrays import Floats
from digitus.nn.fitting.examples import Examples
from digitus.nn.losses import total_weight
from digitus.nn.network import Network


@dataclass(frozen=True)
class ChunkSizes:
    """Sizes of the parts of a batch.

    Attributes:
        rows: largest number of rows of a chunk, so that it stays in cache.
        replica_rows: smallest number of rows of a replica's part; smaller chunks are computed on
            one thread.
    """

    rows: int = 2048
    replica_rows: int = 8


SIZES = ChunkSizes()


class BatchChunks:
    """Computes loss, gradient and number of right answers of a batch.

    Args:
        network: receives the gradient.
        replicas: parts of a chunk that are computed at the same time, each by a replica of the
            network on the same parameters (data parallelism). NumPy releases the interpreter's
            lock in matrix products and long loops, so this pays for convolutions; for small dense
            layers, one thread is faster. Batch normalization uses the statistics of each part.

    Attributes:
        correct: number of rows of the latest batch answered right.
    """

    def __init__(self, network: Network, replicas: int = 1) -> None:
        self.network, self.correct = network, 0
        self._replicas = [network.replica() for _ in range(replicas - 1)]
        self._pool = ThreadPoolExecutor(len(self._replicas)) if self._replicas else None
        self._sum: Floats | None = None

    def loss_and_gradient(
        self, batch: Examples, *, l2: float = 0.0, rng: Generator | None = None
    ) -> float:
        """Return the mean loss with penalty; store the gradient in ``network.gradient``.

        Args:
            batch: inputs, targets and row weights.
            l2: lambda of the penalty ``lambda/(2n) * sum(w²)``.
            rng: source of the dropout masks; None switches dropout off.
        """
        n, self.correct = len(batch), 0
        total = total_weight(batch.weights, n)
        if n <= SIZES.rows:
            loss = self._add_chunk(batch, total, rng)
        else:
            loss = self._add_chunks(batch, total, rng)
        return loss + self.network.add_l2(float(l2 / total)) if l2 else loss

    def _add_chunks(self, batch: Examples, total: float, rng: Generator | None) -> float:
        """Return the loss of all chunks; store the sum of their gradients."""
        gradient, loss = self.network.gradient, 0.0
        if self._sum is None:
            self._sum = np.empty_like(gradient)
        self._sum[...] = 0
        for start in range(0, len(batch), SIZES.rows):
            loss += self._add_chunk(batch.part(slice(start, start + SIZES.rows)), total, rng)
            self._sum += gradient
        gradient[...] = self._sum
        return loss

    def _add_chunk(self, chunk: Examples, total: float, rng: Generator | None) -> float:
        """Return a chunk's part of the loss, store its gradient and count its right answers."""
        if self._pool is not None and len(chunk) >= SIZES.replica_rows * (1 + len(self._replicas)):
            return self._add_in_parallel(self._pool, chunk, total, rng)
        loss, correct = _loss_and_correct(self.network, chunk, total, rng)
        self.correct += correct
        return loss

    def _add_in_parallel(
        self, pool: ThreadPoolExecutor, chunk: Examples, total: float, rng: Generator | None
    ) -> float:
        """Do the same on all replicas; the sums have a fixed order, so results repeat exactly."""
        networks = [self.network, *self._replicas]
        step = ceil(len(chunk) / len(networks))
        parts = [chunk.part(slice(i * step, (i + 1) * step)) for i in range(len(networks))]
        rngs = [None] * len(networks) if rng is None else _spawn(rng, len(networks))
        others = [
            pool.submit(_loss_and_correct, replica, part, total, own)
            for replica, part, own in zip(self._replicas, parts[1:], rngs[1:], strict=True)
        ]
        results = [_loss_and_correct(self.network, parts[0], total, rngs[0])]
        results += [other.result() for other in others]
        for replica in self._replicas:
            self.network.gradient += replica.gradient
        self.correct += sum(correct for _, correct in results)
        return sum(loss for loss, _ in results)


def _loss_and_correct(
    network: Network, part: Examples, total: float, rng: Generator | None
) -> tuple[float, int]:
    """Return the loss and the right answers of a part of a batch; store its gradient."""
    loss = network.loss_and_gradient(
        part.x, part.targets, weights=part.weights, rng=rng, total=total
    )
    work = network.work
    return loss, network.loss.count_correct(work.outputs[-1], part.targets, work.loss)


def _spawn(rng: Generator, n: int) -> list[Generator]:
    """Return n generators seeded by the next numbers of ``rng``, whose state determines all."""
    return [np.random.default_rng(seed) for seed in rng.integers(2**63, size=n).tolist()]
