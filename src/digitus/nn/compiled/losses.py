"""The losses of `digitus.nn.losses`, in one pass over the rows.

Rows of logits are short, so everything about a row is done before the next. The formulas and their
sources stand with the NumPy losses.
"""

from math import exp, log, log1p
from typing import Any

from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.step_arrays import Array

SOFTMAX, SIGMOID, SIGMOID_EXCLUSIVE = range(3)


@compiled
def loss_and_gradient(
    kind: int, smoothing: Any, logits: Array, targets: Array, weight: Any, grad: Array
) -> float:
    """Return the loss of a row times its weight, and store its gradient times ``weight``.

    Args:
        kind: code of the loss.
        smoothing: label smoothing of the softmax.
        logits: (k,).
        targets: (k,).
        weight: of the row.
        grad: (k,) filled with dLoss/dlogits.
    """
    if kind == SOFTMAX:
        return _softmax(smoothing, logits, targets, weight, grad)
    return _sigmoid(logits, targets, weight, grad)


@compiled
def _softmax(smoothing: Any, logits: Array, targets: Array, weight: Any, grad: Array) -> float:
    """Return -sum(t log p), with -log p = log(sum(exp z)) - z; gradient p - t."""
    k, one = len(logits), logits.dtype.type(1)
    largest, norm = logits[0], logits.dtype.type(0)
    for j in range(1, k):
        largest = max(largest, logits[j])
    for j in range(k):
        grad[j] = exp(logits[j] - largest)
        norm += grad[j]
    log_norm, loss = log(norm), logits.dtype.type(0)
    spread = smoothing / logits.dtype.type(k)
    for j in range(k):
        target = targets[j] * (one - smoothing) + spread
        loss += target * (log_norm - (logits[j] - largest))
        grad[j] = (grad[j] / norm - target) * weight
    return float(loss * weight)


@compiled
def _sigmoid(logits: Array, targets: Array, weight: Any, grad: Array) -> float:
    """Return the sum of softplus(z) - t z; gradient p - t.

    softplus(z) = max(z, 0) + log(1 + exp(-|z|)), without overflow.
    """
    zero, one = logits.dtype.type(0), logits.dtype.type(1)
    loss = zero
    for j in range(len(logits)):
        z = logits[j]
        small = exp(-abs(z))
        loss += max(z, zero) + log1p(small) - targets[j] * z
        p = (one if z >= zero else small) / (one + small)
        grad[j] = (p - targets[j]) * weight
    return float(loss * weight)


@compiled
def is_right(kind: int, logits: Array, targets: Array) -> bool:
    """Return whether a row is answered right.

    Exclusive classes: the largest logit is at the largest target. Otherwise: every output is on
    the same side of 1/2 as its target.
    """
    if kind != SIGMOID:
        return _largest(logits) == _largest(targets)
    half, wrong = targets.dtype.type(0.5), 0
    for j in range(len(logits)):
        wrong += (logits[j] > 0) != (targets[j] > half)
    return wrong == 0


@compiled
def _largest(x: Array) -> int:
    """Return the index of the first largest entry of ``x`` (k,)."""
    largest = 0
    for j in range(1, len(x)):
        if x[j] > x[largest]:
            largest = j
    return largest
