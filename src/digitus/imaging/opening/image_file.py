"""Images of every supported kind, opened: checked, upright, grey."""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from digitus.errors import ImageError
from digitus.imaging.arrays import Grey
from digitus.imaging.levels import shrunk
from digitus.imaging.opening.grey import grey_array, grey_image

ImageSource: TypeAlias = str | PathLike[str] | bytes | IO[bytes] | Image.Image | NDArray[Any]


@dataclass(frozen=True)
class ImageLimits:
    """Limits of an image of one digit, set by hand: a photo stays below, and fits into memory.

    Attributes:
        least_side_px: shorter side below which an image cannot show a digit.
        pixels: greatest number of pixels.
        bytes: greatest size of a file.
    """

    least_side_px: int = 8
    pixels: int = 50_000_000
    bytes: int = 512 * 2**20


IMAGE_LIMITS = ImageLimits()
# Named one by one, because some of Pillow's other readers start external programs.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000")
UNNAMED = "the image"

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
    with explained(name):
        opened = image if isinstance(image, Image.Image) else _open(_read(image, name))
        check_size(name, opened.width, opened.height)
        grey = grey_image(ImageOps.exif_transpose(_reduced(opened, long_side_px)))
    return _shrunk(grey, long_side_px)


def grey_of_array(array: NDArray[Any]) -> Grey:
    """Check the size of an array and convert it to grey; see ``open_grey``.

    Raises:
        ImageError: if it is too small or too large.
        ValueError: if it has the wrong shape, type or range.
    """
    if array.ndim in (2, 3):
        check_size(UNNAMED, array.shape[1], array.shape[0])
    return grey_array(array)


def _reduced(image: Image.Image, long_side_px: int | None) -> Image.Image:
    """Shrink a much larger image by a whole factor, a JPEG while it is decoded."""
    factor = max(image.size) // long_side_px if long_side_px else 1
    if factor < 2:
        return image
    if isinstance(image, JpegImageFile) and image.tile:  # not decoded yet
        image.draft(None, (image.width // factor, image.height // factor))
        return image
    return image.reduce(factor) if image.mode in ("L", "RGB") else image


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
        raise ImageError(f"{name}: a PDF, where an image was wanted; save its page as PNG")
    return data


def read_bytes(source: str | PathLike[str] | bytes | IO[bytes], name: str) -> bytes:
    """Read all bytes of a file, so that pipes and sockets work as well.

    Raises:
        ImageError: if there are none, or more than ``IMAGE_LIMITS.bytes``.
        OSError: if the file cannot be read.
        TypeError: if the source is of another type.
    """
    if isinstance(source, str | PathLike):
        if re.match(r"https?:/", fspath(source)):
            raise ImageError(f"{name}: a web address; download it first and name the file")
        with Path(source).open("rb") as file:
            return read_bytes(file, name)
    if hasattr(source, "read"):
        source = source.read(IMAGE_LIMITS.bytes + 1)
    if not isinstance(source, bytes | bytearray | memoryview):
        raise TypeError(
            "an image is a path, bytes, a binary file, a PIL image or a NumPy array;"
            f" got {type(source).__name__}"
        )
    data = bytes(source)
    if not data:
        raise ImageError(f"{name}: empty file; an image was wanted")
    if len(data) > IMAGE_LIMITS.bytes:
        raise ImageError(
            f"{name}: over {IMAGE_LIMITS.bytes // 2**20} MB;"
            " reduce the image, or save it as PNG or JPEG"
        )
    return data


def _open(data: bytes) -> Image.Image:
    """Read the header only; the pixels are decoded once the size has been checked."""
    return Image.open(BytesIO(data), formats=FORMATS)


def check_size(name: str, cols: int, rows: int, *, most_pixels: int = IMAGE_LIMITS.pixels) -> None:
    """Check that an image is large enough to hold a digit, and not too large to be read.

    Raises:
        ImageError: if it is not.
    """
    least = IMAGE_LIMITS.least_side_px
    if min(cols, rows) < least:
        raise ImageError(f"{name}: {cols} x {rows} pixels; at least {least} x {least} are wanted")
    if cols * rows > most_pixels:
        raise ImageError(
            f"{name}: {cols} x {rows} pixels;"
            f" at most {most_pixels // 10**6} million are read, so reduce the image"
        )


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Convert every error of opening and decoding to an ``ImageError``.

    Raises:
        ImageError: with a message that names the image and what to do.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about unusual metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (ImageError, TypeError):
        raise
    except Exception as error:  # Pillow's decoders raise errors of many types
        raise ImageError(f"{name}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    match error:
        case Image.DecompressionBombWarning() | Image.DecompressionBombError():
            most = IMAGE_LIMITS.pixels // 10**6
            return f"at most {most} million pixels are read, so reduce the image"
        case FileNotFoundError():
            return "no such file; check the path"
        case IsADirectoryError():
            return "a folder, where an image was wanted; name a file in it"
        case UnidentifiedImageError():
            return "not an image of a known kind; save it as PNG or JPEG"
        case OSError(strerror=str(reason)):
            return f"cannot be read ({reason})"
        case MemoryError():
            return "too large for the available memory; reduce the image"
        case _:
            return "damaged or cut short; save or send it again"
