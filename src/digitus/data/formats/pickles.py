"""Safe pickles: load lists, dicts, numbers, strings and NumPy arrays, and nothing else.

A pickle is a program that can call anything it names. Here the few names that NumPy arrays need are
mapped to classes of this module, which only decode bytes; all other names are errors.
"""

import pickle
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from digitus.data.limits import current_limits

_TYPES = {f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)} | {"f2", "f4", "f8", "b1"}
_TUPLES = 1 << 14  # an array needs four; Python crashes on a key of 100,000 nested tuples
_INSTRUCTIONS = 1 << 19  # an array needs 40; half a million take a second and up to 110 MB


class PickledArray:
    """Replaces ``numpy.ndarray``, and the function that makes an empty one.

    Attributes:
        values: the array; a view of the pickled bytes if the protocol has bytes.
    """

    values: NDArray[Any] = np.empty(0)

    def __init__(self, *_: object) -> None:
        """Ignore the arguments of an empty array; the state follows."""

    def __setstate__(self, state: tuple[int, tuple[int, ...], "_Type", bool, bytes]) -> None:
        """Set the array from (version, shape, dtype, is_fortran, bytes)."""
        _, shape, kind, is_fortran, content = state
        self.values = _decode(content, kind, shape, "F" if is_fortran else "C")


class _Type:
    """Replaces ``numpy.dtype``; Python 2 wrote its codes as bytes."""

    def __init__(self, code: bytes | str, *_: object) -> None:
        if not isinstance(code, bytes | str) or text_of(code) not in _TYPES:
            shown = f"{code!r:.40}" if isinstance(code, bytes | str) else type(code).__name__
            raise pickle.UnpicklingError(f"an array of type {shown} instead of numbers")
        self.dtype = np.dtype(text_of(code))

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Set the byte order from (version, byte order, ...)."""
        order: Any = text_of(state[1])
        self.dtype = self.dtype.newbyteorder(order)


class _Maker:
    """Replaces a function: it can be called, but its attributes cannot be set."""

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


def _decode(content: bytes, kind: _Type, shape: tuple[int, ...], order: Any) -> NDArray[Any]:
    if not isinstance(kind, _Type):
        raise pickle.UnpicklingError("an array without a type")
    return np.frombuffer(content, kind.dtype).reshape(shape, order=order)


_NAMES: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): PickledArray,
    ("numpy", "dtype"): _Type,
}
for _core in ("numpy.core", "numpy._core"):  # before NumPy 2, and since
    _NAMES |= {
        (f"{_core}.multiarray", "_reconstruct"): PickledArray,
        (f"{_core}.multiarray", "scalar"): _Maker(_number),
        (f"{_core}.numeric", "_frombuffer"): _Maker(_array_of),
    }


def _load_bytearray(machine: Any) -> None:
    """Read the bytes that exist; the original allocates the size that the file states first."""
    (n_bytes,) = struct.unpack("<Q", machine.read(8))
    machine.append(machine.read(n_bytes))


def _counted(load: Callable[[Any], None]) -> Callable[[Any], None]:
    def load_tuple(machine: Any) -> None:
        machine.n_tuples += 1
        if machine.n_tuples > _TUPLES:
            raise pickle.UnpicklingError(f"more than {_TUPLES} tuples")
        load(machine)

    return load_tuple


def _each_counted(load: Callable[[Any], None]) -> Callable[[Any], None]:
    def load_one(machine: Any) -> None:
        machine.n_instructions += 1
        if machine.n_instructions > _INSTRUCTIONS:
            raise pickle.UnpicklingError(f"more than {_INSTRUCTIONS} instructions")
        load(machine)

    return load_one


def _checked(load: Callable[[Any], None], keys_in: slice) -> Callable[[Any], None]:
    """Check what is to be hashed: the hash of nested tuples takes time exponential in their depth.

    Args:
        load: an instruction of the unpickler that makes keys of a dictionary or members of a set.
        keys_in: where they lie on the stack before it.
    """

    def load_hashed(machine: Any) -> None:
        for key in machine.stack[keys_in]:
            if not isinstance(key, str | bytes | int):
                raise pickle.UnpicklingError(f"a key that is a {type(key).__name__}")
        load(machine)

    return load_hashed


# The Python implementation, not the one in C, which allocates as many memo entries as the file
# states and reads past the end of frames.
class _Machine(pickle._Unpickler):
    """An unpickler that knows only the names above."""

    dispatch = pickle._Unpickler.dispatch | {pickle.BYTEARRAY8[0]: _load_bytearray}
    for _code in pickle.TUPLE + pickle.TUPLE1 + pickle.TUPLE2 + pickle.TUPLE3:
        dispatch[_code] = _counted(dispatch[_code])
    for _codes, _keys_in in (
        (pickle.SETITEM, slice(-2, -1)),
        (pickle.SETITEMS + pickle.DICT, slice(None, None, 2)),
        (pickle.ADDITEMS + pickle.FROZENSET, slice(None)),
    ):
        for _code in _codes:
            dispatch[_code] = _checked(dispatch[_code], _keys_in)
    for _code in list(dispatch):
        dispatch[_code] = _each_counted(dispatch[_code])
    n_tuples = n_instructions = n_encoded = 0

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("_codecs", "encode"):
            return _Maker(self._encode)
        if (module, name) not in _NAMES:
            raise pickle.UnpicklingError(f"the name {module}.{name}")
        return _NAMES[module, name]

    def _encode(self, text: str, codec: str) -> bytes:
        """Return the bytes of protocols 0 to 2; one text may be encoded again and again."""
        self.n_encoded += len(text)
        if self.n_encoded > current_limits().data_bytes:
            raise pickle.UnpicklingError(f"more than {current_limits().data_bytes:,} bytes")
        return text.encode("latin1")


class _Bounded:
    """A stream that refuses to give more than a number of bytes, such as when it is gzipped."""

    def __init__(self, file: BinaryIO, n_bytes: int) -> None:
        self._file, self._left, self._n_bytes = file, n_bytes, n_bytes

    def read(self, size: int) -> bytes:
        return self._counted(self._file.read(min(size, self._left + 1)))

    def readline(self) -> bytes:
        return self._counted(self._file.readline(self._left + 1))

    def _counted(self, content: bytes) -> bytes:
        self._left -= len(content)
        if self._left < 0:
            raise pickle.UnpicklingError(f"more than {self._n_bytes:,} bytes")
        return content


def load_plain(file: BinaryIO) -> Any:
    """Load a pickle; arrays become `PickledArray`, strings of Python 2 become bytes.

    Raises:
        UnpicklingError: if it is damaged, larger than the limit, or names anything but NumPy
            arrays; nothing is executed.
        OSError: if the file cannot be read.
    """
    try:
        bounded: Any = _Bounded(file, current_limits().data_bytes)
        return _Machine(bounded, encoding="bytes").load()
    except (OSError, pickle.UnpicklingError):
        raise
    except EOFError as error:
        raise pickle.UnpicklingError("a truncated file") from error
    except Exception as error:  # damage can raise any exception
        # Not its text, which may hold a value: writing out nested tuples takes exponential time.
        raise pickle.UnpicklingError(f"damage ({type(error).__name__})") from error


def text_of(value: bytes | str) -> str:
    """Return a string that was pickled by Python 2, as bytes, or by Python 3."""
    return value.decode("latin1") if isinstance(value, bytes) else value
