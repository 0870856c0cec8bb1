"""An image as the text that stands for it in HTML."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def png_data_uri(levels: NDArray[np.uint8]) -> str:
    """Return bytes (rows, cols), 0 black to 255 white, as a data URI of a PNG."""
    file = BytesIO()
    Image.fromarray(levels).save(file, format="PNG")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode('ascii')}"


def levels_of(grey: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Return grey (rows, cols), 0.0 black to 1.0 white, as bytes."""
    return np.asarray(np.rint(255 * grey), np.uint8)
