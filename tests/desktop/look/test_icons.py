"""Icons follow size and palette."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from digitus.desktop.look.icons import SHAPES, icon
from digitus.desktop.look.theme import apply_theme
from digitus.palette import PALETTES


def colors(image):
    return {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }


def strongest_alpha(pixmap):
    """Return the opacity of the strongest pixel, 0 to 255."""
    image = pixmap.toImage()
    return max(image.pixelColor(x, y).alpha() for x in range(48) for y in range(48))


@pytest.mark.parametrize("name", SHAPES)
def test_every_icon_is_painted_within_its_box(qapp, name):
    image = icon(name).pixmap(QSize(48, 48)).toImage()
    edge = [(i, j) for i in range(48) for j in (0, 47)]
    assert all(image.pixelColor(x, y).alpha() == 0 for x, y in edge + [(j, i) for i, j in edge])
    assert colors(image)


@pytest.mark.parametrize("theme", PALETTES)
def test_an_icon_has_the_color_of_the_text(qapp, theme):
    apply_theme(qapp, theme)
    try:
        image = icon("clear").pixmap(QSize(48, 48)).toImage()
    finally:
        apply_theme(qapp, "system")
    assert colors(image) == {PALETTES[theme].ink}


@pytest.mark.parametrize("theme", PALETTES)
def test_a_disabled_icon_is_paler(qapp, theme):
    apply_theme(qapp, theme)
    try:
        enabled = strongest_alpha(icon("clear").pixmap(QSize(48, 48)))
        disabled = strongest_alpha(icon("clear").pixmap(QSize(48, 48), QIcon.Mode.Disabled))
    finally:
        apply_theme(qapp, "system")
    assert 0 < disabled < 0.75 * enabled
