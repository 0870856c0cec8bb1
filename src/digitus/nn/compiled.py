"""The optimizers' steps in one pass over memory, compiled by Numba (the extra ``fast``).

NumPy passes over the vectors once for each operation, ten times for a step of Adam; it is the one
place where it cannot reach the frameworks (docs/performance.md). These loops do what the NumPy
lines in `digitus.nn.optimizers` do, in the same order and type, so the bits are the same.

All vectors are (p,) of one type: parameters ``p``, gradient ``g``, moments ``m`` and ``v``.
"""

from math import sqrt
from typing import Any

from numba import config, njit, prange, set_num_threads

from digitus.nn.arrays import Floats

_SHARED_FROM = 2**18
"""Shorter vectors are done sooner by one thread than two can be woken."""


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


# "numpy": a division by zero gives infinity, as NumPy's, and the loop needs no branch.
_OPTIONS = {"error_model": "numpy", "nogil": True, "cache": True}
_ALONE = {f: njit(f, **_OPTIONS) for f in (_sgd, _adam)}
_SHARED = {f: njit(f, parallel=True, **_OPTIONS) for f in (_sgd, _adam)}


class Steps:
    """The compiled steps, on a number of threads."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = min(threads, config.NUMBA_NUM_THREADS)

    def sgd(self, p: Floats, g: Floats, *, rate: float) -> None:
        """``p -= rate * g``."""
        self._compiled(_sgd, p)(p, g, p.dtype.type(rate))

    def adam(
        self,
        p: Floats,
        g: Floats,
        m: Floats,
        v: Floats,
        *,
        betas: tuple[float, float],
        rate: float,
        epsilon: float,
    ) -> None:
        """``m = beta_1 m + g; v = beta_2 v + g²; p -= rate * m / (sqrt(v) + epsilon)``."""
        scalars = [p.dtype.type(value) for value in (*betas, rate, epsilon)]
        self._compiled(_adam, p)(p, g, m, v, *scalars)

    def _compiled(self, function: Any, p: Floats) -> Any:
        if self.threads == 1 or p.size < _SHARED_FROM:
            return _ALONE[function]
        set_num_threads(self.threads)
        return _SHARED[function]
