"""NumPy archives with ``x_train, y_train, x_test, y_test``, ``pixels, labels`` or ``x, y``."""

from pathlib import Path

import numpy as np

from digitus.data.checks import as_labels, as_pixels, mismatch, unreadable
from digitus.data.formats import npy_arrays
from digitus.data.formats.npy_arrays import Archive, Arrays, Unreadable
from digitus.data.samples import DataSet, Samples

_PARTS = (("x_train", "y_train"), ("pixels", "labels"), ("x", "y"))
_REMEDY = "save plain number arrays with numpy.savez"


def read_npz(path: str | Path) -> DataSet:
    """Read an archive; labels are None if it has images only, test is None if it has one part.

    Raises:
        DataError: if the file is damaged, contains objects or none of the known arrays, if they are
            larger than the limit, or if the values are not images and labels.
    """
    arrays, names = _load(path)
    for images, labels in _PARTS:
        if images in arrays:
            train = _part(arrays, images, labels, path)
            test = _part(arrays, "x_test", "y_test", path) if "x_test" in arrays else None
            return DataSet(Path(path).stem, train, test if images == "x_train" else None)
    raise mismatch(
        path,
        wanted="arrays x_train and y_train, pixels and labels, or x and y",
        found=f"{', '.join(sorted(names)) or 'none':.200}",
        remedy="rename them",
    )


def _part(arrays: Arrays, images: str, labels: str, path: str | Path) -> Samples:
    pixels = as_pixels(arrays[images], f"{path} ({images})")
    digits = None
    if labels in arrays:
        digits = as_labels(arrays[labels], f"{path} ({labels})", n=len(pixels))
    return Samples(np.ascontiguousarray(pixels), digits, f"{path} ({images})")


def _load(path: str | Path) -> Archive:
    known = {name for pair in (*_PARTS, ("x_test", "y_test")) for name in pair}
    try:
        return npy_arrays.read_npz(path, is_wanted=known.__contains__)
    except Unreadable as error:
        raise mismatch(
            path, wanted="a whole .npz archive of numbers", found=error, remedy=_REMEDY
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error
