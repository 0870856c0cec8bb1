"""Open data files and check their arrays; errors name the file, the row and the column."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, PIXELS, SIDE_PX, Bytes, Labels
from digitus.errors import DataError

_CHUNK_ROWS = 4096  # rows checked at a time: a large file needs no second copy
_GZIP_MAGIC = b"\x1f\x8b"


def mismatch(where: object, *, wanted: str, found: object, remedy: str) -> DataError:
    """Return a data error that names the place, what was expected, what was found, and a remedy.

    >>> str(mismatch("a.idx", wanted="60000 labels", found=59999, remedy="fetch it again"))
    'a.idx: expected 60000 labels, found 59999; fetch it again'
    """
    return DataError(f"{where}: expected {wanted}, found {found}; {remedy}")


@contextmanager
def open_decoded(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file that may be gzipped, by its content, as a stream of its decoded bytes.

    Raises:
        DataError: if the file is missing or cannot be read, or its gzip stream is damaged.
    """
    try:
        with Path(path).open("rb") as file:
            if file.peek(2)[:2] == _GZIP_MAGIC:
                with gzip.open(file) as decoded:
                    yield cast(BinaryIO, decoded)
            else:
                yield file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise mismatch(
            path,
            wanted="a whole gzip file",
            found="a damaged one",
            remedy="delete the file to download it again",
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: str | Path, error: OSError) -> DataError:
    """Return the error for a file that cannot be opened or read."""
    if isinstance(error, FileNotFoundError):
        return mismatch(path, wanted="a file", found="none", remedy="check the path")
    reason = error.strerror or error
    return DataError(f"{path}: cannot be read ({reason}); check the file and its permissions")


def as_pixels(values: NDArray[Any], where: object) -> Bytes:
    """Convert images (n, 784) or (n, 28, 28) of any number type to uint8 (n, 784).

    Args:
        values: the images.
        where: their source, for the error.

    Raises:
        DataError: if the shape is wrong or a value is not a whole number from 0 to 255.
    """
    if values.shape[1:] == (SIDE_PX, SIDE_PX):
        values = values.reshape(len(values), PIXELS)
    if values.ndim != 2 or values.shape[1] != PIXELS or len(values) == 0:
        raise mismatch(
            where,
            wanted=f"images of {SIDE_PX} x {SIDE_PX} pixels, one a row",
            found=f"an array of shape {values.shape}",
            remedy="give another file",
        )
    return _whole_numbers(values, where, top=255)


def as_labels(values: NDArray[Any], where: object, *, n: int) -> Labels:
    """Convert labels of any number type to int64 (n,).

    Args:
        values: the labels.
        where: their source, for the error.
        n: expected number of labels.

    Raises:
        DataError: if their number differs or one is not a whole number from 0 to 9.
    """
    if values.shape != (n,):
        raise mismatch(
            where,
            wanted=f"{n} labels",
            found=values.size if values.ndim == 1 else f"an array of shape {values.shape}",
            remedy="give images and labels of the same rows",
        )
    return _whole_numbers(values[:, np.newaxis], where, top=CLASSES - 1)[:, 0].astype(np.int64)


def _whole_numbers(values: NDArray[Any], where: object, *, top: int) -> Bytes:
    """Convert values (n, d) to bytes and check that they are whole numbers from 0 to top."""
    if values.dtype == np.uint8 and top >= 255:
        return values
    if values.dtype.kind not in "buif":
        raise mismatch(
            where,
            wanted=f"numbers from 0 to {top}",
            found=f"values of type {values.dtype}",
            remedy="save plain numbers",
        )
    result = np.empty(values.shape, np.uint8)
    for start in range(0, len(values), _CHUNK_ROWS):
        chunk = values[start : start + _CHUNK_ROWS]
        _check_values(chunk, where, start=start, top=top)
        result[start : start + _CHUNK_ROWS] = chunk
    return result


def _check_values(chunk: NDArray[Any], where: object, *, start: int, top: int) -> None:
    """Raise an error that names the first value that is not a whole number from 0 to top."""
    with np.errstate(invalid="ignore"):  # signaling NaN
        fits = (chunk >= 0) & (chunk <= top)  # false for NaN
        if chunk.dtype.kind == "f":
            fits &= chunk == np.floor(chunk)
    if not fits.all():
        row, col = np.argwhere(~fits)[0]
        raise mismatch(
            f"{where}, row {start + row + 1}, column {col + 1}",
            wanted=f"a whole number from 0 to {top}",
            found=chunk[row, col],
            remedy="correct or remove the row",
        )
