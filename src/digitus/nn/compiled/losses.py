"""The losses of `digitus.nn.losses` with their gradients, for the rows of a batch.

A row of logits is too short for vector instructions, so the exponentials of all rows are computed
at once between two passes over the rows. Formulas and their sources stand with the NumPy losses.
"""

from math import log
from typing import Any

from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.step_arrays import Array, LayerArrays, RowArrays
from digitus.nn.compiled.vectors import exponentiate

SOFTMAX, SIGMOID, SIGMOID_EXCLUSIVE = range(3)
_LARGE = 1e30
"""A product of numbers up to 2 that is above this does not overflow at the next factor."""


@compiled
def losses_and_gradients(
    layers: LayerArrays, rows: RowArrays, batch: Array, logits: Array, scale: Any, grads: Array
) -> tuple[float, int]:
    """Return the sum of the weighted losses and the number of right rows; store the gradient.

    Args:
        layers: says which loss.
        rows: all rows, with their targets and weights.
        batch: (m,) the rows of these logits.
        logits: (m, k).
        scale: factor of the gradients.
        grads: (m * k,) filled with dLoss/dlogits.
    """
    m, k = logits.shape
    loss, right = 0.0, 0
    for i in range(m):
        _prepare(layers.loss, logits[i], grads[i * k : (i + 1) * k])
    exponentiate(grads)
    for i in range(m):
        z, grad, t = logits[i], grads[i * k : (i + 1) * k], rows.targets[batch[i]]
        weight = rows.weights[batch[i]] if len(rows.weights) else scale / scale
        if layers.loss == SOFTMAX:
            loss += float(_softmax(layers.smoothing, z, t, grad) * weight)
        else:
            loss += float(_sigmoid(z, t, grad) * weight)
        for j in range(k):
            grad[j] *= weight * scale
        right += _is_right(layers.loss, z, t)
    return loss, right


@compiled
def _prepare(kind: int, z: Array, powers: Array) -> None:
    """Store the exponents (k,), none of which is above 0: z - max(z), or -|z| for sigmoids."""
    largest = z[_largest(z)]
    for j in range(len(z)):
        powers[j] = z[j] - largest if kind == SOFTMAX else -abs(z[j])


@compiled
def _softmax(smoothing: Any, z: Array, targets: Array, grad: Array) -> Any:
    """Return -sum(t log p), with -log p = log(sum(exp z)) - z; gradient p - t.

    ``grad`` (k,) holds exp(z - max(z)).
    """
    k, zero, one = len(z), z.dtype.type(0), z.dtype.type(1)
    largest, norm, loss = z[_largest(z)], zero, zero
    for j in range(k):
        norm += grad[j]
    log_norm, spread = log(norm), smoothing / z.dtype.type(k)
    for j in range(k):
        t = targets[j] * (one - smoothing) + spread
        loss += t * (log_norm - (z[j] - largest))
        grad[j] = grad[j] / norm - t
    return loss


@compiled
def _sigmoid(z: Array, targets: Array, grad: Array) -> Any:
    """Return the sum of softplus(z) - t z; gradient p - t.

    softplus(z) = max(z, 0) + log(1 + exp(-|z|)), without overflow; ``grad`` (k,) holds exp(-|z|).
    The sum of logarithms is the logarithm of a product.
    """
    zero, one, large = z.dtype.type(0), z.dtype.type(1), z.dtype.type(_LARGE)
    loss, product = zero, one
    for j in range(len(z)):
        small = grad[j]
        loss += max(z[j], zero) - targets[j] * z[j]
        product *= one + small
        if product > large:
            loss += log(product)
            product = one
        p = (one if z[j] >= zero else small) / (one + small)
        grad[j] = p - targets[j]
    return loss + log(product)


@compiled
def _is_right(kind: int, logits: Array, targets: Array) -> bool:
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
