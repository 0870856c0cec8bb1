"""Arrays as colors."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from digitus.desktop.look.painting import Shades, image_of, rounded
from digitus.desktop.look.theme import qt_palette
from digitus.palette import PALETTES


@pytest.fixture(params=["light", "dark"])
def shades(request):
    return Shades.of(qt_palette(PALETTES[request.param]))


def rgb(color):
    return [color.red(), color.green(), color.blue()]


def test_ink_goes_from_the_surface_to_the_ink_color(shades):
    pixels = shades.ink_pixels(np.array([[0.0, 1.0]]))
    assert pixels[0, 0].tolist() == [*rgb(shades.surface), 255]
    assert pixels[0, 1].tolist() == [*rgb(shades.ink), 255]


def test_nan_is_transparent(shades):
    assert shades.ink_pixels(np.array([[np.nan]]))[0, 0, 3] == 0


def test_signed_values_go_from_contrast_over_surface_to_accent(shades):
    pixels = shades.signed_pixels(np.array([-2.0, 0.0, 2.0, 9.0]), 2.0)
    expected = [rgb(color) for color in (shades.contrast, shades.surface, shades.accent)]
    assert pixels[:, :3].tolist() == [*expected, expected[-1]]


def test_a_limit_of_zero_gives_the_surface(shades):
    assert shades.signed_pixels(np.zeros(2), 0.0)[0, :3].tolist() == rgb(shades.surface)


def test_text_differs_from_its_background(shades):
    for background in (shades.surface, shades.ink, shades.accent):
        text = shades.legible_on(background)
        assert abs(text.lightness() - background.lightness()) > 60


def test_an_image_keeps_its_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 4), np.uint8)
    pixels[..., 3] = 255
    image = image_of(pixels)
    assert (image.width(), image.height()) == (5, 3)
    assert list(QColor(image.pixel(4, 2)).getRgb())[:3] == pixels[2, 4, :3].tolist()


def test_a_rounded_box_has_no_corners():
    path = rounded(QRectF(0, 0, 100, 100), 20)
    assert path.contains(QPointF(50, 1))
    assert not path.contains(QPointF(1, 1))
