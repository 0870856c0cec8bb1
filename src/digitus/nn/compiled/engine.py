"""The compiled steps of a run: prepares the arrays, runs the threads and returns the losses."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.random import Generator
from scipy.linalg import cython_blas as _loaded_before_threadpoolctl_looks  # noqa: F401
from threadpoolctl import ThreadpoolController

from digitus.nn.arrays import Floats, Ints
from digitus.nn.compiled.arrays.compressed_rows import row_arrays
from digitus.nn.compiled.arrays.step_arrays import StepPlan
from digitus.nn.compiled.arrays.step_plan import plan_steps
from digitus.nn.compiled.arrays.work_arrays import (
    FirstLayerCopies,
    Sizes,
    layer_arrays,
    shared_arrays,
    split_units,
)
from digitus.nn.compiled.barrier import COUNT, FAILED
from digitus.nn.compiled.jit import compilation_reported
from digitus.nn.compiled.steps import BARRIER_BROKEN, run_steps
from digitus.nn.compiled.support import dense_layers
from digitus.nn.compiled.weighted_rows import LANES
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer

CALL_ROWS = 16_384
"""Rows of a call: short enough for an answer to Ctrl-C, long enough to copy the first layer."""
MOST_THREADS = 2
"""More have not been measured."""


@dataclass(frozen=True)
class StepResults:
    """What compiled steps return.

    Attributes:
        losses: mean loss of each step's batch, with the penalty; fewer than asked for if the next
            is not finite.
        right: rows of each step answered right.
    """

    losses: list[float]
    right: list[int]


class CompiledSteps:
    """Runs training steps on a network's own parameters and an optimizer's own arrays.

    Args:
        network: a network of dense layers.
        optimizer: bound to the network.
        n_rows: rows of a batch.
        threads: number of threads, None for as many as the BLAS library has; no more are used than
            `MOST_THREADS`, nor than there are vectors of units.
        l2: lambda of the penalty ``lambda/(2n) * sum(w²)``.
        notify: is told in a sentence that something is compiled.

    Attributes:
        most_steps: largest number of steps of a call.
        n_threads: number of threads used.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        *,
        n_rows: int,
        threads: int | None,
        l2: float,
        notify: Callable[[str], None],
    ) -> None:
        self.network, self.optimizer, self.n_rows, self.l2 = network, optimizer, n_rows, l2
        self.most_steps = max(1, CALL_ROWS // n_rows)
        self._blas = ThreadpoolController().select(user_api="blas")
        if threads is None:
            threads = max((pool.num_threads for pool in self._blas.lib_controllers), default=1)
        most = min(MOST_THREADS, n_rows // 2, ceil(network.widths[0] / LANES))
        self.n_threads = max(1, min(threads, most))
        layers = dense_layers(network)
        if layers is None:
            raise ValueError("compiled steps are for networks of dense layers")
        self._layers = layer_arrays(layers, network.loss, network.dtype)
        self._n_random = n_rows * sum(layer.dense.width for layer in layers if layer.dropout)
        self._uniform = np.zeros(self.most_steps * self._n_random, network.dtype)
        self._notify, self._has_reported = notify, False
        self._pool = ThreadPoolExecutor(self.n_threads - 1) if self.n_threads > 1 else None

    def set_rows(self, x: Any, targets: Floats, weights: Floats | None) -> None:
        """Prepare the rows to train on: before the first steps, and whenever they have changed.

        Args:
            x: (N, d) dense or a SciPy CSR matrix, of the network's type.
            targets: (N, k).
            weights: (N, 1) or None.
        """
        with compilation_reported(self._report):
            self._rows = row_arrays(x, targets, weights)
        network, optimizer, layers = self.network, self.optimizer, self._layers
        sizes = Sizes(self.n_rows, self.most_steps, self.n_threads)
        is_dense = len(self._rows.dense) > 0
        self._shared = shared_arrays(network, optimizer, layers, self._rows, sizes)
        self._units = split_units(network, optimizer, sizes, is_dense=is_dense)
        self._copies = FirstLayerCopies(network, optimizer, self._units)

    def run(self, order: Ints, rates: Sequence[float], rng: Generator) -> StepResults:
        """Take steps; network and optimizer then have the parameters, moments and steps counted.

        Args:
            order: the rows of the batches, one after the other.
            rates: learning rate of each step.
            rng: source of the dropout masks, from which NumPy would draw the same numbers.

        Raises:
            RuntimeError: if a thread has failed.
        """
        uniform = self._uniform[: len(rates) * self._n_random]
        if len(uniform):
            rng.random(dtype=uniform.dtype.type, out=uniform)
        started_at = self.optimizer.n_steps
        plan = plan_steps(self.optimizer, rates, order=order, l2=self.l2, uniform=uniform)
        self._copies.load()
        try:
            with self._blas.limit(limits=1), compilation_reported(self._report):
                done = self._run_threads(plan)
        finally:  # after Ctrl-C too: the other layers' parameters have changed in place
            self._copies.store()
        self.optimizer.n_steps = started_at + done
        return self._results(done)

    def _run_threads(self, plan: StepPlan) -> int:
        """Run the steps on all threads; return the number of steps done."""
        barrier = self._shared.barrier
        barrier[[COUNT, FAILED]] = 0

        def run(thread: int) -> int:
            done = BARRIER_BROKEN
            try:
                done = run_steps(
                    self._layers, self._rows, plan, self._shared, self._units[thread], thread
                )
            finally:
                if done == BARRIER_BROKEN:
                    barrier[FAILED] = 1  # the others stop waiting
            return done

        numbers = range(1, self.n_threads)
        others = [self._pool.submit(run, thread) for thread in numbers] if self._pool else []
        done = BARRIER_BROKEN
        try:
            done = run(0)
        finally:
            if done == BARRIER_BROKEN:
                barrier[FAILED] = 1
            wait(others)
        if BARRIER_BROKEN in (done, *(other.result() for other in others)):
            raise RuntimeError("a thread of the compiled training steps did not arrive")
        return done

    def _results(self, done: int) -> StepResults:
        shared = self._shared
        losses = shared.losses[:done].sum(axis=1)
        if self.l2:
            losses += self.l2 / 2 * shared.squares[:done].sum(axis=1)
        losses /= shared.totals[:done]
        return StepResults(losses.tolist(), shared.right[:done].sum(axis=1).tolist())

    def _report(self) -> None:
        if not self._has_reported:
            self._has_reported = True
            self._notify(
                "Numba compiles the training steps: ten seconds or more, once; the code is kept"
            )
