"""The first dense layer, for the units that a thread owns.

Its weights are most of the network's parameters, and its rows are the only ones that may be
compressed. A unit's weights and moments belong to one thread for a whole call: they stay in that
core's cache, and only activations and their gradients cross.
"""

import numpy as np

from digitus.nn.compiled.activations import activate, drop
from digitus.nn.compiled.arrays.step_arrays import (
    Array,
    LayerArrays,
    RowArrays,
    SharedArrays,
    UnitArrays,
)
from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.optimizers import Step, moves_without_gradient, update
from digitus.nn.compiled.vectors import fill
from digitus.nn.compiled.weighted_rows import BLOCK, add_product, add_weighted_rows

COLUMNS_AT_ONCE = 8
"""Rows of the weight that are updated at once: their gradient stays in the first-level cache, and
a loop over so many numbers is worth its start."""


@compiled
def first_forward(
    layers: LayerArrays,
    rows: RowArrays,
    batch: Array,
    shared: SharedArrays,
    units: UnitArrays,
    parity: int,
) -> None:
    """Compute the first layer's activations of a thread's units.

    Args:
        layers: the network.
        rows: all rows.
        batch: (n,) the rows of the batch.
        shared: receives the activations; with dense rows, ``shared.batch`` holds the rows.
        units: the thread's units.
        parity: 0 in even steps, 1 in odd ones.
    """
    n, width = len(batch), layers.widths[0]
    if len(rows.dense):
        np.dot(shared.batch[parity], units.weight, units.z)
        for i in range(n):
            for j in range(len(units.bias)):
                units.z[i, j] += units.bias[j]
    else:
        for i in range(n):
            for j in range(len(units.bias)):
                units.z[i, j] = units.bias[j]
        add_product(units.z, rows, batch, units.weight)
    activate(layers.activations[0], layers.slopes[0], units.z.reshape(-1))
    y = shared.activations[: n * width].reshape(n, width)
    for i in range(n):
        for j in range(units.high - units.low):
            y[i, units.low + j] = units.z[i, j]


@compiled
def drop_first(
    layers: LayerArrays, uniform: Array, shared: SharedArrays, units: UnitArrays
) -> None:
    """Apply dropout to the activations of a thread's units.

    Args:
        layers: the network.
        uniform: random numbers of the batch's dropout, those of the first layer (n, h) first; none
            if no layer has dropout.
        shared: holds the activations and receives what is left of them.
        units: the thread's units.
    """
    if not len(uniform):  # the outputs are the activations
        return
    n, width = len(units.z), layers.widths[0]
    for i in range(n):
        part = slice(i * width + units.low, i * width + units.high)
        drop(layers.dropout[0], uniform[part], shared.activations[part], shared.outputs[part])


@compiled
def first_backward(
    layers: LayerArrays,
    rows: RowArrays,
    shared: SharedArrays,
    units: UnitArrays,
    step: Step,
    for_biases: Step,
    parity: int,
) -> None:
    """Compute the gradient of the weights of a thread's units and take the optimizer's step.

    With dense rows the gradient is a product. With compressed rows, each row of it is a sum that
    the optimizer uses while it is in cache: the whole gradient is never written.

    Args:
        layers: the network.
        rows: all rows.
        shared: holds dLoss/dz of the first layer, and the rows of the batch, sorted or dense.
        units: the thread's units; their weights, biases and moments change.
        step: the numbers of the optimizer's step for weights.
        for_biases: those for biases.
        parity: 0 in even steps, 1 in odd ones.
    """
    n, width = len(units.z), layers.widths[0]
    grad_z = shared.gradients[: n * width].reshape(n, width)
    fill(units.bias_grad, 0)
    for i in range(n):
        for j in range(units.high - units.low):
            units.grad_z[i, j] = grad_z[i, units.low + j]
            units.bias_grad[j] += units.grad_z[i, j]
    if len(rows.dense):
        np.dot(shared.batch[parity].T, units.grad_z, units.grad)
        _step(units, step, 0, len(units.weight))
    else:
        _update_by_column(shared, units, step, parity)
    update(for_biases, units.bias, units.bias_grad, units.bias_1, units.bias_2)


@compiled
def _update_by_column(shared: SharedArrays, units: UnitArrays, step: Step, parity: int) -> None:
    """Sum some rows of the weight's gradient, and take the step with them."""
    starts, d, grad = shared.sorted_starts[parity], len(units.weight), units.grad
    indices, values = shared.sorted_rows, shared.sorted_values
    for first in range(0, d, COLUMNS_AT_ONCE):
        end = min(first + COLUMNS_AT_ONCE, d)
        n_entries = 0
        for column in range(first, end):
            i = column - first
            for j in range(grad.shape[1]):
                grad[i, j] = 0
            for part in range(len(starts)):
                start, stop = starts[part, column], starts[part, column + 1]
                n_entries += stop - start
                for block in range(0, grad.shape[1], BLOCK):
                    add_weighted_rows(grad, i, units.grad_z, indices, values, start, stop, block)
        if n_entries or moves_without_gradient(step):
            _step(units, step, first, end)


@compiled
def _step(units: UnitArrays, step: Step, first: int, end: int) -> None:
    """Update the rows of the weight from ``first`` to below ``end``, with ``units.grad``.

    If there is a penalty, the squares of the weights are added up before.
    """
    weight = units.weight[first:end]
    if step.l2 != 0:
        for i in range(len(weight)):
            for j in range(weight.shape[1]):
                units.squares[j] += weight[i, j] * weight[i, j]
    update(
        step,
        weight.reshape(-1),
        units.grad[: end - first].reshape(-1),
        units.weight_1[first:end].reshape(-1),
        units.weight_2[first:end].reshape(-1),
    )
