"""From arrays of any number type to pixels and labels, or an error that names the row."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, PIXELS, SIDE_PX, Bytes, Labels
from digitus.errors import DataError

_CHUNK_ROWS = 4096


def mismatch(where: object, *, wanted: str, found: object, remedy: str) -> DataError:
    """Build the one sentence of a data error: the thing, what was wanted, what came, what to do.

    >>> str(mismatch("a.idx", wanted="60000 labels", found=59999, remedy="fetch it again"))
    'a.idx: expected 60000 labels, found 59999; fetch it again'
    """
    return DataError(f"{where}: expected {wanted}, found {found}; {remedy}")


def as_pixels(values: NDArray[Any], where: object) -> Bytes:
    """Take images (n, 784) or (n, 28, 28) of any number type as uint8 (n, 784).

    Raises:
        DataError: if the shape is another one or a value is no whole number from 0 to 255.
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
    """Take ``n`` labels of any number type as int64 (n,).

    Raises:
        DataError: if their number differs or one is no whole number from 0 to 9.
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
    """Check (n, d) values chunk by chunk, so that a big file needs no second copy as float."""
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
        _refuse_other_values(chunk, where, start=start, top=top)
        result[start : start + _CHUNK_ROWS] = chunk
    return result


def _refuse_other_values(chunk: NDArray[Any], where: object, *, start: int, top: int) -> None:
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
