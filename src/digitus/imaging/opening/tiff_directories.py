"""The pages of a TIFF: where each begins, and the file as if it began with one of them.

A TIFF is a chain of directories, one a page; each says where the next one lies (Adobe, "TIFF
Revision 6.0", 1992, section 2). Reading the chain once makes every page as near as the first.
"""

import io
import struct
from dataclasses import dataclass
from typing import IO, Literal

MOST_PAGES = 1_000_000

ByteOrder = Literal["<", ">"]


@dataclass(frozen=True)
class TiffLayout:
    """How a TIFF stores its numbers.

    Attributes:
        order: byte order.
        is_big: whether it is a BigTIFF, whose offsets have 64 bits.
    """

    order: ByteOrder
    is_big: bool

    @property
    def first_pointer_at(self) -> int:
        """Offset of the pointer to the first directory."""
        return 8 if self.is_big else 4

    @property
    def pointer(self) -> struct.Struct:
        """The form of an offset."""
        return struct.Struct(self.order + ("Q" if self.is_big else "I"))

    @property
    def count(self) -> struct.Struct:
        """The form of the number of entries of a directory."""
        return struct.Struct(self.order + ("Q" if self.is_big else "H"))

    @property
    def entry_bytes(self) -> int:
        """Size of an entry of a directory."""
        return 20 if self.is_big else 12


@dataclass(frozen=True)
class TiffDirectories:
    """The pages of a TIFF.

    Attributes:
        layout: how it stores its numbers.
        offsets: where the directory of each page begins.
        is_whole: False if the chain of directories is broken after the last of them.
    """

    layout: TiffLayout
    offsets: tuple[int, ...]
    is_whole: bool


def tiff_directories(file: IO[bytes]) -> TiffDirectories | None:
    """Follow the chain of directories from the header; None if there is no header of a TIFF."""
    layout = _layout(file.read(8))
    if layout is None:
        return None
    found: dict[int, None] = {}  # in order
    at = layout.first_pointer_at
    while len(found) < MOST_PAGES:
        offset = _number(file, at, layout.pointer)
        if offset == 0:
            return TiffDirectories(layout, tuple(found), is_whole=True)
        if offset is None or offset in found:  # cut short, or the chain is a circle
            break
        n_entries = _number(file, offset, layout.count)
        if n_entries is None:
            break
        found[offset] = None
        at = offset + layout.count.size + n_entries * layout.entry_bytes
    return TiffDirectories(layout, tuple(found), is_whole=False)


class TiffFromPage(io.RawIOBase):
    """A TIFF file whose header points to another of its pages, for readers of the first page.

    Args:
        file: the whole file; closing this object leaves it open.
        layout: how it stores its numbers.
        offset: where the directory of the page begins.
    """

    def __init__(self, file: IO[bytes], layout: TiffLayout, offset: int) -> None:
        self._file = file
        self._pointer_at, self._pointer = layout.first_pointer_at, layout.pointer.pack(offset)
        self._file.seek(0)

    def fileno(self) -> int:
        """Return the descriptor of the file, for decoders that read it by themselves."""
        return self._file.fileno()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to an offset."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the offset."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """Read bytes; those of the pointer are of the page."""
        start = self._file.tell()
        data = self._file.read(size)
        first = max(start, self._pointer_at)
        last = min(start + len(data), self._pointer_at + len(self._pointer))
        if first >= last:
            return data
        changed = self._pointer[first - self._pointer_at : last - self._pointer_at]
        return data[: first - start] + changed + data[last - start :]

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True


def _layout(header: bytes) -> TiffLayout | None:
    order: ByteOrder
    if header[:2] == b"II":
        order = "<"
    elif header[:2] == b"MM":
        order = ">"
    else:
        return None
    kinds = {42: False, 43: True}
    (magic,) = struct.unpack(order + "H", header[2:4].ljust(2, b"\0"))
    return TiffLayout(order, kinds[magic]) if magic in kinds else None


def _number(file: IO[bytes], at: int, form: struct.Struct) -> int | None:
    """Read a number; None beyond the end of the file."""
    try:
        file.seek(at)
        data = file.read(form.size)
    except (OSError, OverflowError, ValueError):  # an offset that no file has
        return None
    return int(form.unpack(data)[0]) if len(data) == form.size else None
