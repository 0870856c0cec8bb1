"""What stands behind the endpoints: workers, drawings, jobs, their limits and metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digitus.models.model import Model
from digitus.recognizer import Recognizer
from digitus.review.store import ReviewStore
from digitus.web.limits import Limits
from digitus.web.metrics import Metrics
from digitus.web.page_models import PageModel
from digitus.web.work.batch_reading import BatchReading
from digitus.web.work.drawings import DrawingReader
from digitus.web.work.page_sources import PageSources
from digitus.web.work.read_jobs import ReadJobs
from digitus.web.work.review_work import ReviewWork
from digitus.web.work.worker_pool import PoolSettings, WorkerPool


@dataclass(frozen=True)
class ServedModel:
    """A model that reads single digits.

    Attributes:
        recognizer: reads drawings.
        source: the same model for workers, as a shipped name or a file; None is the default model.
    """

    recognizer: Recognizer
    source: str | None


class Services:
    """The work of one server. Processes and threads are started at their first use.

    Args:
        models: read single digits; the first one reads where none is chosen, and pages.
        model_source: the first one as a shipped name or a file; None is the default model.
        limits: of the server.
        folder: for uploads in progress; it exists.
        store: keeps batches for review; None keeps none.

    Attributes:
        limits: of the server.
        model: the first one, which reads where none is chosen.
        models: all of them by name.
        uploads: the folder for uploads in progress.
        quick: a worker for single digits and for counting pages, so that these never wait for a
            page to be read.
        pages: workers that read pages.
        drawings: reads drawings.
        jobs: of ``POST /api/read``.
        metrics: of the server.
        review: the store, and what reads the batches in it; None without a store.
    """

    def __init__(
        self,
        models: Sequence[PageModel],
        model_source: str | None,
        limits: Limits,
        folder: Path,
        store: ReviewStore | None = None,
    ) -> None:
        self.model: Model = models[0].model
        self.models = {
            one.name: ServedModel(Recognizer(one.model), one.name if at else model_source)
            for at, one in enumerate(models)
        }
        self.limits, self.uploads = limits, folder
        self.quick = WorkerPool(self._pool(1))
        self.pages = WorkerPool(self._pool(limits.workers))
        self.drawings = DrawingReader()
        self.jobs = ReadJobs(self.pages, limits, model_source)
        self.metrics = Metrics()
        self.review: ReviewWork | None = None
        if store is not None:
            reading = BatchReading(
                store, self.quick, self.pages, limits, model_source, self.metrics
            )
            sources = PageSources(store, self.pages, limits, folder, model_source)
            self.review = ReviewWork(store, reading, sources)
            self.metrics.watch(
                {
                    "digitus_batches_in_trouble": (
                        "1 while pages that were read cannot be kept, else 0.",
                        lambda: float(reading.trouble is not None),
                    )
                }
            )
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

    def _pool(self, n: int) -> PoolSettings:
        limits = self.limits
        return PoolSettings(n, limits.worker_mb, limits.page_s, limits.queue)

    @property
    def data_folder(self) -> Path:
        """Where batches are kept, or the uploads if there is no store."""
        return self.uploads if self.review is None else self.review.store.folder

    def start(self) -> None:
        """Begin to read what waits in the store."""
        if self.review is not None:
            self.review.reading.start()

    def close(self) -> None:
        """End the processes and threads; pages of batches that are in progress wait again."""
        self.quick.stop()
        self.pages.stop()
        self.drawings.stop()
        if self.review is not None:
            self.review.reading.stop()
            self.review.store.close()
