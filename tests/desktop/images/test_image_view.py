"""The view of an opened image."""

import numpy as np
import pytest

from digitus.desktop.images.image_view import ImageView


@pytest.fixture
def view(qtbot):
    made = ImageView()
    qtbot.addWidget(made)
    made.resize(300, 300)
    return made


def test_the_image_has_the_grey_values_of_the_page(view):
    view.show_grey(np.array([[0.0, 0.5, 1.0]], np.float32))
    greys = [view.image.pixelColor(x, 0).red() for x in range(3)]
    assert greys == [0, 128, 255]


def test_the_image_is_shown_as_large_as_it_fits_in_its_aspect(view):
    view.show_grey(np.zeros((10, 40), np.float32))
    shown = view.grab().toImage()
    assert shown.pixelColor(150, 150).lightness() == 0
    assert shown.pixelColor(10, 150).lightness() == 0
    assert shown.pixelColor(150, 60).lightness() > 0


def test_without_an_image_there_is_a_hint(view):
    empty = view.grab().toImage()
    view.show_grey(np.zeros((10, 10), np.float32))
    assert view.grab().toImage() != empty
    view.show_grey(None)
    assert view.grab().toImage() == empty
