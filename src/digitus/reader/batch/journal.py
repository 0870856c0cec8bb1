"""A journal of the pages that were read: what Ctrl-C, a crash or a power cut leaves to go on from.

JSON lines: the first tells the settings, each other one page. It also keeps a long run small in
memory: tables are written from it, page by page.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from digitus.errors import CheckpointError, WriteError
from digitus.reader.batch.journal_entries import Entry, entry_from_json, stamp_of
from digitus.reader.results.reading import PageReading

_FORMAT = 2
_NO_JOURNAL = "no journal of a run; delete it, or choose another name for the results"


class _Known(NamedTuple):
    """Where the journal holds a page, and what need not be looked up there."""

    start: int
    n_pages: int
    stamp: tuple[int, int] | None
    name: str

    def is_out_of_date(self, page: int, newer: "_Known") -> bool:
        """Return whether a newer page shows that its source has changed, or lacks this page."""
        changed = None not in (self.stamp, newer.stamp) and self.stamp != newer.stamp
        return changed or page > newer.n_pages


class Journal:
    """The journal of one run, open for writing.

    Args:
        path: its file; None keeps it in a file without a name, which is gone at the end.
        settings: what the readings depend on (JSON types).
        resume: go on with a journal that is there already.

    Raises:
        CheckpointError: if the journal to go on with has other settings or is none; or if, without
            ``resume``, one is there that holds pages.
        WriteError: if it cannot be written.
    """

    def __init__(
        self, path: Path | None, settings: dict[str, Any], *, resume: bool = False
    ) -> None:
        self.path, self.settings = path, {"format": _FORMAT, **settings}
        self._known: dict[str, dict[int, _Known]] = {}
        goes_on = resume and path is not None and path.exists()
        if path is not None and not goes_on:
            _refuse_to_lose(path)
        with _writing(path if goes_on else path and path.parent):
            self._file: BinaryIO = _opened(path, "r+b" if goes_on else "w+b")
        if goes_on:
            self._look_through()
        else:
            self._append(self.settings)

    def __len__(self) -> int:
        """How many pages it holds."""
        return sum(map(len, self._known.values()))

    @property
    def names(self) -> dict[str, str]:
        """What the files about each source are called."""
        named = {source: next(iter(pages.values())) for source, pages in self._known.items()}
        return {source: known.name for source, known in named.items() if known.name}

    def has(self, source: str, page: int) -> bool:
        """Return whether a page was read before, from a source that is unchanged or gone."""
        known = self._known.get(source, {}).get(page)
        return known is not None and stamp_of(source) in (None, known.stamp)

    def has_all(self, source: str) -> bool:
        """Return whether all pages of a source were read before."""
        n_pages = self.n_pages_of(source)
        return n_pages > 0 and all(self.has(source, page) for page in range(1, n_pages + 1))

    def n_pages_of(self, source: str) -> int:
        """Return how many pages a source had when it was read; 0 if it was not."""
        first = self._known.get(source, {}).get(1)
        return 0 if first is None else first.n_pages

    def forget_former(self, source: str, n_pages: int) -> None:
        """Forget what was read of a source before it changed; it has so many pages now.

        A source that is gone keeps its pages.
        """
        stamp = stamp_of(source)
        if stamp is None or source not in self._known:
            return
        former = self._known.pop(source)
        left = {page: one for page, one in former.items() if one.stamp == stamp and page <= n_pages}
        if left:
            self._known[source] = left

    def add(self, entry: Entry) -> None:
        """Write down a page that was read; it is on its way to the disk at once.

        Raises:
            WriteError: if the disk is full.
        """
        start = self._append(entry.to_json())
        self._know(entry, start)

    def entries(self, order: Mapping[str, int]) -> Iterator[Entry]:
        """Read the pages back one by one: by their source's place in ``order``, then by page."""
        last = len(order)
        sources = sorted(self._known, key=lambda source: (order.get(source, last), source))
        starts = [
            known.start for source in sources for _, known in sorted(self._known[source].items())
        ]
        for start in starts:
            self._file.seek(start)
            yield entry_from_json(json.loads(self._file.readline()))

    def close(self, *, keep: bool) -> bool:
        """Close it; take it away unless it is kept to go on from and holds a page.

        Returns:
            Whether it stays.
        """
        self._file.close()
        stays = keep and self.path is not None and bool(self._known)
        if self.path is not None and not stays:
            self.path.unlink(missing_ok=True)
        return stays

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
                entry = entry_from_json(json.loads(line))
            except (KeyError, TypeError, ValueError):
                break
            self._know(entry, start)
            start = self._file.tell()
        with _writing(self.path):
            self._file.truncate(start)

    def _know(self, entry: Entry, start: int) -> None:
        """Note where a page is; what its source was before it changed is forgotten."""
        newest = _Known(start, entry.n_pages, entry.stamp, entry.name)
        source = entry.reading.source
        former = self._known.get(source, {}).items()
        self._known[source] = {
            **{page: one for page, one in former if not one.is_out_of_date(page, newest)},
            entry.reading.page: newest,
        }

    def _check_settings(self, line: bytes) -> None:
        found: Any = None
        with suppress(ValueError):
            found = json.loads(line)
        if found == self.settings:
            return
        self._file.close()
        if not isinstance(found, dict) or "format" not in found:
            raise CheckpointError(f"{self.path}: {_NO_JOURNAL}")
        differing = [name for name in self.settings if found.get(name) != self.settings[name]]
        raise CheckpointError(
            f"{self.path}: the run to go on with had another {', '.join(differing)}; "
            f"repeat its options, or delete it to start anew"
        )


def _opened(path: Path | None, mode: str) -> BinaryIO:
    if path is None:
        return cast(BinaryIO, tempfile.TemporaryFile())
    return cast(BinaryIO, path.open(mode))


def _refuse_to_lose(path: Path) -> None:
    """Refuse to start anew where an earlier run left pages, or where something else lies."""
    try:
        with path.open("rb") as file:
            head, count = file.readline(), sum(line.endswith(b"\n") for line in file)
    except OSError:
        return  # there is none, or opening it for writing tells why
    found: Any = None
    with suppress(ValueError):
        found = json.loads(head)
    if head and not (isinstance(found, dict) and "format" in found):
        raise CheckpointError(f"{path}: {_NO_JOURNAL}")
    if count:
        raise CheckpointError(
            f"{path}: pages of an earlier run are kept here, {count:,} of them; "
            f"go on with --resume, or delete it to start anew"
        )


@contextmanager
def _writing(path: Path | None) -> Iterator[None]:
    """Turn a refusal of the system into one sentence."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{path or tempfile.gettempdir()}: cannot be written ({error.strerror or error}); "
            f"free some space or choose another place"
        ) from error


class Pages:
    """The pages of a journal, read anew whenever they are gone through."""

    def __init__(self, journal: Journal, order: Mapping[str, int]) -> None:
        self.journal, self.order = journal, order

    def __iter__(self) -> Iterator[PageReading]:
        """Return the readings in the order asked for."""
        return (entry.reading for entry in self.journal.entries(self.order))
