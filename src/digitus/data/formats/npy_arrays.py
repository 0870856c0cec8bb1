"""NumPy's files, .npy and .npz: arrays of numbers, whose declared sizes are checked before reading.

NumPy's reader evaluates the header as Python, allocates what it declares, and decompresses members
that nobody asked for. Here the header is matched against its only form for plain numbers, and of an
archive only the wanted members are read.
"""

import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitus.data.limits import refuse_too_large
from digitus.errors import DataError

Arrays = Mapping[str, NDArray[Any]]

_MAGIC = b"\x93NUMPY"
_LENGTH_FORMATS = {1: "<H", 2: "<I", 3: "<I"}  # by version of the format
_MOST_HEADER_BYTES = 10_000  # as NumPy's own reader allows
_BLOCK = 1 << 20

# In a header without white space.
_DESCR = re.compile(r"""['"]descr['"]:['"]([<>|=]?(?:[biufcSUV?]\d{0,9}|O\d?))['"]""")
_FORTRAN = re.compile(r"""['"]fortran_order['"]:(True|False)""")
_SHAPE = re.compile(r"""['"]shape['"]:\((\d{1,18}L?(?:,\d{1,18}L?){0,7},?)?\)""")
_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OTHER_COMPRESSIONS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "LZMA"}


class Unreadable(ValueError):
    """What was found instead of an array; the callers name the file and what they wanted."""


class Archive(NamedTuple):
    """The members of an archive: the wanted ones read, the names of all."""

    arrays: dict[str, NDArray[Any]]
    names: list[str]


class _Header(NamedTuple):
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    is_fortran: bool

    @property
    def n_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read_npy(path: str | Path) -> NDArray[Any]:
    """Read the array of a .npy file.

    Raises:
        Unreadable: if it is damaged, another file, or holds objects.
        DataError: if it is larger than the limit.
        OSError: if it cannot be read.
    """
    with Path(path).open("rb") as file:
        header, start = _read_header(file), file.tell()
        _check_size(header, file.seek(0, 2) - start)
        refuse_too_large(header.n_bytes, path)
        file.seek(start)
        return _read_values(file, header)


def read_npz(path: str | Path, *, is_wanted: Callable[[str], bool]) -> Archive:
    """Read the wanted arrays of an .npz archive; others are not even decompressed.

    Raises:
        Unreadable: if it is damaged, another file, or a wanted member is not an array of numbers.
        DataError: if the wanted members are larger than the limit.
        OSError: if it cannot be read.
    """
    with Path(path).open("rb") as file:
        if file.peek(len(_MAGIC)).startswith(_MAGIC):
            raise Unreadable("one array (.npy)")
        try:
            with zipfile.ZipFile(file) as archive:
                return _read_members(archive, path, is_wanted)
        except (Unreadable, DataError):
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Unreadable("a damaged file or another format") from error
        except Exception as error:  # damage to an archive can raise any exception
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise Unreadable(f"damage ({type(error).__name__})") from error


def _read_members(
    archive: zipfile.ZipFile, path: str | Path, is_wanted: Callable[[str], bool]
) -> Archive:
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    wanted = {name: info for name, info in members.items() if is_wanted(name)}
    refuse_too_large(sum(info.file_size for info in wanted.values()), path)
    arrays = {name: _read_member(archive, info) for name, info in wanted.items()}
    return Archive(arrays, list(members))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    if info.flag_bits & 1:
        raise Unreadable(f"an encrypted member {info.filename}")
    if info.compress_type not in _COMPRESSIONS:
        name = _OTHER_COMPRESSIONS.get(info.compress_type, f"method {info.compress_type}")
        raise Unreadable(f"a member {info.filename} that is compressed by {name}")
    with archive.open(info) as member:
        try:
            header = _read_header(member)
            _check_size(header, info.file_size - member.tell())
        except Unreadable as error:
            raise Unreadable(f"{error} in {info.filename}") from error
        return _read_values(member, header)


def _read_header(file: IO[bytes]) -> _Header:
    start = file.read(8)
    if start[:6] != _MAGIC or len(start) < 8 or start[6] not in _LENGTH_FORMATS:
        raise Unreadable(
            "an archive (.npz)" if start[:4] == b"PK\3\4" else "a damaged file or another format"
        )
    kind = _LENGTH_FORMATS[start[6]]
    raw = file.read(struct.calcsize(kind))
    n = struct.unpack(kind, raw)[0] if len(raw) == struct.calcsize(kind) else 0
    text = file.read(n).decode("latin1") if 0 < n <= _MOST_HEADER_BYTES else ""
    fields = "".join(text.split())
    descr, fortran, shape = (field.search(fields) for field in (_DESCR, _FORTRAN, _SHAPE))
    if len(text) < n or not (descr and fortran and shape):
        raise Unreadable("a damaged header, or an array of other things than numbers")
    if "O" in descr[1]:
        raise Unreadable("pickled objects")
    sizes = tuple(map(int, re.findall(r"\d+", shape[1] or "")))
    return _Header(_dtype(descr[1]), sizes, fortran[1] == "True")


def _dtype(code: str) -> np.dtype[Any]:
    try:
        return np.dtype(code)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"an array of type {code!r}") from error


def _check_size(header: _Header, n_bytes: int) -> None:
    if header.n_bytes != n_bytes:
        raise Unreadable(
            f"{n_bytes:,} bytes of values where the header says an array of shape "
            f"{header.shape} of {header.dtype}"
        )


def _read_values(file: IO[bytes], header: _Header) -> NDArray[Any]:
    """Read in blocks: memory is taken for the values that come, not for those declared."""
    values = bytearray()
    while len(values) < header.n_bytes:
        block = file.read(min(_BLOCK, header.n_bytes - len(values)))
        if not block:
            raise Unreadable("a truncated file")
        values += block
    order: Any = "F" if header.is_fortran else "C"
    try:
        return np.frombuffer(values, header.dtype).reshape(header.shape, order=order)
    except ValueError as error:  # such as values of no bytes, or more dimensions than NumPy has
        raise Unreadable(f"an array of shape {header.shape} of {header.dtype}") from error
