"""Alternating measurements (A B A B ...) of worker processes or whole commands.

A worker prepares once and is idle while the others run, so that the thread pools of one do not
disturb another. The number of threads is set before anything is imported in it. A script that
starts workers must not import NumPy at module level: the workers would import it before that.
"""

import importlib.util
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Duty = Callable[..., Any]


class Worker:
    """A process that prepares a function, its duty, once and calls it on request.

    Args:
        make: a function at module level that returns the duty.
        arguments: arguments of ``make``.
        threads: number of threads of the process.

    Raises:
        SystemExit: if the process fails; its error is on stderr.
    """

    def __init__(self, make: Callable[..., Duty], *arguments: Any, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.name = make.__name__
        self._process = context.Process(
            target=_serve, args=(theirs, threads, make, arguments), daemon=True
        )
        self._process.start()
        theirs.close()
        self._answer()  # wait until it is ready

    def ask(self, *question: Any) -> Any:
        """Call the duty with these arguments; return its result."""
        self._pipe.send(question)
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()

    def _answer(self) -> Any:
        try:
            return self._pipe.recv()
        except EOFError:
            raise SystemExit(f"{self.name} has failed") from None


def _serve(pipe: Connection, threads: int, make: Callable[..., Duty], arguments: Any) -> None:
    """Run in the worker process: prepare the duty, then answer until None is received."""
    os.environ.update(dict.fromkeys(_THREADS, str(threads)))
    duty = make(*arguments)
    pipe.send(None)
    while (question := pipe.recv()) is not None:
        pipe.send(duty(*question))


def ask_in_turn(
    workers: dict[str, Worker], rounds: int, *question: Any, warm_ups: int = 1
) -> dict[str, list[Any]]:
    """Ask all workers the same, alternating; return the answers after the warm-ups."""
    answers: dict[str, list[Any]] = {name: [] for name in workers}
    for number in range(rounds + warm_ups):
        for name, worker in workers.items():
            answer = worker.ask(*question)
            if number >= warm_ups:
                answers[name].append(answer)
    return answers


def run_in_turn(
    commands: dict[str, list[str]],
    runs: int,
    *,
    check: Callable[[str, str], None] | None = None,
    warm_ups: int = 1,
) -> dict[str, list[float]]:
    """Run whole commands, alternating; return the seconds of each after the warm-ups.

    ``check`` is called with name and standard output after each run, outside the timing.

    Raises:
        SystemExit: if a command fails; the message is its stderr.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + warm_ups):
        for name, command in commands.items():
            start = perf_counter()
            done = subprocess.run(command, capture_output=True, text=True)
            taken = perf_counter() - start
            if done.returncode:
                raise SystemExit(f"{name} failed: {done.stderr.strip()}")
            if number >= warm_ups:
                seconds[name].append(taken)
            if check is not None:
                check(name, done.stdout)
    return seconds


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of the values do not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile(range(1, 101), 0.99)
    (2, 99)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1e6) * len(ordered) // 10**6) - 1)]


def installed(package: str) -> bool:
    """Return whether a package is installed; if not, print on stderr how to install it."""
    if importlib.util.find_spec(package) is not None:
        return True
    print(
        f"{package} is not installed and is left out; make bench-peers installs it", file=sys.stderr
    )
    return False
