"""Options of ``digitus serve`` about reading and review: where data is kept, and limits."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.options import Number, Whole

if TYPE_CHECKING:
    from digitus.errors import DigitusError
    from digitus.review.store import ReviewStore
    from digitus.web.limits import Limits
    from digitus.web.page_models import PageModel
    from digitus.web.work.archive_taking import Taken
    from digitus.web.work.services import Services


@dataclass(frozen=True)
class ServiceOptions:
    """The options as given.

    Attributes:
        database: URL; None is a file in the folder.
        data_folder: None is the default one.
        archive: path or URL of Parquet files whose doubtful pages are taken; None takes none.
        limits: by name; those that are left out are None.
    """

    database: str | None
    data_folder: Path | None
    archive: str | None
    limits: dict[str, Any]

    @contextmanager
    def services(self, models: "Sequence[PageModel]", source: str | None) -> "Iterator[Services]":
        """Open the database, and yield what reads and keeps pages; it is ended with the block.

        Args:
            models: read single digits; the first one also pages.
            source: the first one as a shipped name or a file; None is the default model.

        Raises:
            DatabaseError, MissingLibraryError: if the database cannot be opened.
            WriteError: if the folder cannot be written.
        """
        from digitus.review.store import ReviewStore
        from digitus.web.work.services import Services
        from digitus.web.work.upload_folder import upload_folder

        store = ReviewStore.open(self.database, self.data_folder)
        with upload_folder(store.folder) as uploads:
            services = Services(models, source, self._limits(), uploads, store)
            services.start()
            try:
                with self._taking(store):
                    yield services
            finally:
                services.close()

    @contextmanager
    def _taking(self, store: "ReviewStore") -> "Iterator[None]":
        """Take the archive while the block runs.

        Raises:
            CheckpointError: if it has no parts.
            MissingLibraryError: if what it is read with is not installed.
        """
        if self.archive is None:
            yield
            return
        from digitus.reader.cluster.doubtful_pages import part_paths
        from digitus.reader.cluster.parts import schema
        from digitus.web.work.archive_taking import ArchiveTaking

        schema()  # says at once that a library is missing
        part_paths(self.archive)  # and that there is nothing to take
        taking = ArchiveTaking(store, self.archive, _tell_taken)
        taking.start()
        try:
            yield
        finally:
            taking.stop()

    def _limits(self) -> "Limits":
        from digitus.web.limits import Limits

        return Limits(**{name: value for name, value in self.limits.items() if value is not None})


def _tell_taken(found: "Taken | DigitusError") -> None:
    """Print what was taken of the archive."""
    from digitus.cli.screen import counted, line, note
    from digitus.errors import DigitusError

    if isinstance(found, DigitusError):
        note(f"digitus: {found}")
        return
    for error in found.errors:
        note(f"digitus: {error}")
    before = f", {counted(found.n_known, 'part')} taken before" if found.n_known else ""
    line(
        f"Of the archive, {counted(found.n_to_check, 'page')} to check and "
        f"{counted(found.n_sure, 'page')} without doubts are new{before}"
    )


_WHOLE, _SECONDS = Whole(min=1), Number(min=1)
_LIMITS: dict[str, tuple[str, click.ParamType[Any], str, str]] = {
    "body_mb": ("--max-upload", _WHOLE, "MB", "Size of all files of a request.  [default: 256]"),
    "files": ("--max-files", _WHOLE, "N", "Files of a request.  [default: 200]"),
    "pixels": ("--max-pixels", _WHOLE, "N", "Pixels of a page.  [default: 100 million]"),
    "pages": (
        "--max-pages",
        _WHOLE,
        "N",
        "Pages of a document, and of a request to read at once.  [default: 500]",
    ),
    "page_s": (
        "--page-timeout",
        _SECONDS,
        "S",
        "Give up the reading of a page after S seconds.  [default: 60]",
    ),
    "body_s": (
        "--upload-timeout",
        _SECONDS,
        "S",
        "Refuse an upload that takes S seconds longer than at 20 kB/s.  [default: 30]",
    ),
    "workers": (
        "--workers",
        _WHOLE,
        "N",
        "Processes that read pages.  [default: one for each core]",
    ),
    "worker_mb": (
        "--worker-memory",
        Whole(min=800),
        "MB",
        "Address space of a worker; Linux limits it.  [default: 2000]",
    ),
    "queue": (
        "--max-queue",
        _WHOLE,
        "N",
        "Pages and images that wait to be read for requests.  [default: 1000]",
    ),
    "requests": (
        "--max-requests",
        _WHOLE,
        "N",
        "Requests at a time, and open pages that follow a batch.  [default: 256]",
    ),
    "client_requests": (
        "--max-client-uploads",
        _WHOLE,
        "N",
        "Uploads, and unfinished jobs, of one address at a time.  [default: 16]",
    ),
    "job_s": (
        "--keep-results",
        _SECONDS,
        "S",
        "Keep the result of a job of the API for S seconds.  [default: 3600]",
    ),
}
"""By field of `Limits`: option, type, metavariable, help; tests compare the defaults."""


def service_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command; it gets them as ``service``."""

    @wraps(command)
    def with_options(
        *args: Any,
        database: str | None,
        data_folder: Path | None,
        review_parquet: str | None,
        **options: Any,
    ) -> Any:
        limits = {name: options.pop(name) for name in _LIMITS}
        service = ServiceOptions(database, data_folder, review_parquet, limits)
        return command(*args, service=service, **options)

    for name, (option, kind, metavar, text) in reversed(_LIMITS.items()):
        add = click.option(option, name, type=kind, metavar=metavar, help=text)
        with_options = add(with_options)
    with_options = click.option(
        "--review-parquet",
        metavar="DIR",
        help=(
            "Take the doubtful pages of what `digitus read --parquet` has written into DIR, a path "
            "or a URL, as batches to be checked. Their images are fetched from where the pages lay "
            "when somebody looks at them (extra `cluster`)."
        ),
    )(with_options)
    with_options = click.option(
        "--data-folder",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Keep batches, pages and uploads here.  [default: digitus/review in your data folder]",
    )(with_options)
    return click.option(
        "--database",
        metavar="URL",
        help=(
            "Keep batches in this database, so that several servers share them: "
            "postgresql://name:password@host/database (extra `postgres`), or a file of SQLite, "
            "sqlite:///FILE.  [default: a file in the data folder]"
        ),
    )(with_options)
