"""The four MNIST files: names, hashes, verification, and the type of a source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitus.data.checks import mismatch
from digitus.data.formats.idx import IMAGE, LABEL, idx_header, idx_sha256, read_idx
from digitus.data.samples import Bytes
from digitus.data.sources.watching import Watch
from digitus.errors import DataError
from digitus.files import replacing


@dataclass(frozen=True)
class RemoteFile:
    """A published IDX file.

    Attributes:
        name: name of the plain file; mirrors append ``.gz``.
        sha256: of the plain bytes.
        gz_md5: of the mirrors' gzip file.
    """

    name: str
    sha256: str
    gz_md5: str

    @property
    def item(self) -> tuple[int, ...]:
        """Shape of one item: an image or a label."""
        return IMAGE if "idx3" in self.name else LABEL


Source = Callable[[Sequence[RemoteFile], Watch], Iterator[tuple[RemoteFile, Bytes]]]
"""Fetches files and yields each with its array."""

MNIST = (
    RemoteFile(
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    ),
    RemoteFile(
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "d53e105ee54ea40749a09fcbcd1e9432",
    ),
    RemoteFile(
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "9fb629c4189551a2d022fa330f9573f3",
    ),
    RemoteFile(
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        "ec29112dd5afa0611ce80d1b7f02629c",
    ),
)


def find_idx(folder: Path, name: str) -> Path | None:
    """Return the path of an IDX file, plain or ``.gz``, spelt ``-idx3-`` or ``.idx3-``, or None."""
    spellings = (name, name.replace("-idx", ".idx"))
    files = (folder / f"{spelling}{suffix}" for spelling in spellings for suffix in ("", ".gz"))
    return next((file for file in files if file.is_file()), None)


def read_verified(folder: Path, file: RemoteFile) -> Bytes:
    """Read a file and verify that its decoded bytes are the published ones.

    Raises:
        DataError: if it is missing, damaged, or another file.
    """
    path = find_idx(folder, file.name)
    if path is None:
        raise mismatch(
            folder,
            wanted=f"a file {file.name} or {file.name}.gz",
            found="none",
            remedy="put the four MNIST files there or choose another folder",
        )
    values = read_idx(path, item=file.item)
    check_hash(values, file, path)
    return values


def check_hash(values: Bytes, file: RemoteFile, where: object) -> None:
    """Compare the hash of the IDX bytes with the published one.

    Raises:
        DataError: if they differ.
    """
    found = idx_sha256(values)
    if found != file.sha256:
        raise mismatch(
            where,
            wanted=f"the bytes of SHA-256 {file.sha256[:12]}...",
            found=f"{found[:12]}...",
            remedy="delete the file to download it again",
        )


def keep(folder: Path, file: RemoteFile, values: Bytes) -> None:
    """Verify a file and write it, uncompressed: reading 47 MB takes milliseconds.

    Raises:
        DataError: if the hash differs.
        WriteError: if the folder cannot be written.
    """
    check_hash(values, file, file.name)
    with replacing(folder / file.name) as draft, draft.open("wb") as target:
        target.write(idx_header(values.shape))
        target.write(np.ascontiguousarray(values).data)


def is_whole(folder: Path, file: RemoteFile) -> bool:
    """Return whether a folder has the file with the published bytes."""
    try:
        read_verified(folder, file)
    except DataError:
        return False
    return True
