"""The layers above the first and the loss, for the rows of a batch that a thread computes.

Each product is a call of SciPy's BLAS, which is held to one thread meanwhile.
"""

import numpy as np

from digitus.nn.compiled.activations import activate, differentiate, drop
from digitus.nn.compiled.arrays.step_arrays import Array, LayerArrays, RowArrays, SharedArrays
from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.losses import losses_and_gradients
from digitus.nn.compiled.optimizers import Step, update
from digitus.nn.compiled.vectors import add, fill, square_sum


@compiled
def _rows_of(values: Array, layers: LayerArrays, layer: int, n: int, part: Array) -> Array:
    """Return the rows ``part[0]`` to below ``part[1]`` of a layer's array (n, h), flat."""
    start, h = n * layers.starts[layer], layers.widths[layer]
    return values[start + part[0] * h : start + part[1] * h]


@compiled
def _parameters_of(values: Array, layers: LayerArrays, layer: int) -> tuple[Array, Array]:
    """Return weight (d, h) and bias (h,) of a layer above the first, as views of ``values``."""
    start = 0
    for i in range(1, layer):
        start += (layers.widths[i - 1] + 1) * layers.widths[i]
    d, h = layers.widths[layer - 1], layers.widths[layer]
    weight = values[start : start + d * h].reshape(d, h)
    return weight, values[start + d * h : start + d * h + h]


@compiled
def upper_forward(
    layers: LayerArrays, uniform: Array, shared: SharedArrays, n: int, part: Array
) -> None:
    """Compute the outputs of all layers above the first.

    Args:
        layers: the network.
        uniform: random numbers of the batch's dropout, layer by layer (n, h), flat.
        shared: holds the first layer's outputs; receives the others.
        n: rows of the batch.
        part: (2,) first row to compute, and the end.
    """
    m, used = part[1] - part[0], 0
    if layers.dropout[0] > 0:
        used = n * layers.widths[0]
    for layer in range(1, len(layers.widths)):
        weight, bias = _parameters_of(shared.upper, layers, layer)
        d, h = weight.shape
        x = _rows_of(shared.outputs, layers, layer - 1, n, part).reshape(m, d)
        flat = _rows_of(shared.activations, layers, layer, n, part)
        y = flat.reshape(m, h)
        np.dot(x, weight, y)
        for i in range(m):
            for j in range(h):
                y[i, j] += bias[j]
        activate(layers.activations[layer], layers.slopes[layer], flat)
        if len(uniform):  # without dropout, the outputs are the activations
            outputs = _rows_of(shared.outputs, layers, layer, n, part)
            random = uniform[used + part[0] * h : used + part[1] * h]
            drop(layers.dropout[layer], random, flat, outputs)
            if layers.dropout[layer] > 0:
                used += n * h


@compiled
def loss_of_rows(
    layers: LayerArrays,
    rows: RowArrays,
    batch: Array,
    shared: SharedArrays,
    part: Array,
    total: float,
) -> tuple[float, int]:
    """Return the sum of the losses and the number of right rows; store dLoss/dlogits.

    Args:
        layers: the network.
        rows: all rows.
        batch: (n,) the rows of the batch.
        shared: holds the logits and receives their gradient.
        part: (2,) first row to compute, and the end.
        total: sum of the batch's row weights, by which the gradient is divided.
    """
    last, n = len(layers.widths) - 1, len(batch)
    m, k = part[1] - part[0], layers.widths[last]
    logits = _rows_of(shared.outputs, layers, last, n, part).reshape(m, k)
    grads = _rows_of(shared.gradients, layers, last, n, part).reshape(m, k)
    scale = logits.dtype.type(1 / total)
    return losses_and_gradients(layers, rows, batch[part[0] : part[1]], logits, scale, grads)


@compiled
def upper_backward(
    layers: LayerArrays,
    uniform: Array,
    shared: SharedArrays,
    n: int,
    part: Array,
    gradient: Array,
) -> None:
    """Propagate the gradient from the logits to the first layer's ``z``.

    Args:
        layers: the network.
        uniform: random numbers of the batch's dropout.
        shared: holds dLoss/dlogits; receives dLoss/dz of every layer.
        n: rows of the batch.
        part: (2,) first row to compute, and the end.
        gradient: (u,) filled with the gradient of the upper layers' parameters, from these rows.
    """
    m, used = part[1] - part[0], len(uniform)
    for layer in range(len(layers.widths) - 1, 0, -1):
        weight, _ = _parameters_of(shared.upper, layers, layer)
        weight_grad, bias_grad = _parameters_of(gradient, layers, layer)
        d, h = weight.shape
        x = _rows_of(shared.outputs, layers, layer - 1, n, part).reshape(m, d)
        grad_z = _rows_of(shared.gradients, layers, layer, n, part).reshape(m, h)
        np.dot(x.T, grad_z, weight_grad)
        fill(bias_grad, 0)
        for i in range(m):
            for j in range(h):
                bias_grad[j] += grad_z[i, j]
        grad = _rows_of(shared.gradients, layers, layer - 1, n, part)
        np.dot(grad_z, weight.T, grad.reshape(m, d))
        if layers.dropout[layer - 1] > 0:
            used -= n * d
            random = uniform[used + part[0] * d : used + part[1] * d]
            drop(layers.dropout[layer - 1], random, grad, grad)
        y = _rows_of(shared.activations, layers, layer - 1, n, part)
        differentiate(layers.activations[layer - 1], layers.slopes[layer - 1], y, grad)


@compiled
def upper_update(
    layers: LayerArrays, shared: SharedArrays, step: Step, for_biases: Step, thread: int
) -> float:
    """Add up the threads' gradients and take the step with a thread's share of the parameters.

    Args:
        layers: the network.
        shared: holds the parameters, moments and gradients.
        step: the numbers of the optimizer's step for weights.
        for_biases: those for biases.
        thread: number of the thread.

    Returns:
        The sum of the squared weights of the share before the step; 0 without a penalty.
    """
    squares = 0.0
    start = 0
    for layer in range(1, len(layers.widths)):
        d, h = layers.widths[layer - 1], layers.widths[layer]
        squares += _update_share(shared, step, start, start + d * h, thread)
        start += d * h
        _update_share(shared, for_biases, start, start + h, thread)
        start += h
    return squares


@compiled
def _update_share(shared: SharedArrays, step: Step, start: int, stop: int, thread: int) -> float:
    """Update a thread's share of the parameters from ``start`` to below ``stop``."""
    gradients, length = shared.upper_gradients, stop - start
    n_threads = len(gradients)
    first = start + length * thread // n_threads
    last = start + length * (thread + 1) // n_threads
    gradient = gradients[thread, first:last]
    for other in range(n_threads):
        if other != thread:
            add(gradients[other, first:last], gradient)
    p = shared.upper[first:last]
    squares = square_sum(p) if step.l2 != 0 else 0.0
    update(step, p, gradient, shared.upper_1[first:last], shared.upper_2[first:last])
    return squares
