"""Read an archive on a Dask cluster: what the client does.

Sources are inspected and batches read on the workers; the client holds a few of each at a time.
Dask reads a batch again whose worker was killed; if that happens several times, its pages are read
one by one, so that a page that kills its worker fails alone.
"""

import logging
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from digitus.errors import MissingLibraryError, ReadFailure, ServerError
from digitus.reader.cluster.archive_pages import BATCHES, ArchivePage, batches_of
from digitus.reader.cluster.batch_task import BatchOutcome, ClusterJob, inspect_all, read_batch
from digitus.reader.cluster.parts import page_rows

LOCAL = "local"


@dataclass(frozen=True)
class ClientParameters:
    """How much is on its way at a time.

    Set by hand: enough that no worker waits for the client.

    Attributes:
        sources_per_task: number of files that one task inspects.
        tasks_per_core: number of batches, and of inspections, on their way for each core.
        poll_s: interval at which ``stop`` is called while a batch is awaited.
        connect_s: how long the scheduler is waited for.
    """

    sources_per_task: int = 32
    tasks_per_core: int = 3
    poll_s: float = 0.5
    connect_s: float = 15.0


CLIENT = ClientParameters()


@dataclass
class ArchiveProgress:
    """What is known of the run so far.

    Attributes:
        n_known: number of pages found so far.
        n_skipped: of these, pages that an earlier run has read.
        n_copies: of these, pages of files that are copies of others; they are read once.
        n_read: of these, pages that this run has read or found unreadable.
        n_to_check: number of numbers to check in them.
        has_all_sources: whether all files were inspected, so that ``n_known`` is final.
        errors: of files and pages.
    """

    n_known: int = 0
    n_skipped: int = 0
    n_copies: int = 0
    n_read: int = 0
    n_to_check: int = 0
    has_all_sources: bool = False
    errors: list[ReadFailure] = field(default_factory=list)


@contextmanager
def connected(address: str, *, n_workers: int) -> Iterator[Any]:
    """Yield a Dask client of a scheduler, or of workers on this machine for ``local``.

    Args:
        address: ``tcp://host:8786``, or ``local``.
        n_workers: number of processes for ``local``.

    Raises:
        MissingLibraryError: if Dask distributed is not installed.
        ServerError: if there is no scheduler at the address.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise MissingLibraryError("for --cluster, pip install 'digitus[cluster]'") from error
    with ExitStack() as stack:
        where: Any = address
        if address == LOCAL:
            with _terminal_signals_ignored():  # Ctrl-C reaches this process alone
                cluster = LocalCluster(
                    n_workers=n_workers,
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,  # failures come back as errors
                )
            where = stack.enter_context(cluster)
        try:
            client = stack.enter_context(Client(where, timeout=CLIENT.connect_s))
        except (OSError, ValueError) as error:
            raise ServerError(
                f"{address}: no Dask scheduler answers ({error}); start one with dask scheduler, "
                f"or give --cluster local"
            ) from error
        yield client


@contextmanager
def _terminal_signals_ignored() -> Iterator[None]:
    """Ignore what a terminal sends to all its processes; processes that are started inherit it.

    Dask ends its workers by messages and SIGTERM.
    """
    names = [name for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _lost_scheduler_explained() -> Iterator[None]:
    from distributed.client import FutureCancelledError, FuturesCancelledError
    from distributed.comm import CommClosedError

    try:
        yield
    except (FutureCancelledError, FuturesCancelledError, CommClosedError) as error:
        raise ServerError(
            "the scheduler has ended or has dropped the work; what was read is kept, and the same "
            "command continues"
        ) from error


class ArchiveRun:
    """Reads all sources that are not in the archive yet.

    Args:
        client: of Dask.
        job: what to do with every batch.
        progress: is updated while pages are read.
    """

    def __init__(self, client: Any, job: ClusterJob, progress: ArchiveProgress) -> None:
        self.client, self.job, self.progress = client, job, progress
        self._failed: list[Any] = []
        self._done: set[bytes] = set()
        self._planned: set[bytes] = set()

    def run(self, sources: Iterable[str], *, stop: Callable[[], bool]) -> Iterator[None]:
        """Read; yield whenever something has happened, and at least at each poll.

        Args:
            sources: paths and URLs of files, consumed as they are needed.
            stop: once it returns True, what is on its way is cancelled; the parts stay.

        Raises:
            CheckpointError: if the folder holds parts of other settings.
            DigitusError: if a worker cannot load the model or write a part.
        """
        self._done = self.job.archive.done()
        n_cores = max(1, sum(self.client.ncores().values()))
        inspections = self._inspections(iter(sources), n_cores)
        batches = batches_of(self._pages(inspections, stop), BATCHES)
        pending: dict[Any, tuple[ArchivePage, ...]] = {}
        try:
            while not stop():
                with _lost_scheduler_explained():
                    for batch in islice(batches, n_cores * CLIENT.tasks_per_core - len(pending)):
                        self._submit(batch, pending)
                if not pending:
                    break
                yield
                with _lost_scheduler_explained():
                    for future in self._finished(list(pending)):
                        for single in self._take(future, pending.pop(future)):
                            self._submit(single, pending)
        finally:
            with suppress(Exception):  # the scheduler may be gone
                self.client.cancel(list(pending))
        self.job.archive.write_failed(self._failed)
        yield

    def fail(self, failure: ReadFailure) -> None:
        """Add the error of a file that could not be listed or opened."""
        self.progress.errors.append(failure)
        row = {"kind": "error", "source": failure.source, "error": failure.error}
        self._failed.append(row)

    def _inspections(
        self, sources: Iterator[str], n_cores: int
    ) -> Iterator[list[ArchivePage] | ReadFailure]:
        """Yield what the workers say of each file, in order."""
        waiting: list[Any] = []
        while True:
            while len(waiting) < n_cores * CLIENT.tasks_per_core and (
                some := list(islice(sources, CLIENT.sources_per_task))
            ):
                waiting.append(self.client.submit(inspect_all, some, pure=False, priority=1))
            if not waiting:
                return
            yield from waiting.pop(0).result()

    def _pages(
        self,
        inspections: Iterable[list[ArchivePage] | ReadFailure],
        stop: Callable[[], bool],
    ) -> Iterator[ArchivePage]:
        """Yield the pages that are to be read."""
        for found in inspections:
            if stop():
                return
            if isinstance(found, ReadFailure):
                self.fail(found)
                continue
            for page in found:
                self.progress.n_known += 1
                if page.key in self._planned:
                    self.progress.n_copies += 1
                    continue
                self._planned.add(page.key)
                if page.key in self._done:
                    self.progress.n_skipped += 1
                else:
                    yield page
        self.progress.has_all_sources = True

    def _submit(self, batch: Any, pending: dict[Any, Any]) -> None:
        """Submit a batch with all it needs: scattered data would be lost with its workers."""
        pending[self.client.submit(read_batch, batch, self.job, pure=False)] = batch

    def _finished(self, futures: list[Any]) -> list[Any]:
        """Wait for a batch, at most for the time between polls; return those that are finished."""
        from distributed import wait

        try:
            found: set[Any] = wait(
                futures, timeout=CLIENT.poll_s, return_when="FIRST_COMPLETED"
            ).done
        except TimeoutError:
            return []
        return list(found)

    def _take(
        self, future: Any, batch: tuple[ArchivePage, ...]
    ) -> Iterator[tuple[ArchivePage, ...]]:
        """Count a batch; yield the pages of one that has killed its workers, to be read alone."""
        from distributed import KilledWorker

        try:
            outcome: BatchOutcome = future.result()
        except KilledWorker:
            if len(batch) > 1:
                yield from ((page,) for page in batch)
                return
            sentence = "its worker was killed, probably for lack of memory; reduce the image"
            outcome = BatchOutcome(1, unread=((batch[0], f"{batch[0].source}: {sentence}"),))
        self.progress.n_read += outcome.n_pages
        self.progress.n_to_check += outcome.n_to_check
        self.progress.errors += outcome.errors
        for page, error in outcome.unread:
            self.progress.errors.append(ReadFailure(page.source, error))
            self._failed += page_rows(page, None, error)
