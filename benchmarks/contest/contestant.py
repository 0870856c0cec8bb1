"""The interface of the contestants."""

from time import perf_counter

import numpy as np
import numpy.typing as npt

from contest.cells import SEED, Cell, Weights
from contest.rows import Rows


class Contestant:
    """Trains the network of a cell, epoch by epoch.

    Args:
        rows: to train on.
        threads: to compute with.
    """

    def __init__(self, rows: Rows, threads: int) -> None:
        self.rows, self.threads = rows, threads

    def begin(self, cell: Cell, weights: Weights) -> float:
        """Start a cell from the given weights; return the seconds of compilation, 0 if none."""
        self.cell, self.rng = cell, np.random.default_rng(SEED)
        start = perf_counter()
        compiles = self.prepare(cell, weights)
        return perf_counter() - start if compiles else 0.0

    def epoch(self) -> tuple[float, float | None]:
        """Train on all rows once, in a new order; return the seconds and the loss of `train`."""
        start = perf_counter()
        loss = self.train()
        return perf_counter() - start, loss

    def draw_order(self) -> npt.NDArray[np.int64]:
        """Draw the order of the rows of the next epoch, the same in all contestants."""
        return self.rng.permutation(len(self.rows))

    def prepare(self, cell: Cell, weights: Weights) -> bool:
        """Build network and optimizer; return whether anything was compiled."""
        raise NotImplementedError

    def train(self) -> float | None:
        """Train one epoch; when it returns, all computation must be finished.

        Returns:
            The mean of the rows' losses, each before the step that used it; None if there is none.
        """
        raise NotImplementedError

    def weights(self) -> Weights | None:
        """Return the trained weights as float32 arrays; None if nothing is learned."""
        raise NotImplementedError
