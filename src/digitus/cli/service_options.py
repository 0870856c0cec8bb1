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
    from digitus.web.limits import Limits
    from digitus.web.page_models import PageModel
    from digitus.web.work.services import Services


@dataclass(frozen=True)
class ServiceOptions:
    """The options as given.

    Attributes:
        database: URL; None is a file in the folder.
        data_folder: None is the default one.
        limits: by name; those that are left out are None.
    """

    database: str | None
    data_folder: Path | None
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
                yield services
            finally:
                services.close()

    def _limits(self) -> "Limits":
        from digitus.web.limits import Limits

        return Limits(**{name: value for name, value in self.limits.items() if value is not None})


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
        *args: Any, database: str | None, data_folder: Path | None, **options: Any
    ) -> Any:
        limits = {name: options.pop(name) for name in _LIMITS}
        service = ServiceOptions(database, data_folder, limits)
        return command(*args, service=service, **options)

    for name, (option, kind, metavar, text) in reversed(_LIMITS.items()):
        add = click.option(option, name, type=kind, metavar=metavar, help=text)
        with_options = add(with_options)
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
