"""Files and folders on this machine and behind URLs (``s3://``, ``gs://``), through fsspec."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from digitus.errors import ImageError, MissingLibraryError, ReadFailure, WriteError
from digitus.files import replacing
from digitus.imaging.opening.page_source import SUFFIXES, find_inputs

_CHUNK_BYTES = 1 << 20
_BLOCK_BYTES, _MOST_BLOCKS = 1 << 16, 256
"""Size of the pieces that are fetched where a file is not read from beginning to end, and how many
of them are kept. Set by hand: a scanned page has some hundred kilobytes."""


def is_url(path: str) -> bool:
    """Return whether a path is a URL, which fsspec opens.

    >>> is_url("s3://bucket/a.png"), is_url("scans/a.png")
    (True, False)
    """
    return "://" in path


def find_sources(arguments: Iterable[str], errors: list[ReadFailure]) -> Iterator[str]:
    """Yield the files at paths, folders, URLs and globs, each once, sorted within an argument.

    Args:
        arguments: URLs with ``*`` are globs; those that end with ``/`` are folders.
        errors: receives what cannot be listed, or holds no image.
    """
    seen: set[bytes] = set()  # digests: a million paths would fill the memory
    for argument in arguments:
        found = _find_at_url(argument, errors) if is_url(argument) else _find_here(argument, errors)
        for source in found:
            digest = hashlib.blake2b(os.fsencode(source), digest_size=16).digest()
            if digest not in seen:
                seen.add(digest)
                yield source


def content_hash(source: str, copy: IO[bytes] | None = None) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal.

    Args:
        source: path or URL, read once.
        copy: gets the bytes.

    Raises:
        ImageError: if the file cannot be read.
    """
    digest = hashlib.sha256()
    with _explained(source), _opened(source) as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            if copy is not None:
                copy.write(chunk)
    return digest.hexdigest()


@contextmanager
def open_in_blocks(source: str) -> Iterator[IO[bytes]]:
    """Open a file behind a URL; what is read of it is fetched in blocks, and the last are kept.

    Raises:
        ImageError: if it cannot be read.
    """
    with _explained(source):
        system, inner = _system_of(source)
        file = system.open(
            inner,
            "rb",
            block_size=_BLOCK_BYTES,
            cache_type="blockcache",
            cache_options={"maxblocks": _MOST_BLOCKS},
        )
        with file:
            yield file


@contextmanager
def hashed_copy(source: str) -> Iterator[tuple[str, str]]:
    """Yield a path as `local_copy` does, and the SHA-256 of the file; a URL is fetched once.

    Raises:
        ImageError: if it cannot be read.
    """
    if not is_url(source):
        yield source, content_hash(source)
        return
    handle, path = tempfile.mkstemp(prefix="digitus-", suffix=Path(source).suffix)
    try:
        with open(handle, "wb") as copy:
            digest = content_hash(source, copy)
        yield path, digest
    finally:
        with suppress(OSError):
            os.unlink(path)


@contextmanager
def local_copy(source: str) -> Iterator[str]:
    """Yield a path on this machine: the source itself, or a temporary copy of what a URL leads to.

    Raises:
        ImageError: if it cannot be fetched.
    """
    if not is_url(source):
        yield source
        return
    handle, path = tempfile.mkstemp(prefix="digitus-", suffix=Path(source).suffix)
    os.close(handle)
    try:
        with _explained(source):
            system, inner = _system_of(source)
            system.get_file(inner, path)
        yield path
    finally:
        with suppress(OSError):
            os.unlink(path)


def list_files(folder: str, suffix: str) -> list[str]:
    """Return the paths of the files in a folder that have a suffix, sorted; drafts are left out.

    Raises:
        WriteError: if the folder cannot be listed.
    """
    try:
        system, inner = _system_of(folder)
        system.invalidate_cache()
        names = system.ls(inner, detail=False) if system.exists(inner) else []
    except OSError as error:
        raise WriteError(f"{folder}: cannot be listed ({error}); check path and access") from error
    paths = [join(folder, name.rstrip("/").rpartition("/")[2]) for name in names]
    return sorted(path for path in paths if path.endswith(suffix) and "/." not in path)


def read_file(path: str) -> Any:
    """Open a file of results for reading, as a context manager."""
    return _opened(path)


def write_file(path: str, data: bytes) -> None:
    """Write a file under a temporary name and move it; an object store shows whole objects only.

    Raises:
        WriteError: if it cannot be written.
    """
    if not is_url(path):
        with replacing(path) as draft:
            draft.write_bytes(data)
        return
    try:
        system, inner = _system_of(path)
        draft_name = f"{inner.rpartition('/')[0]}/.{uuid4().hex}.draft"
        system.pipe_file(draft_name, data)
        system.mv(draft_name, inner)
    except OSError as error:
        raise WriteError(f"{path}: cannot be written ({error}); check path and access") from error


def delete_file(path: str) -> None:
    """Delete a file of results, if it is there."""
    system, inner = _system_of(path)
    with suppress(FileNotFoundError):
        system.rm_file(inner)


def join(folder: str, name: str) -> str:
    """Return the path of a file in a folder.

    >>> join("s3://bucket/out/", "a.parquet")
    's3://bucket/out/a.parquet'
    """
    return f"{folder.rstrip('/')}/{name}"


def _find_here(path: str, errors: list[ReadFailure]) -> list[str]:
    try:
        return find_inputs([path], errors=errors)
    except ImageError as error:
        errors.append(ReadFailure(path, str(error)))
        return []


def _find_at_url(url: str, errors: list[ReadFailure]) -> list[str]:
    try:
        system, inner = _system_of(url)
        if "*" in inner:
            found = system.glob(inner)
        elif url.endswith("/") or system.isdir(inner):
            found = system.find(inner)
        else:
            return [str(system.unstrip_protocol(inner))]  # as a folder or a glob names it
    except OSError as error:
        errors.append(ReadFailure(url, f"{url}: cannot be listed ({error}); check URL and access"))
        return []
    found = sorted(one for one in found if one.lower().endswith(SUFFIXES))
    if not found:
        errors.append(ReadFailure(url, f"{url}: no image and no PDF there; check the URL"))
    return [system.unstrip_protocol(one) for one in found]


def _system_of(path: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs

        system, inner = url_to_fs(path)
    except ImportError as error:
        raise MissingLibraryError(
            f"{path}: for its kind of URL, pip install 'digitus[cluster]' ({error})"
        ) from error
    except ValueError as error:
        raise ImageError(f"{path}: unknown kind of URL ({error}); check its beginning") from error
    return system, str(inner)


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    if not is_url(path):
        with open(path, "rb") as file:
            yield file
        return
    system, inner = _system_of(path)
    with system.open(inner, "rb") as file:
        yield file


@contextmanager
def _explained(source: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise ImageError(f"{source}: cannot be read ({reason}); check path and access") from error
