"""The optimizers' steps and the softmax loss in one pass, compiled by Numba (the extra ``fast``).

NumPy passes over the vectors once for each operation, ten times for a step of Adam, and calls a
dozen small operations for the loss of a small batch; there it cannot reach the frameworks
(docs/performance.md). The steps do what the NumPy lines in `digitus.nn.optimizers` do, in the same
order and type, and end in the same bits; the loss rounds as C's ``exp`` and ``log`` do.

All vectors are (p,) of one type: parameters ``p``, gradient ``g``, moments ``m`` and ``v``.
"""

from math import exp, log, sqrt
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


def _softmax_cross_entropy(
    logits: Floats, targets: Floats, smoothing: Any, total: Any, grad: Floats
) -> tuple[float, int]:
    n, k = logits.shape
    loss, correct = 0.0, 0
    for i in range(n):
        best, wanted = 0, 0
        for j in range(1, k):
            if logits[i, j] > logits[i, best]:
                best = j
            if targets[i, j] > targets[i, wanted]:
                wanted = j
        correct += best == wanted
        largest, norm = logits[i, best], logits.dtype.type(0)
        for j in range(k):
            grad[i, j] = exp(logits[i, j] - largest)
            norm += grad[i, j]
        log_norm = log(norm)
        for j in range(k):
            target = targets[i, j] * (1 - smoothing) + smoothing / k
            loss += target * (log_norm - (logits[i, j] - largest))
            grad[i, j] = (grad[i, j] / norm - target) / total
    return loss / total, correct


# "numpy": a division by zero gives infinity, as NumPy's, and the loop needs no branch.
_OPTIONS = {"error_model": "numpy", "nogil": True, "cache": True}
_ALONE = {f: njit(f, **_OPTIONS) for f in (_sgd, _adam)}
_SHARED = {f: njit(f, parallel=True, **_OPTIONS) for f in (_sgd, _adam)}


softmax_cross_entropy = njit(_softmax_cross_entropy, **_OPTIONS)
"""Mean loss and right rows; leaves dLoss/dlogits (n, k) in the last argument."""


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
