"""The arrays of the compiled steps: allocated once, filled and emptied at the ends of each call.

The parameters above the first layer are used where they lie, at the end of the network's flat
vector. Those of the first layer are copied, as each thread has the columns of its own units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.arrays import Floats
from digitus.nn.compiled import activations, losses
from digitus.nn.compiled.arrays.step_arrays import LayerArrays, RowArrays, SharedArrays, UnitArrays
from digitus.nn.compiled.first_layer import COLUMNS_AT_ONCE
from digitus.nn.compiled.support import DenseLayer
from digitus.nn.compiled.weighted_rows import LANES
from digitus.nn.losses import Loss, SoftmaxCrossEntropy
from digitus.nn.network import Network
from digitus.nn.optimizers import Optimizer

_ACTIVATIONS = {
    ReLU: activations.RELU,
    LeakyReLU: activations.LEAKY_RELU,
    Tanh: activations.TANH,
    Sigmoid: activations.SIGMOID,
}


@dataclass(frozen=True)
class Sizes:
    """Sizes of the arrays.

    Attributes:
        n_rows: rows of a batch.
        n_steps: largest number of steps of a call.
        n_threads: number of threads.
    """

    n_rows: int
    n_steps: int
    n_threads: int


def layer_arrays(layers: Sequence[DenseLayer], loss: Loss, dtype: np.dtype[Any]) -> LayerArrays:
    """Return the layers and the loss as numbers."""
    widths = np.array([layer.dense.width for layer in layers], np.int64)
    slopes = [getattr(layer.activation, "slope", 0.0) for layer in layers]
    kinds = [_ACTIVATIONS.get(type(layer.activation), activations.IDENTITY) for layer in layers]
    if isinstance(loss, SoftmaxCrossEntropy):
        code, smoothing = losses.SOFTMAX, loss.label_smoothing
    else:
        code, smoothing = losses.SIGMOID_EXCLUSIVE if loss.exclusive else losses.SIGMOID, 0.0
    return LayerArrays(
        widths,
        np.concatenate([[0], widths.cumsum()]),
        np.array(kinds, np.int64),
        np.array(slopes, dtype),
        np.array([layer.dropout for layer in layers], dtype),
        code,
        dtype.type(smoothing),
    )


def shared_arrays(
    network: Network, optimizer: Optimizer, layers: LayerArrays, rows: RowArrays, sizes: Sizes
) -> SharedArrays:
    """Allocate the arrays that all threads share; parameters and moments are views."""
    n, steps, threads, dtype = sizes.n_rows, sizes.n_steps, sizes.n_threads, network.dtype
    d, outputs = network.n_inputs, n * layers.starts[-1]
    after = np.zeros(outputs, dtype)
    before = np.zeros(outputs, dtype) if layers.dropout.any() else after
    is_dense = len(rows.dense) > 0
    entries = 0 if is_dense else _most_entries(rows, -(-n // threads))
    first = (d + 1) * int(layers.widths[0])
    upper = network.parameters[first:]
    moments = [array[first:] for array in optimizer.state.values()] + [upper, upper]
    return SharedArrays(
        activations=before,
        outputs=after,
        gradients=np.zeros(outputs, dtype),
        batch=np.zeros((2, n, d) if is_dense else (2, 0, 0), dtype),
        sorted_starts=np.zeros((2, threads, d + 1), np.int64),
        sorted_rows=np.zeros(2 * threads * entries, np.uint16),
        sorted_values=np.zeros(2 * threads * entries, dtype),
        offsets=np.arange(2 * threads).reshape(2, threads) * entries,
        upper=upper,
        upper_1=moments[0],
        upper_2=moments[1],
        upper_gradients=np.zeros((threads, len(upper)), dtype),
        barrier=np.zeros(2, np.int64),
        losses=np.zeros((steps, threads)),
        squares=np.zeros((steps, threads)),
        totals=np.zeros(steps),
        right=np.zeros((steps, threads), np.int64),
    )


def _most_entries(rows: RowArrays, n: int) -> int:
    """Return a number of entries that no n rows exceed."""
    return n * int(np.diff(rows.starts).max())


def split_units(
    network: Network, optimizer: Optimizer, sizes: Sizes, *, is_dense: bool
) -> list[UnitArrays]:
    """Allocate the arrays of each thread for its units of the first layer.

    The units are split between whole vectors, so a thread may own none of a narrow layer.
    """
    h = network.widths[0]
    n_vectors = -(-h // LANES)
    ends = [n_vectors * i // sizes.n_threads * LANES for i in range(sizes.n_threads + 1)]
    has = [len(optimizer.state) > i for i in range(2)]
    d, n = network.n_inputs, sizes.n_rows
    return [
        _unit_arrays(d, n, low, high, min(high, h), network.dtype, has, is_dense)
        for low, high in pairwise(ends)
    ]


def _unit_arrays(
    d: int,
    n: int,
    low: int,
    end: int,
    high: int,
    dtype: np.dtype[Any],
    has: Sequence[bool],
    is_dense: bool,
) -> UnitArrays:
    width = end - low

    def zeros(*shape: int) -> Floats:
        return np.zeros(shape, dtype)

    weight, bias = zeros(d, width), zeros(width)
    weight_1, weight_2 = (zeros(d, width) if each else weight for each in has)
    bias_1, bias_2 = (zeros(width) if each else bias for each in has)
    return UnitArrays(
        low=low,
        high=max(low, high),
        weight=weight,
        weight_1=weight_1,
        weight_2=weight_2,
        bias=bias,
        bias_1=bias_1,
        bias_2=bias_2,
        z=zeros(n, width),
        grad_z=zeros(n, width),
        grad=zeros(d if is_dense else COLUMNS_AT_ONCE, width),
        bias_grad=zeros(width),
        squares=zeros(width),
    )


class FirstLayerCopies:
    """Copies the first layer's parameters and moments to the threads' arrays, and back.

    Args:
        network: owns the parameters.
        optimizer: owns the moments.
        units: the threads' arrays.
    """

    def __init__(self, network: Network, optimizer: Optimizer, units: Sequence[UnitArrays]) -> None:
        d, h = network.n_inputs, network.widths[0]
        vectors = [network.parameters, *optimizer.state.values()]
        self._pairs: list[tuple[Floats, Floats]] = []
        for vector, suffix in zip(vectors, ("", "_1", "_2"), strict=False):
            weight, bias = vector[: d * h].reshape(d, h), vector[d * h : d * h + h]
            for unit in units:
                width = unit.high - unit.low
                own_weight, own_bias = (getattr(unit, f"{n}{suffix}") for n in ("weight", "bias"))
                self._pairs += [
                    (weight[:, unit.low : unit.high], own_weight[:, :width]),
                    (bias[unit.low : unit.high], own_bias[:width]),
                ]

    def load(self) -> None:
        """Copy from the flat vectors."""
        for flat, own in self._pairs:
            own[...] = flat

    def store(self) -> None:
        """Copy back to them."""
        for flat, own in self._pairs:
            flat[...] = own
