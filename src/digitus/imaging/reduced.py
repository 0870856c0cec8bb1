"""Big scans decoded small: never more than about 256 MB of pixels at a time."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from digitus.errors import PictureError
from digitus.imaging.load import FORMATS, check_size

MOST_PIXELS = 200_000_000
MOST_DECODED_BYTES = 256 * 2**20
BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}  # 4 for the others
GREY_BY_OPENCV = ("PNG", "TIFF")  # decoded there into one byte a pixel, whatever the colours
REDUCING = {
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
BAND_ROWS = 1024  # rows that are shrunk at a time

_pillows_limit = threading.RLock()


@contextmanager
def any_size() -> Iterator[None]:
    """Lift Pillow's own limit on pixels while a header is read or a checked size decoded."""
    with _pillows_limit:
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def open_header(file: str | bytes) -> Image.Image:
    """Read the header of a file or of its bytes; no pixel is decoded.

    Raises:
        OSError: if it cannot be read, or is no picture of a known format.
    """
    with any_size():
        return Image.open(io.BytesIO(file) if isinstance(file, bytes) else file, formats=FORMATS)


def decode(
    image: Image.Image, file: str | bytes | None, *, name: str, long_side_px: int
) -> tuple[Image.Image, float]:
    """Decode an opened picture, upright by its EXIF, and smaller where it is far too large.

    Args:
        image: opened, at the frame that is wanted; its format tells what can be done.
        file: where it was opened from, if it can be opened again.
        name: what to call it in a message.
        long_side_px: a longer picture is shrunk to this, unless its colours forbid it.

    Returns:
        The picture, and the original's pixels along one of its pixels.

    Raises:
        PictureError: if it is too small, too large, or its kind cannot be read in parts.
    """
    check_size(name, *image.size, most_pixels=MOST_PIXELS)
    full = max(image.size)
    with any_size():
        small = _decoded(image, file, name, factor=max(1, full // long_side_px))
        upright = _fitted(ImageOps.exif_transpose(small), long_side_px)
    return upright, full / max(upright.size)


def _fitted(image: Image.Image, long_side_px: int) -> Image.Image:
    """Shrink what is still too long while it has one byte a value."""
    image.load()
    if max(image.size) <= long_side_px or image.mode not in ("L", "RGB"):
        return image
    size = [max(1, round(side * long_side_px / max(image.size))) for side in image.size]
    levels = cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA)
    return Image.fromarray(np.asarray(levels, np.uint8))


def _decoded(
    image: Image.Image, file: str | bytes | None, name: str, *, factor: int
) -> Image.Image:
    if isinstance(image, JpegImageFile) and image.tile:  # not decoded yet
        if "progressive" in image.info:  # all of its coefficients are kept in memory
            _check_memory(image, name, image.width * image.height * 2 * len(image.getbands()))
        image.draft(None, (image.width // factor, image.height // factor))
        _check_memory(image, name)
        return image
    if factor == 1:
        _check_memory(image, name)
        return image
    if _decoded_bytes(image) <= MOST_DECODED_BYTES:
        return _by_bands(image, factor)
    known = image.format in GREY_BY_OPENCV and (isinstance(file, str) or image.tell() == 0)
    if known and file is not None and not image.has_transparency_data:
        return _by_opencv(image, file, factor)
    raise _too_large(name, image.size)


def _check_memory(image: Image.Image, name: str, needed_bytes: int | None = None) -> None:
    if (needed_bytes or _decoded_bytes(image)) > MOST_DECODED_BYTES:
        raise _too_large(name, image.size)


def _decoded_bytes(image: Image.Image) -> int:
    return image.width * image.height * BYTES_A_PIXEL.get(image.mode, 4)


def _too_large(name: str, size: tuple[int, int]) -> PictureError:
    return PictureError(
        f"{name}: {size[0]} x {size[1]} pixels of a kind that is not read in parts;"
        " save it as a grey PNG or as a JPEG that is not progressive"
    )


def _by_bands(image: Image.Image, factor: int) -> Image.Image:
    """Shrink by a whole factor, some rows at a time: a change of mode would double them all."""
    rows = BAND_ROWS // factor * factor
    tops = range(0, image.height // factor * factor, rows)
    bands = [_band(image, top, min(top + rows, image.height), factor) for top in tops]
    small = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    for top, band in zip(np.cumsum([0, *(band.height for band in bands)]), bands, strict=False):
        small.paste(band, (0, int(top)))
    return _with_orientation_of(image, small)


def _with_orientation_of(image: Image.Image, small: Image.Image) -> Image.Image:
    exif = Image.Image.getexif(image)  # a PNG's own would decode the whole picture
    orientation = exif.get(ExifTags.Base.Orientation)
    if orientation is not None:
        small.getexif()[ExifTags.Base.Orientation] = orientation
    return small


def _band(image: Image.Image, top: int, bottom: int, factor: int) -> Image.Image:
    band = image.crop((0, top, image.width, bottom))
    if band.mode.startswith("I;16"):  # which Pillow cannot reduce
        return Image.fromarray((np.asarray(band) >> 8).astype(np.uint8)).reduce(factor)
    if band.has_transparency_data:
        band = band.convert("RGBA")
    elif band.mode in ("1", "P"):
        band = band.convert("L" if band.mode == "1" else "RGB")
    return band.reduce(factor)


def _by_opencv(image: Image.Image, file: str | bytes, factor: int) -> Image.Image:
    """Decode grey: OpenCV shrinks a PNG while it is read, and a TIFF afterwards."""
    frame, full = image.tell(), max(image.size)
    how = REDUCING[max(step for step in REDUCING if step <= max(factor, 2))]
    if image.format == "TIFF":
        how = cv2.IMREAD_GRAYSCALE  # which turns it by its orientation; the others may not
    how |= cv2.IMREAD_IGNORE_ORIENTATION
    if isinstance(file, bytes):
        levels = cv2.imdecode(np.frombuffer(file, np.uint8), how)
    elif image.format == "TIFF":
        levels = cv2.imreadmulti(file, start=frame, count=1, flags=how)[1][0]
    else:
        levels = cv2.imread(file, how)
    grey: NDArray[np.uint8] = np.asarray(levels, np.uint8)
    rest = max(1, factor * max(grey.shape) // full)
    size = (grey.shape[1] // rest, grey.shape[0] // rest)
    small = Image.fromarray(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA)))
    return small if image.format == "TIFF" else _with_orientation_of(image, small)
