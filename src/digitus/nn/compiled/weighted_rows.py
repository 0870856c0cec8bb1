"""The product of compressed rows and a matrix, as sums of the matrix's rows.

Row i of ``x @ weight`` is the sum of the weight's rows at the entries of row i of x, each times the
entry. The gradient ``x.T @ grad_z`` is the same kind of sum, once the entries of the batch are
sorted by column: row c is the sum of the rows of ``grad_z`` at the entries of column c.

The sums of 64 columns stay in vector registers while all entries are added. LLVM does not find that
form in a loop over the columns, so `_adder` writes it in LLVM's own terms: for a batch of 128 rows
of MNIST and 128 units it takes 72 us instead of 125 (four rows at a time, as a loop), and a dense
product takes 118.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from digitus.nn.compiled.arrays.step_arrays import Array, RowArrays
from digitus.nn.compiled.jit import compiled
from digitus.nn.compiled.vectors import fill

LANES = 16
"""Numbers of a vector: of one register with AVX-512 in float32, of several elsewhere."""
MOST_VECTORS = 8
"""Vectors whose sums stay in registers."""
BLOCK = MOST_VECTORS * LANES
"""Columns that are computed for a whole batch before the next: the weights of 784 inputs for so
many units, 400 kB, stay in the second-level cache."""
ROWS_AHEAD = 4
"""Rows that are fetched from memory before they are needed: some 60 lines of cache are on the way.
Sorting a batch of 128 random rows of MNIST's 60,000 waits 80 us for memory otherwise."""


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def _add_rows(
    typing: Any,
    out: Any,
    rows: Any,
    indices: Any,
    values: Any,
    i: Any,
    start: Any,
    stop: Any,
    column: Any,
    n_vectors: Any,
) -> Any:
    """Add ``values[e] * rows[indices[e]]`` to ``out[i]``, for some vectors from a column on.

    Each number of vectors has code of its own, with that many registers.
    """
    signature = types.void(out, rows, indices, values, i, start, stop, column, n_vectors)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        arrays = [
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[:4], arguments[:4], strict=True)
        ]
        *bounds, wanted = arguments[4:]
        for count in range(1, MOST_VECTORS + 1):
            with builder.if_then(builder.icmp_signed("==", wanted, wanted.type(count))):
                _generate_sums(context, builder, arrays, bounds, count)
        return context.get_dummy_value()

    return signature, generate


def _generate_sums(context: Any, builder: Any, arrays: Any, bounds: Any, count: int) -> None:
    """Generate the loop over the entries for a number of vectors."""
    out, rows, indices, values = arrays
    i, start, stop, column = bounds
    number, index = out.data.type.pointee, ir.IntType(64)
    vector = ir.VectorType(number, LANES)
    size = context.get_abi_sizeof(number)
    width = builder.extract_value(rows.shape, 1)

    def vector_at(first: Any, k: int) -> Any:
        pointer = builder.gep(first, [index(k * LANES)])
        return builder.bitcast(pointer, vector.as_pointer())

    first = builder.gep(out.data, [builder.add(builder.mul(i, width), column)])
    sums = [cgutils.alloca_once(builder, vector) for _ in range(count)]  # become registers
    for k, total in enumerate(sums):
        builder.store(builder.load(vector_at(first, k), align=size), total)
    with cgutils.for_range_slice(builder, start, stop, index(1)) as (entry, _):
        value = builder.load(builder.gep(values.data, [entry]))
        factor = _repeated(builder, vector, value)
        row = builder.zext(builder.load(builder.gep(indices.data, [entry])), index)
        weight = builder.gep(rows.data, [builder.add(builder.mul(row, width), column)])
        for k, total in enumerate(sums):
            numbers = builder.load(vector_at(weight, k), align=size)
            term = builder.fmul(factor, numbers, flags=("contract",))
            builder.store(builder.fadd(builder.load(total), term, flags=("contract",)), total)
    for k, total in enumerate(sums):
        builder.store(builder.load(total), vector_at(first, k), align=size)


def _repeated(builder: Any, vector: Any, value: Any) -> Any:
    """Return a vector that holds the value in all lanes."""
    nothing, lane = ir.Constant(vector, ir.Undefined), ir.IntType(32)
    one = builder.insert_element(nothing, value, lane(0))
    lanes = ir.Constant(ir.VectorType(lane, LANES), [0] * LANES)
    return builder.shuffle_vector(one, nothing, lanes)


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def _prefetch(typing: Any, array: Any, index: Any) -> Any:
    """Ask for the line of cache that holds ``array[index]``, of a flat array, without waiting."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        pointer = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [pointer, number(0), number(3), number(1)])  # read, keep, data
        return context.get_dummy_value()

    return types.void(array, index), generate


@compiled
def add_weighted_rows(
    out: Array,
    i: int,
    rows: Array,
    indices: Array,
    values: Array,
    start: int,
    stop: int,
    column: int,
) -> None:
    """Add ``values[e] * rows[indices[e]]`` to ``out[i]``, for entries e from start to below stop.

    Args:
        out: (r, w), w a multiple of `LANES`.
        i: the row to add to; views of rows are avoided, because Numba counts references to them.
        rows: (m, w).
        indices: (entries,) unsigned.
        values: (entries,).
        start: first entry.
        stop: end of the entries.
        column: first column; `BLOCK` columns are added, or all up to w.
    """
    n_vectors = (min(column + BLOCK, out.shape[1]) - column) // LANES
    _add_rows(out, rows, indices, values, i, start, stop, column, n_vectors)


@compiled
def _fetch(rows: RowArrays, targets: Array, batch: Array, number: int) -> None:
    """Ask for a row of a batch, and for the start of the row that comes as much later.

    ``targets`` are the rows' targets, flat.
    """
    if number + ROWS_AHEAD < len(batch):
        _prefetch(rows.starts, batch[number + ROWS_AHEAD])
    if number < len(batch):
        row = batch[number]
        start, stop = rows.starts[row], rows.starts[row + 1]
        for entry in range(start, stop, 32):  # 64 bytes of columns
            _prefetch(rows.columns, entry)
        for entry in range(start, stop, 16):  # 64 bytes of values in float32
            _prefetch(rows.values, entry)
        _prefetch(targets, row * rows.targets.shape[1])


@compiled
def add_product(z: Array, rows: RowArrays, batch: Array, weight: Array) -> None:
    """Add ``x @ weight`` to ``z``.

    Args:
        z: (n, w).
        rows: all rows, compressed.
        batch: (n,) the rows of x.
        weight: (d, w).
    """
    for column in range(0, z.shape[1], BLOCK):
        for i in range(len(batch)):
            start, stop = rows.starts[batch[i]], rows.starts[batch[i] + 1]
            add_weighted_rows(z, i, weight, rows.columns, rows.values, start, stop, column)


@compiled
def sort_by_column(
    rows: RowArrays,
    batch: Array,
    first: int,
    starts: Array,
    indices: Array,
    values: Array,
    offset: int,
) -> None:
    """Sort the entries of some rows of a batch by column (counting sort).

    Args:
        rows: all rows, compressed.
        batch: (m,) the rows to sort.
        first: number in the batch of the first of them.
        starts: (d + 1,) filled with the first sorted entry of each column.
        indices: filled with the number in the batch of each sorted entry.
        values: filled with the sorted entries.
        offset: the first sorted entry of all.
    """
    targets = rows.targets.reshape(-1)
    fill(starts, 0)
    for i in range(min(ROWS_AHEAD, len(batch))):
        _fetch(rows, targets, batch, i)
    for i in range(len(batch)):
        _fetch(rows, targets, batch, i + ROWS_AHEAD)
        for entry in range(rows.starts[batch[i]], rows.starts[batch[i] + 1]):
            starts[rows.columns[entry]] += 1
    total = offset
    for column in range(len(starts)):
        count = starts[column]
        starts[column] = total
        total += count
    for i in range(len(batch)):
        for entry in range(rows.starts[batch[i]], rows.starts[batch[i] + 1]):
            column = rows.columns[entry]
            indices[starts[column]] = first + i
            values[starts[column]] = rows.values[entry]
            starts[column] += 1  # in the end, the first entry of the next column
    for column in range(len(starts) - 1, 0, -1):
        starts[column] = starts[column - 1]
    starts[0] = offset
