"""The view of an opened image, and the boxes on it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from digitus.desktop.images.image_view import ImageView


@pytest.fixture
def view(qtbot):
    made = ImageView()
    qtbot.addWidget(made)
    made.resize(304, 304)
    return made


def white(rows, cols):
    return np.full((rows, cols, 3), 255, np.uint8)


def test_the_image_has_the_colors_of_the_page(view):
    view.show_picture(np.array([[[255, 0, 0], [0, 128, 255]]], np.uint8))
    colors = [view.image.pixelColor(x, 0).getRgb()[:3] for x in range(2)]
    assert colors == [(255, 0, 0), (0, 128, 255)]


def test_the_image_is_shown_as_large_as_it_fits_in_its_aspect(view):
    view.show_picture(np.zeros((10, 40, 3), np.uint8))
    shown = view.grab().toImage()
    assert shown.pixelColor(150, 150).lightness() == 0
    assert shown.pixelColor(10, 150).lightness() == 0
    assert shown.pixelColor(150, 60).lightness() > 0


def test_without_an_image_there_is_a_hint(view):
    empty = view.grab().toImage()
    view.show_picture(np.zeros((10, 10, 3), np.uint8))
    assert view.grab().toImage() != empty
    view.show_picture(None)
    assert view.grab().toImage() == empty


def test_a_box_lies_around_its_number_at_any_size(view, page_of):
    page = page_of("17 204?")
    for side in (304, 604):
        view.resize(side, side)
        view.show_picture(white(300, 300))
        view.show_boxes(page)
        frame = view.on_screen((20, 20, 30, 30))
        scale = (side - 4) / 300
        assert frame.center().x() == pytest.approx(2 + 35 * scale, abs=1)
        assert frame.width() == pytest.approx(30 * scale + 6, abs=1)
        image = view.grab().toImage()
        edge = image.pixelColor(int(frame.left()), int(frame.center().y()))
        assert edge.saturation() > 60


def test_the_frame_of_a_number_to_check_has_another_color_and_style(view, page_of):
    view.show_picture(white(300, 300))
    view.show_boxes(page_of("17 204?"))
    image = view.grab().toImage()
    hues, painted = [], []
    for one in view.boxes:
        frame = view.on_screen(one.box)
        top = [
            image.pixelColor(x, int(frame.top()))
            for x in range(int(frame.left()) + 6, int(frame.right()) - 6)
        ]
        hues.append(max(top, key=lambda color: color.saturation()).hue())
        painted.append(np.mean([color.saturation() > 40 for color in top]))
    assert abs(hues[0] - hues[1]) > 60
    assert painted[0] == 1
    assert painted[1] < 1


def test_a_click_on_a_box_emits_its_number(view, page_of, qtbot):
    view.show_picture(white(300, 300))
    view.show_boxes(page_of("17 204", "9"))
    spot = view.on_screen(view.boxes[2].box).center().toPoint()
    with qtbot.waitSignal(view.number_clicked) as found:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert found.args == [(1, 0)]


def test_the_chosen_number_stands_out(view, page_of):
    view.show_picture(white(300, 300))
    view.show_boxes(page_of("17"))
    before = view.grab().toImage()
    view.choose(view.boxes[0].box)
    spot = view.on_screen(view.boxes[0].box).center().toPoint()
    assert view.grab().toImage().pixel(spot) != before.pixel(spot)
