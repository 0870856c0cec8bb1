"""An image as a data URI is the image."""

from base64 import b64decode
from io import BytesIO

import numpy as np
from PIL import Image

from digitus.imaging.data_uri import levels_of, png_data_uri


def test_the_uri_holds_the_levels():
    levels = levels_of(np.linspace(0, 1, 12).reshape(3, 4))
    start, content = png_data_uri(levels).split(",")
    assert start == "data:image/png;base64"
    np.testing.assert_array_equal(np.array(Image.open(BytesIO(b64decode(content)))), levels)
