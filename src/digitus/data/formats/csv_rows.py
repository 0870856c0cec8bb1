"""CSV files of images: 785 columns with the label first, or 784 columns without labels.

The header is like ``label,pixel0,...`` or ``label,1x1,...``, or there is none. NumPy reads the
file; if that fails, the file is read again line by line to find the invalid cell.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike

from digitus.data.checks import mismatch, open_decoded
from digitus.data.samples import CLASSES, PIXELS, Bytes, Samples
from digitus.errors import DataError
from digitus.files import replacing

_LABELLED = PIXELS + 1
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


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
            range. The error names the row (line of the file, from 1) and the column.
    """
    with open_decoded(path) as file:
        layout = _read_layout(file, path)
        values = _read_with_numpy(file, layout)
        if values is None:
            file.seek(0)
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


def _read_layout(file: BinaryIO, path: str | Path) -> _Layout:
    """Read the first line; leave the stream at the first row of pixels."""
    line = file.readline()
    if not line.strip():
        raise mismatch(path, wanted="rows of pixels", found="an empty file", remedy="give another")
    fields = _fields(line)
    if len(fields) not in (PIXELS, _LABELLED):
        raise _wrong_width(f"{path}, row 1", f"{_LABELLED} (with label) or {PIXELS}", len(fields))
    if not _is_header(fields):
        file.seek(0)
        return _Layout(str(path), len(fields), None)
    _check_header(fields, file, path)
    file.seek(len(line))
    return _Layout(str(path), len(fields), fields)


def _check_header(header: list[str], file: BinaryIO, path: str | Path) -> None:
    if len(header) == _LABELLED and header[0].lower() != "label":
        raise mismatch(
            f"{path}, row 1",
            wanted="`label` as the name of the first column",
            found=repr(header[0]),
            remedy="put the labels first",
        )
    if not any(line.strip() for line in file):
        raise mismatch(
            path, wanted="rows below the header", found="none", remedy="give another file"
        )


def _fields(line: bytes) -> list[str]:
    text = line.decode("utf-8", errors="replace").removeprefix(_BOM)
    return [field.strip() for field in next(csv.reader([text.strip("\r\n")]), [])]


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
    try:
        values = np.loadtxt(
            file, np.uint8, comments=None, delimiter=",", quotechar='"', ndmin=2, encoding="utf-8"
        )
    except ValueError:
        return None
    is_valid = values.shape[1] == layout.width and values[:, 0].max() <= layout.tops[0]
    return values if is_valid else None


def _read_by_line(file: BinaryIO, layout: _Layout) -> Bytes:
    """Read rows (n, width), which may hold 3.0 for 3; raise an error for the first invalid cell."""
    return np.array(list(_parse_rows(file, layout)), np.uint8)


def _parse_rows(file: BinaryIO, layout: _Layout) -> Iterator[Bytes]:
    tops = layout.tops
    for number, line in enumerate(file, 1):
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
                found=repr(fields[column]),
                remedy="correct or remove the row",
            )
        yield np.array(row, np.uint8)


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
