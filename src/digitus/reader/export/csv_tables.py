"""Write what was read as CSV: a row for each number, or grids as they are laid out."""

import csv
import io
import re
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
_CONFIDENCE_DECIMALS = 4
_STARTS_A_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
"""Spreadsheets skip blanks before a formula, and take full-width signs for the usual ones."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def write_csv(target: str | Path, pages: Iterable[PageReading]) -> None:
    """Write the numbers of all pages, or their grids if every page holds exactly one.

    A cell to check without a number has a row, too, with its verdict as text. Texts are quoted and
    numbers are not, so that programs that respect quotes keep leading zeros.

    Args:
        target: the file, replaced as a whole.
        pages: pages in the order of the rows; they are iterated more than once.

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
    """Return whether every page holds exactly one grid, so that grids are written."""
    counts = {len(page.grids) for page in pages}
    return counts == {1}


def numbers_in_order(page: PageReading) -> Iterator[tuple[int, int, Number]]:
    """Yield each number of a page after its line and its place in the line, both from 1."""
    for i, line in enumerate(page.lines, start=1):
        for j, number in enumerate(line.numbers, start=1):
            yield i, j, number


def cell_text(cell: Cell) -> str:
    """Return the text of a cell in a table: its digits, nothing if it is blank, else its verdict.

    >>> cell_text(Cell("07", "digit", 0.99, False, (0, 0, 9, 9)))
    '07'
    >>> cell_text(Cell("", "struck_out", 0.9, False, (0, 0, 9, 9)))
    'struck_out'
    """
    return cell.text if cell.verdict in ("digit", "blank") else cell.verdict


def escape_formula(text: str) -> str:
    """Prefix a quote to a text, such as a file name, that a spreadsheet takes for a formula.

    >>> escape_formula("=1+1.png"), escape_formula(" =1+1.png"), escape_formula("a.png")
    ("'=1+1.png", "' =1+1.png", 'a.png')
    """
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def escape_unless_number(text: str) -> str:
    """Escape a text as `escape_formula` does, except for numbers: ``-5``, but not ``-12-05``.

    >>> escape_unless_number("-5"), escape_unless_number("187.5"), escape_unless_number("-12-05")
    ('-5', '187.5', "'-12-05")
    """
    try:
        float(text)
    except ValueError:
        return escape_formula(text)
    return text


def _write_rows(file: TextIO, pages: Iterable[PageReading]) -> None:
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows(_grid_rows(pages) if are_grids(pages) else _number_rows(pages))


def _number_rows(pages: Iterable[PageReading]) -> Iterator[tuple[str | int | float, ...]]:
    yield COLUMNS
    for page in pages:
        start = _source_cell(page), page.page
        for line, place, number in numbers_in_order(page):
            yield (
                *start,
                line,
                place,
                number.text,
                round(number.confidence, _CONFIDENCE_DECIMALS),
                *number.box,
                "yes" if number.to_check else "no",
                escape_unless_number(written(number)),
                *(place_in_grid(number, page) or ("", "")),
            )
        for row, column, cell in cells_to_check(page):
            yield (*start, "", "", cell.verdict, "", *cell.box, "yes", "", row, column)


def _source_cell(page: PageReading) -> str:
    """Return the source of a page as a cell, harmless on a terminal and in a spreadsheet."""
    return escape_formula(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", readable(page.source)))


def _grid_rows(pages: Iterable[PageReading]) -> Iterator[list[str | int]]:
    """Yield the rows of grids; with several pages, each row starts with its source and page."""
    several = sum(1 for _ in pages) > 1
    for page in pages:
        start: list[str | int] = [_source_cell(page), page.page] if several else []
        for row in page.grids[0].rows:
            yield [*start, *map(cell_text, row)]
