"""CSV files of images: 785 columns with the label first, or 784 columns without labels.

The header is like ``label,pixel0,...`` or ``label,1x1,...``, or there is none. NumPy reads the
file; if that fails, the file is read again line by line to find the invalid cell. Lines may end
like those of Unix, Windows or old Macs; the text is UTF-8, or UTF-16 with a byte order mark.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike

from digitus.data.checks import mismatch, open_decoded
from digitus.data.limits import current_limits, too_large
from digitus.data.samples import CLASSES, PIXELS, Bytes, Samples
from digitus.errors import DataError
from digitus.files import replacing

_LABELLED = PIXELS + 1
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class _Layout:
    """Width and header of a table, from its first line."""

    path: str
    width: int
    header: list[str] | None

    @property
    def has_labels(self) -> bool:
        return self.width == _LABELLED

    @property
    def tops(self) -> list[int]:
        """Largest valid value of each column."""
        return [CLASSES - 1] * self.has_labels + [255] * PIXELS

    def cell(self, line: int, column: int) -> str:
        """Return the name of a cell: its line from 1, and its column by name or number from 1."""
        name = self.header[column] if self.header else str(column + 1)
        return f"{self.path}, row {line}, column {name}"


def read_csv(path: str | Path) -> Samples:
    """Read a table, plain or gzipped; labels are None if it has no label column.

    Raises:
        DataError: if it is empty or its width is wrong, or a cell is not a whole number in its
            range, or a line or the whole exceeds the limits. The error names the row (line of the
            file, from 1) and the column.
    """
    with open_decoded(path) as file:
        layout = _read_layout(file, path)
        values = _read_with_numpy(file, layout)
        if values is None:
            values = _read_by_line(file, layout)
    if not layout.has_labels:
        return Samples(values, None, str(path))
    return Samples(np.ascontiguousarray(values[:, 1:]), values[:, 0].astype(np.int64), str(path))


def write_submission(path: str | Path, digits: ArrayLike) -> None:
    """Write a CSV with the header ``ImageId,Label`` and one line per digit, ids from 1.

    Raises:
        WriteError: if the file cannot be written.
    """
    rows = "".join(f"{row},{digit}\n" for row, digit in enumerate(np.asarray(digits).tolist(), 1))
    with replacing(path) as draft:
        draft.write_text(f"ImageId,Label\n{rows}", encoding="ascii")


def _lines(file: BinaryIO, path: str | Path) -> Iterator[str]:
    """Yield the lines of a table from its start; refuse those that exceed the limits."""
    file.seek(0)
    encoding = "utf-16" if file.read(2) in _UTF16 else "utf-8-sig"
    file.seek(0)
    limits, n_characters = current_limits(), 0
    text = io.TextIOWrapper(file, encoding, errors="replace")  # translates all line ends
    try:
        for number in range(1, limits.rows + 1):
            line = text.readline(limits.line_bytes + 1)
            if not line:
                return
            if len(line) > limits.line_bytes:
                raise _too_long(f"{path}, row {number}", limits.line_bytes)
            n_characters += len(line)
            if n_characters > limits.text_bytes:
                raise too_large(path, f"more than {limits.text_bytes:,} bytes of text")
            yield line
        if text.readline(1):
            raise too_large(path, f"more than {limits.rows:,} lines of {PIXELS} pixels")
    finally:
        with suppress(ValueError):  # the file is closed already
            text.detach()


def _read_layout(file: BinaryIO, path: str | Path) -> _Layout:
    lines = _lines(file, path)
    line = next(lines, "")
    if not line.strip():
        raise mismatch(path, wanted="rows of pixels", found="an empty file", remedy="give another")
    fields = _fields(line)
    if len(fields) not in (PIXELS, _LABELLED):
        raise _wrong_width(f"{path}, row 1", f"{_LABELLED} (with label) or {PIXELS}", len(fields))
    if not _is_header(fields):
        return _Layout(str(path), len(fields), None)
    _check_header(fields, lines, path)
    return _Layout(str(path), len(fields), fields)


def _check_header(header: list[str], rows: Iterator[str], path: str | Path) -> None:
    if len(header) == _LABELLED and header[0].lower() != "label":
        raise mismatch(
            f"{path}, row 1",
            wanted="`label` as the name of the first column",
            found=repr(header[0]),
            remedy="put the labels first",
        )
    if not any(line.strip() for line in rows):
        raise mismatch(
            path, wanted="rows below the header", found="none", remedy="give another file"
        )


def _fields(line: str) -> list[str]:
    return [field.strip() for field in next(csv.reader([line.strip("\n")]), [])]


def _is_header(fields: list[str]) -> bool:
    """Return whether a first line is a header: it starts with "label", or has no number at all.

    A row with a few invalid cells is not a header; pixel columns may be named by numbers.
    """
    return fields[0].lower() == "label" or not any(_is_number(field) for field in fields)


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _read_with_numpy(file: BinaryIO, layout: _Layout) -> Bytes | None:
    """Read rows (n, width) of whole numbers; return None if any cell or width is invalid."""
    rows = _closed_lines(islice(_lines(file, layout.path), int(layout.header is not None), None))
    try:
        values = np.loadtxt(rows, np.uint8, comments=None, delimiter=",", quotechar='"', ndmin=2)
    except ValueError:
        return None
    is_valid = values.shape[1] == layout.width and values[:, 0].max() <= layout.tops[0]
    return values if is_valid else None


def _closed_lines(lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines; refuse one that ends within quotes, to which NumPy would add all others."""
    for line in lines:
        if line.count('"') % 2:
            raise ValueError("a line that ends within quotes")
        yield line


def _read_by_line(file: BinaryIO, layout: _Layout) -> Bytes:
    """Read rows (n, width), which may hold 3.0 for 3; raise an error for the first invalid cell."""
    values = bytearray()
    for row in _parse_rows(file, layout):
        values += row
    return np.frombuffer(values, np.uint8).reshape(-1, layout.width)


def _parse_rows(file: BinaryIO, layout: _Layout) -> Iterator[bytes]:
    tops = layout.tops
    for number, line in enumerate(_lines(file, layout.path), 1):
        fields = _fields(line)
        if not fields or (number == 1 and layout.header):
            continue
        if len(fields) != layout.width:
            raise _wrong_width(f"{layout.path}, row {number}", str(layout.width), len(fields))
        row = [_parse(field, top) for field, top in zip(fields, tops, strict=True)]
        if None in row:
            column = row.index(None)
            raise mismatch(
                layout.cell(number, column),
                wanted=f"a whole number from 0 to {tops[column]}",
                found=f"{fields[column]!r:.80}",
                remedy="correct or remove the row",
            )
        yield bytes(value for value in row if value is not None)


@lru_cache(maxsize=4096)
def _parse(field: str, top: int) -> int | None:
    value = float(field) if _is_number(field) else -1.0
    return int(value) if 0 <= value <= top and value.is_integer() else None


def _wrong_width(where: str, wanted: str, found: int) -> DataError:
    return mismatch(
        where,
        wanted=f"{wanted} columns",
        found=found,
        remedy="separate the columns by commas, one image a row",
    )


def _too_long(where: str, most: int) -> DataError:
    return mismatch(
        where,
        wanted=f"a line of at most {most:,} characters",
        found="a longer one",
        remedy="put each image on a line of its own",
    )
