"""Grey values between 0 and 1 out of every colour mode and array type."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.errors import PictureError
from digitus.imaging.arrays import Page

# Luma of red, green and blue: ITU-R BT.601, which Pillow's own conversion uses too.
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
WHITE_16_BIT = 65535


def grey_picture(image: Image.Image) -> Page:
    """Turn a PIL image of any mode into a page; transparency shows white paper.

    Raises:
        PictureError: if the values of a 32-bit image fit no known scale.
    """
    if image.mode.startswith("I"):
        return _scaled(image, WHITE_16_BIT)
    if image.mode == "F":
        return _scaled(image, 1 if np.asarray(image).max() <= 1 else 255)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    if image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")
    return _unit(np.asarray(image.convert("L")), 255)


def grey_array(array: NDArray[Any]) -> Page:
    """Turn an array (rows, cols) or (rows, cols, 1, 3 or 4) into a page.

    Args:
        array: uint8, uint16, bool, or floats from 0.0 black to 1.0 white; the fourth channel
            is opacity.

    Raises:
        ValueError: if shape, type or range is another.
    """
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 and (array.ndim != 3 or array.shape[2] not in (3, 4)):
        raise ValueError(
            "a picture array has the shape (rows, cols) or (rows, cols, 1, 3 or 4);"
            f" got {array.shape}"
        )
    if array.dtype == np.uint8:
        return grey_picture(Image.fromarray(array))
    page = _unit_floats(array)
    return page if page.ndim == 2 else _luma(page)


def _unit_floats(array: NDArray[Any]) -> NDArray[np.float32]:
    if array.dtype == np.bool_:
        return array.astype(np.float32)
    if array.dtype == np.uint16:
        return _unit(array, WHITE_16_BIT)
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(
            f"a picture array holds uint8, uint16, bool or floats in 0..1; got {array.dtype}"
        )
    if not np.isfinite(array).all():
        raise ValueError("the picture array holds NaN or infinity; clean it first")
    low, high = array.min(), array.max()
    if low < 0 or high > 1:
        raise ValueError(
            f"a picture array of floats lies in 0..1; got {low:g}..{high:g}, so scale it first"
        )
    return array.astype(np.float32)


def _luma(colours: NDArray[np.float32]) -> Page:
    grey = colours[:, :, :3] @ LUMA
    if colours.shape[2] == 4:
        opacity = colours[:, :, 3]
        grey = grey * opacity + (1 - opacity)  # over white
    page: Page = np.clip(grey, 0, 1, dtype=np.float32)
    return page


def _scaled(image: Image.Image, white: int) -> Page:
    values = np.asarray(image)
    if not (values.min() >= 0 and values.max() <= white):  # false for NaN too
        raise PictureError(
            f"grey values reach from {values.min():g} to {values.max():g};"
            " save it with 8 or 16 bits a channel"
        )
    return _unit(values, white)


def _unit(values: NDArray[Any], white: int) -> Page:
    page: Page = np.divide(values, np.float32(white), dtype=np.float32)
    return page
