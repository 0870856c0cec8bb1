"""What the server allows: sizes, times, and how much at once."""

import os
from dataclasses import dataclass, field


def n_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """Limits of the server; each is an option of ``digitus serve``.

    Set by hand: a class or an office stays below on a machine with two cores and 4 GB. What is
    above a limit is answered by 413, 422, 429 or 503 with a sentence that names the limit.

    Attributes:
        body_mb: greatest size of a request, in MB of 2^20 bytes.
        files: greatest number of files in a request.
        pixels: greatest number of pixels of a page.
        pages: greatest number of pages of a document.
        page_s: seconds after which the reading of a page is given up.
        body_s: seconds that a request's body may take beside those that its size explains.
        workers: number of processes that read pages.
        worker_mb: memory of a worker in MB, as address space; Windows and macOS do not limit it.
        queue: greatest number of pages and images that wait for a worker.
        requests: greatest number of requests in progress, those of a client's events aside.
        client_requests: greatest number of uploads, and of unfinished jobs, of one client.
        job_s: seconds for which the result of a job is kept.
    """

    body_mb: int = 256
    files: int = 200
    pixels: int = 100_000_000
    pages: int = 500
    page_s: float = 60.0
    body_s: float = 30.0
    workers: int = field(default_factory=n_cores)
    worker_mb: int = 2000
    queue: int = 1000
    requests: int = 256
    client_requests: int = 16
    job_s: float = 3600.0


@dataclass(frozen=True)
class DrawingLimits:
    """Limits of drawings sent as JSON, set by hand: a page of a browser stays far below.

    They are computed in the process that answers requests, so that one request must not take long.

    Attributes:
        body_bytes: greatest size of a request in JSON.
        drawings: greatest number of drawings in a request.
        points: greatest number of points of a drawing, all strokes together.
        canvas_pixels: greatest number of pixels of the canvas.
        work: greatest work of all drawings of a request, see `work/drawings.py`.
    """

    body_bytes: int = 4 * 2**20
    drawings: int = 256
    points: int = 20_000
    canvas_pixels: int = 4_000_000
    work: int = 32_000_000


DRAWING_LIMITS = DrawingLimits()
