"""Print a page's reading on the terminal: its lines, its grids, and the numbers to check."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from digitus.cli.screen import counted, percent, stdout
from digitus.reader.export.csv_tables import numbers_in_order
from digitus.reader.results.grid_numbers import (
    GridPlace,
    cells_to_check,
    in_a_grid,
    n_to_check,
    place_in_grid,
)
from digitus.reader.results.reading import Box, Cell, Grid, Line, Number, PageReading

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_FLAGGED = "bold yellow"
_INDENT = 2
_CHECK_COLUMNS = (5, 4, 3)
"""Columns of the list to check: as many as fit the screen."""


def show_page(page: PageReading, *, n_pages: int) -> None:
    """Print what was read on a page; flagged numbers stand in brackets.

    Args:
        page: to print.
        n_pages: of its source; if there are several, the heading says which it is.
    """
    from rich.padding import Padding

    screen = stdout()
    screen.print(_heading(page, n_pages), soft_wrap=True)
    for table in _tables(page):
        screen.print(Padding(table, (0, 0, 0, _INDENT), expand=False))
    screen.print()


def _tables(page: PageReading) -> Iterator["Table"]:
    lines = [
        (place, line)
        for place, line in enumerate(page.lines, start=1)
        if not all(in_a_grid(one, page) for one in line.numbers)
    ]
    if lines:
        yield _table_of_lines(lines)
    for grid in page.grids:
        yield _table_of_grid(grid)
    if n_to_check(page):
        yield _table_to_check(page)


def _heading(page: PageReading, n_pages: int) -> "Text":
    from rich.text import Text

    n_numbers, n_flagged = sum(1 for _ in page.numbers), n_to_check(page)
    text = Text(page.source, style="bold")
    text.append(f", page {page.page} of {n_pages}" if n_pages > 1 else "", style="bold")
    counts = f"{counted(len(page.lines), 'line')}, {counted(n_numbers, 'number')}"
    text.append(f"  {counts}" if n_numbers else "  no number found", style="dim")
    text.append(f", {n_flagged:,} to check" if n_flagged else "", style=_FLAGGED)
    return text


def _table_of_lines(lines: list[tuple[int, Line]]) -> "Table":
    """Return the lines, each with its place and the confidence that all of it is right."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    table.add_column(justify="right", style="dim")
    for place, line in lines:
        numbers = (_number_text(one.text, to_check=one.to_check) for one in line.numbers)
        text = Text("  ").join(numbers)
        table.add_row(str(place), text, percent(line.confidence, 1))
    return table


def _number_text(text: str, *, to_check: bool) -> "Text":
    from rich.text import Text

    if not to_check:
        return Text(text, style="bold")
    return _bracketed(Text(text, style=_FLAGGED))


def _bracketed(text: "Text") -> "Text":
    from rich.text import Text

    return Text.assemble(("[", _FLAGGED), text, ("]", _FLAGGED))


def _table_of_grid(grid: Grid) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SQUARE, show_header=False, show_lines=True)
    for _ in range(max(map(len, grid.rows), default=0)):
        table.add_column(justify="right")
    for row in grid.rows:
        table.add_row(*map(_cell_text, row))
    return table


def _cell_text(cell: Cell) -> "Text":
    from rich.text import Text

    if cell.verdict == "digit":
        return _number_text(cell.text, to_check=cell.to_check)
    text = "" if cell.verdict == "blank" else cell.verdict.replace("_", " ")
    return _bracketed(Text(text, style=_FLAGGED)) if cell.to_check else Text(text, style="dim")


def _table_to_check(page: PageReading) -> "Table":
    """Return the flagged numbers and cells, with as many columns as fit the screen."""
    from rich.measure import Measurement

    screen, rows = stdout(), list(_rows_to_check(page))
    for n_columns in _CHECK_COLUMNS:
        table = _labelled_rows(rows, n_columns)
        if Measurement.get(screen, screen.options, table).maximum + _INDENT <= screen.width:
            break
    return table


def _labelled_rows(rows: list[tuple["Text", ...]], n_columns: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for i, row in enumerate(rows):
        table.add_row(Text("" if i else "to check", style="dim"), *row[:n_columns])
    return table


def _rows_to_check(page: PageReading) -> Iterator[tuple["Text", ...]]:
    """Yield text, confidence, place, alternative and corner of each flagged number and cell."""
    from rich.text import Text

    for line, place, number in numbers_in_order(page):
        if number.to_check:
            confidence = Text(percent(number.confidence, 1), style="dim", justify="right")
            cell = place_in_grid(number, page)
            where = _cell_place(cell, page) if cell else f"line {line}, number {place}"
            alternative, text = Text(_alternative(number)), _number_text(number.text, to_check=True)
            yield text, confidence, Text(where), alternative, _corner(number.box)
    for in_grid, flagged in cells_to_check(page):
        where = _cell_place(in_grid, page)
        yield _cell_text(flagged), Text(), Text(where), Text(), _corner(flagged.box)


def _corner(box: Box) -> "Text":
    from rich.text import Text

    return Text(f"{box[0]} px right and {box[1]} px down")


def _cell_place(place: GridPlace, page: PageReading) -> str:
    """Return row and column of a cell, after its grid if the page has several."""
    grid = f"grid {place.grid}, " if len(page.grids) > 1 else ""
    return f"{grid}row {place.row}, column {place.column}"


def _alternative(number: Number) -> str:
    """Return the likeliest text if digits were declined, else the second likeliest."""
    if not number.alternatives:
        return ""
    (likeliest, _), *others = number.alternatives
    if likeliest != number.text:
        return f"likeliest {likeliest}"
    return f"or {others[0][0]}" if others else ""
