"""Load a data set: MNIST, a file, or a folder, whose format is recognized by its content."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from digitus.data.checks import as_pixels, mismatch
from digitus.data.formats.class_folders import read_class_folder, read_folders
from digitus.data.formats.class_zip import read_class_zip
from digitus.data.formats.csv_rows import read_csv
from digitus.data.formats.idx import IMAGE, read_idx, read_pair
from digitus.data.formats.mat import read_mat
from digitus.data.formats.npz import read_npz
from digitus.data.samples import DataSet, Samples, shared_rows
from digitus.data.sources.remote import MNIST, find_idx
from digitus.data.sources.watching import Progress
from digitus.errors import DataError

_MAT_ROWS, _MAT_TRAIN = 70_000, 60_000  # of MNIST as one MATLAB file
_TABLE_NAMES = (("mnist_train", "mnist_test"), ("train", "test"))
_KINDS = "a folder of IDX, CSV or class folders, or a .csv, .mat, .npz or .zip file"


def load(
    source: str | Path = "mnist",
    *,
    offline: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> DataSet:
    """Load a labelled data set whose parts share no image.

    Args:
        source: ``"mnist"``, or the path of a file or folder.
        offline: do not download MNIST.
        progress: see ``fetch_mnist``.
        cancelled: see ``fetch_mnist``.

    Raises:
        DataError: if the source is missing or damaged, or has no labels, or if training and test
            part share an image.
        DownloadError, Cancelled, WriteError: as ``fetch_mnist``.
    """
    if source == "mnist":
        from digitus.data.mnist import load_mnist  # slow to import

        return load_mnist(offline=offline, progress=progress, cancelled=cancelled)
    path = Path(source)
    if not path.exists():
        raise mismatch(path, wanted=f'"mnist", {_KINDS}', found="nothing", remedy="check the path")
    return _checked(_load_folder(path) if path.is_dir() else _load_file(path))


def load_rows(path: str | Path) -> Samples:
    """Read all rows of a file or class folder, with or without labels.

    Raises:
        DataError: if the file is missing or damaged, or its format is unknown.
    """
    path = Path(path)
    kind = _kind(path)
    if path.is_dir():
        return read_class_folder(path)
    if kind == ".npz":
        return _joined(read_npz(path))
    if kind == ".csv":
        return read_csv(path)
    if kind == ".mat":
        return read_mat(path)
    if kind == ".zip":
        return read_class_zip(path)
    if "idx3" in path.name:
        return Samples(as_pixels(read_idx(path, item=IMAGE), path), None, str(path))
    raise _unknown(path)


def _load_file(path: Path) -> DataSet:
    """Load a file by its suffix."""
    kind = _kind(path)
    if kind == ".npz":
        return read_npz(path)
    if kind == ".mat":
        return _split_mat(path, read_mat(path))
    if kind == ".csv":
        return DataSet(_stem(path), read_csv(path), None)
    if kind == ".zip":
        return DataSet(path.stem, read_class_zip(path), None)
    raise _unknown(path)


def _load_folder(folder: Path) -> DataSet:
    """Load a folder of IDX files, of CSV files, or of class folders."""
    if any(find_idx(folder, file.name) for file in MNIST):
        return _load_idx_folder(folder)
    for names in _TABLE_NAMES:
        train, test = (_find_table(folder, name) for name in names)
        if train is not None:
            return DataSet(folder.name, read_csv(train), _labelled_table(test))
    return read_folders(folder)


def _load_idx_folder(folder: Path) -> DataSet:
    paths = [find_idx(folder, file.name) or folder / file.name for file in MNIST]
    train = read_pair(paths[0], paths[1])
    has_test = paths[2].exists() or paths[3].exists()
    return DataSet(folder.name, train, read_pair(paths[2], paths[3]) if has_test else None)


def _find_table(folder: Path, name: str) -> Path | None:
    files = (folder / f"{name}{suffix}" for suffix in (".csv", ".csv.gz"))
    return next((file for file in files if file.is_file()), None)


def _labelled_table(path: Path | None) -> Samples | None:
    """Read a test table; None if it has no labels, as it is then only input for predictions."""
    samples = None if path is None else read_csv(path)
    return samples if samples is not None and samples.labels is not None else None


def _split_mat(path: Path, samples: Samples) -> DataSet:
    """Split MNIST's 70,000 rows as published: the first 60,000 are for training."""
    if len(samples) != _MAT_ROWS:
        return DataSet(path.stem, samples, None)
    return DataSet(
        path.stem, samples.rows(slice(_MAT_TRAIN)), samples.rows(slice(_MAT_TRAIN, None))
    )


def _checked(data: DataSet) -> DataSet:
    """Check that the parts have labels and share no image."""
    for part in (data.train, data.test):
        if part is not None and part.labels is None:
            raise mismatch(
                part.source,
                wanted="labels",
                found="images alone",
                remedy="use `digitus predict` for images without labels",
            )
    if data.test is not None:
        _check_disjoint(data.train, data.test)
    return data


def _check_disjoint(train: Samples, test: Samples) -> None:
    count = shared_rows(train, test)
    if count:
        raise mismatch(
            test.source,
            wanted="test images that are not in the training part",
            found=f"{count} of {len(test)} in {train.source}",
            remedy="remove them from one of the parts, or give no test part",
        )


def _joined(data: DataSet) -> Samples:
    if data.test is None:
        return data.train
    pixels = np.concatenate([data.train.pixels, data.test.pixels])
    if data.train.labels is None or data.test.labels is None:
        return Samples(pixels, None, data.name)
    return Samples(pixels, np.concatenate([data.train.labels, data.test.labels]), data.name)


def _kind(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".csv")


def _unknown(path: Path) -> DataError:
    return mismatch(path, wanted=_KINDS, found=repr(path.name), remedy="give another file")
