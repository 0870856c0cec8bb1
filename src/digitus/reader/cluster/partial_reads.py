"""Pages of a file behind a URL, of which only the bytes are fetched that they need.

Of a TIFF, the directories and the wanted pages are written into a file of the same size, with holes
for the rest (Adobe, "TIFF Revision 6.0", 1992, section 2); every decoder reads it as it would the
whole. A PDF is opened where it lies, because only PDFium knows which bytes a page needs.
"""

import os
import struct
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from io import SEEK_SET, RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from digitus.imaging.opening.page_source import (
    PAGE_PX,
    PDF_MARK,
    PDF_MARK_WITHIN,
    Document,
)
from digitus.imaging.opening.tiff_directories import TiffLayout, tiff_directories
from digitus.reader.cluster.locations import is_url, local_copy, open_in_blocks

_STRIPS = {273: 279, 324: 325}
"""Tags of the offsets of strips and tiles, and of their sizes in bytes."""
_HEADER_BYTES = 16
_COMPRESSION, _OLD_JPEG = 259, 6
"""The data of an old JPEG lie where other tags say."""
_TYPE_BYTES = {
    **dict.fromkeys((1, 2, 6, 7), 1),
    **dict.fromkeys((3, 8), 2),
    **dict.fromkeys((4, 9, 11, 13), 4),
    **dict.fromkeys((5, 10, 12, 16, 17, 18), 8),
}
_WHOLE_NUMBERS = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}


@dataclass(frozen=True)
class OpenedPages:
    """Pages of a file that can be read now.

    Attributes:
        path: of the file, or of a copy that has these pages.
        document: the file, if it is read where it lies.
        failure: returns why it could not be read on, if its store has failed meanwhile.
    """

    path: str
    document: Document | None = None
    failure: Callable[[], Exception | None] = field(default=lambda: None)


@contextmanager
def opened_pages(source: str, numbers: Collection[int], n_pages: int) -> Iterator[OpenedPages]:
    """Yield pages of a file; one behind a URL that has many pages is fetched in parts.

    Args:
        source: path or URL.
        numbers: of the wanted pages, from 1.
        n_pages: number of pages of the file.

    Raises:
        ImageError: if it cannot be fetched.
    """
    if is_url(source) and n_pages > 1:
        path = None
        with open_in_blocks(source) as file:
            can_seek = _can_seek(file)
            if can_seek and PDF_MARK in file.read(PDF_MARK_WITHIN):
                with _pdf_in_place(file, source, n_pages) as opened:
                    yield opened
                return
            if can_seek:
                path = _copy_of_tiff(file, numbers, Path(source).suffix)
        if path is not None:
            try:
                yield OpenedPages(path)
            finally:
                with suppress(OSError):
                    os.unlink(path)
            return
    with local_copy(source) as path:
        yield OpenedPages(path)


class WatchedFile(RawIOBase):
    """A file for readers that hide an error of its store; it is kept, and nothing is read then.

    Args:
        file: can be read and searched.

    Attributes:
        failure: the error.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: Exception | None = None

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move to an offset."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the offset."""
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; return how many bytes were read."""
        if self.failure is not None:
            return 0
        try:
            data = self._file.read(len(buffer))
        except Exception as error:  # a store's client has errors of its own
            self.failure = error
            return 0
        buffer[: len(data)] = data
        return len(data)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True


def _can_seek(file: IO[bytes]) -> bool:
    """Return whether parts of a file can be read; not all web servers send any."""
    try:
        file.seek(0, os.SEEK_END)
        file.seek(0)
    except ValueError:
        return False
    return True


@contextmanager
def _pdf_in_place(file: IO[bytes], source: str, n_pages: int) -> Iterator[OpenedPages]:
    from digitus.imaging.opening.pdf import render_pdf_page

    watched = WatchedFile(file)
    decode = partial(render_pdf_page, cast(IO[bytes], watched), source, PAGE_PX)
    document = Document(source, n_pages, decode)
    yield OpenedPages(source, document, lambda: watched.failure)


def _copy_of_tiff(file: IO[bytes], numbers: Collection[int], suffix: str) -> str | None:
    """Write the wanted pages and all directories; return the path, or None if that cannot be."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    found = tiff_directories(file)
    if found is None or not found.is_whole or max(numbers) > len(found.offsets):
        return None
    handle, path = tempfile.mkstemp(prefix="digitus-", suffix=suffix)
    try:
        with open(handle, "wb") as copy:
            copy.truncate(size)
            copier = _Copier(file, copy, size)
            copier.copy(0, min(size, _HEADER_BYTES))
            for number, offset in enumerate(found.offsets, start=1):
                _copy_page(copier, found.layout, offset, with_pixels=number in numbers)
    except BaseException as error:
        os.unlink(path)
        if isinstance(error, _NotInParts | struct.error | MemoryError):
            return None
        raise
    return path


def _copy_page(copier: "_Copier", layout: TiffLayout, offset: int, *, with_pixels: bool) -> None:
    """Copy the directory of a page, the values of its tags, and its strips or tiles if wanted."""
    (n_entries,) = layout.count.unpack(copier.copy(offset, layout.count.size))
    at = offset + layout.count.size
    entries = copier.copy(at, n_entries * layout.entry_bytes + layout.pointer.size)
    numbers: dict[int, tuple[int, ...]] = {}
    for first in range(0, n_entries * layout.entry_bytes, layout.entry_bytes):
        tag, values = _entry(copier, layout, entries[first : first + layout.entry_bytes])
        numbers[tag] = values
    if with_pixels:
        if numbers.get(_COMPRESSION) == (_OLD_JPEG,):
            raise _NotInParts
        strips = [
            pair
            for tag, sizes in _STRIPS.items()
            for pair in zip(numbers.get(tag, ()), numbers.get(sizes, ()), strict=False)
        ]
        if not strips:
            raise _NotInParts
        for start, n_bytes in strips:
            copier.copy(start, n_bytes)


def _entry(copier: "_Copier", layout: TiffLayout, entry: bytes) -> tuple[int, tuple[int, ...]]:
    """Copy the values of an entry that stand elsewhere; return its tag, and whole numbers."""
    tag, kind = struct.unpack_from(layout.order + "HH", entry)
    pointer = layout.pointer
    (count,) = pointer.unpack_from(entry, 4)
    inline = entry[4 + pointer.size :]
    n_bytes = count * _TYPE_BYTES.get(kind, 1)
    data = inline[:n_bytes]
    if n_bytes > len(inline):
        data = copier.copy(pointer.unpack(inline)[0], n_bytes)
    form = _WHOLE_NUMBERS.get(kind)
    return tag, struct.unpack(f"{layout.order}{count}{form}", data) if form else ()


class _NotInParts(Exception):
    """The file is damaged, or of a kind whose pages are not read in parts."""


@dataclass
class _Copier:
    """Copies bytes to the same place in another file."""

    file: IO[bytes]
    target: IO[bytes]
    size: int

    def copy(self, offset: int, n_bytes: int) -> bytes:
        """Copy and return bytes."""
        if offset + n_bytes > self.size:
            raise _NotInParts
        self.file.seek(offset)
        data = self.file.read(n_bytes)
        self.target.seek(offset)
        self.target.write(data)
        return data
