"""What ``digitus read`` prints and writes, page by page and at the end."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import click

from digitus.cli.read_json import JsonStream
from digitus.cli.read_progress import Bar
from digitus.cli.read_view import show_page
from digitus.cli.screen import note
from digitus.reader.journal import Entry, Journal, Pages
from digitus.reader.reading import PageReading, ReadError
from digitus.reader.tables import are_grids, beside_the_grids, write_csv
from digitus.reader.tasks import Outcome
from digitus.reader.workbook import write_workbook

_FILES, _FOLDERS = ("csv", "xlsx"), ("overlay", "crops")


class Outputs:
    """Takes what comes of each page; at the end writes the tables.

    Args:
        options: of the command line.
        order: the place of each source in the tables.
        journal: of all pages that were read; None where nothing is written.

    Attributes:
        exit_code: 1 once something failed.
    """

    def __init__(
        self, options: Mapping[str, Any], order: Mapping[str, int], journal: Journal | None
    ) -> None:
        self.options, self.order, self.journal = options, order, journal
        self.exit_code = 0
        self._errors: list[ReadError] = []
        self._counts = {"pages": 0, "numbers": 0, "to check": 0}
        self._json = JsonStream() if options["as_json"] else None

    @classmethod
    def open(
        cls, options: Mapping[str, Any], order: Mapping[str, int], settings: dict[str, Any]
    ) -> "Outputs":
        """Open the journal where something is to be written.

        Raises:
            click.UsageError: if there is nothing to resume by.
            CheckpointError: if the journal to resume with is another run's.
            WriteError: if it cannot be written.
        """
        targets = [options[name] for name in (*_FILES, *_FOLDERS) if options[name] is not None]
        if options["resume"] and not targets:
            raise click.UsageError("--resume goes with --csv, --xlsx, --overlay or --crops")
        if not targets:
            return cls(options, order, None)
        path = targets[0].with_name(f"{targets[0].name}.journal")
        return cls(options, order, Journal(path, settings, resume=options["resume"]))

    def __enter__(self) -> "Outputs":
        """Start."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep the journal where there is something to go on with."""
        if self.journal is not None:
            whole = error is None and not self.exit_code
            self.journal.close(keep=not whole or self.options["resume"])

    def take(self, outcome: Outcome, bar: Bar) -> None:
        """Show a page, and write it down."""
        bar.advance()
        with bar.aside():
            if outcome.error is not None:
                self._fail(ReadError(outcome.task.source, outcome.error))
            if outcome.reading is not None:
                self._show(outcome.reading, outcome.task.n_pages)
                self._write_down(outcome, outcome.reading)

    def finish(self, errors: Sequence[ReadError], *, interrupted: bool) -> None:
        """Write the tables of all pages that were read, and say what was done."""
        for error in errors:
            self._fail(error)
        if self._json is not None:
            for page in self._pages() if self.journal is not None else ():
                self._json.page(page)
            self._json.end(self._errors)
        if self.journal is not None:
            self._write_tables(self.journal)
        self._sum_up(interrupted=interrupted)

    def _fail(self, error: ReadError) -> None:
        self.exit_code = 1
        self._errors.append(error)
        if self._json is None:
            note(f"digitus: {error.error}")

    def _show(self, page: PageReading, n_pages: int) -> None:
        numbers = list(page.numbers)
        self._counts["pages"] += 1
        self._counts["numbers"] += len(numbers)
        self._counts["to check"] += sum(number.to_check for number in numbers)
        if self._json is None:
            show_page(page, n_pages=n_pages)
        elif self.journal is None:
            self._json.page(page)

    def _write_down(self, outcome: Outcome, page: PageReading) -> None:
        """Put a page into the journal; without a stamp, --resume reads it again."""
        if self.journal is not None:
            stamp = outcome.stamp if outcome.error is None else None
            self.journal.add(Entry(page, outcome.crops, outcome.task.n_pages, stamp))

    def _pages(self) -> Pages:
        if self.journal is None:
            raise RuntimeError("no journal is kept")
        return Pages(self.journal, self.order)

    def _write_tables(self, journal: Journal) -> None:
        pages = self._pages()
        if self.options["csv"] is not None:
            write_csv(self.options["csv"], pages)
            left_out = beside_the_grids(pages) if are_grids(pages) else 0
            if left_out:
                note(
                    f"{self.options['csv']}: the grids alone; {left_out:,} numbers beside them "
                    f"are in --json and --xlsx"
                )
        if self.options["xlsx"] is not None:
            entries = journal.entries(self.order)
            write_workbook(self.options["xlsx"], ((one.reading, one.crops) for one in entries))

    def _sum_up(self, *, interrupted: bool) -> None:
        written = [str(self.options[name]) for name in (*_FILES, *_FOLDERS) if self.options[name]]
        if written and self._json is None:
            counts = ", ".join(f"{count:,} {what}" for what, count in self._counts.items())
            note(f"wrote {', '.join(written)}: {counts}")
        if interrupted and self.journal is not None:
            note("what was read is kept; go on with --resume")
