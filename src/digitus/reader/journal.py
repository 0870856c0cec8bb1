"""A journal of the pages that were read: what Ctrl-C, a crash or a power cut leaves to go on from.

JSON lines: the first tells the settings, each other one page. It also keeps a long run small in
memory: tables are written from it, page by page.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from digitus.errors import CheckpointError, WriteError
from digitus.reader.crops import Place
from digitus.reader.reading import PageReading
from digitus.reader.restoring import page_from_json

_FORMAT = 1


class Entry(NamedTuple):
    """One page that was read.

    Attributes:
        reading: what was read on it.
        crops: PNG of the numbers to check, where they are wanted.
        n_pages: how many pages its source has.
        stamp: size and time of the source when it was read; see ``stamp_of``.
    """

    reading: PageReading
    crops: Mapping[Place, bytes]
    n_pages: int
    stamp: tuple[int, int] | None


class _Known(NamedTuple):
    """Where the journal holds a page, and what need not be looked up there."""

    start: int
    n_pages: int
    stamp: tuple[int, int] | None


class Journal:
    """The journal of one run, open for writing.

    Args:
        path: its file.
        settings: what the readings depend on (JSON types).
        resume: go on with a journal that is there already.

    Raises:
        CheckpointError: if the journal to go on with has other settings or is none.
        WriteError: if it cannot be written.
    """

    def __init__(self, path: Path, settings: dict[str, Any], *, resume: bool = False) -> None:
        self.path, self.settings = path, {"format": _FORMAT, **settings}
        self._known: dict[tuple[str, int], _Known] = {}
        with _writing(self.path):
            goes_on = resume and path.exists()
            self._file: BinaryIO = path.open("r+b" if goes_on else "w+b")
        if goes_on:
            self._look_through()
        else:
            self._append(self.settings)

    def has(self, source: str, page: int) -> bool:
        """Tell whether a page was read before, from a source that is still the same or is gone."""
        known = self._known.get((source, page))
        return known is not None and stamp_of(source) in (None, known.stamp)

    def has_all(self, source: str) -> bool:
        """Tell whether all pages of a source were read before."""
        first = self._known.get((source, 1))
        return first is not None and all(
            self.has(source, page) for page in range(1, first.n_pages + 1)
        )

    def add(self, entry: Entry) -> None:
        """Write down a page that was read; it is on its way to the disk at once.

        Raises:
            WriteError: if the disk is full.
        """
        start = self._append(
            {
                "page": entry.reading.to_json(),
                "crops": [
                    [*place, b64encode(png).decode("ascii")] for place, png in entry.crops.items()
                ],
                "n_pages": entry.n_pages,
                "stamp": entry.stamp,
            }
        )
        key = entry.reading.source, entry.reading.page
        self._known[key] = _Known(start, entry.n_pages, entry.stamp)

    def entries(self, order: Mapping[str, int]) -> Iterator[Entry]:
        """Read the pages back one by one: by their source's place in ``order``, then by page."""
        last = len(order)
        keys = sorted(self._known, key=lambda key: (order.get(key[0], last), *key))
        for key in keys:
            self._file.seek(self._known[key].start)
            yield _entry(json.loads(self._file.readline()))

    def close(self, *, keep: bool) -> None:
        """Close it; take it away unless it is kept to go on from."""
        self._file.close()
        if not keep:
            self.path.unlink(missing_ok=True)

    def _append(self, value: dict[str, Any]) -> int:
        with _writing(self.path):
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
            self._file.flush()
        return start

    def _look_through(self) -> None:
        """Find the pages in a journal that is there; cut off a last line that is not whole."""
        self._check_settings(self._file.readline())
        start = self._file.tell()
        for line in iter(self._file.readline, b""):
            try:
                entry = _entry(json.loads(line))
            except (KeyError, TypeError, ValueError):
                break
            key = entry.reading.source, entry.reading.page
            self._known[key] = _Known(start, entry.n_pages, entry.stamp)
            start = self._file.tell()
        with _writing(self.path):
            self._file.truncate(start)

    def _check_settings(self, line: bytes) -> None:
        found: Any = None
        with suppress(ValueError):
            found = json.loads(line)
        if found == self.settings:
            return
        self._file.close()
        if not isinstance(found, dict) or "format" not in found:
            raise CheckpointError(f"{self.path}: no journal of a run; delete it or leave --resume")
        differing = [name for name in self.settings if found.get(name) != self.settings[name]]
        raise CheckpointError(
            f"{self.path}: the run to go on with had another {', '.join(differing)}; "
            f"repeat its options, or leave --resume to start again"
        )


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn a refusal of the system into one sentence."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written ({error.strerror or error}); "
            f"free some space or choose another place"
        ) from error


def stamp_of(source: str) -> tuple[int, int] | None:
    """Give size (bytes) and time of change (ns) of a file; None where there is none."""
    try:
        found = os.stat(source)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns


def _entry(value: dict[str, Any]) -> Entry:
    crops = {(line, place): b64decode(png) for line, place, png in value["crops"]}
    stamp = value["stamp"]
    return Entry(
        page_from_json(value["page"]),
        crops,
        int(value["n_pages"]),
        None if stamp is None else (int(stamp[0]), int(stamp[1])),
    )


class Pages:
    """The pages of a journal, read anew whenever they are gone through."""

    def __init__(self, journal: Journal, order: Mapping[str, int]) -> None:
        self.journal, self.order = journal, order

    def __iter__(self) -> Iterator[PageReading]:
        """Give the readings in the order asked for."""
        return (entry.reading for entry in self.journal.entries(self.order))
