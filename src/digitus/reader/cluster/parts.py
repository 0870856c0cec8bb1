"""The Parquet files of an archive: schema, parts, and what is done.

A part is written in one move and named by its pages, so that it exists as a whole or not at all,
and a batch that is read twice replaces itself. The parts are the manifest: each holds the keys of
its pages.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from digitus.errors import CheckpointError, MissingLibraryError
from digitus.json_values import parse_json
from digitus.reader.batch.journal_entries import page_from_json
from digitus.reader.cluster.archive_pages import ArchivePage, page_key
from digitus.reader.cluster.locations import (
    delete_file,
    join,
    list_files,
    read_file,
    write_file,
)
from digitus.reader.results.reading import PageReading

FAILED = "failed.parquet"
"""Errors that a later run tries again: files that could not be opened, workers that were killed."""
SETTINGS = b"digitus"
"""Key of a file's metadata under which the thresholds and the decimal sign stand as JSON."""
_FORMAT = "1"
_CACHED_PARTS = 4


def schema() -> Any:
    """Return the Arrow schema of all parts.

    Raises:
        MissingLibraryError: if PyArrow is not installed.
    """
    pa = _pyarrow()
    box = [("left", pa.int32()), ("top", pa.int32()), ("width", pa.int32()), ("height", pa.int32())]
    digit = [("digit", pa.int8()), ("verdict", pa.string()), ("confidence", pa.float64()), *box]
    alternative = pa.struct([("text", pa.string()), ("probability", pa.float64())])
    fields = [
        *[("kind", pa.string()), ("source", pa.string()), ("page", pa.int32())],
        *[("line", pa.int32()), ("number", pa.int32()), ("text", pa.string())],
        *[("value", pa.float64()), ("confidence", pa.float64()), ("to_check", pa.bool_()), *box],
        ("digits", pa.list_(pa.struct(digit))),
        ("alternatives", pa.list_(alternative)),
        *[("error", pa.string()), ("reading", pa.string())],
        *[("content", pa.string()), ("settings", pa.string())],
        *[("model", pa.string()), ("version", pa.string())],
    ]
    return pa.schema([pa.field(name, kind) for name, kind in fields])


def settings_hash(settings: dict[str, Any]) -> str:
    """Return the hash of everything that a reading depends on, the page aside."""
    text = json.dumps({"format": _FORMAT, **settings}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def page_rows(page: ArchivePage, reading: PageReading | None, error: str | None) -> list[Any]:
    """Return the rows of one page: one for the page or its error, and one for each number."""
    base = {"source": page.source, "page": page.page, "content": page.content}
    if reading is None:
        return [{**base, "kind": "error", "error": error}]
    text = json.dumps(reading.to_json(), separators=(",", ":"))
    rows: list[dict[str, Any]] = [{**base, "kind": "page", "reading": text}]
    for n_line, line in enumerate(reading.lines, start=1):
        for n_number, number in enumerate(line.numbers, start=1):
            values = number.to_json()
            rows.append(
                {
                    **base,
                    **{"kind": "number", "line": n_line, "number": n_number},
                    **{name: values[name] for name in ("text", "confidence", "to_check")},
                    "value": None if number.value is None else float(number.value),
                    **_box(values["box"]),
                    "digits": [{**one, **_box(one["box"])} for one in values["digits"]],
                    "alternatives": values["alternatives"],
                }
            )
    return rows


class Archive:
    """The folder of the parts.

    Args:
        folder: path or URL.
        settings: what the readings depend on: its hash marks each row.
        model: name or file name of the model, for the rows.
        thresholds: ``decimal``, ``min_confidence`` and ``max_error``, for those who read the files.
    """

    def __init__(
        self,
        folder: str,
        settings: str,
        model: str,
        thresholds: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder, self.settings, self.model = folder, settings, model
        self.thresholds = dict(thresholds or {})

    def done(self) -> set[bytes]:
        """Return the keys of the pages that were read.

        Raises:
            CheckpointError: if the folder holds parts of other settings, or damaged ones.
        """
        keys: set[bytes] = set()
        for path in list_files(self.folder, ".parquet"):
            table = read_table(path, ["content", "page", "kind", "settings"])
            if set(table["settings"].to_pylist()) - {self.settings}:
                raise CheckpointError(
                    f"{self.folder}: holds pages that were read with another model, version or "
                    f"other thresholds; repeat its options, or choose another folder"
                )
            if path.endswith(FAILED):
                continue
            rows = zip(*(table[name].to_pylist() for name in ("content", "page")), strict=True)
            keys.update(page_key(content, page) for content, page in set(rows))
        return keys

    def write_part(self, pages: Iterable[ArchivePage], rows: list[Any]) -> str:
        """Write the rows of a batch; return the path.

        Raises:
            WriteError: if it cannot be written.
        """
        digest = hashlib.sha256(b"".join(page.key for page in pages)).hexdigest()[:24]
        path = join(self.folder, f"part-{digest}.parquet")
        self._write(path, rows)
        return path

    def write_failed(self, rows: list[Any]) -> None:
        """Replace the errors that a later run tries again.

        Raises:
            WriteError: if they cannot be written.
        """
        path = join(self.folder, FAILED)
        if rows:
            self._write(path, rows)
        else:
            delete_file(path)

    def _write(self, path: str, rows: list[Any]) -> None:
        from digitus import __version__

        pa = _pyarrow()
        import pyarrow.parquet as pq

        marks = {"settings": self.settings, "model": self.model, "version": __version__}
        metadata = {SETTINGS: json.dumps(self.thresholds, sort_keys=True).encode()}
        with_settings = schema().with_metadata(metadata)
        table = pa.Table.from_pylist([{**row, **marks} for row in rows], schema=with_settings)
        file = BytesIO()
        pq.write_table(table, file, compression="zstd")
        write_file(path, file.getvalue())


class ArchivePages:
    """The readings in a folder of parts, sorted by source and page; read back at each iteration.

    Only the places of the pages and a few parts are in memory.

    Raises:
        CheckpointError: if there are no parts, or a damaged one.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.errors: list[tuple[str, int, str]] = []
        self._places: list[tuple[str, int, str, int]] = []
        paths = list_files(folder, ".parquet")
        if not paths:
            raise CheckpointError(
                f"{folder}: no Parquet file in this folder; "
                f"give one that digitus read --parquet has written"
            )
        seen: set[bytes] = set()
        for path in paths:
            self._add(path, seen)
        self._places.sort()
        self.errors.sort()

    def __len__(self) -> int:
        """Number of pages."""
        return len(self._places)

    def __iter__(self) -> Iterator[PageReading]:
        """Yield the readings."""
        readings = lru_cache(maxsize=_CACHED_PARTS)(_readings)
        for _, _, path, row in self._places:
            yield page_from_json(parse_json(readings(path)[row]))

    def _add(self, path: str, seen: set[bytes]) -> None:
        columns = ["kind", "source", "page", "content", "error"]
        table = read_table(path, columns)
        for row, values in enumerate(zip(*(table[c].to_pylist() for c in columns), strict=True)):
            kind, source, page, content, error = values
            if kind == "error":
                self.errors.append((source, page or 0, error))
            elif kind == "page" and (key := page_key(content, page)) not in seen:
                seen.add(key)
                self._places.append((source, page, path, row))


def _readings(path: str) -> list[str]:
    found: list[str] = read_table(path, ["reading"])["reading"].to_pylist()
    return found


def read_table(path: str, columns: list[str]) -> Any:
    """Read columns of a Parquet file.

    Raises:
        CheckpointError: if it is damaged, or none of `digitus read`.
    """
    pa = _pyarrow()
    import pyarrow.parquet as pq

    try:
        with read_file(path) as file:
            return pq.read_table(file, columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise CheckpointError(
            f"{path}: not a Parquet file of digitus read ({error}); delete it, or choose another "
            f"folder"
        ) from error


def _box(box: list[int]) -> dict[str, int]:
    return dict(zip(("left", "top", "width", "height"), box, strict=True))


@cache
def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise MissingLibraryError("for Parquet, pip install 'digitus[cluster]'") from error
    return pyarrow
