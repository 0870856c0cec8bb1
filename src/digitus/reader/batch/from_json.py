"""A page's reading out of the JSON that it gave."""

from typing import Any

from digitus.reader.results.reading import Box, Cell, Digit, Grid, Line, Mark, Number, PageReading


def page_from_json(entry: dict[str, Any]) -> PageReading:
    """Take back what ``PageReading.to_json`` gave.

    Raises:
        KeyError, TypeError, ValueError: if it is something else.
    """
    return PageReading(
        source=str(entry["source"]),
        page=int(entry["page"]),
        width=int(entry["width"]),
        height=int(entry["height"]),
        lines=tuple(map(_line, entry["lines"])),
        grids=tuple(map(_grid, entry["grids"])),
    )


def _line(entry: dict[str, Any]) -> Line:
    numbers = tuple(map(_number, entry["numbers"]))
    return Line(entry["text"], entry["confidence"], _box(entry), numbers)


def _number(entry: dict[str, Any]) -> Number:
    return Number(
        text=entry["text"],
        confidence=entry["confidence"],
        to_check=entry["to_check"],
        box=_box(entry),
        digits=tuple(map(_digit, entry["digits"])),
        marks=tuple(Mark(mark["kind"], _box(mark)) for mark in entry["marks"]),
    )


def _digit(entry: dict[str, Any]) -> Digit:
    return Digit(
        digit=entry["digit"],
        verdict=entry["verdict"],
        confidence=entry["confidence"],
        box=_box(entry),
        alternatives=tuple((one["digit"], one["probability"]) for one in entry["alternatives"]),
    )


def _grid(entry: dict[str, Any]) -> Grid:
    return Grid(_box(entry), tuple(tuple(map(_cell, row)) for row in entry["rows"]))


def _cell(entry: dict[str, Any]) -> Cell:
    return Cell(
        text=entry["text"],
        verdict=entry["verdict"],
        confidence=entry["confidence"],
        to_check=entry["to_check"],
        box=_box(entry),
    )


def _box(entry: dict[str, Any]) -> Box:
    left, top, width, height = map(int, entry["box"])
    return left, top, width, height
