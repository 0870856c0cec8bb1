"""What was read as a CSV file: a row for each number, or the grid as it lies."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from digitus.files import replacing
from digitus.reader.results.as_written import written
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import cells_to_check, place_in_grid
from digitus.reader.results.reading import Cell, Number, PageReading

COLUMNS = (
    *("source", "page", "line", "number", "text", "confidence"),
    *("left", "top", "width", "height", "to_check", "written", "row", "column"),
)
_PLACES = 4  # of a confidence; more would pretend
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(target: str | Path, pages: Iterable[PageReading]) -> None:
    """Write the numbers of all pages, or their grids where every page holds exactly one.

    A doubtful cell without a number has a row, too: its verdict is its text.
    Texts are quoted and numbers are not, so a program that minds the quotes keeps leading zeros.

    Args:
        target: the file, overwritten as a whole.
        pages: gone through more than once.

    Raises:
        WriteError: if it cannot be written.
    """
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        _write_rows(file, pages)


def csv_text(pages: Iterable[PageReading]) -> str:
    """Return what `write_csv` would write."""
    text = io.StringIO(newline="")
    _write_rows(text, pages)
    return text.getvalue()


def are_grids(pages: Iterable[PageReading]) -> bool:
    """Return whether the table is of grids: every page holds exactly one."""
    counts = {len(page.grids) for page in pages}
    return counts == {1}


def numbers_in_order(page: PageReading) -> Iterator[tuple[int, int, Number]]:
    """Return each number of a page with its line and its place in the line, both from 1."""
    for i, line in enumerate(page.lines, start=1):
        for j, number in enumerate(line.numbers, start=1):
            yield i, j, number


def in_a_cell(cell: Cell) -> str:
    """Write a cell: its digits, nothing for a blank one, else the verdict.

    >>> in_a_cell(Cell("07", "digit", 0.99, False, (0, 0, 9, 9)))
    '07'
    >>> in_a_cell(Cell("", "struck_out", 0.9, False, (0, 0, 9, 9)))
    'struck_out'
    """
    return cell.text if cell.verdict in ("digit", "blank") else cell.verdict


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text, such as a file's name, for a formula.

    >>> harmless("=1+1.png"), harmless("a.png")
    ("'=1+1.png", 'a.png')
    """
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def signed(text: str) -> str:
    """Write a number as it is written: ``-5`` is a number, ``-12-05`` would become a formula.

    >>> signed("-5"), signed("187.5"), signed("-12-05")
    ('-5', '187.5', "'-12-05")
    """
    try:
        float(text)
    except ValueError:
        return harmless(text)
    return text


def _write_rows(file: TextIO, pages: Iterable[PageReading]) -> None:
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows(_grid_rows(pages) if are_grids(pages) else _number_rows(pages))


def _number_rows(pages: Iterable[PageReading]) -> Iterator[tuple[str | int | float, ...]]:
    yield COLUMNS
    for page in pages:
        start = harmless(readable(page.source)), page.page
        for line, place, number in numbers_in_order(page):
            confidence = round(number.confidence, _PLACES)
            check = "yes" if number.to_check else "no"
            end = (check, signed(written(number)), *(place_in_grid(number, page) or ("", "")))
            yield (*start, line, place, number.text, confidence, *number.box, *end)
        for row, column, cell in cells_to_check(page):
            yield (*start, "", "", cell.verdict, "", *cell.box, "yes", "", row, column)


def _grid_rows(pages: Iterable[PageReading]) -> Iterator[list[str | int]]:
    """Return the cells row by row; of several pages, source and page stand before each row."""
    several = sum(1 for _ in pages) > 1
    for page in pages:
        start: list[str | int] = [harmless(readable(page.source)), page.page] if several else []
        for row in page.grids[0].rows:
            yield [*start, *map(in_a_cell, row)]
