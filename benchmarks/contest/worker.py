"""A contestant in its own process, which is idle while the others compute.

The thread pools of one then do not disturb another, and the variables that limit them are in the
environment before anything is imported.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from contest.cells import Cell, Weights
from contest.interleave import Duty, Worker


@dataclass(frozen=True)
class Entry:
    """A contestant of the table.

    Attributes:
        name: for the table.
        module: name of a module of this package.
        contestant: name of the class in it.
        needs: the library it computes with.
        options: further arguments of the class.
    """

    name: str
    module: str
    contestant: str
    needs: str = "numpy"
    options: dict[str, Any] = field(default_factory=dict)


def thread_limits(threads: int) -> dict[str, str]:
    """Return the variables that limit the threads of every library used here."""
    pools = ("OMP", "OPENBLAS", "MKL", "VECLIB")
    limits = {f"{pool}_NUM_THREADS": str(threads) for pool in pools}
    limits["VECLIB_MAXIMUM_THREADS"] = limits.pop("VECLIB_NUM_THREADS")
    limits |= {"NPROC": str(threads), "PJRT_NPROC": str(threads), "JAX_PLATFORMS": "cpu"}
    if threads == 1:
        limits["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    return limits


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the processes started inside."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class ContestantProcess:
    """A contestant in a worker process, with its methods.

    Args:
        entry: the contestant.
        threads: number of threads of the process.
        n_rows: number of rows to train on; None takes all.
    """

    def __init__(self, entry: Entry, *, threads: int, n_rows: int | None = None) -> None:
        self.entry = entry
        with environment(thread_limits(threads)):
            self._worker = Worker(make_contestant, entry, threads, n_rows, threads=threads)

    def begin(self, cell: Cell, weights: Weights) -> float:
        """Start a cell from the given weights; return the seconds of compilation."""
        return self._worker.ask("begin", cell, weights)

    def epoch(self) -> tuple[float, float | None]:
        """Train on all rows once; return the seconds, measured in the process, and the loss."""
        return self._worker.ask("epoch")

    def weights(self) -> Weights | None:
        """Return the trained weights; None if nothing is trained."""
        return self._worker.ask("weights")

    def close(self) -> None:
        """End the process."""
        self._worker.close()


def make_contestant(entry: Entry, threads: int, n_rows: int | None) -> Duty:
    """Return the duty of a contestant's process: call a method of it by name."""
    rows = import_module("contest.rows").load_rows(n_rows)
    make = getattr(import_module(f"contest.{entry.module}"), entry.contestant)
    contestant = make(rows, threads, **entry.options)
    return lambda name, *arguments: getattr(contestant, name)(*arguments)
