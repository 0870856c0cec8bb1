"""The arguments of the compiled steps, as named tuples of arrays and numbers.

``L`` is the number of dense layers, ``T`` the number of threads, ``n`` the rows of a batch, ``N``
those of the training set, ``S`` the steps of a call. "float" is the network's type.
"""

from typing import Any, NamedTuple

from numpy.typing import NDArray

Array = NDArray[Any]


class LayerArrays(NamedTuple):
    """The dense layers and the loss as numbers.

    Attributes:
        widths: (L,) number of outputs of each dense layer; the last are the logits.
        starts: (L + 1,) sums of the widths before.
        activations: (L,) the activation after each layer, a code of `activations`.
        slopes: (L,) float, of the leaky ReLUs.
        dropout: (L,) float, shares of the dropout after each layer; 0 is none.
        loss: a code of `losses`.
        smoothing: float, label smoothing.
    """

    widths: Array
    starts: Array
    activations: Array
    slopes: Array
    dropout: Array
    loss: int
    smoothing: Any


class RowArrays(NamedTuple):
    """The training rows, compressed or dense.

    Attributes:
        dense: (N, d) float; (0, 0) if the rows are compressed.
        starts: (N + 1,) int64, first entry of each row.
        columns: (entries,) column of each entry.
        values: (entries,) float.
        targets: (N, k) float.
        weights: (N,) float; (0,) if all rows weigh alike.
    """

    dense: Array
    starts: Array
    columns: Array
    values: Array
    targets: Array
    weights: Array


class StepPlan(NamedTuple):
    """What the steps of a call do.

    Attributes:
        order: (S * n,) int64, the rows of the batches.
        n_rows: rows of a batch, ``n``.
        optimizer: a code of `optimizers`.
        decay_1: float, decay of the velocity or of the sum of gradients.
        decay_2: float, decay of the sum of squared gradients.
        rates: (S,) float, learning rate with Adam's factors.
        epsilons: (S,) float, with Adam's factor.
        shrinks: (S,) float, factor of the weights: AdamW's weight decay.
        lifts: (S,) float, added to the moments against denormal numbers.
        l2: lambda of the penalty ``lambda/(2n) * sum(w²)``.
        uniform: (S * n * h,) float, random numbers from 0 to 1 for the h units with dropout.
    """

    order: Array
    n_rows: int
    optimizer: int
    decay_1: Any
    decay_2: Any
    rates: Array
    epsilons: Array
    shrinks: Array
    lifts: Array
    l2: float
    uniform: Array


class SharedArrays(NamedTuple):
    """Arrays that every thread reads and writes.

    Attributes:
        activations: (n * sum(widths),) float, the outputs of each layer before dropout.
        outputs: (n * sum(widths),) float, after dropout; the same array if there is none.
        gradients: (n * sum(widths),) float, dLoss/d(outputs before the activation).
        batch: (2, n, d) float, the gathered rows of even and of odd steps, as a thread may begin a
            step before another has ended the last; (2, 0, 0) if the rows are compressed.
        sorted_starts: (2, T, d + 1) int64, first sorted entry of each column, likewise.
        sorted_rows: (entries,) uint16, row in the batch of each sorted entry.
        sorted_values: (entries,) float.
        offsets: (2, T) int64, first entry of each thread's part of the two.
        upper: (u,) float, parameters of all layers but the first: the end of the flat vector.
        upper_1, upper_2: (u,) float, the optimizer's arrays for them.
        upper_gradients: (T, u) float, each thread's part of the gradient.
        barrier: (2,) int64, see `barrier`.
        losses: (S, T) sum of the losses of each thread's rows.
        squares: (S, T) sum of the squared weights of each thread, if there is a penalty.
        totals: (S,) sum of the row weights.
        right: (S, T) int64, number of rows answered right.
    """

    activations: Array
    outputs: Array
    gradients: Array
    batch: Array
    sorted_starts: Array
    sorted_rows: Array
    sorted_values: Array
    offsets: Array
    upper: Array
    upper_1: Array
    upper_2: Array
    upper_gradients: Array
    barrier: Array
    losses: Array
    squares: Array
    totals: Array
    right: Array


class UnitArrays(NamedTuple):
    """The units of the first layer that one thread owns, and its work arrays.

    Attributes:
        low, high: the units.
        weight: (d, w) float; w is the number of units rounded up to whole vectors, and the columns
            beyond are zero.
        weight_1, weight_2: (d, w) float, the optimizer's arrays for it; ``weight`` if unused.
        bias: (w,) float.
        bias_1, bias_2: (w,) float, the optimizer's arrays for it; ``bias`` if unused.
        z: (n, w) float, ``x @ weight + bias``, then activated.
        grad_z: (n, w) float, dLoss/dz.
        grad: (`first_layer.COLUMNS_AT_ONCE`, w) float, some rows of the weight's gradient; (d, w)
            with dense rows.
        bias_grad: (w,) float.
        squares: (w,) float, sums of squared weights.
    """

    low: int
    high: int
    weight: Array
    weight_1: Array
    weight_2: Array
    bias: Array
    bias_1: Array
    bias_2: Array
    z: Array
    grad_z: Array
    grad: Array
    bias_grad: Array
    squares: Array
