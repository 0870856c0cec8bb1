"""Processes that try cases, and the harness that watches them.

A case that hangs, or that kills its process, is recorded as a find, and the next case gets a new
process.
"""

import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from digitus.processes import prepare_worker
from fuzzing.laws import Verdict, try_case

HANG_S = 120.0
"""Longer than the bound of a call, which is of processor time: machines are shared."""
_CASES_AT_ONCE = 20
_CASES_PER_PROCESS = 2_000


@dataclass
class _Worker:
    """A process, the cases that it was given and has not answered, and how many it has."""

    process: Any
    pipe: Connection
    cases: list[Any] = field(default_factory=list)
    n_done: int = 0


class Harness:
    """Tries cases in several processes.

    Args:
        attempt: called with each case in another process; returns what becomes of it.
        n_jobs: number of processes.
        hang_s: time after which processes that say nothing are ended.
    """

    def __init__(
        self,
        attempt: Callable[[Any], Any] = try_case,
        *,
        n_jobs: int,
        hang_s: float = HANG_S,
    ) -> None:
        self.attempt, self.n_jobs, self.hang_s = attempt, n_jobs, hang_s

    def run(self, cases: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each case with what became of it, in no order."""
        left = iter(cases)
        workers = [self._start() for _ in range(self.n_jobs)]
        try:
            for worker in workers:
                worker.pipe.recv()  # it has started
                _give(worker, left)
            while any(worker.cases for worker in workers):
                yield from self._collect(workers, left)
        finally:
            for worker in workers:
                _end(worker)

    def _collect(self, workers: list[_Worker], left: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
        """Take an answer of each process that has one; if none has, all that are busy hang."""
        busy = [worker for worker in workers if worker.cases]
        ready = wait([worker.pipe for worker in busy], timeout=self.hang_s)
        for worker in busy:
            if worker.pipe in ready or not ready:
                is_dead, answer = self._answer(worker) if ready else (True, self._hang())
                yield worker.cases.pop(0), answer
                worker.n_done += 1
                if is_dead or (not worker.cases and worker.n_done > _CASES_PER_PROCESS):
                    self._restart(worker)
                if not worker.cases:
                    _give(worker, left)

    def _answer(self, worker: _Worker) -> tuple[bool, Any]:
        """Return whether the process has died, and its answer."""
        try:
            return False, worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            return True, Verdict("find", f"the process ended with {worker.process.exitcode}")

    def _hang(self) -> Verdict:
        return Verdict("find", f"no answer for {self.hang_s:.0f} s")

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.attempt), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _restart(self, worker: _Worker) -> None:
        """Replace the process; the new one goes on with the cases that are left."""
        _end(worker)
        fresh = self._start()
        worker.process, worker.pipe, worker.n_done = fresh.process, fresh.pipe, 0
        worker.pipe.recv()
        if worker.cases:
            worker.pipe.send(worker.cases)


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _give(worker: _Worker, left: Iterator[Any]) -> None:
    worker.cases = list(islice(left, _CASES_AT_ONCE))
    if worker.cases:
        worker.pipe.send(worker.cases)


def _serve(pipe: Connection, attempt: Callable[[Any], Any]) -> None:
    """Say that the process has started, then try cases until the pipe is closed."""
    os.environ["NO_COLOR"] = "1"
    prepare_worker()
    import cv2

    cv2.setNumThreads(1)
    warnings.filterwarnings("ignore", module=r"PIL\.")  # as in the command line's own process
    pipe.send("ready")
    while True:
        try:
            cases = pipe.recv()
        except EOFError:
            return
        for case in cases:
            pipe.send(attempt(case))
