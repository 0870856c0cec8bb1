"""Mirrors: download the four gzipped files over HTTP; pooch verifies their MD5."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from digitus.data.formats.idx import read_idx
from digitus.data.samples import Bytes
from digitus.data.sources.remote import RemoteFile, Source
from digitus.data.sources.watching import Watch
from digitus.errors import DownloadError

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)

_TIMEOUT_S = (5, 30)  # for the connection, and between two blocks
_BLOCK = 1 << 16  # bytes; a cancellation takes effect after a block


def mirror(base_url: str) -> Source:
    """Return a source that downloads from the folder at ``base_url``.

    Its iterator raises DownloadError if the mirror does not answer or serves other bytes, and
    Cancelled if the fetch is cancelled.
    """

    def fetch(files: Sequence[RemoteFile], watch: Watch) -> Iterator[tuple[RemoteFile, Bytes]]:
        with tempfile.TemporaryDirectory(prefix="digitus-") as folder:
            for file in files:
                yield file, read_idx(_download(base_url, file, Path(folder), watch), item=file.item)

    return fetch


def _download(base_url: str, file: RemoteFile, folder: Path, watch: Watch) -> Path:
    import pooch

    pooch.get_logger().setLevel(logging.ERROR)
    name = f"{file.name}.gz"
    try:
        return Path(
            pooch.retrieve(
                f"{base_url.rstrip('/')}/{name}",
                known_hash=f"md5:{file.gz_md5}",
                fname=name,
                path=folder,
                downloader=pooch.HTTPDownloader(
                    progressbar=_Meter(watch, name), timeout=_TIMEOUT_S, chunk_size=_BLOCK
                ),
            )
        )
    except (OSError, ValueError) as error:  # exceptions of requests are OSErrors
        raise DownloadError(f"{urlsplit(base_url).netloc}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return a short reason for an exception of requests or pooch."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"answered {response.status_code}"
    return "no answer" if isinstance(error, OSError) else "sent other bytes than MNIST's"


class _Meter:
    """A progress bar for pooch that reports to a watch; Cancelled ends the download."""

    def __init__(self, watch: Watch, name: str) -> None:
        self.total = 0  # set by pooch
        self._watch, self._name, self._done = watch, name, 0

    def update(self, n_bytes: int) -> None:
        self._done = min(self._done + n_bytes, self.total or self._done + n_bytes)
        self._watch.report(self._name, self._done, self.total)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        """Do nothing; pooch calls it."""
