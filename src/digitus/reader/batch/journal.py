"""Keep a journal of the pages that were read, from which an interrupted run is resumed.

JSON lines: the first holds the settings, each other one page. Tables are written from it page by
page, so a long run needs little memory.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from digitus.errors import CheckpointError, WriteError
from digitus.json_values import parse_json
from digitus.reader.batch.journal_entries import Entry, Stamp
from digitus.reader.results.reading import PageReading

_FORMAT = 3  # version of the journal's format
_NOT_A_JOURNAL = "not a journal of digitus read; delete it, or choose another name for the results"


class _Record(NamedTuple):
    """Where the journal holds a page, and what is needed of it without reading it back."""

    offset: int
    n_pages: int
    stamp: Stamp | None
    name: str

    def is_outdated_by(self, newer: "_Record", page: int) -> bool:
        """Return whether a newer record shows that the source has changed or lost this page."""
        changed = None not in (self.stamp, newer.stamp) and self.stamp != newer.stamp
        return changed or page > newer.n_pages


class Journal:
    """The journal of one run, open for writing.

    Args:
        path: path of its file; None keeps it in an unnamed temporary file.
        settings: JSON types that the readings depend on.
        resume: continue a journal that exists already.

    Raises:
        CheckpointError: if the journal to resume has other settings, or the file is not a journal;
            without ``resume`` also if there is a journal that holds pages.
        WriteError: if it cannot be written.
    """

    def __init__(
        self, path: Path | None, settings: dict[str, Any], *, resume: bool = False
    ) -> None:
        self.path, self.settings = path, {"format": _FORMAT, **settings}
        self._records: dict[str, dict[int, _Record]] = {}
        resumes = resume and path is not None and path.exists()
        if path is not None and not resumes:
            _refuse_to_replace(path)
        with _write_errors(path):
            self._file: BinaryIO = _open(path, "r+b" if resumes else "w+b")
        if resumes:
            self._load()
        else:
            self._append(self.settings)

    def __len__(self) -> int:
        """Number of pages."""
        return sum(map(len, self._records.values()))

    @property
    def names(self) -> dict[str, str]:
        """The name of the files about each source."""
        named = {source: next(iter(pages.values())) for source, pages in self._records.items()}
        return {source: record.name for source, record in named.items() if record.name}

    def has(self, source: str, page: int) -> bool:
        """Return whether a page was read from a source that is unchanged or deleted."""
        record = self._records.get(source, {}).get(page)
        return record is not None and Stamp.of(source) in (None, record.stamp)

    def has_all(self, source: str) -> bool:
        """Return whether all pages of a source were read."""
        n_pages = self.n_pages_of(source)
        return n_pages > 0 and all(self.has(source, page) for page in range(1, n_pages + 1))

    def n_pages_of(self, source: str) -> int:
        """Return the number of pages that a source had when it was read; 0 if it was not."""
        first = self._records.get(source, {}).get(1)
        return 0 if first is None else first.n_pages

    def drop_outdated(self, source: str, n_pages: int) -> None:
        """Drop the pages of a source that has changed since; it has ``n_pages`` now.

        A deleted source keeps its pages.
        """
        stamp = Stamp.of(source)
        if stamp is None or source not in self._records:
            return
        former = self._records.pop(source)
        left = {page: one for page, one in former.items() if one.stamp == stamp and page <= n_pages}
        if left:
            self._records[source] = left

    def add(self, entry: Entry) -> None:
        """Append a page and flush it to the operating system.

        Raises:
            WriteError: if it cannot be written, for example because the disk is full.
        """
        offset = self._append(entry.to_json())
        self._record(entry, offset)

    def entries(self, order: Mapping[str, int]) -> Iterator[Entry]:
        """Yield the pages, sorted by the rank of their source in ``order``, then by page."""
        last = len(order)
        sources = sorted(self._records, key=lambda source: (order.get(source, last), source))
        offsets = [
            record.offset
            for source in sources
            for _, record in sorted(self._records[source].items())
        ]
        for offset in offsets:
            self._file.seek(offset)
            yield Entry.from_json(parse_json(self._file.readline()))

    def close(self, *, keep: bool) -> bool:
        """Close it; delete its file unless ``keep`` is set and it holds a page.

        Returns:
            Whether the file is kept.
        """
        with _write_errors(self.path):
            self._file.close()
        is_kept = keep and self.path is not None and bool(self._records)
        if self.path is not None and not is_kept:
            self.path.unlink(missing_ok=True)
        return is_kept

    def _append(self, value: dict[str, Any]) -> int:
        with _write_errors(self.path):
            offset = self._file.seek(0, os.SEEK_END)
            self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
            self._file.flush()
        return offset

    def _load(self) -> None:
        """Find the pages in an existing journal; truncate an incomplete last line."""
        settings = self._file.readline()
        self._check_settings(settings)
        if not settings.endswith(b"\n"):  # cut off there; pages go on lines of their own
            with _write_errors(self.path):
                self._file.write(b"\n")
        offset = self._file.tell()
        for line in iter(self._file.readline, b""):
            if not line.endswith(b"\n"):
                break  # the next page would be written behind it, on the same line
            try:
                entry = Entry.from_json(parse_json(line))
            except (KeyError, TypeError, ValueError):
                break
            self._record(entry, offset)
            offset = self._file.tell()
        with _write_errors(self.path):
            self._file.truncate(offset)

    def _record(self, entry: Entry, offset: int) -> None:
        """Note where a page is; drop pages of its source that it shows to be outdated."""
        newest = _Record(offset, entry.n_pages, entry.stamp, entry.name)
        source = entry.reading.source
        former = self._records.get(source, {}).items()
        self._records[source] = {
            **{page: one for page, one in former if not one.is_outdated_by(newest, page)},
            entry.reading.page: newest,
        }

    def _check_settings(self, line: bytes) -> None:
        found = _settings_in(line)
        if found == self.settings:
            return
        self._file.close()
        if found is None:
            raise CheckpointError(f"{self.path}: {_NOT_A_JOURNAL}")
        differing = [name for name in self.settings if found.get(name) != self.settings[name]]
        raise CheckpointError(
            f"{self.path}: the run to resume had another {', '.join(differing)}; "
            f"repeat its options, or delete the file to start again"
        )


class Pages:
    """The readings in a journal, read back from it at each iteration."""

    def __init__(self, journal: Journal, order: Mapping[str, int]) -> None:
        self.journal, self.order = journal, order

    def __iter__(self) -> Iterator[PageReading]:
        """Yield the readings as `Journal.entries` orders them."""
        return (entry.reading for entry in self.journal.entries(self.order))


def _open(path: Path | None, mode: str) -> BinaryIO:
    if path is None:
        return cast(BinaryIO, tempfile.TemporaryFile())
    return cast(BinaryIO, path.open(mode))


def _settings_in(line: bytes) -> dict[str, Any] | None:
    """Return the settings in the first line of a journal; None if it is not one."""
    with suppress(ValueError):
        found = parse_json(line)
        if isinstance(found, dict) and "format" in found:
            return found
    return None


def _refuse_to_replace(path: Path) -> None:
    """Refuse to replace the pages of an earlier run, or a file that is not a journal."""
    try:
        with path.open("rb") as file:
            head, n_pages = file.readline(), sum(line.endswith(b"\n") for line in file)
    except OSError:
        return  # the file does not exist, or opening it for writing fails with the reason
    if head and _settings_in(head) is None:
        raise CheckpointError(f"{path}: {_NOT_A_JOURNAL}")
    if n_pages:
        raise CheckpointError(
            f"{path}: holds pages of an earlier run, {n_pages:,} of them; "
            f"continue it with --resume, or delete the file to start again"
        )


@contextmanager
def _write_errors(path: Path | None) -> Iterator[None]:
    """Turn an error of the operating system into a WriteError that names the path."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{path or tempfile.gettempdir()}: cannot be written ({error.strerror or error}); "
            f"free some space or choose another place"
        ) from error
