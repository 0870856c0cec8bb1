import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from digitus.desktop.look.array_images import CaptionedImage, Legend, PixelImage, tiled
from digitus.desktop.look.painting import Shades


@pytest.fixture
def image(qtbot):
    image = PixelImage(168)
    qtbot.addWidget(image)
    image.resize(image.sizeHint())
    image.show()
    return image


def test_every_pixel_of_a_patch_is_a_square_of_its_own_color(image):
    patch = np.random.default_rng(0).uniform(0, 1, (28, 28))
    image.show_values(patch)
    screen, shades = image.grab().toImage(), Shades.of(image.palette())
    wanted = shades.ink_pixels(patch)
    for row in range(28):
        for col in range(28):
            for inset in (0.5, 5.5):
                color = QColor(screen.pixel(int(1 + 6 * col + inset), int(1 + 6 * row + inset)))
                assert list(color.getRgb())[:3] == wanted[row, col, :3].tolist()


def test_the_value_under_the_pointer_is_known(image):
    values = np.arange(784.0).reshape(28, 28)
    image.show_values(values, 784.0)
    assert image.value_at(QPointF(1 + 6 * 3 + 3, 1 + 6 * 5 + 3)) == (5, 3, 5 * 28 + 3)
    assert image.value_at(QPointF(-4, 3)) is None


def test_gaps_have_no_value(image):
    image.show_values(tiled(np.ones((3, 3, 4)), 2), 1.0)
    scale = image.scale_px()
    middle = 84 + 1
    assert image.value_at(QPointF(middle, middle)) is None
    assert image.value_at(QPointF(middle - 2 * scale, middle - 2 * scale)) is not None


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (-0.5, 0.5, ("\N{MINUS SIGN}0.5", "0", "+0.5")),
        (0, 2.766, ("0", "", "+2.77")),
        (0, 0, ("", "all 0", "")),
    ],
)
def test_the_legend_has_its_ends_in_numbers(qtbot, low, high, texts):
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show_range(low, high)
    assert legend.texts() == texts


def test_nothing_but_zeros_is_painted_without_a_warning(qtbot):
    captioned = CaptionedImage()
    qtbot.addWidget(captioned)
    captioned.show_signed("Weights", np.zeros((3, 3)))
    assert not captioned.grab().isNull()
    assert captioned.legend.texts() == ("", "all 0", "")


def test_tiles_keep_each_image_whole():
    images = np.arange(3 * 3 * 5.0).reshape(3, 3, 5)
    sheet = tiled(images, 3)
    np.testing.assert_array_equal(sheet[4:7, 4:7], images[..., 4])
    assert np.isnan(sheet[3]).all()
    assert np.isnan(sheet[4:7, 8:]).all()
