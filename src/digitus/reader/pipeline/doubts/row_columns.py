"""Rows with more numbers than the columns above and below: one of them was probably divided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from digitus.reader.pipeline.number_grouping import SymbolGroup

Span: TypeAlias = tuple[int, int]
"""First column, and the column behind the last."""


@dataclass(frozen=True)
class RowColumnParameters:
    """When two numbers stand in one column, and what that means.

    Set by hand, so that both are below the threshold of numbers to check, 0.9.

    Attributes:
        min_columns: least number of columns that two neighboring rows show.
        max_gap: greatest gap between two such numbers, over the narrowest one between columns.
        p_joined: least probability that two numbers in one column are one.
    """

    min_columns: int = 2
    max_gap: float = 0.6
    p_joined: float = 0.4


ROW_COLUMNS = RowColumnParameters()


def doubt_extra_numbers(lines: Sequence[Sequence[SymbolGroup]]) -> list[list[SymbolGroup]]:
    """Doubt two numbers of a row in one column of its neighbors, if it has more numbers than they.

    Args:
        lines: numbers of each line of a page, from top to bottom.
    """
    spans = [[_span(group) for group in line] for line in lines]
    doubted = []
    for place, line in enumerate(lines):
        near = _neighbors(place, len(lines))
        columns = _columns([spans[other] for other in near]) if len(near) > 1 else []
        joined = [0.0] * len(line)
        if len(columns) >= ROW_COLUMNS.min_columns:
            for left in _divided(spans[place], columns):
                joined[left] = ROW_COLUMNS.p_joined
        doubted.append(_with_doubt(line, joined))
    return doubted


def _divided(row: Sequence[Span], columns: Sequence[Span]) -> list[int]:
    """Return which numbers of a row stand with the next one in a column, closer than columns do.

    There are none unless every number stands in a column, and every column has one.
    """
    homes = [_home(span, columns) for span in row]
    if set(homes) != set(range(len(columns))):
        return []
    narrowest = min(after[0] - before[1] for before, after in pairwise(columns))
    return [
        left
        for left, (one, other) in enumerate(pairwise(homes))
        if one == other and row[left + 1][0] - row[left][1] < ROW_COLUMNS.max_gap * narrowest
    ]


def _home(span: Span, columns: Sequence[Span]) -> int:
    """Return the column that the middle of a number lies in; -1 for none."""
    middle = (span[0] + span[1]) / 2
    inside = [place for place, (first, last) in enumerate(columns) if first <= middle <= last]
    return inside[0] if len(inside) == 1 else -1


def _neighbors(place: int, count: int) -> list[int]:
    """Return the rows above and below one; at the top and bottom the two nearest."""
    first = min(max(place - 1, 0), max(count - 3, 0))
    return [other for other in range(first, min(first + 3, count)) if other != place]


def _columns(rows: Sequence[Sequence[Span]]) -> list[Span]:
    """Return the columns that all of some rows have; none where their numbers are not aligned."""
    if len({len(row) for row in rows}) > 1:
        return []
    aligned = [
        (max(span[0] for span in column), min(span[1] for span in column))
        for column in zip(*rows, strict=True)
    ]
    if any(first >= last for first, last in aligned):
        return []
    return [
        (min(span[0] for span in column), max(span[1] for span in column))
        for column in zip(*rows, strict=True)
    ]


def _with_doubt(line: Sequence[SymbolGroup], joined: Sequence[float]) -> list[SymbolGroup]:
    before = [0.0, *joined][: len(line)]
    return [
        replace(
            group,
            p_complete=min(group.p_complete, 1 - max(own, previous)),
            joined_with_next=max(group.joined_with_next, own),
        )
        for group, own, previous in zip(line, joined, before, strict=True)
    ]


def _span(group: SymbolGroup) -> Span:
    boxes = [symbol.box for symbol in group.symbols]
    return min(box[0] for box in boxes), max(box[0] + box[2] for box in boxes)
