"""The one gate for pickles: lists, dicts, numbers, strings and NumPy arrays, and nothing else.

A pickle is a program that may call whatever it names. Here the few names that NumPy's arrays need
stand for classes of ours, which only look at bytes; all others are refused.
"""

import pickle
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_TYPES = {f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)} | {"f2", "f4", "f8", "b1"}
_TUPLES = 1 << 14  # an array takes four; Python itself crashes on a key of 100,000 nested ones


class PickledArray:
    """Stands in for ``numpy.ndarray``, and for the function that makes an empty one.

    Attributes:
        values: a view of the pickled bytes, without a copy where their protocol kept bytes.
    """

    values: NDArray[Any] = np.empty(0)

    def __init__(self, *_: object) -> None:
        """Ignore what NumPy makes an empty array from: the state comes afterwards."""

    def __setstate__(self, state: tuple[int, tuple[int, ...], "_Type", bool, bytes]) -> None:
        """Take (version, shape, dtype, is_fortran, bytes)."""
        _, shape, kind, is_fortran, content = state
        self.values = _decode(content, kind, shape, "F" if is_fortran else "C")


class _Type:
    """Stands in for ``numpy.dtype``; Python 2 wrote its codes as bytes."""

    def __init__(self, code: bytes | str, *_: object) -> None:
        if text_of(code) not in _TYPES:
            raise pickle.UnpicklingError(f"an array of type {code!r} instead of numbers")
        self.dtype = np.dtype(text_of(code))

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Take (version, byte order, ...)."""
        order: Any = text_of(state[1])
        self.dtype = self.dtype.newbyteorder(order)


class _Maker:
    """Stands in for a function: it can be called, and nothing in it can be changed."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make

    def __call__(self, *arguments: object) -> Any:
        return self._make(*arguments)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError("a change to a function")


def _array_of(content: bytes, kind: _Type, shape: tuple[int, ...], order: str) -> PickledArray:
    array = PickledArray()
    array.values = _decode(content, kind, shape, order)
    return array


def _number(kind: _Type, content: bytes) -> Any:
    return _decode(content, kind, (), "C").item()


def _bytes(text: str, codec: str) -> bytes:
    return text.encode("latin1")  # the one codec that old protocols use


def _decode(content: bytes, kind: _Type, shape: tuple[int, ...], order: Any) -> NDArray[Any]:
    if not isinstance(kind, _Type):
        raise pickle.UnpicklingError("an array without a type")
    return np.frombuffer(content, kind.dtype).reshape(shape, order=order)


_NAMES: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): PickledArray,
    ("numpy", "dtype"): _Type,
    ("_codecs", "encode"): _Maker(_bytes),
}
for _core in ("numpy.core", "numpy._core"):  # before NumPy 2, and since
    _NAMES |= {
        (f"{_core}.multiarray", "_reconstruct"): PickledArray,
        (f"{_core}.multiarray", "scalar"): _Maker(_number),
        (f"{_core}.numeric", "_frombuffer"): _Maker(_array_of),
    }


def _load_bytearray(machine: Any) -> None:
    """Take what is there; the original first asks for as much memory as the file says."""
    (n_bytes,) = struct.unpack("<Q", machine.read(8))
    machine.append(machine.read(n_bytes))


def _counted(load: Callable[[Any], None]) -> Callable[[Any], None]:
    def load_tuple(machine: Any) -> None:
        machine.n_tuples += 1
        if machine.n_tuples > _TUPLES:
            raise pickle.UnpicklingError(f"more than {_TUPLES} tuples")
        load(machine)

    return load_tuple


# Python's own machine, not the one in C: that one takes memory for as many memo places as the
# file says, and reads past the end of frames, so that no look ahead can tell what it will do.
class _Machine(pickle._Unpickler):
    """An unpickler to which all other names are unknown."""

    dispatch = pickle._Unpickler.dispatch | {pickle.BYTEARRAY8[0]: _load_bytearray}
    for _code in pickle.TUPLE + pickle.TUPLE1 + pickle.TUPLE2 + pickle.TUPLE3:
        dispatch[_code] = _counted(dispatch[_code])
    n_tuples = 0

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _NAMES:
            raise pickle.UnpicklingError(f"the name {module}.{name}")
        return _NAMES[module, name]


def load_plain(file: BinaryIO) -> Any:
    """Return what a pickle holds: arrays as `PickledArray`, strings of Python 2 as bytes.

    Raises:
        UnpicklingError: if it is damaged or names anything but NumPy's arrays; nothing was run.
        OSError: if the file cannot be read.
    """
    try:
        return _Machine(file, encoding="bytes").load()
    except (OSError, pickle.UnpicklingError):
        raise
    except EOFError as error:
        raise pickle.UnpicklingError("a cut file") from error
    except Exception as error:  # damage may raise anything
        raise pickle.UnpicklingError(f"damage ({error})") from error


def text_of(value: bytes | str) -> str:
    """Return a string whether Python 2 or 3 wrote it."""
    return value.decode("latin1") if isinstance(value, bytes) else value
