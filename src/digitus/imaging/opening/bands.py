"""Shrink a large image some rows at a time, so that no second copy of all its pixels is made."""

import numpy as np
from PIL import ExifTags, Image

BAND_ROWS = 256
"""Number of rows that are shrunk at a time."""


def shrunk_by_bands(image: Image.Image, factor: int) -> Image.Image:
    """Shrink by a whole factor: a conversion of the color mode copies only what it converts."""
    rows = BAND_ROWS // factor * factor or factor
    small: Image.Image | None = None
    for top in range(0, image.height, rows):
        band = _band(image, top, min(top + rows, image.height), factor)
        if small is None:
            small = Image.new(band.mode, (band.width, -(-image.height // factor)))
        small.paste(band, (0, top // factor))
    return with_orientation_of(image, small or image)


def with_orientation_of(image: Image.Image, small: Image.Image) -> Image.Image:
    """Copy the EXIF orientation of an image to a smaller copy of it."""
    exif = Image.Image.getexif(image)  # PNG's own getexif decodes the whole image
    orientation = exif.get(ExifTags.Base.Orientation)
    if orientation is not None:
        small.getexif()[ExifTags.Base.Orientation] = orientation
    return small


def _band(image: Image.Image, top: int, bottom: int, factor: int) -> Image.Image:
    band = image.crop((0, top, image.width, bottom))
    if band.mode.startswith("I;16"):  # that Pillow cannot reduce
        return Image.fromarray((np.asarray(band) >> 8).astype(np.uint8)).reduce(factor)
    if band.has_transparency_data:
        band = band.convert("RGBA")
    elif band.mode in ("1", "P"):
        band = band.convert("L" if band.mode == "1" else "RGB")
    return band.reduce(factor)
