"""A contestant in a process of its own, which waits while the others compute.

The thread pools of one then do not disturb another, and the variables that limit them are in the
environment before anything is imported.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from contest.cells import Cell, Weights


@dataclass(frozen=True)
class Entry:
    """Who takes part.

    Attributes:
        name: for the table.
        module: of this package, and the class in it.
        contestant: name of the class.
        needs: the library it computes with.
        options: further arguments of the class.
    """

    name: str
    module: str
    contestant: str
    needs: str = "numpy"
    options: dict[str, Any] = field(default_factory=dict)


def thread_limits(threads: int) -> dict[str, str]:
    """Return the variables that limit the threads of every library here."""
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


class Worker:
    """The near end of a contestant's process.

    Args:
        entry: who it is.
        threads: how many it may use.
        n_rows: how many of the rows it trains on; None means all.

    Raises:
        RuntimeError: if the process ends before it is closed.
    """

    def __init__(self, entry: Entry, *, threads: int, n_rows: int | None = None) -> None:
        self.entry = entry
        context = get_context("spawn")
        self._connection, far_end = context.Pipe()
        arguments = (far_end, entry, threads, n_rows)
        self._process = context.Process(target=serve, args=arguments, daemon=True)
        with environment(thread_limits(threads)):
            self._process.start()
        far_end.close()
        self._receive()

    def begin(self, cell: Cell, weights: Weights) -> float:
        """Start a cell from the given weights; give the seconds of compilation."""
        return self._ask("begin", cell, weights)

    def epoch(self) -> tuple[float, float | None]:
        """Train on all rows once; give the seconds, measured in the process, and the mean loss."""
        return self._ask("epoch")

    def weights(self) -> Weights | None:
        """Return the trained weights; None if nothing is learned."""
        return self._ask("weights")

    def close(self) -> None:
        """End the process."""
        self._connection.send(None)
        self._process.join()

    def _ask(self, name: str, *arguments: Any) -> Any:
        self._connection.send((name, arguments))
        return self._receive()

    def _receive(self) -> Any:
        try:
            return self._connection.recv()
        except EOFError as error:
            message = f"the process of {self.entry.name} has ended; its own message stands above"
            raise RuntimeError(message) from error


def serve(connection: Connection, entry: Entry, threads: int, n_rows: int | None) -> None:
    """Be the process: make the contestant, then do what is asked until None comes."""
    rows = import_module("contest.rows").load_rows(n_rows)
    make = getattr(import_module(f"contest.{entry.module}"), entry.contestant)
    contestant = make(rows, threads, **entry.options)
    connection.send("ready")
    while (request := connection.recv()) is not None:
        name, arguments = request
        connection.send(getattr(contestant, name)(*arguments))
