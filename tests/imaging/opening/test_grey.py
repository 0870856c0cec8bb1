"""Color, transparency and numbers of every kind become grey from 0.0 to 1.0."""

import numpy as np
import pytest
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.grey import LUMA, grey_array, grey_image


def colors(paper, pen):
    image = np.empty((40, 60, 3), np.uint8)
    image[:] = paper
    image[10:30, 20:24] = pen
    return image


def test_colors_become_luma():
    grey = grey_array(colors((255, 255, 255), (10, 40, 80)))
    assert grey[20, 22] == pytest.approx(LUMA @ [10, 40, 80] / 255, abs=0.004)


@pytest.mark.parametrize("as_floats", [False, True])
def test_a_yellow_pen_is_seen_in_the_blue_channel(as_floats):
    image = colors((255, 255, 255), (255, 250, 60))
    grey = grey_array((image / 255).astype(np.float32) if as_floats else image)
    assert grey[20, 22] == pytest.approx(60 / 255, abs=0.004)


def test_transparent_paper_is_white_under_dark_ink_and_black_under_white_ink():
    for ink, paper in ((0, 1.0), (255, 0.0)):
        image = np.zeros((20, 20, 4), np.uint8)
        image[5:15, 5:15] = (ink, ink, ink, 255)
        grey = grey_image(Image.fromarray(image))
        assert grey[0, 0] == paper
        assert grey[10, 10] == ink / 255


@pytest.mark.parametrize(
    "white", [np.uint8(255), np.uint16(65535), np.bool_(True), np.float64(1.0)]
)
def test_white_is_1_in_every_type(white):
    array = np.full((10, 12), white)
    array[0, 0] = 0
    grey = grey_array(array)
    assert grey.dtype == np.float32
    assert (grey[0, 0], grey[5, 5]) == (0, 1)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((4, 4, 2), np.uint8), "shape"),
        (np.zeros((4, 4), np.int64), "convert it"),
        (np.full((4, 4), 2.0), "scale it"),
        (np.full((4, 4), np.nan), "NaN"),
    ],
)
def test_other_arrays_are_refused(array, message):
    with pytest.raises(ValueError, match=message):
        grey_array(array)


def test_a_32_bit_image_of_no_known_scale_is_refused():
    with pytest.raises(ImageError, match="8 or 16 bits"):
        grey_image(Image.fromarray(np.full((9, 9), 1e6, np.float32)))
