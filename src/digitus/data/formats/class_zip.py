"""A class folder as one ZIP file: ``<digit>/<name>.png``, with or without one folder around.

The page in the browser saves labelled drawings so. Nothing is unpacked to the disk. A ZIP comes
from others, so its size, its number of files and the size of each are checked before it is read.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from digitus.data.checks import mismatch, unreadable
from digitus.data.formats.class_folders import (
    DIGITS,
    IGNORED_NAMES,
    IGNORED_SUFFIXES,
    SUFFIXES,
    decode_image,
)
from digitus.data.samples import PIXELS, Bytes, Samples

_MEMBER_SIGNATURE = b"PK\x01\x02"  # each file has one in the directory at the end of the ZIP
_ENCRYPTED = 0x1  # bit of the flags of a file (PKWARE, APPNOTE.TXT, 4.4.4)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, ValueError, RuntimeError)


@dataclass(frozen=True)
class ZipLimits:
    """The largest ZIP that is read; MNIST's 70,000 images with records stay below all of these.

    Attributes:
        file_bytes: of the ZIP.
        members: files in it, records included.
        image_bytes: of one image when unpacked; a PNG of 28 x 28 pixels has less than 2,000.
        ratio: of one image's unpacked to packed size, above ``free_bytes``; a PNG hardly shrinks.
        free_bytes: of one image when unpacked, whatever its ratio; a white BMP has 2,400.
    """

    file_bytes: int = 256 << 20
    members: int = 200_000
    image_bytes: int = 256 << 10
    ratio: int = 100
    free_bytes: int = 4 << 10


LIMITS = ZipLimits()


@dataclass(frozen=True)
class _Member:
    """An image of a ZIP."""

    label: int
    name: str
    info: zipfile.ZipInfo


def read_class_zip(path: str | Path, *, limits: ZipLimits = LIMITS) -> Samples:
    """Read the images of a ZIP of digits' folders, ordered by digit, then by file name.

    Raises:
        DataError: if it is no ZIP or damaged or encrypted, too large, holds folders of other names,
            other files than images and their JSON records, or no image.
    """
    path = Path(path)
    try:
        _check_size(path, limits)
        with zipfile.ZipFile(path) as archive:
            members = sorted(_members(path, archive), key=lambda one: (one.label, one.name))
            pixels = np.empty((len(members), PIXELS), np.uint8)
            for row, member in enumerate(members):
                pixels[row] = _read(path, archive, member, limits).ravel()
    except _DAMAGE as error:
        raise mismatch(
            path,
            wanted="a ZIP of digits' folders",
            found=f"a damaged or foreign file ({error})",
            remedy="save it again",
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error
    return Samples(pixels, np.array([member.label for member in members], np.int64), str(path))


def _check_size(path: Path, limits: ZipLimits) -> None:
    """Refuse too large a ZIP before its directory is read into memory."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise mismatch(
            path,
            wanted=f"a ZIP of at most {limits.file_bytes >> 20} MB",
            found=f"{size >> 20} MB",
            remedy="unpack it and give the folder",
        )
    n = _count_members(path)
    if n > limits.members:
        raise mismatch(
            path,
            wanted=f"a ZIP of at most {limits.members:,} files",
            found=f"{n:,}",
            remedy="unpack it and give the folder",
        )


def _count_members(path: Path) -> int:
    n, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            n += (tail + block).count(_MEMBER_SIGNATURE)
            tail = block[-len(_MEMBER_SIGNATURE) + 1 :]
    return n


def _members(path: Path, archive: zipfile.ZipFile) -> list[_Member]:
    """Return the images of the digits' folders."""
    files = [(parts, info) for info in archive.infolist() if (parts := _visible_parts(path, info))]
    top = _top_folder(path, [parts for parts, _ in files])
    found = [member for parts, info in files for member in _member(path, parts[top:], info)]
    if not found:
        raise mismatch(
            path,
            wanted="folders 0 to 9 with images",
            found="no image",
            remedy="put each image into its digit's folder",
        )
    return found


def _visible_parts(path: Path, info: zipfile.ZipInfo) -> list[str]:
    """Return the folders and the name of a file; nothing for a folder, a record or a hidden file.

    Raises:
        DataError: if the name leads out of the folder.
    """
    name = info.filename.replace("\\", "/")  # as some programs write it
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise mismatch(
            path,
            wanted="names such as 7/a.png",
            found=repr(info.filename),
            remedy="save the ZIP again",
        )
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts) or parts[-1] in IGNORED_NAMES
    record = Path(name).suffix.lower() in IGNORED_SUFFIXES
    return [] if hidden or record or parts[-1] == "" else parts


def _top_folder(path: Path, files: list[list[str]]) -> int:
    """Return 1 if the digits' folders lie in one folder, else 0."""
    tops = sorted({parts[0] for parts in files if len(parts) > 1})
    if DIGITS.isdisjoint(tops) and any(len(parts) > 2 for parts in files):
        if len(tops) > 1:
            raise mismatch(
                path,
                wanted="folders 0 to 9, or one folder that holds them",
                found=f"{tops[0]!r} and {tops[1]!r}",
                remedy="save a ZIP of each",
            )
        return 1
    return 0


def _member(path: Path, parts: list[str], info: zipfile.ZipInfo) -> Iterator[_Member]:
    """Yield the image, if the file lies in a folder at all."""
    if len(parts) < 2:
        return
    folder, name = parts[0], parts[-1]
    if folder not in DIGITS:
        raise mismatch(
            path,
            wanted="folders named 0 to 9 only",
            found=repr(folder),
            remedy="rename it or leave it out",
        )
    if len(parts) > 2 or Path(name).suffix.lower() not in SUFFIXES:
        raise mismatch(
            path,
            wanted="images only (.png, .jpg, ...) in a digit's folder",
            found=repr("/".join(parts)),
            remedy="leave it out",
        )
    yield _Member(int(folder), name, info)


def _read(path: Path, archive: zipfile.ZipFile, member: _Member, limits: ZipLimits) -> Bytes:
    where, info = f"{path}: {member.info.filename}", member.info
    if info.flag_bits & _ENCRYPTED:
        raise mismatch(
            where,
            wanted="a ZIP without a password",
            found="an encrypted file",
            remedy="save it without a password",
        )
    if info.compress_type not in _METHODS:
        raise mismatch(
            where,
            wanted="files stored or deflated",
            found=f"compression method {info.compress_type}",
            remedy="save the ZIP as other programs do",
        )
    most = min(limits.image_bytes, max(limits.free_bytes, limits.ratio * info.compress_size))
    if info.file_size > most:
        raise mismatch(
            where,
            wanted=f"a training image of at most {most:,} bytes",
            found=f"{info.file_size:,}",
            remedy="scale it to 28 x 28 pixels",
        )
    return decode_image(BytesIO(archive.read(info)), where)
