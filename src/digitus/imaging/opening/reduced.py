"""Large scans decoded at a reduced size, with at most about 350 MB of pixels at a time."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from digitus.errors import ImageError
from digitus.imaging.opening.bands import shrunk_by_bands, with_orientation_of
from digitus.imaging.opening.image_header import any_size, check_size


@dataclass(frozen=True)
class DecodingLimits:
    """Limits of the decoding, set by hand: about the memory that reading an A4 scan takes.

    Attributes:
        pixels: greatest number of pixels of an image.
        grey_bytes: size of the decoded pixels from which an image is decoded grey, where that is
            possible.
        bytes: greatest size of the decoded pixels, where it is not.
    """

    pixels: int = 200_000_000
    grey_bytes: int = 256 * 2**20
    bytes: int = 352 * 2**20


@dataclass(frozen=True)
class BytesPerPixel:
    """Memory that decoders take per pixel; it sets which images can be decoded.

    Attributes:
        modes: by Pillow, for some of its image modes; 4 for the others.
        webp: by Pillow, for a WebP, which it decodes as an animation.
        webp_by_opencv: by OpenCV, for a WebP.
        jpeg2000_channel: for each channel, by Pillow.
        jpeg_coefficient: for each coefficient of a progressive JPEG.
    """

    modes: dict[str, int]
    webp: int = 16
    webp_by_opencv: int = 4
    jpeg2000_channel: int = 6
    jpeg_coefficient: int = 2


LIMITS = DecodingLimits()
BYTES = BytesPerPixel({"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2})
GREY_BY_OPENCV = ("PNG", "TIFF", "WEBP")  # decoded there with less memory than by Pillow
REDUCING = {
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}


def decode(
    image: Image.Image,
    file: str | bytes | None,
    *,
    name: str,
    long_side_px: int,
    frame: int = 0,
) -> tuple[Image.Image, float]:
    """Decode an opened image, upright by its EXIF orientation, reduced where it is very large.

    Args:
        image: opened, at the wanted frame; its format decides how it can be reduced.
        file: that it was opened from, if it can be opened again.
        name: for messages.
        long_side_px: a longer image is shrunk to this if its color mode can be.
        frame: index of the image's frame in the file.

    Returns:
        The image, and the number of the original's pixels along one of its pixels.

    Raises:
        ImageError: if it is too small or too large.
    """
    check_size(name, *image.size, most_pixels=LIMITS.pixels)
    full = max(image.size)
    with any_size():
        small = decode_reduced(image, file, name, factor=max(1, full // long_side_px), frame=frame)
        upright = _fitted(ImageOps.exif_transpose(small), long_side_px)
    return upright, full / max(upright.size)


def _fitted(image: Image.Image, long_side_px: int) -> Image.Image:
    """Shrink an image that is still too long, if it has one byte a channel."""
    image.load()
    if max(image.size) <= long_side_px or image.mode not in ("L", "RGB", "RGBA"):
        return image
    cols, rows = (max(1, round(side * long_side_px / max(image.size))) for side in image.size)
    if image.mode == "RGBA":  # its colors are weighted by opacity
        return image.resize((cols, rows), Image.Resampling.BOX)
    levels = cv2.resize(np.asarray(image), (cols, rows), interpolation=cv2.INTER_AREA)
    return Image.fromarray(np.asarray(levels, np.uint8))


def decode_reduced(
    image: Image.Image, file: str | bytes | None, name: str, *, factor: int, frame: int = 0
) -> Image.Image:
    """Decode an opened image, shrunk by about a whole factor, without its orientation applied.

    Raises:
        ImageError: if its pixels take more memory than ``LIMITS`` allow.
    """
    if isinstance(image, JpegImageFile) and image.tile:  # not decoded yet
        return _drafted(image, name, factor)
    if isinstance(image, Jpeg2KImageFile) and image.tile:
        return _halved(image, factor)
    needed = _decoded_bytes(image)
    if needed > LIMITS.grey_bytes and file is not None and _is_for_opencv(image, file, frame):
        return _by_opencv(image, file, factor, frame)
    if needed + (needed // factor**2 if factor > 1 else 0) > LIMITS.bytes:
        raise _too_large(name, image.size)
    if factor == 1:
        return image
    small = shrunk_by_bands(image, factor)
    if file is not None:
        image.close()  # frees its pixels before the small ones are processed
    return small


def _drafted(image: JpegImageFile, name: str, factor: int) -> Image.Image:
    """Shrink a JPEG while it is decoded; a progressive one keeps all its coefficients."""
    size, kept = image.size, _coefficient_bytes(image)
    image.draft(None, (image.width // factor, image.height // factor))
    if kept + _decoded_bytes(image) > LIMITS.bytes:
        raise _too_large(name, size)
    return image


def _halved(image: Jpeg2KImageFile, factor: int) -> Image.Image:
    """Decode a JPEG 2000 at a half, a quarter, ...: it contains these resolutions."""
    needed = image.width * image.height * BYTES.jpeg2000_channel * len(image.getbands())
    halvings = factor.bit_length() - 1
    while needed >> 2 * halvings > LIMITS.bytes:
        halvings += 1
    image.reduce = halvings
    return image


def _coefficient_bytes(image: JpegImageFile) -> int:
    """Return the memory for a progressive JPEG's coefficients; colors are subsampled."""
    if "progressive" not in image.info:
        return 0
    shares = [across * down for _, across, down, _ in image.layer]
    return image.width * image.height * BYTES.jpeg_coefficient * sum(shares) // max(shares)


def _decoded_bytes(image: Image.Image) -> int:
    """Return the memory that Pillow needs for all pixels."""
    a_pixel = BYTES.webp if image.format == "WEBP" else BYTES.modes.get(image.mode, 4)
    return image.width * image.height * a_pixel


def _is_for_opencv(image: Image.Image, file: str | bytes, frame: int) -> bool:
    """Return whether OpenCV can decode an image grey within the limit."""
    if image.format not in GREY_BY_OPENCV or image.has_transparency_data:
        return False
    a_pixel = BYTES.webp_by_opencv if image.format == "WEBP" else 1
    is_known = isinstance(file, str) or frame == 0  # of bytes it decodes the first page only
    return is_known and image.width * image.height * a_pixel <= LIMITS.bytes


def _too_large(name: str, size: tuple[int, int]) -> ImageError:
    return ImageError(
        f"{name}: {size[0]} x {size[1]} pixels of a kind that is not read in parts;"
        " reduce the image, or save it as a grey PNG or as a JPEG that is not progressive"
    )


def _by_opencv(image: Image.Image, file: str | bytes, factor: int, frame: int) -> Image.Image:
    """Decode grey, then shrink; OpenCV reduces a PNG while it decodes it."""
    full = max(image.size)
    how = cv2.IMREAD_GRAYSCALE  # applies a TIFF's orientation; others' is applied later
    if image.format == "PNG":
        how = REDUCING[max(step for step in REDUCING if step <= max(factor, 2))]
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
    return small if image.format == "TIFF" else with_orientation_of(image, small)
