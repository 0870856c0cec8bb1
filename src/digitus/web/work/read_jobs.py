"""Pages read for ``POST /api/read``: each request is a job, whose result is kept for a while."""

import asyncio
import json
import secrets
import shutil
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from digitus.web.limits import Limits
from digitus.web.work.tasks import ReadingSettings, ReadPage, ReadPageResult, TaskError
from digitus.web.work.worker_pool import Stopped, WorkerPool

JobStatus: TypeAlias = Literal["waiting", "running", "done", "cancelled", "failed"]

PAGES_AHEAD = 2
"""Pages of a job that are given to the workers at a time, for each worker: those of others get
their turn in between."""
RANK = 1
"""Pages of jobs are read before those of batches, which are larger."""


@dataclass(frozen=True)
class JobPage:
    """A page to be read.

    Attributes:
        path: of the file.
        name: of the file, as its sender calls it.
        page: its number, from 1.
        n_pages: number of pages of the file.
    """

    path: Path
    name: str
    page: int
    n_pages: int


@dataclass
class ReadJob:
    """The pages of one request.

    Attributes:
        id: names the job in addresses; nobody can guess it.
        pages: in order.
        settings: how they are read.
        folder: of the files; deleted when the job has ended.
        client: who asked.
        errors: of files that could not be opened, as JSON.
        status: of the job.
        n_done: number of pages that were read or failed.
        ended_at: time by the monotonic clock; None before.
    """

    id: str
    pages: Sequence[JobPage]
    settings: ReadingSettings
    folder: Path
    client: str
    errors: list[dict[str, str]]
    status: JobStatus = "waiting"
    n_done: int = 0
    started_at: float = field(default_factory=time.monotonic)
    ended_at: float | None = None
    _read: dict[int, bytes] = field(default_factory=dict)
    _failed: dict[int, dict[str, str]] = field(default_factory=dict)
    _task: "asyncio.Task[None] | None" = None

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the pages so far; None without one, and 0.0 at the end."""
        if self.ended_at is not None:
            return 0.0
        if not self.n_done:
            return None
        spent = time.monotonic() - self.started_at
        return round(spent / self.n_done * (len(self.pages) - self.n_done), 1)

    def to_json(self) -> dict[str, Any]:
        """Return the state for ``GET /api/jobs/{id}``."""
        return {
            "id": self.id,
            "status": self.status,
            "pages_done": self.n_done,
            "pages": len(self.pages),
            "seconds_left": self.seconds_left,
        }

    @property
    def n_read(self) -> int:
        """Number of pages that were read."""
        return len(self._read)

    @property
    def all_errors(self) -> list[dict[str, str]]:
        """Errors of files that could not be opened, then of pages that could not be read."""
        return [*self.errors, *(self._failed[i] for i in sorted(self._failed))]

    def result(self) -> bytes:
        """Return the envelope of ``read --json`` of all pages."""
        pages = b", ".join(zlib.decompress(self._read[i]) for i in sorted(self._read))
        errors = json.dumps(self.all_errors).encode()
        return b'{"pages": [' + pages + b'], "errors": ' + errors + b"}"

    def fail(self, index: int, sentence: str) -> None:
        """Note that a page could not be read."""
        self._failed[index] = {"source": self.pages[index].name, "error": sentence}

    def add(self, index: int, reading: dict[str, Any]) -> None:
        """Keep the reading of a page."""
        self._read[index] = zlib.compress(json.dumps(reading).encode(), 1)


class ReadJobs:
    """All jobs: those in progress, and those whose result is kept.

    Args:
        pool: reads the pages.
        limits: of the server.
        model: a shipped name or a model file; None is the default model.

    Everything is called in the event loop.
    """

    def __init__(self, pool: WorkerPool, limits: Limits, model: str | None) -> None:
        self._pool, self._limits, self._model = pool, limits, model
        self._jobs: dict[str, ReadJob] = {}

    @property
    def n_pages_left(self) -> int:
        """Number of pages that all jobs together have left."""
        return sum(len(job.pages) - job.n_done for job in self._jobs.values() if not job.ended_at)

    def n_unfinished(self, client: str) -> int:
        """Return the number of jobs of a client that have not ended."""
        return sum(job.client == client and not job.ended_at for job in self._jobs.values())

    def start(
        self,
        pages: Sequence[JobPage],
        settings: ReadingSettings,
        folder: Path,
        *,
        client: str,
        errors: list[dict[str, str]],
    ) -> ReadJob:
        """Start to read pages; the folder of their files is deleted at the end."""
        self._forget_expired()
        job = ReadJob(secrets.token_urlsafe(16), pages, settings, folder, client, errors)
        self._jobs[job.id] = job
        job._task = asyncio.create_task(self._run(job))
        return job

    def get(self, job_id: str) -> ReadJob | None:
        """Return a job; None if there is none, or it has expired."""
        self._forget_expired()
        return self._jobs.get(job_id)

    async def wait(self, job: ReadJob, timeout_s: float) -> bool:
        """Wait until a job has ended; return whether it has."""
        if job._task is not None:
            await asyncio.wait([job._task], timeout=timeout_s)
        return job.ended_at is not None

    async def cancel(self, job: ReadJob) -> None:
        """Stop a job; what it has read is dropped. A page in progress is read to its end."""
        if job.ended_at is None and job._task is not None:
            job._task.cancel()
            await asyncio.wait([job._task])

    def forget(self, job: ReadJob) -> None:
        """Drop a job that has ended."""
        self._jobs.pop(job.id, None)

    async def stop(self) -> None:
        """Stop all jobs."""
        for job in list(self._jobs.values()):
            await self.cancel(job)

    def _forget_expired(self) -> None:
        now = time.monotonic()
        for job in list(self._jobs.values()):
            if job.ended_at is not None and now - job.ended_at > self._limits.job_s:
                self.forget(job)

    async def _run(self, job: ReadJob) -> None:
        """Read the pages of a job, a few at a time."""
        waiting = asyncio.Semaphore(PAGES_AHEAD * self._limits.workers)
        try:
            async with asyncio.TaskGroup() as group:
                for index in range(len(job.pages)):
                    await waiting.acquire()
                    page = group.create_task(self._read_page(job, index))
                    page.add_done_callback(lambda _: waiting.release())
            job.status = "done"
        except asyncio.CancelledError:
            job.status = "cancelled"
            job._read.clear()
        except BaseException:
            job.status = "failed"
            job._read.clear()
        finally:
            job.ended_at = time.monotonic()
            await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)

    async def _read_page(self, job: ReadJob, index: int) -> None:
        page = job.pages[index]
        task = ReadPage(
            page.path,
            page.name,
            page.page,
            page.n_pages,
            job.settings,
            most_pixels=self._limits.pixels,
            model=self._model,
        )
        future = asyncio.wrap_future(self._pool.submit(task, rank=RANK, is_claimed=True))
        job.status = "running"
        try:
            found: ReadPageResult = await future
        except (TaskError, Stopped) as error:
            job.fail(index, str(error))
        else:
            job.add(index, found.reading.to_json())
        job.n_done += 1
