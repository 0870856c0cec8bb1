"""Whole training steps in one compiled call, which each thread makes.

A step of a thread: the first layer's units that it owns, for all rows; the layers above and the
loss, for its share of the rows; then, once all threads have done so, the optimizer's step for its
own units and its share of the other parameters. Two barriers a step are enough: what a thread
writes between them is read by the others only after the next.
"""

from math import isfinite

import numpy as np

from digitus.nn.compiled import vectors
from digitus.nn.compiled.arrays.step_arrays import (
    Array,
    LayerArrays,
    RowArrays,
    SharedArrays,
    StepPlan,
    UnitArrays,
)
from digitus.nn.compiled.barrier import wait
from digitus.nn.compiled.first_layer import drop_first, first_backward, first_forward
from digitus.nn.compiled.jit import compiled, compiled_and_kept
from digitus.nn.compiled.optimizers import bias_step, weight_step
from digitus.nn.compiled.upper_layers import (
    loss_of_rows,
    upper_backward,
    upper_forward,
    upper_update,
)
from digitus.nn.compiled.weighted_rows import sort_by_column

BARRIER_BROKEN = -1


@compiled_and_kept
def run_steps(
    layers: LayerArrays,
    rows: RowArrays,
    plan: StepPlan,
    shared: SharedArrays,
    units: UnitArrays,
    thread: int,
) -> int:
    """Run the planned steps; return how many were done.

    Fewer are done where a loss is not finite: the step after which it would be is not taken. The
    result is `BARRIER_BROKEN` where another thread does not arrive.

    Args:
        layers: the network.
        rows: all rows.
        plan: the steps.
        shared: arrays that all threads share.
        units: the units of the first layer that this thread owns.
        thread: number of this thread.
    """
    n, n_threads = plan.n_rows, len(shared.upper_gradients)
    part = np.array([n * thread // n_threads, n * (thread + 1) // n_threads])
    n_random = len(plan.uniform) // len(plan.rates)
    for number in range(len(plan.rates)):
        batch = plan.order[number * n : (number + 1) * n]
        uniform = plan.uniform[number * n_random : (number + 1) * n_random]
        total = _total_weight(rows, batch)
        if not _prepare_rows(rows, batch, shared, part, thread, number % 2):
            return BARRIER_BROKEN
        first_forward(layers, rows, batch, shared, units, number % 2)
        drop_first(layers, uniform, shared, units)
        if not wait(shared.barrier, n_threads):
            return BARRIER_BROKEN
        upper_forward(layers, uniform, shared, n, part)
        loss, right = loss_of_rows(layers, rows, batch, shared, part, total)
        upper_backward(layers, uniform, shared, n, part, shared.upper_gradients[thread])
        shared.losses[number, thread], shared.right[number, thread] = loss, right
        if not wait(shared.barrier, n_threads):
            return BARRIER_BROKEN
        shared.totals[number] = total
        if not isfinite(vectors.total(shared.losses[number])):
            return number
        step, for_biases = weight_step(plan, number, total), bias_step(plan, number)
        vectors.fill(units.squares, 0)
        first_backward(layers, rows, shared, units, step, for_biases, number % 2)
        squares = upper_update(layers, shared, step, for_biases, thread)
        shared.squares[number, thread] = squares + vectors.total(units.squares)
    return len(plan.rates)


@compiled
def _total_weight(rows: RowArrays, batch: Array) -> float:
    """Return the sum of the row weights: n without weights, 1 where all are zero."""
    if not len(rows.weights):
        return float(len(batch))
    total = 0.0
    for row in batch:
        total += rows.weights[row]
    return total if total else 1.0


@compiled
def _prepare_rows(
    rows: RowArrays, batch: Array, shared: SharedArrays, part: Array, thread: int, parity: int
) -> bool:
    """Sort a thread's share of compressed rows, or copy its share of dense rows.

    Returns:
        False if another thread does not arrive: dense rows are needed whole at once, sorted ones
        only after the next barrier.
    """
    mine = batch[part[0] : part[1]]
    if not len(rows.dense):
        starts, offset = shared.sorted_starts[parity, thread], shared.offsets[parity, thread]
        entries = shared.sorted_rows, shared.sorted_values
        sort_by_column(rows, mine, part[0], starts, *entries, offset)
        return True
    for i in range(len(mine)):
        vectors.copy(rows.dense[mine[i]], shared.batch[parity, part[0] + i])
    return wait(shared.barrier, len(shared.upper_gradients))
