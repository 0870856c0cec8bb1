"""Images of every supported kind, opened: checked, upright, grey."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from digitus.errors import ImageError, MissingLibraryError
from digitus.files import is_stream
from digitus.imaging.arrays import Grey
from digitus.imaging.levels import shrunk
from digitus.imaging.opening.grey import grey_array, grey_image
from digitus.imaging.opening.image_frames import remark_on_first_page
from digitus.imaging.opening.image_header import IMAGE_LIMITS, check_size, open_header
from digitus.imaging.opening.reduced import decode_reduced

ImageSource: TypeAlias = str | PathLike[str] | bytes | IO[bytes] | Image.Image | NDArray[Any]


UNNAMED = "the image"


class NamedBytes(bytes):
    """The bytes of a file, with its name for messages."""

    name: str = UNNAMED


# Without a handler Pillow's warnings would appear on stderr beside our error message.
logging.getLogger("PIL").addHandler(logging.NullHandler())


def open_grey(image: ImageSource, *, long_side_px: int | None = None) -> Grey:
    """Open an image as grey (rows, cols), float32, 0.0 black to 1.0 white.

    The EXIF orientation is applied, transparency composited over paper, color converted.

    Args:
        image: a path, the bytes of a file, a binary file object, a PIL image, or an array:
            uint8, uint16, bool, or floats in 0..1; (rows, cols) or (rows, cols, 1, 3 or 4).
        long_side_px: a larger image is shrunk to this; None keeps every pixel.

    Raises:
        ImageError: if it is missing, damaged, not an image, too small or too large.
        ValueError: if an array has the wrong shape, type or range.
        TypeError: if it is none of the things above.
    """
    if isinstance(image, np.ndarray):
        return _shrunk(grey_of_array(image), long_side_px)
    name = name_of(image)
    check_kind(image)
    with explained(name):
        if isinstance(image, Image.Image):
            small = _reduced(image, None, name, long_side_px)
        else:
            data = _read(image, name)
            small = _reduced(open_header(data), data, name, long_side_px)
        grey = grey_image(ImageOps.exif_transpose(small))
    return _shrunk(grey, long_side_px)


def reopenable(image: ImageSource) -> ImageSource:
    """Return an image that can be opened more than once: a stream or pipe is read into memory.

    Raises:
        ImageError: if the stream cannot be read, is empty or too long.
    """
    if isinstance(image, str | PathLike):
        if not is_stream(fspath(image)):
            return image
    elif isinstance(image, Image.Image | np.ndarray) or not hasattr(image, "read"):
        return image
    name = name_of(image)
    with explained(name):
        kept = NamedBytes(read_bytes(image, name))
    kept.name = name
    return kept


def remark_on(image: ImageSource) -> str:
    """Return a remark on a file that holds more than the image that is read; empty for others.

    Args:
        image: a path, or the bytes of a file, that can be opened.

    Raises:
        ImageError: if it cannot be opened.
    """
    if not isinstance(image, str | PathLike | bytes):
        return ""
    with explained(name_of(image)):
        return remark_on_first_page(image if isinstance(image, bytes) else fspath(image))


def grey_of_array(array: NDArray[Any]) -> Grey:
    """Check the size of an array and convert it to grey; see ``open_grey``.

    Raises:
        ImageError: if it is too small or too large.
        ValueError: if it has the wrong shape, type or range.
    """
    if array.ndim in (2, 3):
        check_size(UNNAMED, array.shape[1], array.shape[0])
    return grey_array(array)


def _reduced(
    image: Image.Image, data: bytes | None, name: str, long_side_px: int | None
) -> Image.Image:
    """Check the size, and shrink a much larger image, where possible while it is decoded."""
    check_size(name, image.width, image.height)
    factor = max(image.size) // long_side_px if long_side_px else 1
    return image if factor < 2 else decode_reduced(image, data, name, factor=factor)


def _shrunk(grey: Grey, long_side_px: int | None) -> Grey:
    return grey if long_side_px is None else shrunk(grey, long_side_px)


def name_of(image: ImageSource) -> str:
    """Return the name of an image for messages: its path where it has one."""
    if isinstance(image, str | PathLike):
        return fspath(image)
    name = getattr(image, "filename", None) or getattr(image, "name", None)
    return name if isinstance(name, str) else UNNAMED


def _read(source: str | PathLike[str] | bytes | IO[bytes], name: str) -> bytes:
    data = read_bytes(source, name)
    if data.startswith(b"%PDF"):
        raise ImageError(
            f"{name}: a PDF, where an image was wanted; use `digitus read`, or save its page as PNG"
        )
    return data


def read_bytes(source: str | PathLike[str] | bytes | IO[bytes], name: str) -> bytes:
    """Read all bytes of a file, so that pipes and sockets work as well.

    Raises:
        ImageError: if there are none, or more than ``IMAGE_LIMITS.bytes``, or if it is text.
        OSError: if the file cannot be read.
    """
    if isinstance(source, str | PathLike):
        if re.match(r"https?:/", fspath(source)):
            raise ImageError(f"{name}: a web address; download it first and name the file")
        with Path(source).open("rb") as file:
            return read_bytes(file, name)
    if hasattr(source, "read"):
        source = source.read(IMAGE_LIMITS.bytes + 1)
    if not isinstance(source, bytes | bytearray | memoryview):
        raise ImageError(f"{name}: text, where bytes are wanted; open the file with mode 'rb'")
    data = bytes(source)
    if not data:
        raise ImageError(f"{name}: empty file; an image was wanted")
    if len(data) > IMAGE_LIMITS.bytes:
        raise ImageError(
            f"{name}: over {IMAGE_LIMITS.bytes // 2**20} MB;"
            " reduce the image, or save it as PNG or JPEG"
        )
    return data


def check_kind(source: object) -> None:
    """Check that a source is of a type that images come as.

    Raises:
        TypeError: if it is not.
    """
    kinds = (str, PathLike, bytes, bytearray, memoryview, Image.Image, np.ndarray)
    if not (isinstance(source, kinds) or hasattr(source, "read")):
        raise TypeError(
            "an image is a path, bytes, a binary file, a PIL image or a NumPy array;"
            f" got {type(source).__name__}"
        )


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Convert every error of opening and decoding to an ``ImageError``.

    Pillow's warnings about unusual metadata are left to the host program: a filter would hold for
    all its threads.

    Raises:
        ImageError: with a message that names the image and what to do.
    """
    try:
        yield
    except ImageError:
        raise
    except Exception as error:  # Pillow's decoders raise errors of many types
        raise ImageError(f"{name}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "no such file; check the path"
        case IsADirectoryError():
            return "a folder, where an image was wanted; name a file in it"
        case UnidentifiedImageError():
            return "not an image of a known kind; save it as PNG or JPEG"
        case OSError(strerror=str(reason)):
            return f"cannot be read ({reason})"
        case MissingLibraryError():
            return str(error)
        case MemoryError() | cv2.error(code=cv2.Error.StsNoMem):
            return "too large for the available memory; reduce the image"
        case _:
            return "damaged or cut short; save or send it again"
