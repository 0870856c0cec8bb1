"""A barrier for threads that run compiled code: two atomic instructions.

A barrier of an operating system takes longer than the tenth of a step between two meetings. Here
each thread adds 1 to a counter and reads it until all have come. A thread that waits for long gives
its core away, so that the threads also advance on a single core; one that waits without end gives
up, and one that fails says so to the others.
"""

import os
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from digitus.nn.compiled.arrays.step_arrays import Array
from digitus.nn.compiled.jit import compiled

COUNT, FAILED = 0, 1
"""Entries of a barrier (2,), int64: number of arrivals so far, and whether a thread has failed."""
_SPINS = 2_000
"""Reads before the core is given away: some microseconds, as long as threads are usually apart."""
_MOST_YIELDS = 100_000_000
"""Times that the core is given away, about 0.3 us each on an idle core, before giving up."""

_yield_core = types.ExternalFunction(
    "SwitchToThread" if os.name == "nt" else "sched_yield", types.int32()
)


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def _atomic_add(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Add to an entry of an int64 array; all threads see all that was written before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        return builder.atomic_rmw("add", pointer, arguments[2], "seq_cst")

    return types.int64(array, index, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]  # Numba has no types
def _atomic_load(typing: Any, array: Any, index: Any) -> Any:
    """Return an entry of an int64 array, read from memory each time."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        return builder.load_atomic(pointer, "seq_cst", align=8)

    return types.int64(array, index), generate


def _pointer(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Return the address of ``array[index]``."""
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    index = builder.zext(arguments[1], ir.IntType(64))
    return cgutils.gep_inbounds(builder, array.data, index)


@compiled
def fail(barrier: Array) -> None:
    """Tell the other threads not to wait for this one."""
    _atomic_add(barrier, FAILED, 1)


@compiled
def wait(barrier: Array, n_threads: int, most_yields: int = _MOST_YIELDS) -> bool:
    """Wait until all threads have called this as often; return False if one never will."""
    if n_threads == 1:
        return True
    arrived = _atomic_add(barrier, COUNT, 1) + 1
    wanted = (arrived + n_threads - 1) // n_threads * n_threads
    spins = yields = 0
    while _atomic_load(barrier, COUNT) < wanted:
        if _atomic_load(barrier, FAILED):
            return False
        spins += 1
        if spins > _SPINS:
            _yield_core()
            yields += 1
            if yields > most_yields:
                _atomic_add(barrier, FAILED, 1)
                return False
    return True
