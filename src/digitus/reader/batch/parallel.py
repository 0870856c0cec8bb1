"""Many pages by many processes, in order, with bounded memory; a page that kills one stops nothing.

Each process loads the model once and computes with one thread: processes that each start threads
for all cores only fight over them.
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from digitus.reader.batch.page_task import Job, Outcome, Task, Worker

FEW = 4
"""So many pages are read before other processes would have started."""

_AHEAD = 3  # pages under way for each process
_LISTEN_S = 0.2  # so often a wish to stop is heard
_ENDED = "the process that read it was ended, most likely for lack of memory; make it smaller"

_worker: Worker | None = None


def read_many(
    tasks: Iterable[Task], job: Job, *, n_jobs: int, stop: Callable[[], bool]
) -> Iterator[Outcome]:
    """Do tasks; give what comes of them in their order.

    Args:
        tasks: asked for only as they are needed.
        job: what is wanted of every page.
        n_jobs: number of processes at most; 1 reads in this one.
        stop: asked between pages; when it says yes, pages under way are finished, no more.

    Raises:
        ModelFileError: if there is no such model, or it cannot promise what the job asks.
    """
    left = iter(tasks)
    first = list(islice(left, FEW))
    if n_jobs == 1 or len(first) < FEW:
        yield from _one_by_one(chain(first, left), Worker(job), stop)
        return
    pool = _Pool(job, n_jobs)
    try:
        yield from _in_order(chain(first, left), pool, stop)
    finally:
        pool.close()


def _one_by_one(
    tasks: Iterable[Task], worker: Worker, stop: Callable[[], bool]
) -> Iterator[Outcome]:
    for task in tasks:
        if stop():
            return
        yield worker.do(task)


def _in_order(tasks: Iterator[Task], pool: "_Pool", stop: Callable[[], bool]) -> Iterator[Outcome]:
    """Keep so many tasks under way that no process waits; give the oldest when it is done."""
    under_way: deque[tuple[Task, Future[Outcome]]] = deque()
    while True:
        if stop():
            tasks = iter(())
            while under_way and under_way[-1][1].cancel():
                under_way.pop()
        for task in islice(tasks, pool.room - len(under_way)):
            under_way.append((task, pool.submit(task)))
        if not under_way:
            return
        try:
            outcome = under_way[0][1].result(timeout=_LISTEN_S)
        except NotYet:
            continue
        except BrokenProcessPool:
            yield from pool.rescue([task for task, _ in under_way], stop)
            under_way.clear()
            continue
        under_way.popleft()
        yield outcome


class _Pool:
    """Processes that do tasks, started anew when one of them was killed."""

    def __init__(self, job: Job, n_jobs: int) -> None:
        self.job, self.n_jobs, self.room = job, n_jobs, _AHEAD * n_jobs
        self._executor = self._start(n_jobs)

    def submit(self, task: Task) -> "Future[Outcome]":
        """Hand a task to the next free process; where they all ended, the result tells."""
        with _deaf():
            try:
                return self._executor.submit(_do, task)
            except BrokenProcessPool as error:
                failed: Future[Outcome] = Future()
                failed.set_exception(error)
                return failed

    def rescue(self, tasks: Iterable[Task], stop: Callable[[], bool]) -> Iterator[Outcome]:
        """Do tasks one by one in one process: any may have killed the last one."""
        self._executor.shutdown(wait=False)
        alone = self._start(1)
        for task in tasks:
            if stop():
                break
            try:
                with _deaf():
                    future = alone.submit(_do, task)
                yield future.result()
            except BrokenProcessPool:
                yield Outcome(task, error=f"{task.what}: {_ENDED}")
                alone = self._start(1)
        alone.shutdown()
        self._executor = self._start(self.n_jobs)

    def close(self) -> None:
        """End the processes; those under way at an interruption are ended at once."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        self._executor.shutdown(wait=True)

    def _start(self, n_jobs: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            n_jobs, mp_context=context, initializer=_prepare, initargs=(self.job,)
        )


def _prepare(job: Job) -> None:
    """Make a fresh process ready: one thread, deaf to Ctrl-C, the model loaded."""
    global _worker
    import cv2
    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    _worker = Worker(job)
    threadpool_limits(1)


def _do(task: Task) -> Outcome:
    if _worker is None:
        raise RuntimeError("the process was not made ready")
    return _worker.do(task)


@contextmanager
def _deaf() -> Iterator[None]:
    """Hold Ctrl-C back while a process is started: the child must not hear it, the parent later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before: set[Any] = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
