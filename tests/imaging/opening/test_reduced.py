"""Large images are decoded at a reduced size; what cannot be reduced is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.image_header import any_size, open_header
from digitus.imaging.opening.reduced import decode

SIDE = 400


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def ramp(mode="L"):
    levels = np.linspace(0, 255, SIDE).astype(np.uint8)[None].repeat(SIDE // 2, axis=0)
    return Image.fromarray(levels).convert(mode)


def decoded(data, long_side_px):
    return decode(open_header(data), data, name="a", long_side_px=long_side_px)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "JPEG2000"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_an_image_is_shrunk_to_the_long_side_that_is_wanted(kind, mode):
    image, reduction = decoded(encoded(ramp(mode), kind), 100)
    assert image.size == (100, 50)
    assert reduction == 4
    found = np.asarray(image.convert("L"), float)[25]
    np.testing.assert_allclose(found, np.linspace(1, 254, 100), atol=6)


def test_a_small_image_keeps_its_pixels():
    image, reduction = decoded(encoded(ramp(), "PNG"), 1000)
    assert reduction == 1
    np.testing.assert_array_equal(np.asarray(image), np.asarray(ramp()))


def test_the_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6
    image, _ = decoded(encoded(ramp(), "JPEG", exif=exif), 100)
    assert image.size == (50, 100)


def test_the_limit_of_pillow_is_restored(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1234)
    with any_size():
        assert Image.MAX_IMAGE_PIXELS is None
    assert Image.MAX_IMAGE_PIXELS == 1234


def test_an_image_too_small_for_a_digit_is_refused():
    with pytest.raises(ImageError, match="at least 8 x 8"):
        decoded(encoded(Image.new("L", (5, 5)), "PNG"), 100)
