"""L-BFGS-B through SciPy: S1's way of training, all rows at every step.

Limited-memory BFGS (Liu and Nocedal 1989; Byrd, Lu, Nocedal and Zhu 1995). The network computes
cost and gradient in its own type, SciPy searches in float64.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from digitus.errors import DivergenceError
from digitus.nn.arrays import Floats
from digitus.nn.fitting.batch_chunks import BatchChunks
from digitus.nn.fitting.divergence import describe_divergence
from digitus.nn.fitting.examples import Examples
from digitus.nn.network import Network

_SCIPYS = re.compile(r"scipy\.libs|scipy[/\\]\.dylibs")


@dataclass
class Evaluations:
    """Cost and gradient at each point that SciPy asked for, in order.

    SciPy keeps its state to itself; but it is deterministic, so when it is given the same answers
    again it walks the same way. A resumed run first answers from here, then computes on.
    """

    costs: list[float] = field(default_factory=list)
    gradients: list[Floats] = field(default_factory=list)


@dataclass(frozen=True)
class LBFGSResult:
    """How the search ended.

    Attributes:
        cost: the last cost, penalty included.
        n_iterations: iterations done.
        converged: True if the tolerance was met before the iterations ran out.
        message: SciPy's reason for the end.
    """

    cost: float
    n_iterations: int
    converged: bool
    message: str


def minimize_lbfgs(
    network: Network,
    examples: Examples,
    *,
    l2: float = 0.0,
    max_iterations: int = 70,
    gradient_tolerance: float = 1e-5,
    max_evaluations: int = 15_000,
    callback: Callable[[int, float, int], bool | None] | None = None,
    evaluations: Evaluations | None = None,
) -> LBFGSResult:
    """Minimize the network's cost over all examples; the network ends at the best point found.

    Args:
        network: its parameters are the start.
        examples: all rows; they are read only.
        l2: lambda of the penalty.
        max_iterations: at most this many iterations.
        gradient_tolerance: stop when the largest entry of the gradient is below.
        max_evaluations: at most about this many evaluations of the cost.
        callback: hears iteration (from 1), cost, and the rows answered right at the point asked
            last, with the network at the point accepted; returning True stops the search there.
            A replayed iteration is heard again, with no row counted.
        evaluations: where every answer is kept for a resume, and replayed from.

    Raises:
        DivergenceError: if the cost or its gradient is NaN or infinite; the network is at the
            last good point.
        ValueError: if not even one iteration is allowed.
    """
    if max_iterations < 1:  # SciPy would do one all the same
        raise ValueError(f"max_iterations wants 1 or more, got {max_iterations}")
    from scipy.optimize import minimize  # costs 0.1 s, and only this way of training needs it

    search = _Search(network, examples, l2, evaluations)

    def iteration_ended(intermediate_result: Any) -> None:  # SciPy goes by the argument's name
        cost = float(intermediate_result.fun)
        search.accept(intermediate_result.x)
        if callback is not None and callback(search.n_iterations, cost, search.pieces.correct):
            raise StopIteration

    limits = {"maxiter": max_iterations, "maxfun": max_evaluations, "gtol": gradient_tolerance}
    overflow = np.errstate(over="ignore", invalid="ignore")  # what breaks: a DivergenceError
    with overflow, _one_scipy_thread():
        found = minimize(
            search.cost_and_gradient,
            network.parameters.astype(np.float64),
            method="L-BFGS-B",
            jac=True,
            callback=iteration_ended,
            options=limits,
        )
    network.parameters[...] = found.x
    return LBFGSResult(
        float(found.fun), search.n_iterations, bool(found.status == 0), str(found.message)
    )


def _one_scipy_thread() -> AbstractContextManager[Any]:
    """Keep SciPy's own BLAS to one thread.

    SciPy's wheels bring a BLAS beside NumPy's. The search gives it vectors just long enough to be
    shared among threads, which then stand in the way of those of the next matrix product.
    """
    from threadpoolctl import ThreadpoolController

    pools = ThreadpoolController()
    own = [pool.filepath for pool in pools.lib_controllers if _SCIPYS.search(pool.filepath)]
    return pools.select(filepath=own).limit(limits=1) if own else nullcontext()


class _Search:
    """Answers SciPy's questions, from the kept evaluations as long as there are any."""

    def __init__(
        self, network: Network, examples: Examples, l2: float, kept: Evaluations | None
    ) -> None:
        self.network, self.examples, self.l2, self.kept = network, examples, l2, kept
        self.pieces = BatchChunks(network)
        self.n_iterations = self.n_asked = 0
        self.reached = network.parameters.copy()

    def accept(self, point: Floats) -> None:
        """Note that an iteration ended at ``point`` (p,), which need not be the last one asked."""
        self.n_iterations += 1
        self.reached[...] = self.network.parameters[...] = point

    def cost_and_gradient(self, point: Floats) -> tuple[float, Floats]:
        """Return the cost at ``point`` (p,) and its gradient (p,), both float64."""
        self.n_asked += 1
        if self.kept is not None and self.n_asked <= len(self.kept.costs):
            cost, gradient = (
                self.kept.costs[self.n_asked - 1],
                self.kept.gradients[self.n_asked - 1],
            )
            return cost, gradient.astype(np.float64)
        cost, gradient = self._compute(point)
        if self.kept is not None:
            self.kept.costs.append(cost)
            self.kept.gradients.append(gradient.copy())
        return cost, gradient.astype(np.float64)

    def _compute(self, point: Floats) -> tuple[float, Floats]:
        network, rows = self.network, self.examples
        network.parameters[...] = point
        cost = self.pieces.loss_and_gradient(rows, l2=self.l2)
        if not (np.isfinite(cost) and np.isfinite(network.gradient).all()):
            sentence = describe_divergence(network, rows.x, self.n_iterations + 1)
            network.parameters[...] = self.reached
            raise DivergenceError(sentence)
        return cost, network.gradient
