"""``digitus read --cluster`` and ``--from-parquet``: an archive, and tables of it."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitus.cli.read.progress_bar import page_bars
from digitus.cli.screen import counted, note

if TYPE_CHECKING:
    from digitus.reader.batch.page_task import Job
    from digitus.reader.cluster.archive_run import ArchiveProgress
    from digitus.reader.cluster.parts import ArchivePages
    from digitus.reader.results.reading import PageReading
    from digitus.review.storage.database import Database

_TABLES = ("csv", "grid_csv", "xlsx", "overlay", "crops")
_HINT = "cancelling the pages in progress; press Ctrl-C again to stop at once"


def read_archive(
    arguments: Sequence[str], options: Mapping[str, Any], job: "Job", *, n_workers: int
) -> int:
    """Read the sources on a cluster into a folder of Parquet files; return the exit code."""
    from digitus.cli.signals import interruptible
    from digitus.files import make_folder
    from digitus.models import load_digit_model
    from digitus.processes import alone_with
    from digitus.reader.cluster.archive_run import ArchiveProgress, ArchiveRun, connected
    from digitus.reader.cluster.batch_task import ClusterJob, models_fingerprint
    from digitus.reader.cluster.locations import find_sources, is_url
    from digitus.reader.cluster.parts import Archive, schema, settings_hash
    from digitus.reader.pipeline.thresholds import make_thresholds

    schema()  # says at once that a library is missing
    model = load_digit_model(job.model)
    make_thresholds(model, min_confidence=job.min_confidence, max_error=job.max_error)
    models = models_fingerprint(model)
    thresholds = {
        "decimal": job.decimal,
        "min_confidence": job.min_confidence,
        "max_error": job.max_error,
    }
    settings = {
        "models": models,
        **{"min-confidence": job.min_confidence, "max-error": job.max_error},
        "decimal": job.decimal,
    }
    folder = str(options["parquet"])
    if not is_url(folder):
        folder = str(Path(folder).resolve())  # workers have another current folder
        make_folder(Path(folder))
    name = Path(job.model).name if job.model else "cnn"
    archive = Archive(folder, settings_hash(settings), name, thresholds)
    data = Path(job.model).read_bytes() if job.model and Path(job.model).is_file() else None
    progress = ArchiveProgress()
    with (
        nullcontext() if is_url(folder) else alone_with(Path(folder)),
        interruptible(_HINT) as interrupt,
        connected(options["cluster"], n_workers=n_workers) as client,
        _shown(progress) as show,
    ):
        run = ArchiveRun(client, ClusterJob(job, archive, models, data), progress)
        unlisted: list[Any] = []
        sources = find_sources(map(_absolute, arguments), unlisted)
        for _ in run.run(sources, stop=lambda: interrupt.wanted):
            show()
            while unlisted:
                run.fail(unlisted.pop())
    for error in progress.errors:
        note(f"digitus: {error.error}")
    note(_summary(progress, str(options["parquet"])))
    if interrupt.wanted:
        note("what was read is kept; the same command continues")
        raise KeyboardInterrupt
    return 1 if progress.errors else 0


def tables_of_archive(options: Mapping[str, Any]) -> int:
    """Write CSV and workbook of a folder of Parquet files; return the exit code."""
    from digitus.reader.cluster.parts import ArchivePages
    from digitus.reader.export.csv_tables import csv_text, write_csv
    from digitus.reader.export.workbook import write_workbook

    pages = ArchivePages(options["from_parquet"])
    target, workbook, reviews = options["csv"], options["xlsx"], options["reviewed"]
    with _reviewed(pages, options["from_parquet"], reviews) as readings:
        if target is not None and str(target) == "-":
            click.echo(csv_text(readings), nl=False)
        elif target is not None:
            write_csv(target, readings, with_confirmed=reviews is not None)
        if workbook is not None:
            write_workbook(workbook, ((page, {}) for page in readings))
    for _, _, error in pages.errors:
        note(f"digitus: {error}")
    names = ", ".join(str(one) for one in (target, workbook) if one and str(one) != "-")
    if names:
        note(f"wrote {names}: {counted(len(pages), 'page')}")
    return 1 if pages.errors else 0


@contextmanager
def _reviewed(
    pages: "ArchivePages", folder: str, reviews: str | None
) -> "Iterator[Iterable[PageReading]]":
    """Yield the pages; those that were reviewed as people have left them.

    Raises:
        DatabaseError, WriteError: if the database of the reviews cannot be opened.
        ReviewError: if it has no page of the archive.
    """
    if reviews is None:
        yield pages
        return
    from digitus.errors import MissingLibraryError, ReviewError
    from digitus.reader.cluster.doubtful_pages import result_id
    from digitus.reader.cluster.locations import is_url

    try:
        from digitus.review.archive_parts import reviewed_pages
        from digitus.review.storage.database import Database
    except ModuleNotFoundError as error:
        raise MissingLibraryError("for --reviewed, pip install 'digitus[web]'") from error
    url = reviews
    if not is_url(reviews):
        file = Path(reviews).absolute() / "review.db"
        if not file.is_file():
            raise ReviewError(
                f"{reviews}: expected the data folder of a server that has taken the archive, "
                f"found no review.db in it; digitus serve prints the folder at its start"
            )
        url = f"sqlite:///{file}"
    database = Database(url)  # the database alone: files of reviews are neither needed nor tidied
    try:
        known = reviewed_pages(database, result_id(folder))
        if not known:
            raise ReviewError(
                f"--reviewed: the database has no page of {folder}; take it first with "
                f"digitus serve --review-parquet"
            )
        yield _Reviewed(pages, database, known)
    finally:
        database.close()


@dataclass(frozen=True)
class _Reviewed:
    """The pages of an archive as people have left them, anew at each iteration."""

    pages: "ArchivePages"
    database: "Database"
    known: Mapping[tuple[str, int], int]

    def __iter__(self) -> "Iterator[PageReading]":
        from digitus.review.archive_parts import reviewed_page

        for page in self.pages:
            page_id = self.known.get((page.source, page.page))
            if page_id is None:
                yield page
            else:
                yield reviewed_page(self.database, page_id, page.source)


def check_options(pages: Sequence[str], options: Mapping[str, Any]) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: with the reason.
    """
    cluster, parquet, archive = (options[one] for one in ("cluster", "parquet", "from_parquet"))
    if archive is not None:
        if pages or cluster or parquet:
            raise click.UsageError("--from-parquet reads no pages; give it --csv or --xlsx alone")
        if options["reviewed"] and str(options["csv"]) == "-":
            raise click.UsageError("--reviewed writes files; give --csv FILE")
        if not (options["csv"] or options["xlsx"]) or any(
            options[one] for one in ("grid_csv", "overlay", "crops", "as_json")
        ):
            raise click.UsageError("--from-parquet writes --csv FILE or --xlsx FILE; give one")
        return
    if options["reviewed"]:
        raise click.UsageError("--reviewed goes with --from-parquet; give both")
    if not pages:
        raise click.UsageError("Missing argument 'PAGE...'.")
    if (cluster is None) != (parquet is None):
        raise click.UsageError("--cluster ADDRESS and --parquet DIR go together; give both")
    if cluster is None:
        return
    if "-" in pages:
        raise click.UsageError("--cluster cannot read stdin; name a file")
    if options["as_json"] or any(options[one] for one in _TABLES):
        raise click.UsageError(
            "--cluster writes --parquet alone; make tables of it with --from-parquet"
        )


def _absolute(path: str) -> str:
    """Return a path that means the same to a worker: URLs and absolute paths stay."""
    from digitus.reader.cluster.locations import is_url

    return path if is_url(path) else str(Path(path).absolute())


def _summary(progress: "ArchiveProgress", folder: str) -> str:
    parts = [f"{counted(progress.n_read, 'page')} read"]
    if progress.n_skipped:
        parts.append(f"{progress.n_skipped:,} read before")
    if progress.n_copies:
        parts.append(f"{progress.n_copies:,} copies of others")
    parts.append(f"{counted(progress.n_to_check, 'number')} to check")
    return f"{folder}: {', '.join(parts)}"


@contextmanager
def _shown(progress: "ArchiveProgress") -> Iterator[Any]:
    """Yield a function that updates a bar with time left and pages a second, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    started = time.monotonic()
    with page_bars("pages, {task.fields[rate]:.1f}/s") as bars:
        task = bars.add_task("", total=None, rate=0.0)

        def show() -> None:
            settled = progress.n_read + progress.n_skipped + progress.n_copies
            rate = progress.n_read / max(time.monotonic() - started, 1e-9)
            bars.update(task, completed=settled, total=progress.n_known, rate=rate)

        yield show
