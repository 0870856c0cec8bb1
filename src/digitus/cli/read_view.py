"""A page's reading for people: its lines, its grids, and what is to be checked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from digitus.cli.screen import percent, stdout
from digitus.reader.reading import Cell, Grid, Line, Number, PageReading
from digitus.reader.tables import in_a_grid, numbers_in_order

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_SAYS = {"blank": "", "not_a_digit": "no digit", "struck_out": "struck out"}


def show_page(page: PageReading, *, n_pages: int) -> None:
    """Print what was read on a page; doubtful numbers stand in brackets."""
    from rich.padding import Padding

    screen = stdout()
    screen.print(_heading(page, n_pages), soft_wrap=True)
    for part in _parts(page):
        screen.print(Padding(part, (0, 0, 0, 2), expand=False))
    screen.print()


def _parts(page: PageReading) -> Iterator["Table"]:
    lines = [line for line in page.lines if not all(in_a_grid(one, page) for one in line.numbers)]
    if lines:
        yield _lines(lines)
    for grid in page.grids:
        yield _grid(grid)
    if any(number.to_check for number in page.numbers):
        yield _to_check(page)


def _heading(page: PageReading, n_pages: int) -> "Text":
    from rich.text import Text

    numbers = list(page.numbers)
    doubtful = sum(number.to_check for number in numbers)
    text = Text(page.source, style="bold")
    text.append(f", page {page.page} of {n_pages}" if n_pages > 1 else "", style="bold")
    counts = f"{_count(len(page.lines), 'line')}, {_count(len(numbers), 'number')}"
    text.append(f"  {counts}" if numbers else "  no number found", style="dim")
    text.append(f", {doubtful:,} to check" if doubtful else "", style="bold yellow")
    return text


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _lines(lines: list[Line]) -> "Table":
    """Lay the lines below each other, with the confidence that all of a line is right."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    table.add_column(justify="right", style="dim")
    for i, line in enumerate(lines, start=1):
        text = Text("  ").join(map(_number, line.numbers))
        table.add_row(str(i), text, percent(line.confidence, 1))
    return table


def _number(number: Number) -> "Text":
    from rich.text import Text

    if number.to_check:
        return Text(f"[{number.text}]", style="bold yellow")
    return Text(number.text, style="bold")


def _grid(grid: Grid) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SQUARE, show_header=False, show_lines=True)
    for _ in range(max(map(len, grid.rows), default=0)):
        table.add_column(justify="right")
    for row in grid.rows:
        table.add_row(*map(_cell, row))
    return table


def _cell(cell: Cell) -> "Text":
    from rich.text import Text

    text = cell.text if cell.verdict == "digit" else _SAYS[cell.verdict]
    if cell.to_check:
        return Text(f"[{text}]", style="bold yellow")
    return Text(text, style="bold" if cell.verdict == "digit" else "dim")


def _to_check(page: PageReading) -> "Table":
    """List the doubtful numbers: where they are, and what they may be."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    first = "to check"
    for line, place, number in numbers_in_order(page):
        if number.to_check:
            left, top = number.box[:2]
            table.add_row(
                Text(first, style="dim"),
                _number(number),
                Text(percent(number.confidence, 1), style="dim", justify="right"),
                Text(f"line {line}, number {place}, {left} px right and {top} px down"),
                Text(_guess(number)),
            )
            first = ""
    return table


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
