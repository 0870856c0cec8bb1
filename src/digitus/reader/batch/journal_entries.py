"""What a journal holds of one page, and as what."""

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple

from digitus.reader.batch.from_json import page_from_json
from digitus.reader.export.crops import Place
from digitus.reader.results.reading import PageReading


class Entry(NamedTuple):
    """One page that was read.

    Attributes:
        reading: what was read on it.
        crops: PNG of the numbers to check, where they are wanted.
        n_pages: how many pages its source has.
        stamp: size and time of the source when it was read; see ``stamp_of``.
        name: what files about the source are called.
    """

    reading: PageReading
    crops: Mapping[Place, bytes]
    n_pages: int
    stamp: tuple[int, int] | None
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``."""
        crops = [[*place, b64encode(png).decode("ascii")] for place, png in self.crops.items()]
        return {
            **{"page": self.reading.to_json(), "crops": crops, "n_pages": self.n_pages},
            **{"stamp": self.stamp, "name": self.name},
        }


def entry_from_json(value: dict[str, Any]) -> Entry:
    """Take back what ``Entry.to_json`` gave.

    Raises:
        KeyError, TypeError, ValueError: if it is something else.
    """
    stamp = value["stamp"]
    return Entry(
        page_from_json(value["page"]),
        {(line, place): b64decode(png) for line, place, png in value["crops"]},
        int(value["n_pages"]),
        None if stamp is None else (int(stamp[0]), int(stamp[1])),
        str(value["name"]),
    )


def stamp_of(source: str) -> tuple[int, int] | None:
    """Return size (bytes) and time of change (ns) of a file; None where there is none."""
    try:
        found = os.stat(source)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
