"""What ``digitus read`` prints and writes, page by page and at the end."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import click

from digitus.cli.read.destinations import Targets, held
from digitus.cli.read.json_output import JsonStream
from digitus.cli.read.progress_bar import Bar
from digitus.cli.read.reading_view import show_page
from digitus.cli.read.table_files import summary, write_tables
from digitus.cli.screen import note
from digitus.errors import ReadError
from digitus.reader.batch.journal import Journal, Pages
from digitus.reader.batch.journal_entries import Entry
from digitus.reader.batch.page_task import Outcome
from digitus.reader.export.csv_tables import csv_text
from digitus.reader.results.reading import PageReading


class Outputs:
    """Takes what comes of each page; at the end writes the tables.

    Args:
        targets: where results go.
        order: the place of each source in the tables.
        journal: of all pages that were read; None where nothing is written.
        options: of the command line.

    Attributes:
        exit_code: 1 once something failed.
        is_cut_off: whether nobody listens to stdout any more.
    """

    def __init__(
        self,
        targets: Targets,
        order: Mapping[str, int],
        *,
        journal: Journal | None,
        options: Mapping[str, Any],
    ) -> None:
        self.targets, self.order, self.journal = targets, order, journal
        self.exit_code, self.is_cut_off = 0, False
        self._errors: list[ReadError] = []
        self._n_new, self._is_whole = 0, False
        self._json = JsonStream() if options["as_json"] else None
        self._resume: bool = options["resume"]
        self._replaced = [] if self._resume else held(targets.files)

    def __enter__(self) -> "Outputs":
        """Start."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep the journal where there is something to go on with, and say so."""
        if self.journal is None:
            return
        if self.journal.close(keep=not self._is_whole or self._resume):
            why = "stays for more pages" if self._is_whole else "holds what was read"
            note(f"{self.journal.path} {why}; go on with --resume, or delete it to start anew")

    def take(self, outcome: Outcome, bar: Bar) -> None:
        """Write a page down, and show it."""
        bar.advance()
        with bar.aside():
            if outcome.error is not None:
                self._fail(ReadError(outcome.task.source, outcome.error))
            if outcome.reading is not None:
                self._n_new += 1
                self._write_down(outcome, outcome.reading)
                self._show(outcome.reading, outcome.task.n_pages)

    def finish(self, errors: Sequence[ReadError], *, is_whole: bool) -> None:
        """Write the tables of all pages that were read, and say what was done.

        Args:
            errors: of sources that could not be opened.
            is_whole: whether every page was come to.

        Raises:
            WriteError: if a table cannot be written.
        """
        for error in errors:
            self._fail(error)
        if self.journal is not None and len(self.journal):
            write_tables(self.targets, self.journal, self.order)
        self._is_whole = is_whole and not self.exit_code
        if self.journal is not None:
            self._sum_up(Pages(self.journal, self.order))
        self._print_rest()

    def _fail(self, error: ReadError) -> None:
        self.exit_code = 1
        self._errors.append(error)
        if self._json is None:
            note(f"digitus: {error.error}")

    def _show(self, page: PageReading, n_pages: int) -> None:
        """Print a page; where nobody listens any more, only the files still count."""
        if self.is_cut_off or self.targets.prints_csv:
            return
        try:
            if self._json is None:
                show_page(page, n_pages=n_pages)
            elif self.journal is None:
                self._json.page(page)
        except BrokenPipeError:
            self.is_cut_off = True

    def _write_down(self, outcome: Outcome, page: PageReading) -> None:
        """Put a page into the journal; without a stamp, --resume reads it again."""
        if self.journal is not None:
            stamp = outcome.stamp if outcome.error is None else None
            task = outcome.task
            self.journal.add(Entry(page, outcome.crops, task.n_pages, stamp, task.name))

    def _print_rest(self) -> None:
        """Print what can only be printed as a whole: JSON beside files, and CSV."""
        pages = () if self.journal is None else Pages(self.journal, self.order)
        if self.targets.prints_csv:
            click.echo(csv_text(pages), nl=False)
        if self._json is not None and not self.is_cut_off:
            for page in pages:
                self._json.page(page)
            self._json.end(self._errors)

    def _sum_up(self, pages: Pages) -> None:
        names = ", ".join(map(str, self.targets.lasting.values()))
        if not len(pages.journal):
            note("no page was read, so nothing was written")
            return
        for path in self._replaced:
            note(f"replaced {path}: what it held before is gone")
        if names and self._json is None:
            note(f"wrote {names}: {summary(pages, n_new=self._n_new)}")
