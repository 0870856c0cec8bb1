"""Training with SciPy's L-BFGS-B, on all rows at every step, as in the system S1.

Limited-memory BFGS (Liu and Nocedal 1989; Byrd, Lu, Nocedal and Zhu 1995). The network computes
cost and gradient in its own type, SciPy minimizes in float64.
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

_SCIPY_LIBRARY = re.compile(r"scipy\.libs|scipy[/\\]\.dylibs")


@dataclass
class Evaluations:
    """Cost and gradient at each point that SciPy evaluated, in order.

    SciPy's state cannot be saved. It is deterministic, however: given the same values again, it
    evaluates the same points. A resumed run first replays these values, then computes new ones.

    Attributes:
        costs: the cost at each point.
        gradients: (p,) the gradient at each point.
    """

    costs: list[float] = field(default_factory=list)
    gradients: list[Floats] = field(default_factory=list)


@dataclass(frozen=True)
class LBFGSResult:
    """How the minimization ended.

    Attributes:
        cost: the last cost, including the penalty.
        n_iterations: number of iterations done.
        converged: True if a tolerance was met before the iterations ran out.
        message: SciPy's reason for stopping.
    """

    cost: float
    n_iterations: int
    converged: bool
    message: str


@dataclass(frozen=True)
class LBFGSSettings:
    """How to minimize.

    Attributes:
        l2: lambda of the penalty.
        max_iterations: largest number of iterations, 1 or more.
        gradient_tolerance: stop when all entries of the gradient are below.
        max_evaluations: largest number of evaluations of the cost, approximately.

    Raises:
        ValueError: if ``max_iterations`` is below 1.
    """

    l2: float = 0.0
    max_iterations: int = 70
    gradient_tolerance: float = 1e-5
    max_evaluations: int = 15_000

    def __post_init__(self) -> None:
        """Check the number of iterations: given 0, SciPy would do one."""
        if self.max_iterations < 1:
            raise ValueError(f"max_iterations must be 1 or more, got {self.max_iterations}")


def minimize_lbfgs(
    network: Network,
    examples: Examples,
    settings: LBFGSSettings,
    *,
    callback: Callable[[int, float, int], bool | None] | None = None,
    evaluations: Evaluations | None = None,
) -> LBFGSResult:
    """Minimize the network's cost over all examples, starting from its parameters.

    Args:
        network: ends with the best parameters found.
        examples: all rows; they are only read.
        settings: penalty and limits.
        callback: called after each iteration with its number (from 1), the cost, and the number
            of rows answered right at the point evaluated last; the network is at the accepted
            point. Returning True stops the minimization. It is called for replayed iterations
            too, with 0 rows.
        evaluations: stores every evaluation for a resume; those it holds are replayed.

    Raises:
        DivergenceError: if the cost or its gradient is NaN or infinite; the network has the
            parameters of the last iteration.
    """
    from scipy.optimize import minimize  # takes 0.1 s to import

    search = _Search(network, examples, settings.l2, evaluations)

    def iteration_ended(intermediate_result: Any) -> None:  # SciPy requires this argument name
        cost = float(intermediate_result.fun)
        search.accept(intermediate_result.x)
        if callback is not None and callback(search.n_iterations, cost, search.chunks.correct):
            raise StopIteration

    limits = {
        "maxiter": settings.max_iterations,
        "maxfun": settings.max_evaluations,
        "gtol": settings.gradient_tolerance,
    }
    overflow = np.errstate(over="ignore", invalid="ignore")  # raised as DivergenceError
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
    """Limit SciPy's own BLAS to one thread.

    SciPy's wheels contain a second BLAS beside NumPy's. The minimizer's vectors are just long
    enough that it uses several threads, which then compete with those of the next matrix product.
    """
    from threadpoolctl import ThreadpoolController

    pools = ThreadpoolController()
    own = [pool.filepath for pool in pools.lib_controllers if _SCIPY_LIBRARY.search(pool.filepath)]
    return pools.select(filepath=own).limit(limits=1) if own else nullcontext()


class _Search:
    """The cost function for SciPy: replays stored evaluations, then computes new ones."""

    def __init__(
        self, network: Network, examples: Examples, l2: float, kept: Evaluations | None
    ) -> None:
        self.network, self.examples, self.l2, self.kept = network, examples, l2, kept
        self.chunks = BatchChunks(network)
        self.n_iterations = self.n_evaluations = 0
        self.reached = network.parameters.copy()

    def accept(self, point: Floats) -> None:
        """Record the end of an iteration at ``point`` (p,), maybe not the last one evaluated."""
        self.n_iterations += 1
        self.reached[...] = self.network.parameters[...] = point

    def cost_and_gradient(self, point: Floats) -> tuple[float, Floats]:
        """Return the cost at ``point`` (p,) and its gradient (p,), both float64."""
        self.n_evaluations += 1
        if self.kept is not None and self.n_evaluations <= len(self.kept.costs):
            cost, gradient = (
                self.kept.costs[self.n_evaluations - 1],
                self.kept.gradients[self.n_evaluations - 1],
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
        cost = self.chunks.loss_and_gradient(rows, l2=self.l2)
        if not (np.isfinite(cost) and np.isfinite(network.gradient).all()):
            message = describe_divergence(network, rows.x, self.n_iterations + 1)
            network.parameters[...] = self.reached
            raise DivergenceError(message)
        return cost, network.gradient
