"""The header of an image: its format and size, checked before a pixel is decoded."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from digitus.errors import ImageError, MissingLibraryError


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
HEIC_MARK = re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL)
"""The first bytes of a phone's HEIC photo: ISO/IEC 23008-12, section 10."""

_pillow_limit = threading.RLock()


@contextmanager
def any_size() -> Iterator[None]:
    """Lift Pillow's own limit on pixels while a header is read or a checked image decoded."""
    with _pillow_limit:
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def open_header(file: str | bytes) -> Image.Image:
    """Read the header of a file or of its bytes; no pixel is decoded.

    Raises:
        OSError: if it cannot be read, or is not an image of a known format.
        MissingLibraryError: for a HEIC photo, if pillow-heif is not installed.
    """
    formats = ("HEIF",) if _is_heic(file) else FORMATS
    with any_size():
        return Image.open(io.BytesIO(file) if isinstance(file, bytes) else file, formats=formats)


def _is_heic(file: str | bytes) -> bool:
    """Return whether a file is a HEIC photo; if it is, let Pillow know how to open it."""
    if isinstance(file, bytes):
        start = file[:12]
    else:
        with open(file, "rb") as opened:
            start = opened.read(12)
    if HEIC_MARK.match(start) is None:
        return False
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise MissingLibraryError(
            "a HEIC photo; to read it, pip install 'digitus[heif]', or save it as JPEG"
        ) from error
    register_heif_opener(thumbnails=False)
    return True


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
