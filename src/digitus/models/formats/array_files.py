"""NumPy's files, read without pickle; several files written as a whole."""

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.data.formats.npy_arrays import Archive, Arrays, Unreadable, read_npy, read_npz
from digitus.errors import DataError, ModelFileError, WriteError
from digitus.files import replacing
from digitus.models.file import refuse_nonfinite


def load_npy(path: Path) -> NDArray[Any]:
    """Read one array.

    Raises:
        ModelFileError: if the file is missing, damaged, too large, or holds pickled objects.
    """
    with _model_errors(path):
        return read_npy(path)


def load_npz(path: Path, *, prefixes: tuple[str, ...]) -> Archive:
    """Read the arrays of an archive whose names begin with one of the prefixes.

    Raises:
        ModelFileError: if the file is missing, damaged, too large, or holds pickled objects.
    """
    with _model_errors(path):
        return read_npz(path, is_wanted=lambda name: name.startswith(prefixes))


@contextmanager
def _model_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ModelFileError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise ModelFileError(
            f"{path}: cannot be read ({error.strerror or error}); check it"
        ) from error
    except Unreadable as error:
        raise ModelFileError(
            f"{path}: expected NumPy arrays of numbers, found {error}; save plain float arrays"
        ) from error
    except DataError as error:  # larger than the limit
        raise ModelFileError(str(error)) from error


def refuse_unusable(values: NDArray[Any], name: str, source: str | Path) -> None:
    """Check that an array holds finite real numbers.

    Raises:
        ModelFileError: naming the array.
    """
    if values.dtype.kind not in "fiu":
        raise ModelFileError(
            f"{source}: {name}: expected an array of numbers, found {values.dtype}; "
            f"save plain float arrays"
        )
    refuse_nonfinite({name: values}, source)


def npy_bytes(array: NDArray[Any]) -> bytes:
    """Return an array as the content of a .npy file."""
    content = io.BytesIO()
    np.save(content, np.ascontiguousarray(array), allow_pickle=False)
    return content.getvalue()


def npz_bytes(arrays: Arrays) -> bytes:
    """Return arrays as the content of an .npz file."""
    content = io.BytesIO()
    plain: dict[str, Any] = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    np.savez(content, **plain)
    return content.getvalue()


def write_together(folder: str | Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder; none is replaced before all are written.

    Raises:
        WriteError: if the folder cannot be made or written.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"{folder}: cannot be made a folder ({error.strerror}); choose another place"
        ) from error
    with ExitStack() as drafts:
        for name, content in contents.items():
            drafts.enter_context(replacing(Path(folder) / name)).write_bytes(content)
