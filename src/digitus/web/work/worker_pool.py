"""Workers: processes with a limit on memory and on the time for each task.

A worker that takes too long, or whose process ends, is replaced; its task fails with a sentence,
and nothing else is lost. Each worker has a thread here that waits for it.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from multiprocessing.context import SpawnProcess
from threading import Condition, Thread
from typing import Any

from digitus.errors import DigitusError
from digitus.processes import keep_resource_tracker, signals_blocked
from digitus.web.work.tasks import Task, TaskError
from digitus.web.work.worker_process import TaskAnswer, run_worker

_ENDING = "the server is being ended; send it again later"
START_S = 60.0
"""For importing the libraries in a new process, on a machine that is busy."""


class Busy(DigitusError):
    """Too much is waiting already."""


class Stopped(DigitusError):
    """The server is being ended."""


@dataclass(frozen=True)
class PoolSettings:
    """Size and limits of a pool.

    Attributes:
        n: greatest number of processes.
        memory_mb: address space of each.
        task_s: seconds after which a task is given up.
        most_waiting: greatest number of tasks that wait.
    """

    n: int
    memory_mb: int
    task_s: float
    most_waiting: int


class WorkerPool:
    """Does tasks in processes, those of a lower rank first, else in their order.

    Processes are started when they are needed.

    Attributes:
        n_replaced: number of workers that were replaced.
    """

    def __init__(self, settings: PoolSettings) -> None:
        self.settings = settings
        self.n_replaced = 0
        self._waiting: list[tuple[int, int, Task, Future[Any]]] = []
        self._numbers = count()
        self._changed = Condition()
        self._threads: list[Thread] = []
        self._processes: set[SpawnProcess] = set()
        self._n_busy, self._is_stopped = 0, False

    def submit(self, task: Task, *, rank: int = 0, is_claimed: bool = False) -> "Future[Any]":
        """Let a task be done; the future raises ``TaskError`` if it fails.

        Args:
            task: what to do.
            rank: tasks of a lower rank are done before.
            is_claimed: take it however many wait, because the caller limits its tasks itself.

        Raises:
            Busy: if too many tasks wait.
            Stopped: if the pool has ended.
        """
        future: Future[Any] = Future()
        with self._changed:
            if self._is_stopped:
                raise Stopped(_ENDING)
            if not is_claimed and len(self._waiting) >= self.settings.most_waiting:
                raise Busy(
                    f"{len(self._waiting):,} pages and images are waiting already; "
                    "send it again later"
                )
            heappush(self._waiting, (rank, next(self._numbers), task, future))
            if self._n_busy + len(self._waiting) > len(self._threads) < self.settings.n:
                thread = Thread(target=self._serve, name="worker", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()
        return future

    @property
    def n_waiting(self) -> int:
        """Number of tasks that wait."""
        with self._changed:
            return len(self._waiting)

    @property
    def n_busy(self) -> int:
        """Number of tasks in progress."""
        with self._changed:
            return self._n_busy

    @property
    def n_processes(self) -> int:
        """Number of processes."""
        with self._changed:
            return len(self._processes)

    def stop(self) -> None:
        """End the processes; tasks that wait or are in progress fail."""
        with self._changed:
            self._is_stopped = True
            left, self._waiting = self._waiting, []
            processes = list(self._processes)
            self._changed.notify_all()
        for *_, future in left:
            future.cancel()
        for process in processes:
            process.terminate()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """Do tasks with one worker after another."""
        worker: _Worker | None = None
        while (taken := self._next()) is not None:
            task, future = taken
            try:
                worker = worker or self._start()
                answer = worker.do(task, self.settings.task_s)
            except (_Ended, OSError, EOFError) as error:
                self._end(worker, is_replaced=True)
                worker = None
                _fail(future, self._why(task, error))
            else:
                _settle(future, answer)
            finally:
                with self._changed:
                    self._n_busy -= 1
        self._end(worker)

    def _next(self) -> tuple[Task, "Future[Any]"] | None:
        """Wait for a task that nobody has cancelled; None once the pool is ended."""
        with self._changed:
            while True:
                while not self._waiting and not self._is_stopped:
                    self._changed.wait()
                if self._is_stopped:
                    return None
                *_, task, future = heappop(self._waiting)
                if future.set_running_or_notify_cancel():
                    self._n_busy += 1
                    return task, future

    def _start(self) -> "_Worker":
        worker = _Worker(self.settings.memory_mb)
        with self._changed:
            self._processes.add(worker.process)
            is_late = self._is_stopped
        if is_late:
            worker.process.terminate()
        return worker

    def _end(self, worker: "_Worker | None", *, is_replaced: bool = False) -> None:
        if worker is None:
            return
        worker.end()
        with self._changed:
            self._processes.discard(worker.process)
            self.n_replaced += is_replaced and not self._is_stopped

    def _why(self, task: Task, error: Exception) -> DigitusError:
        if self._is_stopped:
            return Stopped(_ENDING)
        if isinstance(error, _TooLong):
            limit = f"{self.settings.task_s:g} s"
            return TaskError(
                f"{task.title}: not finished after {limit}, given up; "
                "try again when the server has less to do, or reduce the image"
            )
        return TaskError(
            f"{task.title}: its process was killed, probably for lack of memory; reduce the image"
        )


async def all_of(pool: WorkerPool, tasks: Sequence[Task]) -> list[Any]:
    """Let tasks be done; return what came of each, a ``TaskError`` where one failed.

    If one is not taken, or the caller is cancelled, those that wait are not done either.

    Raises:
        Busy: if too many tasks wait.
        Stopped: if the pool has ended.
    """
    futures: list[Future[Any]] = []
    try:
        for task in tasks:
            futures.append(pool.submit(task))
        waiting = [asyncio.wrap_future(one) for one in futures]
        found: list[Any] = await asyncio.gather(*waiting, return_exceptions=True)
    finally:
        for one in futures:
            one.cancel()
    for error in found:
        if isinstance(error, asyncio.CancelledError):
            raise Stopped(_ENDING) from error
        if isinstance(error, BaseException) and not isinstance(error, TaskError):
            raise error
    return found


class _Ended(Exception):
    """The process of a worker has ended."""


class _TooLong(_Ended):
    """A task took too long."""


class _Worker:
    """A process and the connection to it."""

    def __init__(self, memory_mb: int) -> None:
        context = multiprocessing.get_context("spawn")
        keep_resource_tracker()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=run_worker, args=(theirs, memory_mb), name="digitus worker", daemon=True
        )
        self._is_new = True
        with signals_blocked():
            self.process.start()
        theirs.close()

    def do(self, task: Task, limit_s: float) -> TaskAnswer:
        """Do a task; the time for the start of the process is not counted as the task's."""
        self.connection.send(task)
        until = time.monotonic() + limit_s + (START_S if self._is_new else 0)
        if not self.connection.poll(max(0.0, until - time.monotonic())):
            raise _TooLong
        answer: TaskAnswer = self.connection.recv()
        self._is_new = False
        return answer

    def end(self) -> None:
        """Kill the process: it holds nothing that must be saved."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def _settle(future: "Future[Any]", answer: TaskAnswer) -> None:
    if answer.error is None:
        future.set_result(answer.value)
    else:
        _fail(future, TaskError(answer.error))


def _fail(future: "Future[Any]", error: DigitusError) -> None:
    future.set_exception(error)
