"""Read many pages in several processes: in order, with bounded memory.

A page whose process is killed, for example for lack of memory, fails alone: the pages in progress
are read again one by one. Each process loads the model once and computes with one thread, because
processes that each start a thread per core compete for the cores.
"""

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice

from digitus.imaging.opening.decoder_messages import silence_decoders
from digitus.processes import end_pool, new_pool, signals_blocked
from digitus.reader.batch.page_task import Job, Outcome, Task, Worker


@dataclass(frozen=True)
class PoolParameters:
    """Parameters of the pool of processes.

    Set by hand: loading the model in a new process takes about as long as reading a few pages, and
    waiting tasks keep each process busy while outcomes are written.

    Attributes:
        min_tasks: least number of pages for which processes are started.
        tasks_per_process: number of pages in progress or waiting for each process.
        poll_s: interval at which ``stop`` is called while a page is awaited.
    """

    min_tasks: int = 4
    tasks_per_process: int = 3
    poll_s: float = 0.2


POOL = PoolParameters()

_worker: Worker | None = None


def read_many(
    tasks: Iterable[Task], job: Job, *, n_jobs: int, stop: Callable[[], bool]
) -> Iterator[Outcome]:
    """Read pages and yield the outcomes in the order of the tasks.

    Args:
        tasks: consumed only as they are needed.
        job: what to do with every page.
        n_jobs: maximum number of processes; 1 reads in this one.
        stop: called between pages; once it returns True, pages in progress are finished and no
            others are started.

    Raises:
        ModelFileError: if there is no such model, or it cannot meet the error bound.
    """
    left = iter(tasks)
    first = list(islice(left, POOL.min_tasks))
    if n_jobs == 1 or len(first) < POOL.min_tasks:
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
        yield worker.run(task)


def _in_order(tasks: Iterator[Task], pool: "_Pool", stop: Callable[[], bool]) -> Iterator[Outcome]:
    """Keep the pool supplied with tasks; yield the outcome of the oldest one when it is done."""
    pending: deque[tuple[Task, Future[Outcome]]] = deque()
    while True:
        if stop():
            tasks = iter(())
            while pending and pending[-1][1].cancel():
                pending.pop()
        for task in islice(tasks, pool.capacity - len(pending)):
            pending.append((task, pool.submit(task)))
        if not pending:
            return
        try:
            outcome = pending[0][1].result(timeout=POOL.poll_s)
        except FutureTimeout:
            continue
        except BrokenProcessPool:
            yield from pool.recover([task for task, _ in pending], stop)
            pending.clear()
            continue
        pending.popleft()
        yield outcome


class _Pool:
    """Processes that do tasks; they are restarted when one of them was killed."""

    def __init__(self, job: Job, n_jobs: int) -> None:
        self.job, self.n_jobs = job, n_jobs
        self.capacity = POOL.tasks_per_process * n_jobs
        self._executor = self._start(n_jobs)

    def submit(self, task: Task) -> "Future[Outcome]":
        """Submit a task; if the pool is broken, the future says so."""
        with signals_blocked():
            try:
                return self._executor.submit(_run, task)
            except BrokenProcessPool as error:
                failed: Future[Outcome] = Future()
                failed.set_exception(error)
                return failed

    def recover(self, tasks: Iterable[Task], stop: Callable[[], bool]) -> Iterator[Outcome]:
        """Do tasks one by one in one process, as any may have killed its process; then restart."""
        self._executor.shutdown(wait=False)
        single = self._start(1)
        for task in tasks:
            if stop():
                break
            try:
                with signals_blocked():
                    future = single.submit(_run, task)
                yield future.result()
            except BrokenProcessPool:
                reason = "its process was killed, probably for lack of memory; reduce the image"
                yield Outcome(task, error=f"{task.title}: {reason}")
                single = self._start(1)
        single.shutdown()
        self._executor = self._start(self.n_jobs)

    def close(self) -> None:
        """End the processes; pages in progress are abandoned."""
        end_pool(self._executor)

    def _start(self, n_jobs: int) -> ProcessPoolExecutor:
        return new_pool(n_jobs, _initialize, self.job)


def _initialize(job: Job) -> None:
    """Prepare a new process: load the model, compute with one thread."""
    global _worker
    import cv2
    from threadpoolctl import threadpool_limits

    warnings.filterwarnings("ignore", module=r"PIL\.")  # as in the command line's own process
    silence_decoders()
    cv2.setNumThreads(1)
    _worker = Worker(job)
    threadpool_limits(1)


def _run(task: Task) -> Outcome:
    if _worker is None:
        raise RuntimeError("the process was not initialized")
    return _worker.run(task)
