"""Whatever a user has for an image, opened as a page: grey, upright, checked."""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
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

MIN_SIDE_PX = 8
MAX_PIXELS = 50_000_000
MAX_BYTES = 512 * 2**20
# Named one by one: some of Pillow's other readers start foreign programs.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000")
UNNAMED = "the image"

# Without a handler Pillow's complaints would appear on stderr beside our one sentence.
logging.getLogger("PIL").addHandler(logging.NullHandler())


def open_grey(picture: ImageSource, *, long_side_px: int | None = None) -> Grey:
    """Open an image as a page (rows, cols), float32, 0.0 black to 1.0 white.

    EXIF orientation is applied, transparency laid over paper, colour turned to grey.

    Args:
        picture: a path, the bytes of a file, a binary file object, a PIL image, or an array:
            uint8, uint16, bool, or floats in 0..1; (rows, cols) or (rows, cols, 1, 3 or 4).
        long_side_px: a larger page is shrunk to this; None keeps every pixel.

    Raises:
        ImageError: if it is missing, damaged, no image, too small or too large.
        ValueError: if an array has the wrong shape, type or range.
        TypeError: if it is none of the things above.
    """
    if isinstance(picture, np.ndarray):
        return _shrunk(grey_of_array(picture), long_side_px)
    name = name_of(picture)
    with explained(name):
        image = picture if isinstance(picture, Image.Image) else _open(_read(picture, name))
        check_size(name, image.width, image.height)
        page = grey_image(ImageOps.exif_transpose(_reduced(image, long_side_px)))
    return _shrunk(page, long_side_px)


def grey_of_array(array: NDArray[Any]) -> Grey:
    """Turn an array into a page, after a look at its size; see ``open_grey``."""
    if array.ndim in (2, 3):
        check_size(UNNAMED, array.shape[1], array.shape[0])
    return grey_array(array)


def _reduced(image: Image.Image, long_side_px: int | None) -> Image.Image:
    """Shrink an image far too large by a whole factor, a JPEG while it is decoded."""
    factor = max(image.size) // long_side_px if long_side_px else 1
    if factor < 2:
        return image
    if isinstance(image, JpegImageFile) and image.tile:  # not decoded yet
        image.draft(None, (image.width // factor, image.height // factor))
        return image
    return image.reduce(factor) if image.mode in ("L", "RGB") else image


def _shrunk(page: Grey, long_side_px: int | None) -> Grey:
    return page if long_side_px is None else shrunk(page, long_side_px)


def name_of(picture: ImageSource) -> str:
    """Tell what to call an image in a message: its path where it has one."""
    if isinstance(picture, str | PathLike):
        return fspath(picture)
    name = getattr(picture, "filename", None) or getattr(picture, "name", None)
    return name if isinstance(name, str) else UNNAMED


def _read(source: str | PathLike[str] | bytes | IO[bytes], name: str) -> bytes:
    data = read_bytes(source, name)
    if data.startswith(b"%PDF"):
        raise ImageError(f"{name}: a PDF, where an image was wanted; save its page as PNG")
    return data


def read_bytes(source: str | PathLike[str] | bytes | IO[bytes], name: str) -> bytes:
    """Take the bytes of a file in; reading all first lets pipes and sockets do as well.

    Raises:
        ImageError: if there are none, or far too many.
        OSError: if the file cannot be read.
        TypeError: if it is nothing with bytes in it.
    """
    if isinstance(source, str | PathLike):
        if re.match(r"https?:/", fspath(source)):
            raise ImageError(f"{name}: a web address; download it first and name the file")
        with Path(source).open("rb") as file:
            return read_bytes(file, name)
    if hasattr(source, "read"):
        source = source.read(MAX_BYTES + 1)
    if not isinstance(source, bytes | bytearray | memoryview):
        raise TypeError(
            "an image is a path, bytes, a binary file, a PIL image or a NumPy array;"
            f" got {type(source).__name__}"
        )
    data = bytes(source)
    if not data:
        raise ImageError(f"{name}: empty file; an image was wanted")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"{name}: over {MAX_BYTES // 2**20} MB; save it smaller, or as PNG or JPEG"
        )
    return data


def _open(data: bytes) -> Image.Image:
    """Read the header only; the pixels are decoded once the size is known to be sane."""
    return Image.open(BytesIO(data), formats=FORMATS)


def check_size(name: str, cols: int, rows: int, *, most_pixels: int = MAX_PIXELS) -> None:
    """Refuse what is too small to hold a digit, or too large to be read.

    Raises:
        ImageError: if it is.
    """
    if min(cols, rows) < MIN_SIDE_PX:
        raise ImageError(
            f"{name}: {cols} x {rows} pixels; at least {MIN_SIDE_PX} x {MIN_SIDE_PX} are wanted"
        )
    if cols * rows > most_pixels:
        raise ImageError(
            f"{name}: {cols} x {rows} pixels;"
            f" at most {most_pixels // 10**6} million are read, so make it smaller"
        )


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn everything that opening and decoding can raise into one sentence.

    Raises:
        ImageError: with that sentence.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities in metadata do not concern the reader
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (ImageError, TypeError):
        raise
    except Exception as error:  # on damaged files Pillow's decoders raise nearly anything
        raise ImageError(f"{name}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    match error:
        case Image.DecompressionBombWarning() | Image.DecompressionBombError():
            return f"at most {MAX_PIXELS // 10**6} million pixels are read, so make it smaller"
        case FileNotFoundError():
            return "no such file; check the path"
        case IsADirectoryError():
            return "a folder, where an image was wanted; name a file in it"
        case UnidentifiedImageError():
            return "not an image of a known kind; save it as PNG or JPEG"
        case OSError(strerror=str(reason)):
            return f"cannot be read ({reason})"
        case MemoryError():
            return "too large for the memory at hand; make it smaller"
        case _:
            return "damaged or cut short; save or send it again"
