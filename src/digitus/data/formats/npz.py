"""NumPy archives with ``x_train, y_train, x_test, y_test``, ``pixels, labels`` or ``x, y``."""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.data.checks import as_labels, as_pixels, mismatch, unreadable
from digitus.data.samples import DataSet, Samples

Arrays = dict[str, NDArray[Any]]

_PARTS = (("x_train", "y_train"), ("pixels", "labels"), ("x", "y"))
_REMEDY = "save plain number arrays with numpy.savez"


def read_npz(path: str | Path) -> DataSet:
    """Read an archive; labels are None if it has images only, test is None if it has one part.

    Raises:
        DataError: if the file is damaged, contains objects or none of the known arrays, or if the
            values are not images and labels.
    """
    arrays = _load(path)
    for images, labels in _PARTS:
        if images in arrays:
            train = _part(arrays, images, labels, path)
            test = _part(arrays, "x_test", "y_test", path) if "x_test" in arrays else None
            return DataSet(Path(path).stem, train, test if images == "x_train" else None)
    raise mismatch(
        path,
        wanted="arrays x_train and y_train, pixels and labels, or x and y",
        found=", ".join(sorted(arrays)) or "none",
        remedy="rename them",
    )


def _part(arrays: Arrays, images: str, labels: str, path: str | Path) -> Samples:
    pixels = as_pixels(arrays[images], f"{path} ({images})")
    digits = None
    if labels in arrays:
        digits = as_labels(arrays[labels], f"{path} ({labels})", n=len(pixels))
    return Samples(np.ascontiguousarray(pixels), digits, f"{path} ({images})")


def _load(path: str | Path) -> Arrays:
    known = {name for pair in (*_PARTS, ("x_test", "y_test")) for name in pair}
    try:
        with Path(path).open("rb") as file, zipfile.ZipFile(file):
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files if name in known}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, MemoryError) as error:
        raise mismatch(
            path, wanted="a whole .npz archive of numbers", found=_reason(error), remedy=_REMEDY
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _reason(error: Exception) -> str:
    """Return what was found; an archive of pickled objects is never loaded."""
    return "pickled objects" if "allow_pickle" in str(error) else "a damaged file or another format"
