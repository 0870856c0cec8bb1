"""The entry of one page in the journal, and its JSON."""

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

from digitus.reader.export.crops import Place
from digitus.reader.results.reading import Box, Cell, Digit, Grid, Line, Mark, Number, PageReading


class Stamp(NamedTuple):
    """Size and modification time of a file, by which a change is noticed."""

    n_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, source: str) -> "Stamp | None":
        """Return the stamp of a file; None if the file does not exist."""
        try:
            found = os.stat(source)
        except (OSError, ValueError):
            return None
        return cls(found.st_size, found.st_mtime_ns)


class Entry(NamedTuple):
    """One page that was read.

    Attributes:
        reading: reading of the page.
        crops: PNG of the numbers to check, if a workbook is to be written.
        n_pages: number of pages of its source.
        stamp: stamp of the source before it was read; None if the page is to be read again.
        name: name of files about the source, without suffix.
    """

    reading: PageReading
    crops: Mapping[Place, bytes]
    n_pages: int
    stamp: Stamp | None
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON types."""
        return {
            "page": self.reading.to_json(),
            "crops": [
                [*place, b64encode(png).decode("ascii")] for place, png in self.crops.items()
            ],
            "n_pages": self.n_pages,
            "stamp": self.stamp,
            "name": self.name,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Entry":
        """Return the entry that `to_json` was called on.

        Raises:
            KeyError, TypeError, ValueError: if the value is not an entry.
        """
        stamp = value["stamp"]
        return cls(
            reading=page_from_json(value["page"]),
            crops={(line, place): b64decode(png) for line, place, png in value["crops"]},
            n_pages=int(value["n_pages"]),
            stamp=None if stamp is None else Stamp(int(stamp[0]), int(stamp[1])),
            name=str(value["name"]),
        )


def page_from_json(entry: dict[str, Any]) -> PageReading:
    """Return the reading that ``PageReading.to_json`` was called on.

    Raises:
        KeyError, TypeError, ValueError: if the value is not a reading.
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
