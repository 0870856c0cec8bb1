"""Marks that the likeliest text of a line leaves out: they are no part of the layout of numbers.

They are set aside before numbers are grouped, and then given to the number that they may belong to,
so that it lists the text with them among its alternatives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitus.reader.pipeline.number_grouping import SymbolGroup
from digitus.reader.results.reading import Box
from digitus.reader.results.symbols import Lines, Symbol, with_marks_between


@dataclass(frozen=True)
class UnreadMarkParameters:
    """Which number an unread mark may belong to.

    Set by hand, from the place of points and signs beside digits.

    Attributes:
        reach: greatest distance from the number, aside, above or below, in heights of its highest
            symbol.
    """

    reach: float = 0.5


UNREAD = UnreadMarkParameters()


def set_aside(lines: Lines) -> tuple[list[list[list[Symbol]]], list[Symbol]]:
    """Return the lines of a page without unread marks, and these marks."""
    read = [[[one for one in some if one.is_read] for some in line] for line in lines]
    return read, [one for line in lines for some in line for one in some if not one.is_read]


def with_unread_marks(
    lines: Sequence[Sequence[SymbolGroup]], unread: Sequence[Symbol]
) -> list[list[SymbolGroup]]:
    """Add each unread mark to the nearest number of a page, if one is near enough."""
    every = [group for line in lines for group in line]
    added: list[list[Symbol]] = [[] for _ in every]
    for mark in unread:
        distances = [_distance(mark, group) for group in every]
        nearest = min(range(len(every)), key=distances.__getitem__, default=None)
        if nearest is not None and distances[nearest] <= UNREAD.reach:
            added[nearest].append(mark)
    with_marks = iter(map(_with_marks, every, added))
    return [[next(with_marks) for _ in line] for line in lines]


def _with_marks(group: SymbolGroup, marks: Sequence[Symbol]) -> SymbolGroup:
    """Return a number with further marks, from left to right."""
    if not marks:
        return group
    symbols = with_marks_between(group.symbols, marks, lambda one: one.box[0] + one.box[2] / 2)
    return replace(group, symbols=symbols)


def _distance(mark: Symbol, group: SymbolGroup) -> float:
    """Return the distance of a mark's middle from a number, in heights of its highest symbol."""
    boxes = [symbol.box for symbol in group.symbols]
    col, row = mark.box[0] + mark.box[2] / 2, mark.box[1] + mark.box[3] / 2
    aside = max(min(box[0] for box in boxes) - col, col - max(map(_right, boxes)), 0.0)
    above = max(min(box[1] for box in boxes) - row, row - max(map(_bottom, boxes)), 0.0)
    return max(aside, above) / max(max(box[3] for box in boxes), 1)


def _right(box: Box) -> int:
    return box[0] + box[2]


def _bottom(box: Box) -> int:
    return box[1] + box[3]
