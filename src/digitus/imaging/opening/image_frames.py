"""The frames of an image file: those of a TIFF are pages, each opened directly."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, cast

from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.image_header import FORMATS, any_size, open_header
from digitus.imaging.opening.tiff_directories import (
    TiffDirectories,
    TiffFromPage,
    tiff_directories,
)

ANIMATED = ("GIF", "PNG", "WEBP")
"""Formats whose frames are an animation."""


def n_frames(image: Image.Image) -> int:
    """Return the number of pages of an opened TIFF; 1 for other formats, which are animations."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def remark_on_frames(image: Image.Image) -> str:
    """Return a remark on an opened animation, of which one frame is read; empty for others.

    The further images of a photo, such as its preview, are no frames.
    """
    try:
        is_animated = image.format in ANIMATED and getattr(image, "is_animated", False)
    except Exception:  # a damaged second frame; Pillow's decoders raise errors of many types
        is_animated = False
    return "it is an animation, of which the first frame alone is read" if is_animated else ""


def remark_on_first_page(file: str | bytes) -> str:
    """Return a remark on an image file of which `predict` leaves frames or pages out; else empty.

    Raises:
        OSError: if it cannot be read, or is not an image of a known format.
    """
    with open_header(file) as image:
        remark = remark_on_frames(image)
    n_pages = 1 if remark else count_frames(file)
    if n_pages == 1:
        return remark
    return f"it has {n_pages:,} pages, of which the first alone is read; use `digitus read`"


def count_frames(file: str | bytes) -> int:
    """Return the number of pages of a file; one more if its list of pages breaks off.

    Raises:
        OSError: if it cannot be read, or is not an image of a known format.
    """
    with open_header(file) as image:
        if image.format != "TIFF":
            return 1
    directories = _directories(file)
    if directories is None or not directories.offsets:
        return 1
    return len(directories.offsets) + (not directories.is_whole)


@contextmanager
def open_frame(file: str | bytes, name: str, index: int) -> Iterator[Image.Image]:
    """Open a page of a file by its index, from 0, without reading those before it.

    Raises:
        ImageError: if the file breaks off before that page.
        OSError: if it cannot be read, or is not an image of a known format.
    """
    if index == 0:
        with open_header(file) as image:
            yield image
        return
    directories = _directories(file)
    if directories is None or index >= len(directories.offsets):
        raise ImageError(f"{name}: the file breaks off after page {index}; scan or save it again")
    with _opened(file) as whole:
        page = cast(IO[bytes], TiffFromPage(whole, directories.layout, directories.offsets[index]))
        with any_size():
            image = Image.open(page, formats=FORMATS)
        with image:
            yield image


def _directories(file: str | bytes) -> TiffDirectories | None:
    """Return the directories of a TIFF; those of the last files are kept."""
    if isinstance(file, bytes):
        return tiff_directories(io.BytesIO(file))
    found = os.stat(file)
    return _directories_of_path(file, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _directories_of_path(path: str, n_bytes: int, modified_ns: int) -> TiffDirectories | None:
    with open(path, "rb") as file:
        return tiff_directories(file)


def _opened(file: str | bytes) -> IO[bytes]:
    return io.BytesIO(file) if isinstance(file, bytes) else open(file, "rb")
