"""What was read as a CSV file: a row for each number, or the grid as it lies."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from digitus.files import replacing
from digitus.reader.reading import Cell, Number, PageReading

COLUMNS = (
    *("source", "page", "line", "number", "text", "confidence"),
    *("left", "top", "width", "height", "to_check"),
)
_PLACES = 4  # of a confidence; more would pretend
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(target: str | Path, pages: Iterable[PageReading]) -> None:
    """Write the numbers of all pages, or their grids where every page holds exactly one.

    Texts are quoted and numbers are not, so a program that minds the quotes keeps leading zeros.

    Args:
        target: the file, overwritten as a whole.
        pages: gone through more than once.

    Raises:
        WriteError: if it cannot be written.
    """
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        writer.writerows(_grid_rows(pages) if are_grids(pages) else _number_rows(pages))


def are_grids(pages: Iterable[PageReading]) -> bool:
    """Tell whether the table is of grids: every page holds exactly one."""
    counts = {len(page.grids) for page in pages}
    return counts == {1}


def numbers_in_order(page: PageReading) -> Iterator[tuple[int, int, Number]]:
    """Give each number of a page with its line and its place in the line, both from 1."""
    for i, line in enumerate(page.lines, start=1):
        for j, number in enumerate(line.numbers, start=1):
            yield i, j, number


def beside_the_grids(pages: Iterable[PageReading]) -> int:
    """Count the numbers that stand in no cell: a table of grids leaves them out."""
    return sum(not in_a_grid(number, page) for page in pages for number in page.numbers)


def in_a_grid(number: Number, page: PageReading) -> bool:
    """Tell whether a number of a page stands in one of its grids."""
    return any(_holds(grid.box, number.box) for grid in page.grids)


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


def _number_rows(pages: Iterable[PageReading]) -> Iterator[tuple[str | int | float, ...]]:
    yield COLUMNS
    for page in pages:
        for line, place, number in numbers_in_order(page):
            confidence = round(number.confidence, _PLACES)
            check = "yes" if number.to_check else "no"
            row = (harmless(page.source), page.page, line, place, number.text, confidence)
            yield (*row, *number.box, check)


def _grid_rows(pages: Iterable[PageReading]) -> Iterator[list[str | int]]:
    """Give the cells row by row; of several pages, source and page stand before each row."""
    several = sum(1 for _ in pages) > 1
    for page in pages:
        start: list[str | int] = [harmless(page.source), page.page] if several else []
        for row in page.grids[0].rows:
            yield [*start, *map(in_a_cell, row)]


def _holds(outer: tuple[int, int, int, int], inner: tuple[int, int, int, int]) -> bool:
    """Tell whether the middle of a box lies in another."""
    row, col = inner[1] + inner[3] / 2, inner[0] + inner[2] / 2
    left, top, width, height = outer
    return left <= col < left + width and top <= row < top + height
