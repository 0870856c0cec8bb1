"""The entry of one page in the journal, and its JSON."""

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from digitus.json_values import is_of_type
from digitus.models.sequence.line_image_format import MarkKind
from digitus.reader.export.crops import Place
from digitus.reader.results.reading import (
    Box,
    Cell,
    CellVerdict,
    Digit,
    Grid,
    Line,
    Mark,
    Number,
    PageReading,
    Verdict,
)

_MARK_KINDS = (*get_args(MarkKind), "space", "other")


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
            crops={
                (_typed(line, int), _typed(place, int)): b64decode(png)
                for line, place, png in value["crops"]
            },
            n_pages=_typed(value["n_pages"], int),
            stamp=None if stamp is None else Stamp(*_typed(stamp, list[int])),
            name=_typed(value["name"], str),
        )


def page_from_json(entry: dict[str, Any]) -> PageReading:
    """Return the reading that ``PageReading.to_json`` was called on.

    Raises:
        KeyError, TypeError, ValueError: if the value is not a reading.
    """
    return PageReading(
        source=_typed(entry["source"], str),
        page=_typed(entry["page"], int),
        width=_typed(entry["width"], int),
        height=_typed(entry["height"], int),
        lines=tuple(map(_line, entry["lines"])),
        grids=tuple(map(_grid, entry["grids"])),
        warnings=tuple(_typed(entry["warnings"], list[str])),
    )


def _line(entry: dict[str, Any]) -> Line:
    numbers = tuple(map(_number, entry["numbers"]))
    return Line(
        _typed(entry["text"], str), _typed(entry["confidence"], float), _box(entry), numbers
    )


def _number(entry: dict[str, Any]) -> Number:
    return Number(
        text=_typed(entry["text"], str),
        value=_typed(entry["value"], int | float | None),
        confidence=_typed(entry["confidence"], float),
        to_check=_typed(entry["to_check"], bool),
        box=_box(entry),
        digits=tuple(map(_digit, entry["digits"])),
        marks=tuple(map(_mark, entry["marks"])),
        alternatives=tuple(
            (_typed(one["text"], str), _typed(one["probability"], float))
            for one in entry["alternatives"]
        ),
    )


def _mark(entry: dict[str, Any]) -> Mark:
    return Mark(
        kind=_one_of(entry["kind"], _MARK_KINDS),
        box=_box(entry),
        in_text=_typed(entry["in_text"], bool),
        confidence=_typed(entry["confidence"], float),
    )


def _digit(entry: dict[str, Any]) -> Digit:
    return Digit(
        digit=_typed(entry["digit"], int | None),
        verdict=_one_of(entry["verdict"], get_args(Verdict)),
        confidence=_typed(entry["confidence"], float),
        box=_box(entry),
        alternatives=tuple(
            (_typed(one["digit"], int), _typed(one["probability"], float))
            for one in entry["alternatives"]
        ),
    )


def _grid(entry: dict[str, Any]) -> Grid:
    return Grid(_box(entry), tuple(tuple(map(_cell, row)) for row in entry["rows"]))


def _cell(entry: dict[str, Any]) -> Cell:
    return Cell(
        text=_typed(entry["text"], str),
        verdict=_one_of(entry["verdict"], get_args(CellVerdict)),
        confidence=_typed(entry["confidence"], float | None),
        to_check=_typed(entry["to_check"], bool),
        box=_box(entry),
        value=_typed(entry["value"], int | float | None),
    )


def _typed(value: Any, kind: Any) -> Any:
    if not is_of_type(value, kind):
        raise TypeError(f"{value!r:.40} instead of {kind}")
    return value


def _one_of(value: Any, choices: tuple[Any, ...]) -> Any:
    if value not in choices:
        raise ValueError(f"{value!r:.40} instead of one of {choices}")
    return value


def _box(entry: dict[str, Any]) -> Box:
    left, top, width, height = _typed(entry["box"], list[int])
    return left, top, width, height
