"""The losses of `digitus.nn.losses` with their gradients, for the rows of a batch.

A row of logits is too short for vector instructions, so the exponentials of all rows are computed
at once between two passes over the rows. Formulas and their sources stand with the NumPy losses.
"""

from math import log
from typing import Any

from digitus.nn.compiled.arrays.step_arrays import Array, LayerArrays, RowArrays
from digitus.nn.compiled.jit import compiled
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
        grads: (m, k) filled with dLoss/dlogits.
    """
    m, k = logits.shape
    total, right, weight = 0.0, 0, logits.dtype.type(1)
    for i in range(m):
        _prepare(layers.loss, i, logits, grads)
    exponentiate(grads.reshape(-1))
    for i in range(m):
        row = batch[i]
        if layers.loss == SOFTMAX:
            loss = _softmax(layers.smoothing, i, logits, row, rows.targets, grads)
        else:
            loss = _sigmoid(i, logits, row, rows.targets, grads)
        if len(rows.weights):
            weight = rows.weights[row]
        total += float(loss * weight)
        for j in range(k):
            grads[i, j] *= weight * scale
        right += _is_right(layers.loss, i, logits, row, rows.targets)
    return total, right


# In the functions below, z (m, k) are the logits, t (N, k) the targets of all rows and grad (m, k)
# the gradient. They take whole arrays and the number of a row: a view of a row would be counted.


@compiled
def _prepare(kind: int, i: int, z: Array, powers: Array) -> None:
    """Store the exponents of a row, none of which is above 0: z - max(z), or -|z| for sigmoids."""
    largest = z[i, _largest(i, z)]
    for j in range(z.shape[1]):
        powers[i, j] = z[i, j] - largest if kind == SOFTMAX else -abs(z[i, j])


@compiled
def _softmax(smoothing: Any, i: int, z: Array, row: int, t: Array, grad: Array) -> Any:
    """Return -sum(t log p), with -log p = log(sum(exp z)) - z; gradient p - t.

    Row i of ``grad`` holds exp(z - max(z)).
    """
    k, zero, one = z.shape[1], z.dtype.type(0), z.dtype.type(1)
    largest, norm, loss = z[i, _largest(i, z)], zero, zero
    for j in range(k):
        norm += grad[i, j]
    log_norm, spread = log(norm), smoothing / z.dtype.type(k)
    for j in range(k):
        target = t[row, j] * (one - smoothing) + spread
        loss += target * (log_norm - (z[i, j] - largest))
        grad[i, j] = grad[i, j] / norm - target
    return loss


@compiled
def _sigmoid(i: int, z: Array, row: int, t: Array, grad: Array) -> Any:
    """Return the sum of softplus(z) - t z; gradient p - t.

    softplus(z) = max(z, 0) + log(1 + exp(-|z|)), without overflow; row i of ``grad`` holds
    exp(-|z|). The sum of logarithms is the logarithm of a product.
    """
    zero, one, large = z.dtype.type(0), z.dtype.type(1), z.dtype.type(_LARGE)
    loss, product = zero, one
    for j in range(z.shape[1]):
        small = grad[i, j]
        loss += max(z[i, j], zero) - t[row, j] * z[i, j]
        product *= one + small
        if product > large:
            loss += log(product)
            product = one
        p = (one if z[i, j] >= zero else small) / (one + small)
        grad[i, j] = p - t[row, j]
    return loss + log(product)


@compiled
def _is_right(kind: int, i: int, z: Array, row: int, t: Array) -> bool:
    """Return whether a row is answered right.

    Exclusive classes: the largest logit is at the largest target. Otherwise: every output is on
    the same side of 1/2 as its target.
    """
    if kind != SIGMOID:
        return _largest(i, z) == _largest(row, t)
    half, wrong = t.dtype.type(0.5), 0
    for j in range(z.shape[1]):
        wrong += (z[i, j] > 0) != (t[row, j] > half)
    return wrong == 0


@compiled
def _largest(i: int, x: Array) -> int:
    """Return the index of the first largest entry of row i of ``x`` (m, k)."""
    largest, value = 0, x[i, 0]
    for j in range(1, x.shape[1]):
        if x[i, j] > value:
            largest, value = j, x[i, j]
    return largest
