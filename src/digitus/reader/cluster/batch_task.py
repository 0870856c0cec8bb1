"""Read one batch of pages: the work of one process of the cluster."""

import hashlib
import os
import tempfile
import threading
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from digitus.errors import DigitusError, ModelFileError, ReadFailure
from digitus.reader.batch.page_task import Job, Task, Worker
from digitus.reader.cluster.archive_pages import ArchivePage, inspect
from digitus.reader.cluster.partial_reads import opened_pages
from digitus.reader.cluster.parts import Archive, page_rows

_lock = threading.Lock()
_workers: dict[str, Worker] = {}


@dataclass(frozen=True)
class ClusterJob:
    """What to do with every batch.

    Attributes:
        job: what to do with every page; a model file is replaced by its bytes.
        archive: where the parts go.
        fingerprint: of version and models of the client, which those of a worker must equal.
        model_data: the bytes of the model file; None for a shipped model.
    """

    job: Job
    archive: Archive
    fingerprint: str
    model_data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class BatchOutcome:
    """What became of a batch.

    Attributes:
        n_pages: number of its pages.
        errors: of those that could not be read; they are rows of the part.
        unread: pages whose file could not be fetched, and why; a later run tries them again.
        n_to_check: number of numbers to check.
    """

    n_pages: int
    errors: tuple[ReadFailure, ...] = ()
    unread: tuple[tuple[ArchivePage, str], ...] = ()
    n_to_check: int = 0


def inspect_all(sources: Sequence[str]) -> list[list[ArchivePage] | ReadFailure]:
    """Return the pages of several files, or why one cannot be opened."""
    return [inspect(source) for source in sources]


def read_batch(pages: tuple[ArchivePage, ...], job: ClusterJob) -> BatchOutcome:
    """Read the pages, write their part, and return what is to be told to the user.

    Raises:
        ModelFileError: if the worker has another model or version than the client.
        WriteError: if the part cannot be written.
    """
    with _lock:  # threads of one process share the model, and take turns
        worker = _worker_for(job)
        files = [
            _read_file(worker, source, list(members))
            for source, members in groupby(pages, key=lambda page: page.source)
        ]
    rows = [row for file in files for row in file.rows]
    if rows:
        job.archive.write_part(pages, rows)
    return BatchOutcome(
        len(pages),
        tuple(error for file in files for error in file.errors),
        tuple(one for file in files for one in file.unread),
        sum(bool(row.get("to_check")) for row in rows),
    )


@dataclass(frozen=True)
class _FileOutcome:
    """Rows of the pages of one file, errors among them, and pages that could not be fetched."""

    rows: list[Any] = field(default_factory=list)
    errors: list[ReadFailure] = field(default_factory=list)
    unread: list[tuple[ArchivePage, str]] = field(default_factory=list)


def _read_file(worker: Worker, source: str, pages: Sequence[ArchivePage]) -> _FileOutcome:
    with ExitStack() as stack:
        numbers = [page.page for page in pages]
        try:
            opened = stack.enter_context(opened_pages(source, numbers, pages[0].n_pages))
        except DigitusError as error:
            return _FileOutcome(unread=[(page, str(error)) for page in pages])
        found, path = _FileOutcome(), opened.path
        for page in pages:
            task = Task(path, page.page, page.n_pages, "", document=opened.document)
            outcome = worker.run(task)
            if (failure := opened.failure()) is not None:  # of the store, and not of the page
                sentence = f"{source}: cannot be read ({failure}); check path and access"
                found.unread.append((page, sentence))
                continue
            error_text = outcome.error and outcome.error.replace(path, source)
            reading = outcome.reading and replace(outcome.reading, source=source)
            found.rows.extend(page_rows(page, reading, error_text))
            if error_text:
                found.errors.append(ReadFailure(source, error_text))
        return found


def models_fingerprint(model: Any) -> str:
    """Return what identifies the program's version, a digit model and the sequence recognizer."""
    from importlib.resources import files

    from digitus import __version__
    from digitus.reader.pipeline.thresholds import fingerprint

    weights = files("digitus.models").joinpath("weights", "lines.safetensors").read_bytes()
    return f"{__version__}-{fingerprint(model)}-{hashlib.sha256(weights).hexdigest()[:16]}"


def _worker_for(job: ClusterJob) -> Worker:
    """Return the worker of this process, with models that are loaded once."""
    if job.archive.settings not in _workers:
        _workers.clear()
        _workers[job.archive.settings] = _new_worker(job)
    return _workers[job.archive.settings]


def _new_worker(job: ClusterJob) -> Worker:
    import cv2
    from threadpoolctl import threadpool_limits

    from digitus.imaging.opening.decoder_messages import silence_decoders
    from digitus.models import load_digit_model

    warnings.filterwarnings("ignore", module=r"PIL\.")
    silence_decoders()
    cv2.setNumThreads(1)
    with ExitStack() as stack:
        settings = job.job
        if job.model_data is not None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="digitus-"))
            name = hashlib.sha256(job.model_data).hexdigest()[:16]
            path = os.path.join(folder, f"{name}.safetensors")
            with open(path, "wb") as file:
                file.write(job.model_data)
            settings = replace(settings, model=path)
        if models_fingerprint(load_digit_model(settings.model)) != job.fingerprint:
            raise ModelFileError(
                "a worker's model is not the one of this machine; "
                "install the same version of digitus on all workers"
            )
        worker = Worker(settings)
    threadpool_limits(1)
    return worker
