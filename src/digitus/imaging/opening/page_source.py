"""The pages of files, folders, bytes and arrays, one at a time."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
from PIL import Image

from digitus.errors import ImageError, ReadFailure
from digitus.files import is_stream
from digitus.imaging.arrays import Grey
from digitus.imaging.levels import Levels, shrunk, shrunk_levels, to_levels
from digitus.imaging.opening.grey import grey_image
from digitus.imaging.opening.image_file import (
    UNNAMED,
    ImageSource,
    check_kind,
    explained,
    grey_of_array,
    name_of,
    read_bytes,
)
from digitus.imaging.opening.image_frames import (
    count_frames,
    n_frames,
    open_frame,
    remark_on_frames,
)
from digitus.imaging.opening.image_header import open_header
from digitus.imaging.opening.reduced import decode

PAGE_PX = 3600  # an A4 sheet scanned at 300 dpi is 3508 px long; digits of 2 mm keep 24 px
PDF_MARK = b"%PDF"
PDF_MARK_WITHIN = 1024  # bytes; some programs write others before the mark
SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
    *(".pbm", ".pgm", ".ppm", ".jp2", ".heic", ".heif", ".pdf"),
)

Decode: TypeAlias = Callable[[], tuple[Image.Image | Grey, float]]
"""Returns the image of a page, and the number of the file's pixels along one of its pixels."""


@dataclass(frozen=True, eq=False)
class DocumentPage:
    """One page of a source, decoded on demand.

    Attributes:
        source: its name in messages: the path where it has one.
        page: number of the page within the source, from 1.
        remark: on what else the source holds, which is not read; empty if that is nothing.
    """

    source: str
    page: int
    _decode: Decode = field(repr=False)
    remark: str = ""

    def grey(self) -> tuple[Grey, float]:
        """Decode the page as grey, 0.0 black to 1.0 white.

        Returns:
            The page (rows, cols), its long side at most ``PAGE_PX``, and the number of pixels
            of the upright image along one of its pixels, 1.0 where it was not shrunk. Multiply
            boxes by it.

        Raises:
            ImageError: if the page is damaged, too small or too large.
        """
        image, reduction = self._decode()
        with explained(self.source):
            grey = image if isinstance(image, np.ndarray) else grey_image(image)
        small = shrunk(grey, PAGE_PX)
        return small, reduction * max(grey.shape) / max(small.shape)

    def color(self) -> Levels:
        """Decode the page in color, as large as ``grey`` does.

        Returns:
            Red, green and blue (rows, cols, 3), 0 to 255.

        Raises:
            ImageError: if the page is damaged, too small or too large.
        """
        image, _ = self._decode()
        with explained(self.source):
            if isinstance(image, Image.Image) and _has_plain_color(image):
                channels = cv2.split(np.asarray(image.convert("RGB")))
                small = [shrunk_levels(np.asarray(one, np.uint8), PAGE_PX) for one in channels]
                return np.dstack(small)
            grey = image if isinstance(image, np.ndarray) else grey_image(image)
        levels = to_levels(shrunk(grey, PAGE_PX))
        return np.dstack([levels] * 3)


@dataclass(frozen=True, eq=False)
class Document:
    """The pages of a source; each is opened as quickly as the first.

    Attributes:
        source: its name in messages: the path where it has one.
        n_pages: number of pages. If a file breaks off in the middle of its list of pages, one more
            stands for those that are lost; decoding it raises an ``ImageError``.
        remark: on what else the source holds, which is not read; empty if that is nothing.
    """

    source: str
    n_pages: int
    _decode: Callable[[int], tuple[Image.Image | Grey, float]] = field(repr=False)
    remark: str = ""

    def page(self, number: int) -> DocumentPage:
        """Return a page by its number, from 1.

        Raises:
            ImageError: if there is none of that number.
        """
        if not 1 <= number <= self.n_pages:
            raise ImageError(
                f"{self.source}: page {number} is missing now, it has {self.n_pages}; "
                f"read the file again"
            )
        decode_page = partial(self._decode, number - 1)
        return DocumentPage(self.source, number, decode_page, self.remark)

    def __iter__(self) -> Iterator[DocumentPage]:
        return map(self.page, range(1, self.n_pages + 1))


def open_document(source: ImageSource) -> Document:
    """Open a source and count its pages; none is decoded yet.

    Args:
        source: a path, the bytes of a file, a binary file, a PIL image, or an array as
            ``imaging.open_grey`` takes it. A TIFF and a PDF may have many pages.

    Raises:
        ImageError: if the source is missing, not an image, empty, damaged or encrypted.
        ValueError: if an array has the wrong shape, type or range.
        TypeError: if it is none of the things above.
    """
    check_kind(source)
    name = name_of(source)
    if isinstance(source, np.ndarray):
        return Document(UNNAMED, 1, partial(_unreduced, grey_of_array(source)))
    if isinstance(source, Image.Image):
        with explained(name):
            decode_frame = partial(_copy_frame, source, name)
            return Document(name, n_frames(source), decode_frame, remark_on_frames(source))
    return _document_of_file(_file_or_bytes(source, name), name)


def pages_of(source: ImageSource) -> Iterator[DocumentPage]:
    """Yield every page of a source, in order and not decoded yet; see ``open_document``."""
    yield from open_document(source)


def find_inputs(
    paths: Sequence[str | PathLike[str]], *, errors: list[ReadFailure] | None = None
) -> list[str]:
    """List files, and all images and PDFs in folders.

    Folders are searched recursively and sorted by name; hidden files, pipes, devices, and files
    that are neither image nor PDF are left out. A file in ``paths`` is listed whatever its kind.

    Args:
        paths: paths of files and folders.
        errors: receives an error for every folder that cannot be searched or contains no image;
            None raises the first of them instead.

    Raises:
        ImageError: for the first such folder, if ``errors`` is None.
    """
    found: list[str] = []
    failed: list[ReadFailure] = []
    for path in paths:
        found += _files_at(fspath(path), failed)
        if failed and errors is None:
            raise ImageError(failed[0].error)
    if errors is not None:
        errors += failed
    return found


def _has_plain_color(image: Image.Image) -> bool:
    return image.mode in ("RGB", "CMYK", "P", "YCbCr") and not image.has_transparency_data


def _unreduced(grey: Grey, index: int) -> tuple[Grey, float]:
    return grey, 1.0


def _files_at(path: str, errors: list[ReadFailure]) -> list[str]:
    if not os.path.isdir(path):  # unlike Path.is_dir, never raises
        return [path]
    found: list[str] = []
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [os.path.join(folder, name) for name in sorted(files) if _is_readable(name)]
        found += [one for one in paths if not is_stream(one)]  # a pipe would be waited for
    errors += map(_unreadable_folder, unreadable)
    if not found and not unreadable:
        errors.append(ReadFailure(path, f"{path}: no image and no PDF in this folder"))
    return found


def _unreadable_folder(error: OSError) -> ReadFailure:
    why = f"cannot be searched ({error.strerror}); change its permissions"
    return ReadFailure(str(error.filename), f"{error.filename}: {why}")


def _is_readable(name: str) -> bool:
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith(".")


def _document_of_file(file: str | bytes, name: str) -> Document:
    """Open a file, which is opened again to decode each page, or other bytes."""
    if PDF_MARK in _head(file):
        from digitus.imaging.opening.pdf import count_pdf_pages, render_pdf_page  # an extra

        return Document(
            name, count_pdf_pages(file, name), partial(render_pdf_page, file, name, PAGE_PX)
        )
    with explained(name):
        n_pages = count_frames(file)
        with open_header(file) as image:
            remark = remark_on_frames(image)
    return Document(name, n_pages, partial(_decode_frame, file, name), remark)


def _file_or_bytes(source: Any, name: str) -> str | bytes:
    with explained(name):
        if not (isinstance(source, str | PathLike) and os.path.isfile(source)):
            return read_bytes(source, name)
        if os.path.getsize(source) == 0:
            raise ImageError(f"{name}: empty file; an image or a PDF was wanted")
        return fspath(source)


def _head(file: str | bytes) -> bytes:
    if isinstance(file, bytes):
        return file[:PDF_MARK_WITHIN]
    with explained(file), open(file, "rb") as opened:
        return opened.read(PDF_MARK_WITHIN)


def _decode_frame(file: str | bytes, name: str, index: int) -> tuple[Image.Image, float]:
    """Open the file again, so that a page keeps no file open and can go to another process."""
    with explained(name), open_frame(file, name, index) as image:
        return decode(image, file, name=name, long_side_px=PAGE_PX, frame=index)


def _copy_frame(image: Image.Image, name: str, index: int) -> tuple[Image.Image, float]:
    with explained(name):
        if index or image.tell():
            image.seek(index)
        return decode(image.copy(), None, name=name, long_side_px=PAGE_PX)
