"""What is doubtful in the parts of an archive, one part at a time."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from digitus.errors import CheckpointError
from digitus.json_values import parse_json
from digitus.reader.batch.journal_entries import page_from_json
from digitus.reader.cluster.locations import is_url, list_files
from digitus.reader.cluster.parts import FAILED, SETTINGS, read_table
from digitus.reader.results.reading import PageReading

_SIGNS_OF_DOUBT = ('"to_check":true', '"warnings":["')
"""Stand in the JSON of a page that is doubtful, which is written without spaces."""

_ROOT = re.compile(r"([a-z0-9+.-]+:)?/*")


@dataclass(frozen=True)
class DoubtfulPage:
    """A page with something to check, or with a warning.

    Attributes:
        source: path or URL of its file.
        content: SHA-256 of the file's bytes, in hexadecimal.
        reading: all that was read on it.
    """

    source: str
    content: str
    reading: PageReading


@dataclass(frozen=True)
class PartDoubts:
    """What one part says.

    Attributes:
        name: name of its file.
        thresholds: how its pages were read: ``decimal``, ``min_confidence`` and ``max_error``.
        pages: the doubtful ones.
        n_sure_pages: number of the others that were read.
        n_sure_numbers: number of numbers on these.
        n_failed: number of pages that could not be read.
    """

    name: str
    thresholds: Mapping[str, Any]
    pages: tuple[DoubtfulPage, ...]
    n_sure_pages: int
    n_sure_numbers: int
    n_failed: int


def full_path(folder: str) -> str:
    """Return the path or URL of a folder of parts by which it is known wherever it is named."""
    return folder.rstrip("/") if is_url(folder) else str(Path(folder).resolve())


def result_id(folder: str) -> str:
    """Return what tells the results in folders apart: a hash of where they lie.

    >>> result_id("s3://bucket/out/") == result_id("s3://bucket/out")
    True
    """
    return hashlib.sha256(full_path(folder).encode()).hexdigest()


def part_paths(folder: str) -> list[str]:
    """Return the paths of the parts in a folder, sorted.

    Raises:
        CheckpointError: if there are none.
    """
    paths = [one for one in list_files(folder, ".parquet") if not one.endswith(f"/{FAILED}")]
    if not paths:
        raise CheckpointError(
            f"{folder}: no part of a Parquet result in this folder; "
            f"give one that digitus read --parquet has written"
        )
    return paths


def common_folder(paths: Iterable[str]) -> str:
    """Return the folder, with its last slash, that all sources of some parts lie below.

    It is empty if they have none in common but the root of a disk or a store. Damaged parts are
    left out.
    """
    found: set[str] = set()
    for path in paths:
        with suppress(CheckpointError):
            found |= set(read_table(path, ["source"])["source"].to_pylist())
            found = {min(found), max(found)}  # what these two share, all between them do
    first, last = (one.split("/")[:-1] for one in (min(found, default=""), max(found, default="")))
    both = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    folder = "".join(f"{one}/" for one, _ in both)
    return "" if _ROOT.fullmatch(folder) else folder


def name_below(folder: str, source: str) -> str:
    """Return a source without the folder that it lies below; else its last name.

    >>> name_below("/srv/scans/", "/srv/scans/1923/a.png"), name_below("", "/srv/a.png")
    ('1923/a.png', 'a.png')
    """
    if folder and source.startswith(folder):
        return source.removeprefix(folder)
    return re.split(r"[/\\]", source)[-1]


def doubts_of(path: str) -> PartDoubts:
    """Return what is doubtful in a part.

    Raises:
        CheckpointError: if it is damaged.
    """
    table = read_table(path, ["kind", "source", "content", "reading"])
    pages: list[DoubtfulPage] = []
    n_sure_pages = n_failed = n_numbers = 0
    for kind, source, content, reading in _rows(table):
        if kind == "number":
            n_numbers += 1
        elif kind == "error":
            n_failed += 1
        elif any(sign in reading for sign in _SIGNS_OF_DOUBT):
            pages.append(DoubtfulPage(source, content, _reading(path, reading)))
        else:
            n_sure_pages += 1
    n_doubtful = sum(len(list(page.reading.numbers)) for page in pages)
    return PartDoubts(
        name=path.rpartition("/")[2],
        thresholds=_thresholds(path, table),
        pages=tuple(pages),
        n_sure_pages=n_sure_pages,
        n_sure_numbers=n_numbers - n_doubtful,
        n_failed=n_failed,
    )


def _rows(table: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, a few at a time as Python objects."""
    for batch in table.to_batches(max_chunksize=1024):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _reading(path: str, text: str) -> PageReading:
    try:
        return page_from_json(parse_json(text))
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path}: a reading in it is damaged ({error}); delete it, and read its pages again"
        ) from error


def _thresholds(path: str, table: Any) -> Mapping[str, Any]:
    try:
        found = json.loads((table.schema.metadata or {}).get(SETTINGS, b"{}"))
    except ValueError as error:
        raise CheckpointError(
            f"{path}: its metadata are damaged ({error}); delete it, and read its pages again"
        ) from error
    return found if isinstance(found, dict) else {}
