"""The tables that ``digitus read`` writes at the end, and what it says of them."""

from collections.abc import Iterator, Mapping

from digitus.cli.read.destinations import Targets
from digitus.cli.screen import counted, note
from digitus.reader.batch.journal import Journal, Pages
from digitus.reader.export.csv_tables import are_grids, write_csv
from digitus.reader.export.workbook import write_workbook
from digitus.reader.results.grid_numbers import beside_the_grids, n_to_check


def write_tables(targets: Targets, journal: Journal, order: Mapping[str, int]) -> None:
    """Write CSV and workbook of all pages that were read.

    Raises:
        WriteError: if one cannot be written.
    """
    pages = Pages(journal, order)
    if targets.csv is not None:
        write_csv(targets.csv, pages)
        for remark in _left_out(pages):
            note(f"{targets.csv}: the grids as they lie; {remark}")
    if targets.xlsx is not None:
        entries = journal.entries(order)
        write_workbook(targets.xlsx, ((one.reading, one.crops) for one in entries))


def summary(pages: Pages, *, n_new: int) -> str:
    """Count what the tables hold, and how many of the pages were read just now."""
    n_pages = n_numbers = doubtful = 0
    for page in pages:
        n_pages += 1
        n_numbers += sum(1 for _ in page.numbers)
        doubtful += n_to_check(page)
    new = f" ({n_new:,} new)" if n_new != n_pages else ""
    counts = f"{counted(n_pages, 'page')}{new}, {counted(n_numbers, 'number')}"
    return f"{counts}, {doubtful:,} to check"


def _left_out(pages: Pages) -> Iterator[str]:
    """Return what a table of grids leaves out, where it is one."""
    if not are_grids(pages):
        return
    beside = beside_the_grids(pages)
    if beside:
        yield f"{counted(beside, 'number')} beside them stand in --json and --xlsx alone"
    marked = sum(bool(number.marks) for page in pages for number in page.numbers)
    if marked:
        yield (
            f"{counted(marked, 'number')} with dots, commas or dashes stand there without them; "
            f"--json and --xlsx have these"
        )
