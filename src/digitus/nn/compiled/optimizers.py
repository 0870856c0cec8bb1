"""SGD and Adam in one pass over the vectors.

The loops do what the NumPy lines in `digitus.nn.optimizers` do, in the same order and type, and
give the same bits. All vectors are (p,) of one type: parameters ``p``, gradient ``g``, moments
``m`` and ``v``.
"""

from math import sqrt
from typing import Any

from numba import config, njit, prange, set_num_threads

from digitus.nn.arrays import Floats
from digitus.nn.optimizers import SGD, Adam, Optimizer

_PARALLEL_FROM = 2**18
"""For shorter vectors, waking a second thread takes longer than the step on one thread."""


def _sgd(p: Floats, g: Floats, rate: Any) -> None:
    for i in prange(p.size):
        p[i] -= g[i] * rate


def _adam(
    p: Floats, g: Floats, m: Floats, v: Floats, beta_1: Any, beta_2: Any, rate: Any, epsilon: Any
) -> None:
    for i in prange(p.size):
        m[i] = m[i] * beta_1 + g[i]
        v[i] = v[i] * beta_2 + g[i] * g[i]
        p[i] -= m[i] / (sqrt(v[i]) + epsilon) * rate


# "numpy": a division by zero gives infinity, as in NumPy, and the loop needs no branch.
_OPTIONS = {"error_model": "numpy", "nogil": True, "cache": True}
_SERIAL = {f: njit(f, **_OPTIONS) for f in (_sgd, _adam)}
_PARALLEL = {f: njit(f, parallel=True, **_OPTIONS) for f in (_sgd, _adam)}


def _compiled(function: Any, size: int, threads: int) -> Any:
    """Return the serial or the parallel version of a loop over ``size`` numbers."""
    threads = min(threads, config.NUMBA_NUM_THREADS)
    if threads == 1 or size < _PARALLEL_FROM:
        return _SERIAL[function]
    set_num_threads(threads)
    return _PARALLEL[function]


class CompiledSGD(SGD):
    """Gradient descent without momentum.

    Args:
        threads: number of threads for long vectors.
    """

    def __init__(self, threads: int = 1) -> None:
        super().__init__()
        self.threads = threads

    def step(self, rate: float) -> None:
        """Take one step with learning rate ``rate``."""
        self.n_steps += 1
        p = self.parameters
        _compiled(_sgd, p.size, self.threads)(p, self.gradient, p.dtype.type(rate))


class CompiledAdam(Adam):
    """Adam and AdamW.

    Args:
        threads: number of threads for long vectors.
        options: those of `Adam`.
    """

    def __init__(self, threads: int = 1, **options: float) -> None:
        super().__init__(**options)
        self.threads = threads

    def _update(self, rate: float, epsilon: float) -> None:
        p, m, v = self.parameters, self.state["sum"], self.state["square_sum"]
        scalars = [p.dtype.type(x) for x in (self.beta_1, self.beta_2, rate, epsilon)]
        _compiled(_adam, p.size, self.threads)(p, self.gradient, m, v, *scalars)


def compiled_optimizer(optimizer: Optimizer, threads: int = 1) -> Optimizer:
    """Return the compiled version of an optimizer, not bound, or itself where there is none."""
    if type(optimizer) is Adam:
        return CompiledAdam(threads, **optimizer.options()["adam"])
    if type(optimizer) is SGD and not optimizer.momentum:
        return CompiledSGD(threads)
    return optimizer
