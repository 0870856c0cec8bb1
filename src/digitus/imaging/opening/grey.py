"""Conversion of every color mode and array type to grey values from 0.0 to 1.0."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.arrays import Grey

# Luma of red, green and blue: ITU-R BT.601, which Pillow's own conversion uses too.
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
WHITE_16_BIT = 65535


@dataclass(frozen=True)
class GreyParameters:
    """Parameters of the conversion of colors and transparency, set by hand.

    Attributes:
        faint: difference from white below which transparent ink is laid over black.
        contrast: contrast of a single channel, as a multiple of luma's, from which it replaces
            luma.
        thumbnail_px: long side of the copy on which contrast is measured.
    """

    faint: float = 0.25
    contrast: float = 2.0
    thumbnail_px: int = 64


GREY = GreyParameters()


def grey_image(image: Image.Image) -> Grey:
    """Convert a PIL image of any mode to grey; transparent pixels become paper.

    The paper is white, or black if all visible ink is light.

    Raises:
        ImageError: if the values of a 32-bit image fit no known scale.
    """
    if image.mode.startswith("I"):
        return _scaled(image, WHITE_16_BIT)
    if image.mode == "F":
        return _scaled(image, 1 if np.asarray(image).max() <= 1 else 255)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        grey, opacity = image.convert("RGB").convert("L"), image.getchannel("A")
        return _over_paper(_unit(np.asarray(grey), 255), _unit(np.asarray(opacity), 255))
    if image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")
    channel = _channel_of_contrast(np.asarray(image)) if image.mode == "RGB" else None
    grey = image.convert("L") if channel is None else image.getchannel(channel)
    return _unit(np.asarray(grey), 255)


def grey_array(array: NDArray[Any]) -> Grey:
    """Convert an array (rows, cols) or (rows, cols, 1, 3 or 4) to grey.

    Args:
        array: uint8, uint16, bool, or floats from 0.0 black to 1.0 white; the fourth channel
            is opacity.

    Raises:
        ValueError: if its shape, type or range is another.
    """
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 and (array.ndim != 3 or array.shape[2] not in (3, 4)):
        raise ValueError(
            "an image array has the shape (rows, cols) or (rows, cols, 1, 3 or 4);"
            f" got {array.shape}"
        )
    if array.dtype == np.uint8:
        return grey_image(Image.fromarray(array))
    floats = _unit_floats(array)
    return floats if floats.ndim == 2 else _grey_of_floats(floats)


def _unit_floats(array: NDArray[Any]) -> NDArray[np.float32]:
    if array.dtype == np.bool_:
        return array.astype(np.float32)
    if array.dtype == np.uint16:
        return _unit(array, WHITE_16_BIT)
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(
            "an image array holds uint8, uint16, bool or floats in 0..1;"
            f" got {array.dtype}, so convert it"
        )
    if not np.isfinite(array).all():
        raise ValueError("the image array holds NaN or infinity; clean it first")
    low, high = array.min(), array.max()
    if low < 0 or high > 1:
        raise ValueError(
            f"an image array of floats lies in 0..1; got {low:g}..{high:g}, so scale it first"
        )
    return array.astype(np.float32)


def _grey_of_floats(colors: NDArray[np.float32]) -> Grey:
    channel = None if colors.shape[2] == 4 else _channel_of_contrast(colors)
    grey = colors[:, :, :3] @ LUMA if channel is None else colors[:, :, channel]
    clipped: Grey = np.clip(grey, 0, 1, dtype=np.float32)
    return clipped if colors.shape[2] == 3 else _over_paper(clipped, colors[:, :, 3])


def _over_paper(grey: Grey, opacity: Grey) -> Grey:
    """Composite grey values over white paper, or over black paper if white would hide them."""
    on_white, on_black = (opacity * (1 - grey)).max(), (opacity * grey).max()
    paper = 0 if on_white < GREY.faint and on_black > on_white else 1
    composite: Grey = np.clip(grey * opacity + paper * (1 - opacity), 0, 1, dtype=np.float32)
    return composite


def _channel_of_contrast(colors: NDArray[Any]) -> int | None:
    """Return the channel of (rows, cols, 3) that shows a pen that luma hardly shows, else None.

    An example is a yellow pen on white paper, which only the blue channel shows.
    """
    rows, cols = (min(side, GREY.thumbnail_px) for side in colors.shape[:2])
    small = np.asarray(cv2.resize(colors, (cols, rows), interpolation=cv2.INTER_AREA), np.float64)
    reach = np.ptp(small, axis=(0, 1))
    best = int(reach.argmax())
    return best if reach[best] > GREY.contrast * np.ptp(small @ LUMA) else None


def _scaled(image: Image.Image, white: int) -> Grey:
    values = np.asarray(image)
    if not (values.min() >= 0 and values.max() <= white):  # false for NaN too
        raise ImageError(
            f"grey values reach from {values.min():g} to {values.max():g};"
            " save it with 8 or 16 bits a channel"
        )
    return _unit(values, white)


def _unit(values: NDArray[Any], white: int) -> Grey:
    grey: Grey = np.divide(values, np.float32(white), dtype=np.float32)
    return grey
