"""What stands behind the endpoints: workers, drawings, jobs, their limits and metrics."""

from pathlib import Path

from digitus.models.model import Model
from digitus.recognizer import Recognizer
from digitus.web.limits import Limits
from digitus.web.metrics import Metrics
from digitus.web.work.drawings import DrawingReader
from digitus.web.work.read_jobs import ReadJobs
from digitus.web.work.worker_pool import PoolSettings, WorkerPool


class Services:
    """The work of one server. Processes and threads are started at their first use.

    Args:
        model: reads drawings.
        model_source: the same as a shipped name or a file, for workers; None is the default model.
        limits: of the server.
        folder: for uploads in progress; it exists.

    Attributes:
        limits: of the server.
        model: reads drawings.
        model_source: the same for workers.
        uploads: the folder for uploads in progress.
        quick: a worker for single digits and for counting pages, so that these never wait for a
            page to be read.
        pages: workers that read pages.
        drawings: reads drawings.
        jobs: of ``POST /api/read``.
        metrics: of the server.
    """

    def __init__(
        self, model: Model, model_source: str | None, limits: Limits, folder: Path
    ) -> None:
        self.model, self.model_source = model, model_source
        self.limits, self.uploads = limits, folder
        self.quick = WorkerPool(self._pool(1, most_waiting=limits.queue))
        # Who gives pages to read waits for them, so that few are waiting here.
        self.pages = WorkerPool(self._pool(limits.workers, most_waiting=10_000))
        self.drawings = DrawingReader(Recognizer(model))
        self.jobs = ReadJobs(self.pages, limits, model_source)
        self.metrics = Metrics()
        self.metrics.watch(
            {
                "digitus_worker_processes": (
                    "Processes that read pages and images.",
                    lambda: self.pages.n_processes + self.quick.n_processes,
                ),
                "digitus_workers_busy": (
                    "Pages and images in progress.",
                    lambda: self.pages.n_busy + self.quick.n_busy,
                ),
                "digitus_workers_replaced": (
                    "Workers that took too long or died since the start.",
                    lambda: self.pages.n_replaced + self.quick.n_replaced,
                ),
                "digitus_queue_length": (
                    "Pages and images that wait for a worker.",
                    lambda: self.pages.n_waiting + self.quick.n_waiting,
                ),
                "digitus_job_pages_left": (
                    "Pages that jobs have left.",
                    lambda: self.jobs.n_pages_left,
                ),
            }
        )

    def _pool(self, n: int, *, most_waiting: int) -> PoolSettings:
        limits = self.limits
        return PoolSettings(n, limits.worker_mb, limits.page_s, most_waiting)

    async def stop(self) -> None:
        """End all work; what is in progress is dropped."""
        await self.jobs.stop()
        self.close()

    def close(self) -> None:
        """End the processes and threads."""
        self.quick.stop()
        self.pages.stop()
        self.drawings.stop()
