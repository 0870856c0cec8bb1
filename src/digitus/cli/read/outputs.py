"""What ``digitus read`` prints and writes, page by page and at the end."""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

import click

from digitus.cli.read.destinations import Destinations, nonempty
from digitus.cli.read.progress_bar import Bar
from digitus.cli.read.reading_view import show_page
from digitus.cli.screen import counted, note
from digitus.errors import ReadFailure
from digitus.json_values import dump_json
from digitus.reader.batch.journal import Journal, Pages
from digitus.reader.batch.journal_entries import Entry
from digitus.reader.batch.page_task import Outcome
from digitus.reader.export.csv_tables import csv_text, write_csv, write_grids
from digitus.reader.export.workbook import write_workbook
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import n_to_check
from digitus.reader.results.reading import PageReading
from digitus.reader.results.values import is_ambiguous


class Outputs:
    """Takes the outcome of each page, and writes the tables at the end.

    Args:
        destinations: of the results.
        order: the rank of each source in the tables.
        journal: of all pages that were read; None if nothing is written.
        as_json: whether JSON is printed.
        resume: whether a run is resumed, and its journal kept at the end.

    Attributes:
        exit_code: 1 once something failed.
        is_cut_off: whether the reader of stdout, such as ``head``, has closed it.
    """

    def __init__(
        self,
        destinations: Destinations,
        order: Mapping[str, int],
        *,
        journal: Journal | None,
        as_json: bool,
        resume: bool,
    ) -> None:
        self.destinations, self.order, self.journal = destinations, order, journal
        self.exit_code, self.is_cut_off = 0, False
        self._errors: list[ReadFailure] = []
        self._n_new, self._is_complete = 0, False
        self._json = JsonStream() if as_json else None
        self._resume = resume
        self._replaced = [] if self._resume else nonempty(destinations.files)

    def __enter__(self) -> "Outputs":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the journal; if it is kept, say so."""
        if self.journal is None:
            return
        if self.journal.close(keep=not self._is_complete or self._resume):
            reason = "is kept for more pages" if self._is_complete else "holds what was read"
            note(
                f"{self.journal.path} {reason}; continue with --resume, or delete it to start again"
            )

    def take(self, outcome: Outcome, bar: Bar) -> None:
        """Add a page to the journal, and print it."""
        bar.advance()
        with bar.hidden():
            if outcome.error is not None:
                self._fail(ReadFailure(outcome.task.source, outcome.error))
            if outcome.reading is not None:
                self._n_new += 1
                self._add_to_journal(outcome, outcome.reading)
                self._print_page(outcome.reading, outcome.task.n_pages)

    def finish(self, errors: Sequence[ReadFailure], *, is_complete: bool) -> None:
        """Write the tables of all pages that were read, and a summary.

        Args:
            errors: of files that could not be opened.
            is_complete: whether no page is left to read.

        Raises:
            WriteError: if a table cannot be written.
        """
        for error in errors:
            self._fail(error)
        if self.journal is not None and len(self.journal):
            write_tables(self.destinations, self.journal, self.order)
        self._is_complete = is_complete and not self.exit_code
        if self.journal is not None:
            self._print_summary(self.journal)
        self._print_rest()

    def _fail(self, error: ReadFailure) -> None:
        self.exit_code = 1
        self._errors.append(error)
        if self._json is None:
            note(f"digitus: {error.error}")

    def _print_page(self, page: PageReading, n_pages: int) -> None:
        """Print a page and its warnings; once stdout is closed, only files are written."""
        for warning in page.warnings if self._json is None else ():
            note(f"{page.source}: {warning}")
        if self.is_cut_off or self.destinations.prints_csv:
            return
        try:
            if self._json is None:
                show_page(page, n_pages=n_pages)
            elif self.journal is None:
                self._json.page(page)
        except BrokenPipeError:
            self.is_cut_off = True

    def _add_to_journal(self, outcome: Outcome, page: PageReading) -> None:
        """Add a page to the journal; without a stamp, --resume reads it again."""
        if self.journal is not None:
            stamp = outcome.stamp if outcome.error is None else None
            task = outcome.task
            self.journal.add(Entry(page, outcome.crops, task.n_pages, stamp, task.name))

    def _print_rest(self) -> None:
        """Print what is printed as a whole: CSV, and JSON if files are written as well."""
        pages = () if self.journal is None else Pages(self.journal, self.order)
        if self.destinations.prints_csv:
            click.echo(csv_text(pages), nl=False)
        if self._json is not None and not self.is_cut_off:
            for page in pages:
                self._json.page(page)
            self._json.end(self._errors)

    def _print_summary(self, journal: Journal) -> None:
        if not len(journal):
            note("no page was read, so nothing was written")
            return
        for path in self._replaced:
            note(f"replaced {path}: its former content is gone")
        pages = Pages(journal, self.order)
        lasting = self.destinations.lasting
        if "grid_csv" in lasting and not any(page.grids for page in pages):
            note(f"{lasting.pop('grid_csv')}: no grid was found, so no CSV of one was written")
        names = ", ".join(map(str, lasting.values()))
        if names and self._json is None:
            note(f"wrote {names}: {summary(pages, n_new=self._n_new)}")
        if remark := without_value(pages):
            note(remark)


class JsonStream:
    """Prints ``{"pages": [...], "errors": [...]}`` page by page, so that little is in memory."""

    def __init__(self) -> None:
        self._n_pages = 0

    def page(self, page: PageReading) -> None:
        """Print a page on one line."""
        start = "," if self._n_pages else '{"pages": ['
        click.echo(f"{start}\n{dump_json(_with_readable_names(page.to_json()))}", nl=False)
        self._n_pages += 1

    def end(self, errors: Sequence[ReadFailure]) -> None:
        """Print the errors and close the object."""
        start = "\n]" if self._n_pages else '{"pages": []'
        found = [_with_readable_names(error.to_json()) for error in errors]
        click.echo(f'{start}, "errors": {dump_json(found)}}}')


def write_tables(destinations: Destinations, journal: Journal, order: Mapping[str, int]) -> None:
    """Write CSV, workbook and grids of all pages that were read.

    Raises:
        WriteError: if one cannot be written.
    """
    if destinations.csv is not None:
        write_csv(destinations.csv, Pages(journal, order))
    if destinations.xlsx is not None:
        entries = journal.entries(order)
        write_workbook(destinations.xlsx, ((one.reading, one.crops) for one in entries))
    if destinations.grid_csv is not None:
        for entry in journal.entries(order):
            write_grids(destinations.grid_csv, entry.name, entry.reading)


def summary(pages: Pages, *, n_new: int) -> str:
    """Return the counts of pages, of those read by this run, of numbers, and of those to check."""
    n_pages = n_numbers = n_doubtful = 0
    for page in pages:
        n_pages += 1
        n_numbers += sum(1 for _ in page.numbers)
        n_doubtful += n_to_check(page)
    new = f" ({n_new:,} new)" if n_new != n_pages else ""
    counts = f"{counted(n_pages, 'page')}{new}, {counted(n_numbers, 'number')}"
    return f"{counts}, {n_doubtful:,} to check"


def without_value(pages: Iterable[PageReading]) -> str:
    """Return a remark on numbers whose value depends on the decimal sign; empty if none does."""
    texts = [
        number.text
        for page in pages
        for number in page.numbers
        if number.value is None and is_ambiguous(number.text)
    ]
    if not texts:
        return ""
    has = "has" if len(texts) == 1 else "have"
    return (
        f"{counted(len(texts), 'number')} such as {texts[0]} {has} no value, because the page does "
        f"not tell the decimal sign; choose it with --decimal point or --decimal comma"
    )


def _with_readable_names(value: dict[str, Any]) -> dict[str, Any]:
    """Replace what is not UTF-8 in file names."""
    return {key: readable(one) if isinstance(one, str) else one for key, one in value.items()}
