"""MATLAB files (up to version 7) with ``data`` (784 x n) and ``label`` (1 x n).

The format: MathWorks, "MAT-File Format" (2019), chapter 1. A header of 128 bytes is followed by
elements, each a tag (type, number of bytes) and its content; a compressed element holds a matrix,
which is an element of elements: flags, dimensions, name, real part. SciPy's reader takes as much
memory as the tags declare, so that only files of version 4, which hold no compressed data, are left
to it. Here an element is decompressed if its name is wanted and its size is within the limit.
"""

import math
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitus.data.checks import as_labels, as_pixels, mismatch, unreadable
from digitus.data.limits import refuse_too_large
from digitus.data.samples import PIXELS, Samples
from digitus.errors import DataError

_RESAVE = "save `data` (784 x n) and `label` (1 x n) with MATLAB's `save -v7`"
_WANTED = ("data", "label")

_HEADER_BYTES, _TAG_BYTES = 128, 8
_HEAD_BYTES = 1024  # flags, dimensions and name of a matrix of at most 32 dimensions
_BLOCK = 1 << 20
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8"}
_NUMBERS |= {13: "u8"}
_NUMBER_CLASSES = range(6, 16)  # double to uint64; those before are text, cells and sparse matrices
_COMPLEX = 0x0800

Variables = dict[str, NDArray[Any]]


def read_mat(path: str | Path) -> Samples:
    """Read a MATLAB file, whose columns are images, as rows.

    Raises:
        DataError: if the file is damaged or of version 7.3, a variable is missing or has a wrong
            shape, it is larger than the limit, or a value is not a whole number in its range.
    """
    variables = _load(path)
    data, label = (_variable(variables, name, path) for name in _WANTED)
    if data.ndim != 2 or len(data) != PIXELS:
        raise mismatch(
            path, wanted=f"`data` of shape ({PIXELS}, n)", found=data.shape, remedy=_RESAVE
        )
    if label.ndim != 2 or 1 not in label.shape:
        raise mismatch(path, wanted="`label` of shape (1, n)", found=label.shape, remedy=_RESAVE)
    pixels = as_pixels(data.T, f"{path} (`data` by columns)")
    labels = as_labels(label.ravel(), f"{path} (`label`)", n=len(pixels))
    return Samples(pixels, labels, str(path))


def _load(path: str | Path) -> Variables:
    try:
        with Path(path).open("rb") as file:
            return _parse(file, path)
    except DataError:
        raise
    except OSError as error:
        raise unreadable(path, error) from error
    except Exception as error:  # damage can raise any exception, in SciPy above all
        raise mismatch(
            path, wanted="a MATLAB file", found="a damaged file or another format", remedy=_RESAVE
        ) from error


def _parse(file: BinaryIO, path: str | Path) -> Variables:
    header = file.read(_HEADER_BYTES)
    if 0 in header[:4]:
        return _load_version_4(file, path)
    if len(header) < _HEADER_BYTES or header[126:] not in (b"IM", b"MI"):
        raise ValueError("not a MATLAB file")
    order = "<" if header[126:] == b"IM" else ">"
    if struct.unpack(f"{order}H", header[124:126]) == (0x0200,):
        raise mismatch(
            path, wanted="a MATLAB file up to version 7", found="version 7.3", remedy=_RESAVE
        )
    return _read_variables(file, order, path)


def _load_version_4(file: BinaryIO, path: str | Path) -> Variables:
    from scipy.io import loadmat

    refuse_too_large(os.fstat(file.fileno()).st_size, path)
    file.seek(0)
    found: Variables = loadmat(file, variable_names=_WANTED)
    return found


def _variable(variables: Variables, name: str, path: str | Path) -> NDArray[Any]:
    if name not in variables:
        raise mismatch(path, wanted=f"a variable `{name}`", found="none", remedy=_RESAVE)
    return np.asarray(variables[name])


def _read_variables(file: BinaryIO, order: str, path: str | Path) -> Variables:
    """Read the wanted variables; of two with one name, the first."""
    variables: Variables = {}
    n_bytes = 0
    for matrix in _matrices(file, order):
        if matrix.name not in _WANTED or matrix.name in variables:
            continue
        if not matrix.is_real:
            raise mismatch(
                path,
                wanted=f"`{matrix.name}` of shape ({PIXELS if matrix.name == 'data' else 1}, n)",
                found="something else than real numbers",
                remedy=_RESAVE,
            )
        n_bytes += matrix.n_bytes
        refuse_too_large(n_bytes, path)
        variables[matrix.name] = matrix.values()
        if len(variables) == len(_WANTED):
            break
    return variables


@dataclass(frozen=True)
class _Matrix:
    """A variable whose values are not read yet.

    Attributes:
        name: of the variable.
        is_real: whether it holds real numbers.
        shape: of the array.
        dtype: of the numbers in the file, which may be shorter than those of the variable.
        n_bytes: of the values, as their tag declares.
        head: the values that are read already.
        read: returns the next bytes, at most as many as are asked for.
        is_whole: returns whether the checksum fits; called after the last value is read.
    """

    name: str
    is_real: bool
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    n_bytes: int
    head: bytes
    read: Callable[[int], bytes]
    is_whole: Callable[[], bool]

    def values(self) -> NDArray[Any]:
        if self.n_bytes != math.prod(self.shape) * self.dtype.itemsize:
            raise ValueError("another number of values than the shape has")
        content = bytearray(self.head[: self.n_bytes])
        while len(content) < self.n_bytes:
            block = self.read(min(_BLOCK, self.n_bytes - len(content)))
            if not block:
                raise ValueError("a truncated file")
            content += block
        if not self.is_whole():
            raise ValueError("a wrong checksum")
        return np.frombuffer(content, self.dtype).reshape(self.shape, order="F")


def _matrices(file: BinaryIO, order: str) -> Iterator[_Matrix]:
    """Yield the variables; the values of one must be read before the next."""
    end = os.fstat(file.fileno()).st_size
    while tag := file.read(_TAG_BYTES):
        kind, n = struct.unpack(f"{order}II", tag)
        following = file.tell() + n
        if following > end:
            raise ValueError("a truncated file")
        if kind == _COMPRESSED:
            yield _compressed_matrix(file.read(n), order)
        elif kind == _MATRIX:
            head = file.read(min(n, _HEAD_BYTES))
            yield _matrix(head, order, read=file.read, is_whole=lambda: True)
        file.seek(following)


def _compressed_matrix(body: bytes, order: str) -> _Matrix:
    inflate = zlib.decompressobj()
    head = inflate.decompress(body, _HEAD_BYTES)
    del body  # the decompressor keeps what it has not read

    def read(n: int) -> bytes:
        return inflate.decompress(inflate.unconsumed_tail, n)

    def is_whole() -> bool:
        read(_TAG_BYTES)  # the padding, and the checksum behind it
        return inflate.eof

    if struct.unpack(f"{order}I", head[:4]) != (_MATRIX,):
        raise ValueError("a compressed element that is not a variable")
    return _matrix(head[_TAG_BYTES:], order, read=read, is_whole=is_whole)


def _matrix(
    head: bytes, order: str, *, read: Callable[[int], bytes], is_whole: Callable[[], bool]
) -> _Matrix:
    """Parse flags, dimensions, name, and the tag of the values."""
    flags, dims, name, values = _elements(head, order)
    n = len(dims.content) // 4
    kind, *_ = struct.unpack(f"{order}II", flags.content)
    is_real = kind & 0xFF in _NUMBER_CLASSES and not kind & _COMPLEX and values.kind in _NUMBERS
    return _Matrix(
        name=name.content.decode("latin1"),
        is_real=is_real,
        shape=struct.unpack(f"{order}{n}i", dims.content),
        dtype=np.dtype(f"{order}{_NUMBERS.get(values.kind, 'u1')}"),
        n_bytes=values.n_bytes,
        head=values.content,
        read=read,
        is_whole=is_whole,
    )


class _Element(NamedTuple):
    kind: int
    n_bytes: int
    content: bytes


def _elements(head: bytes, order: str) -> tuple[_Element, _Element, _Element, _Element]:
    """Return the first four elements of a matrix; the last may have more content than there is."""
    found: list[_Element] = []
    at = 0
    for _ in range(4):
        kind, n = struct.unpack(f"{order}II", head[at : at + _TAG_BYTES])
        if kind >> 16:  # up to four bytes within the tag
            kind, n, start, at = kind & 0xFFFF, kind >> 16, at + 4, at + _TAG_BYTES
        else:
            start, at = at + _TAG_BYTES, at + _TAG_BYTES + -(-n // 8) * 8
        found.append(_Element(kind, n, head[start : start + n]))
    flags, dims, name, values = found
    return flags, dims, name, values
