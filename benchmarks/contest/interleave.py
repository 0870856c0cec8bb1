"""Contestants in turn (A B A B ...): workers in processes of their own, or whole commands.

A worker prepares once and waits idle while the others run, so that the thread pools of one do not
disturb the other. The number of threads is set before anything is imported in it. A script that
starts workers must not import NumPy at its top: the workers would import it too, too early.
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
    """A process that makes its duty once and then does it whenever it is asked.

    Args:
        make: a function at the top of a module; it gives the duty, a function.
        arguments: of ``make``.
        threads: that the process may use.

    Raises:
        SystemExit: if the process fails; it has told why on stderr.
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
        self._answer()  # it is ready

    def ask(self, *question: Any) -> Any:
        """Have the duty done with these arguments and give its answer."""
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
    """Be the worker."""
    os.environ.update(dict.fromkeys(_THREADS, str(threads)))
    duty = make(*arguments)
    pipe.send(None)
    while (question := pipe.recv()) is not None:
        pipe.send(duty(*question))


def ask_in_turn(
    workers: dict[str, Worker], rounds: int, *question: Any, warm_ups: int = 1
) -> dict[str, list[Any]]:
    """Ask all workers the same in turn, so many rounds; give the answers after the warm-ups."""
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
    """Run whole commands in turn; give the seconds of each after the warm-ups.

    ``check`` hears the name and the standard output after each run, outside of the timing.

    Raises:
        SystemExit: if a command fails; it says what came on stderr.
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
    """Return whether a peer is there; if not, say once on stderr how to get it."""
    if importlib.util.find_spec(package) is not None:
        return True
    print(f"{package} is not installed and left out; make bench-peers installs it", file=sys.stderr)
    return False
