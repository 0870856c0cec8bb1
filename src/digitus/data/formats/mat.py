"""MATLAB files (up to version 7) with ``data`` (784 x n) and ``label`` (1 x n)."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from digitus.data.checks import as_labels, as_pixels, mismatch, unreadable
from digitus.data.samples import PIXELS, Samples

_RESAVE = "save `data` (784 x n) and `label` (1 x n) with MATLAB's `save -v7`"


def read_mat(path: str | Path) -> Samples:
    """Read a MATLAB file, whose columns are images, as rows.

    Raises:
        DataError: if the file is damaged or of version 7.3, a variable is missing or has a wrong
            shape, or a value is not a whole number in its range.
    """
    variables = _load(path)
    data, label = (_variable(variables, name, path) for name in ("data", "label"))
    if data.ndim != 2 or len(data) != PIXELS:
        raise mismatch(
            path, wanted=f"`data` of shape ({PIXELS}, n)", found=data.shape, remedy=_RESAVE
        )
    if label.ndim != 2 or 1 not in label.shape:
        raise mismatch(path, wanted="`label` of shape (1, n)", found=label.shape, remedy=_RESAVE)
    pixels = as_pixels(data.T, f"{path} (`data` by columns)")
    labels = as_labels(label.ravel(), f"{path} (`label`)", n=len(pixels))
    return Samples(pixels, labels, str(path))


def _load(path: str | Path) -> dict[str, Any]:
    try:
        with Path(path).open("rb") as file:
            return _parse(file, path)
    except OSError as error:
        raise unreadable(path, error) from error


def _parse(file: BinaryIO, path: str | Path) -> dict[str, Any]:
    from scipy.io import loadmat

    try:
        variables: dict[str, Any] = loadmat(file, variable_names=("data", "label"))
    except NotImplementedError as error:
        raise mismatch(
            path, wanted="a MATLAB file up to version 7", found="version 7.3", remedy=_RESAVE
        ) from error
    except Exception as error:  # SciPy does not document what damage raises
        raise mismatch(
            path, wanted="a MATLAB file", found="a damaged file or another format", remedy=_RESAVE
        ) from error
    return variables


def _variable(variables: dict[str, Any], name: str, path: str | Path) -> np.ndarray[Any, Any]:
    if name not in variables:
        raise mismatch(path, wanted=f"a variable `{name}`", found="none", remedy=_RESAVE)
    return np.asarray(variables[name])
