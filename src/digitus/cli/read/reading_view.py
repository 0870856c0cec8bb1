"""A page's reading for people: its lines, its grids, and what is to be checked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from digitus.cli.screen import counted, percent, stdout
from digitus.reader.export.csv_tables import numbers_in_order
from digitus.reader.results.as_written import signs
from digitus.reader.results.grid_numbers import (
    cells_to_check,
    in_a_grid,
    n_to_check,
    number_in,
    place_in_grid,
)
from digitus.reader.results.reading import Box, Cell, Grid, Line, Number, PageReading

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_DOUBTFUL = "bold yellow"
_INDENT = 2
_ALL_COLUMNS = 5
"""Of the list to check; a narrow screen gets the first four or three."""


def show_page(page: PageReading, *, n_pages: int) -> None:
    """Print what was read on a page; doubtful numbers stand in brackets."""
    from rich.padding import Padding

    screen = stdout()
    screen.print(_heading(page, n_pages), soft_wrap=True)
    for part in _parts(page):
        screen.print(Padding(part, (0, 0, 0, _INDENT), expand=False))
    screen.print()


def _parts(page: PageReading) -> Iterator["Table"]:
    lines = [
        (place, line)
        for place, line in enumerate(page.lines, start=1)
        if not all(in_a_grid(one, page) for one in line.numbers)
    ]
    if lines:
        yield _lines(lines)
    for grid in page.grids:
        yield _grid(grid, page)
    if n_to_check(page):
        yield _to_check(page)


def _heading(page: PageReading, n_pages: int) -> "Text":
    from rich.text import Text

    n_numbers, doubtful = sum(1 for _ in page.numbers), n_to_check(page)
    text = Text(page.source, style="bold")
    text.append(f", page {page.page} of {n_pages}" if n_pages > 1 else "", style="bold")
    counts = f"{counted(len(page.lines), 'line')}, {counted(n_numbers, 'number')}"
    text.append(f"  {counts}" if n_numbers else "  no number found", style="dim")
    text.append(f", {doubtful:,} to check" if doubtful else "", style="bold yellow")
    return text


def _lines(lines: list[tuple[int, Line]]) -> "Table":
    """Lay the lines below each other, with the confidence that all of a line is right."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    table.add_column(justify="right", style="dim")
    for place, line in lines:
        text = Text("  ").join(map(_number, line.numbers))
        table.add_row(str(place), text, percent(line.confidence, 1))
    return table


def _number(number: Number) -> "Text":
    """Write a number as it stands on the paper; marks are dim, for they are no part of it."""
    from rich.text import Text

    style = _DOUBTFUL if number.to_check else "bold"
    text = Text()
    for sign, is_mark in signs(number):
        text.append(sign, style="dim" if is_mark else style)
    return _bracketed(text) if number.to_check else text


def _bracketed(text: "Text") -> "Text":
    from rich.text import Text

    return Text.assemble(("[", _DOUBTFUL), text, ("]", _DOUBTFUL))


def _grid(grid: Grid, page: PageReading) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SQUARE, show_header=False, show_lines=True)
    for _ in range(max(map(len, grid.rows), default=0)):
        table.add_column(justify="right")
    for row in grid.rows:
        table.add_row(*(_cell(cell, number_in(cell, page)) for cell in row))
    return table


def _cell(cell: Cell, number: Number | None) -> "Text":
    from rich.text import Text

    if number is not None:
        return _number(number)
    text = "" if cell.verdict == "blank" else cell.verdict.replace("_", " ")
    return _bracketed(Text(text, style=_DOUBTFUL)) if cell.to_check else Text(text, style="dim")


def _to_check(page: PageReading) -> "Table":
    """List what is doubtful: where it is, and what it may be; as much as fits into a line each."""
    from rich.measure import Measurement

    screen, rows = stdout(), list(_doubtful(page))
    for n_columns in (_ALL_COLUMNS, _ALL_COLUMNS - 1, _ALL_COLUMNS - 2):
        table = _table_of(rows, n_columns)
        if Measurement.get(screen, screen.options, table).maximum + _INDENT <= screen.width:
            break
    return table


def _table_of(rows: list[tuple["Text", ...]], n_columns: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for i, row in enumerate(rows):
        table.add_row(Text("" if i else "to check", style="dim"), *row[:n_columns])
    return table


def _doubtful(page: PageReading) -> Iterator[tuple["Text", ...]]:
    """Return what is to be checked: text, confidence, place, what it may be, corner of its box."""
    from rich.text import Text

    for line, place, number in numbers_in_order(page):
        if number.to_check:
            sure = Text(percent(number.confidence, 1), style="dim", justify="right")
            cell = place_in_grid(number, page)
            where = _in_grid(*cell) if cell else f"line {line}, number {place}"
            yield _number(number), sure, Text(where), Text(_guess(number)), _corner(number.box)
    for row, column, doubtful in cells_to_check(page):
        where = _in_grid(row, column)
        yield _cell(doubtful, None), Text(), Text(where), Text(), _corner(doubtful.box)


def _corner(box: Box) -> "Text":
    from rich.text import Text

    return Text(f"{box[0]} px right and {box[1]} px down")


def _in_grid(row: int, column: int) -> str:
    return f"row {row}, column {column}"


def _guess(number: Number) -> str:
    """Tell the likeliest digits where some were declined, and for one doubtful the second best."""
    likeliest = "".join(str(digit.alternatives[0][0]) for digit in number.digits)
    if likeliest != number.text:
        return f"likeliest {likeliest}"
    place = min(range(len(number.digits)), key=lambda i: number.digits[i].confidence)
    others = number.digits[place].alternatives[1:]
    if not others:
        return ""
    return f"or {likeliest[:place]}{others[0][0]}{likeliest[place + 1 :]}"
