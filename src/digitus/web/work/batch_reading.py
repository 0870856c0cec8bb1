"""Read the batches of the review store in the background, in one thread that asks workers.

What waits is claimed from the store a few pages at a time, so that several servers can share a
database, and a killed server's pages are read by the next one.
"""

import logging
import time
import traceback
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from digitus.errors import DatabaseError, DigitusError, NotThere, ReviewError, WriteError
from digitus.review.store import ReviewStore
from digitus.review.work import Work
from digitus.web.limits import Limits
from digitus.web.metrics import Metrics
from digitus.web.work.tasks import CountPages, ReadingSettings, ReadPage, ReadPageResult, TaskError
from digitus.web.work.worker_pool import Stopped, WorkerPool

RANK = 2
"""Pages of batches are read after those of jobs, which somebody waits for."""


@dataclass(frozen=True)
class Intervals:
    """How often the store is asked, set by hand, in seconds.

    Attributes:
        look_s: for what other servers took in; what this one takes in, it is told.
        renew_s: for claims, which end after a minute.
        retry_s: after the database or the disk refused.
    """

    look_s: float = 2.0
    renew_s: float = 15.0
    retry_s: float = 3.0


INTERVALS = Intervals()


class BatchReading:
    """Reads what waits in a store, and keeps the results there.

    Args:
        store: with the batches.
        quick: counts pages.
        pages: reads pages.
        limits: of the server.
        model: a shipped name or a model file; None is the default model.
        metrics: counts the pages.

    Attributes:
        trouble: why the last result could not be kept; None if all is well. It is tried again.
    """

    def __init__(
        self,
        store: ReviewStore,
        quick: WorkerPool,
        pages: WorkerPool,
        limits: Limits,
        model: str | None,
        metrics: Metrics,
    ) -> None:
        self.store = store
        self.trouble: str | None = None
        self._quick, self._pages = quick, pages
        self._limits, self._model, self._metrics = limits, model, metrics
        self._events: SimpleQueue[_Finished | None] = SimpleQueue()
        self._unsaved: list[_Finished] = []
        self._n_in_progress = 0
        self._is_stopped = False
        self._renewed_at = time.monotonic()
        self._thread = Thread(target=self._run, name="batches", daemon=True)

    def start(self) -> None:
        """Begin; pages that waited when the last server ended are read."""
        self._thread.start()

    def look(self) -> None:
        """Tell it that there is something new."""
        self._events.put(None)

    def stop(self) -> None:
        """End; pages in progress wait again. The pools must be stopped before."""
        self._is_stopped = True
        self.look()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        """Claim work, and keep results as they come, until it is stopped."""
        while not self._is_stopped:
            try:
                self._save_unsaved()
                self._renew()
                self._claim()
                self.trouble = None
                wait_s = INTERVALS.look_s
            except DigitusError as error:  # the disk is full, the database is away
                if self.trouble is None:
                    logging.getLogger(__name__).warning("%s; tried again until it succeeds", error)
                self.trouble = str(error)
                wait_s = INTERVALS.retry_s
            self._unsaved += self._next_finished(wait_s)

    def _next_finished(self, wait_s: float) -> "list[_Finished]":
        """Wait for results, or for something new to read."""
        found: list[_Finished] = []
        with suppress(Empty):
            first = self._events.get(timeout=wait_s)
            found += [] if first is None else [first]
            while True:
                another = self._events.get_nowait()
                found += [] if another is None else [another]
        return found

    def _renew(self) -> None:
        if time.monotonic() - self._renewed_at >= INTERVALS.renew_s:
            self._renewed_at = time.monotonic()
            self.store.renew_claims()

    def _claim(self) -> None:
        """Give the workers what waits: one page more than there are workers."""
        while self._n_in_progress <= self._limits.workers and not self._is_stopped:
            work = self.store.next_work()
            if work is None:
                return
            future = self._submit(work)
            self._n_in_progress += 1
            future.add_done_callback(partial(self._finish, work))

    def _finish(self, work: Work, future: "Future[Any]") -> None:
        self._events.put(_Finished(work, future))

    def _submit(self, work: Work) -> "Future[Any]":
        if work.page_id is None:
            task = CountPages(work.path, work.name, self._limits.pages)
            return self._quick.submit(task, is_claimed=True)
        settings = work.settings
        page = ReadPage(
            work.path,
            work.name,
            work.page,
            1,
            ReadingSettings(**settings),
            most_pixels=self._limits.pixels,
            model=self._model,
            keeps_image=True,
        )
        return self._pages.submit(page, rank=RANK, is_claimed=True)

    def _save_unsaved(self) -> None:
        """Keep the results that have come; one that cannot be kept stays for the next time."""
        while self._unsaved:
            finished = self._unsaved[0]
            try:
                self._save(finished)
            except (NotThere, _Abandoned):  # deleted, or the server is being ended
                pass
            except DigitusError:
                raise
            except Exception:  # one page must not stop the others
                traceback.print_exc()
                with suppress(NotThere):
                    self._fail(finished.work, "internal error; the server's terminal shows why")
            self._unsaved.pop(0)
            self._n_in_progress -= 1

    def _save(self, finished: "_Finished") -> None:
        work = finished.work
        try:
            result = finished.future.result()
        except (Stopped, CancelledError) as error:
            raise _Abandoned from error
        except TaskError as error:
            self._fail(work, str(error))
            return
        if work.page_id is None:
            self.store.start_pages(work.document_id, result)
            return
        self._save_page(work.page_id, work, result)

    def _save_page(self, page_id: int, work: Work, result: ReadPageResult) -> None:
        if result.image is None:
            raise ValueError("a page of a batch is read with its image")
        try:
            self.store.save_page(page_id, result.reading, result.image, result.seconds)
        except (NotThere, WriteError, DatabaseError):
            raise
        except ReviewError as error:
            self._fail(work, str(error))
            return
        self._metrics.pages.labels("read").inc()

    def _fail(self, work: Work, sentence: str) -> None:
        if work.page_id is None:
            self.store.fail_document(work.document_id, sentence)
        else:
            self.store.fail_page(work.page_id, sentence)
        self._metrics.pages.labels("failed").inc()


@dataclass(frozen=True)
class _Finished:
    """Work, and its result."""

    work: Work
    future: "Future[Any]"


class _Abandoned(Exception):
    """The work was not done; it waits again."""
