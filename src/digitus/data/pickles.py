"""A reader for Python 2 pickles of arrays, which can build arrays and nothing else.

Pickle is a small machine that may call what the file names. Here three names exist, and each
stands for a class of ours that only looks at bytes.
"""

import pickle
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from digitus.errors import DataError

_TYPES = {b"f4": "<f4", b"i8": "<i8"}


class PickledArray:
    """Stands in for ``numpy.ndarray``: a view of the pickled bytes, without a copy."""

    values: NDArray[Any]

    def __setstate__(self, state: tuple[int, tuple[int, ...], "_PickledType", bool, bytes]) -> None:
        """Take (version, shape, dtype, is_fortran, bytes)."""
        _, shape, dtype, is_fortran, content = state
        if is_fortran or not isinstance(dtype, _PickledType):
            raise pickle.UnpicklingError("an array in an order or of a type not known here")
        self.values = np.frombuffer(content, _TYPES[dtype.code]).reshape(shape)


class _PickledType:
    """Stands in for ``numpy.dtype``."""

    def __init__(self, code: bytes, *_: object) -> None:
        self.code = code

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Take (version, byte order, ...)."""
        if state[1] != b"<":
            raise pickle.UnpicklingError("numbers that are not little-endian")


def _empty_array(*_: object) -> PickledArray:
    """Stand in for NumPy's ``_reconstruct``: the state comes afterwards."""
    return PickledArray()


_NAMES = {
    ("numpy.core.multiarray", "_reconstruct"): _empty_array,
    ("numpy", "ndarray"): PickledArray,
    ("numpy", "dtype"): _PickledType,
}


class _ArrayUnpickler(pickle.Unpickler):
    """An unpickler to which every name but three is unknown."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _NAMES[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"the name {module}.{name}") from None


def load_arrays(file: BinaryIO, name: object) -> Any:
    """Read nested tuples of ``PickledArray`` from a Python 2 pickle.

    Raises:
        DataError: if the pickle is damaged or names anything but arrays.
    """
    try:
        return _ArrayUnpickler(file, encoding="bytes").load()
    except (OSError, EOFError):
        raise  # the stream's own damage, which its opener explains
    except Exception as error:  # damage may raise anything
        raise DataError(
            f"{name}: expected a pickle of arrays only, found {error}; do not use the file"
        ) from error
