"""The numbers of a page as a table: grids as they are drawn, other lines aligned in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from digitus.reader.results.grid_numbers import GridPlace, cells_in_order, place_in_grid
from digitus.reader.results.reading import Box, CellVerdict, Number, PageReading

NumberPlace: TypeAlias = tuple[int, int]
"""The line of a number on its page, and its place in the line, both from 0."""
EntryPlace: TypeAlias = NumberPlace | GridPlace
"""The place of a number, or that of a cell without one."""


@dataclass(frozen=True)
class Entry:
    """A number in a table, or what a cell without one holds.

    Attributes:
        text: the number as it is written; empty without one.
        verdict: ``digit`` for a number, else what the cell holds.
        to_check: whether a person should check it.
        box: its place on the page, in pixels.
        place: of the number, or of the cell without one.
        alternatives: other texts that the number may be and their probabilities.
        confidence: probability that the text is right; None without a number.
    """

    text: str
    verdict: CellVerdict
    to_check: bool
    box: Box
    place: EntryPlace
    alternatives: tuple[tuple[str, float], ...] = ()
    confidence: float | None = None


Row: TypeAlias = tuple[Entry | None, ...]
"""Entries from left to right; None where a row has no number in a column."""


def table_of(page: PageReading) -> list[Row]:
    """Return the rows of a page from top to bottom: lines and the rows of grids."""
    numbers = dict(_numbers(page))
    in_grids = {
        place_in_grid(number, page): _number_entry(number, place)
        for place, number in numbers.items()
    }
    grid_places = {entry.place for place, entry in in_grids.items() if place is not None}
    free: dict[int, list[Entry]] = {}
    for place, number in numbers.items():
        if place not in grid_places:
            free.setdefault(place[0], []).append(_number_entry(number, place))
    blocks: list[tuple[int, list[Row]]] = [
        (grid.box[1], _grid_rows(page, i, in_grids)) for i, grid in enumerate(page.grids, start=1)
    ]
    blocks += _line_blocks(list(free.values()), [grid.box[1] for grid in page.grids])
    return [row for _, rows in sorted(blocks, key=lambda block: block[0]) for row in rows]


def _numbers(page: PageReading) -> Iterator[tuple[NumberPlace, Number]]:
    for i, line in enumerate(page.lines):
        for j, number in enumerate(line.numbers):
            yield (i, j), number


def _number_entry(number: Number, place: NumberPlace) -> Entry:
    return Entry(
        number.text,
        "digit",
        number.to_check,
        number.box,
        place,
        tuple(one for one in number.alternatives if one[0] != number.text),
        number.confidence,
    )


def _grid_rows(page: PageReading, grid: int, in_grids: dict[GridPlace | None, Entry]) -> list[Row]:
    """Return the rows of a grid, from 1, with its cells as they lie."""
    rows: dict[int, list[Entry | None]] = {}
    for place, cell in cells_in_order(page):
        if place.grid == grid:
            alone = Entry(cell.text, cell.verdict, cell.to_check, cell.box, place)
            rows.setdefault(place.row, []).append(in_grids.get(place, alone))
    return [tuple(rows[row]) for row in sorted(rows)]


def _line_blocks(
    lines: Sequence[list[Entry]], grid_tops: Sequence[int]
) -> list[tuple[int, list[Row]]]:
    """Return blocks of lines between grids, each with its top, aligned in columns of its own."""
    blocks: dict[int, list[list[Entry]]] = {}
    for line in lines:
        top = min(entry.box[1] for entry in line)
        blocks.setdefault(sum(top > grid for grid in grid_tops), []).append(line)
    return [(min(one.box[1] for one in block[0]), aligned(block)) for block in blocks.values()]


def aligned(lines: Sequence[Sequence[Entry]]) -> list[Row]:
    """Align lines in columns, if no two numbers of a line then stand in one column.

    A column is a range of the page that numbers cover without a gap.
    """
    ends: list[list[int]] = []
    for left, right in sorted(_span(entry) for line in lines for entry in line):
        if ends and left < ends[-1][1]:
            ends[-1][1] = max(ends[-1][1], right)
        else:
            ends.append([left, right])
    rows = []
    for line in lines:
        row: list[Entry | None] = [None] * len(ends)
        for entry in line:
            column = next(i for i, (left, right) in enumerate(ends) if left <= entry.box[0] < right)
            if row[column] is not None:
                return [tuple(one) for one in lines]
            row[column] = entry
        rows.append(tuple(row))
    return rows


def _span(entry: Entry) -> tuple[int, int]:
    return entry.box[0], entry.box[0] + max(entry.box[2], 1)
