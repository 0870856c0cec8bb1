"""NumPy's files, read without pickle; several files written as a whole."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.errors import ModelFileError, WriteError
from digitus.files import replacing
from digitus.models.file import refuse_nonfinite

Arrays = Mapping[str, NDArray[Any]]

_DAMAGE = (OSError, EOFError, ValueError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)


def load_npy(path: Path) -> NDArray[Any]:
    """Read one array.

    Raises:
        ModelFileError: if the file is missing, damaged, or holds pickled objects.
    """
    array = _load(path)
    if not isinstance(array, np.ndarray):
        raise ModelFileError(f"{path}: expected one array (.npy), found an archive; rename it .npz")
    return array


def load_npz(path: Path) -> dict[str, NDArray[Any]]:
    """Read all arrays of an archive.

    Raises:
        ModelFileError: if the file is missing, damaged, or holds pickled objects.
    """
    arrays = _load(path)
    if not isinstance(arrays, dict):
        raise ModelFileError(f"{path}: expected an archive (.npz), found one array; rename it .npy")
    return arrays


def _load(path: Path) -> NDArray[Any] | dict[str, NDArray[Any]]:
    try:
        with path.open("rb") as file:  # a damaged archive leaves no file open
            content = np.load(file, allow_pickle=False)
            if isinstance(content, np.lib.npyio.NpzFile):
                return {name: content[name] for name in content.files}
    except FileNotFoundError as error:
        raise ModelFileError(f"{path}: no such file; check the path") from error
    except _DAMAGE as error:
        is_pickled = "allow_pickle" in str(error)
        found = (
            "pickled objects or a file of another program" if is_pickled else f"damage ({error})"
        )
        raise ModelFileError(
            f"{path}: expected NumPy arrays of numbers, found {found}; save plain float arrays"
        ) from error
    whole: NDArray[Any] = content
    return whole


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
