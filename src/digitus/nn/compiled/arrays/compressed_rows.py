"""Training rows for the compiled steps: compressed where most entries are zero.

Compressed rows (CSR) hold for each row the columns and the values of its entries that are not zero.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.compiled.arrays.step_arrays import Array, RowArrays
from digitus.nn.compiled.jit import compiled_and_kept


@dataclass(frozen=True)
class Density:
    """When dense rows are compressed.

    Attributes:
        most: largest share of entries that are not zero. At 784-128-64-10, batch 128 and Adam on
            one thread, a step takes 375 us compressed and 415 dense at 0.2, 465 and 419 at 0.3
            (``benchmarks/density.py``).
        sample: number of rows, evenly spaced, that it is estimated from.
    """

    most: float = 0.25
    sample: int = 1000


DENSITY = Density()


def is_compressed(x: Any) -> bool:
    """Return whether rows are a SciPy CSR matrix."""
    return hasattr(x, "indptr")


def density(x: Floats) -> float:
    """Return the share of entries of dense rows (N, d) that are not zero, estimated."""
    sample = x[:: max(1, len(x) // DENSITY.sample)]
    return np.count_nonzero(sample) / sample.size


def row_arrays(x: Any, targets: Floats, weights: Floats | None) -> RowArrays:
    """Return training rows for the compiled steps.

    Args:
        x: (N, d), a SciPy CSR matrix or dense. Dense rows are compressed if few entries are not
            zero; the copy takes 6 bytes an entry in float32.
        targets: (N, k).
        weights: (N, 1) row weights or None.
    """
    by_row = np.zeros(0, targets.dtype) if weights is None else weights.reshape(-1)
    no_rows = np.zeros((0, 0), targets.dtype)
    targets = np.ascontiguousarray(targets)
    by_row = np.ascontiguousarray(by_row)
    if is_compressed(x):
        columns = x.indices.astype(_index_type(x.shape[1]))
        starts = x.indptr.astype(np.int64)
        return RowArrays(no_rows, starts, columns, np.ascontiguousarray(x.data), targets, by_row)
    x = np.ascontiguousarray(x)
    if density(x) <= DENSITY.most:
        return RowArrays(no_rows, *compress(x), targets, by_row)
    empty = np.zeros(0, np.int64), np.zeros(0, _index_type(x.shape[1])), np.zeros(0, x.dtype)
    return RowArrays(x, *empty, targets, by_row)


def compress(x: Floats) -> tuple[Array, Array, Array]:
    """Return starts (N + 1,), columns and values of the entries of dense rows that are not zero."""
    starts = np.zeros(len(x) + 1, np.int64)
    _count(x, starts)
    columns = np.empty(starts[-1], _index_type(x.shape[1]))
    values = np.empty(starts[-1], x.dtype)
    _fill(x, starts, columns, values)
    return starts, columns, values


def _index_type(d: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest type for the numbers of d columns."""
    return np.uint16 if d <= 2**16 else np.uint32


@compiled_and_kept
def _count(x: Array, starts: Array) -> None:
    """Set ``starts[i + 1]`` to the number of entries of the rows up to i."""
    zero = x.dtype.type(0)
    for i in range(len(x)):
        count = 0
        for j in range(x.shape[1]):
            count += x[i, j] != zero
        starts[i + 1] = starts[i] + count


@compiled_and_kept
def _fill(x: Array, starts: Array, columns: Array, values: Array) -> None:
    """Store columns and values row by row."""
    zero = x.dtype.type(0)
    for i in range(len(x)):
        entry = starts[i]
        for j in range(x.shape[1]):
            if x[i, j] != zero:
                columns[entry] = j
                values[entry] = x[i, j]
                entry += 1
