"""The canvas: mouse, finger and pen, joined strokes, dots, two papers."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from scipy.ndimage import label

from digitus.desktop.canvas.canvas import Canvas
from digitus.desktop.canvas.drawing import CANVAS_PX
from digitus.imaging.strokes import render_strokes

FAR_PX = 100


@pytest.fixture
def canvas(qtbot):
    made = Canvas()
    made.resize(402, 402)  # a square inside of the border
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def ink_of(canvas):
    drawn = canvas.drawn()
    return render_strokes(
        drawn.strokes, width=drawn.width, height=drawn.height, pen_px=drawn.pen_px
    )


def shown(image: QImage):
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()] / 255


def press_pen(canvas, kind, place, pressure):
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Pressure | QInputDevice.Capability.Position,
        1,
        1,
    )
    spot, none = QPointF(place), Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    event = QTabletEvent(kind, device, spot, spot, pressure, 0, 0, 0.0, 0.0, 0.0, none, left, left)
    QApplication.sendEvent(canvas, event)


def test_two_events_far_apart_leave_one_connected_stroke(canvas):
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 120))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120 + FAR_PX, 120))
    on_screen = shown(canvas.grab().toImage())[60:180, 60:300] < 0.5
    assert label(on_screen)[1] == 1
    assert label(ink_of(canvas) > 0.5)[1] == 1


def test_a_tap_makes_a_dot_as_wide_as_the_brush(canvas):
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert len(canvas.drawing.strokes) == 1
    painted = shown(canvas.image(1.0)) < 0.5
    assert painted.any(axis=0).sum() == pytest.approx(canvas.brush_px, abs=2)
    assert (ink_of(canvas) > 0.5).any(axis=0).sum() == pytest.approx(canvas.brush_px, abs=2)


def test_the_right_button_draws_nothing(canvas):
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(200, 200))
    assert canvas.drawing.strokes == []


@pytest.mark.parametrize("digit", range(10))
def test_what_is_shown_is_what_is_read(canvas, digit_strokes, digit):
    canvas.drawing.replace(digit_strokes(digit))
    painted = shown(canvas.image(1.0))
    paper, ink = painted.max(), painted.min()
    assert np.abs((paper - painted) / (paper - ink) - ink_of(canvas)).mean() < 0.01


def test_pressure_makes_the_stroke_and_its_patch_wider(canvas):
    widths = []
    for pressure in (0.1, 0.9):
        canvas.clear()
        press_pen(canvas, QEvent.Type.TabletPress, QPoint(100, 200), pressure)
        press_pen(canvas, QEvent.Type.TabletMove, QPoint(300, 200), pressure)
        press_pen(canvas, QEvent.Type.TabletRelease, QPoint(300, 200), 0.0)
        middle = CANVAS_PX // 2
        read = (ink_of(canvas) > 0.5)[:, middle].sum()
        painted = (shown(canvas.image(1.0)) < 0.5)[:, middle].sum()
        assert painted == pytest.approx(read, abs=2)
        widths.append(read)
    assert widths[1] > 1.8 * widths[0]


def test_a_finger_draws(canvas):
    finger = QTest.createTouchDevice()
    QTest.touchEvent(canvas, finger).press(0, QPoint(150, 150), canvas).commit()
    QTest.touchEvent(canvas, finger).move(0, QPoint(250, 250), canvas).commit()
    QTest.touchEvent(canvas, finger).release(0, QPoint(250, 250), canvas).commit()
    assert len(canvas.drawing.strokes) == 1
    assert len(canvas.drawing.strokes[0]) == 2


def test_resizing_the_window_keeps_the_drawing_as_it_is_read(canvas, digit_strokes):
    canvas.drawing.replace(digit_strokes(3))
    before = ink_of(canvas)
    canvas.resize(802, 702)
    margin = round((802 - 2) / (702 - 2) * CANVAS_PX - CANVAS_PX) // 2
    after = ink_of(canvas)
    assert after.shape == (CANVAS_PX, CANVAS_PX + 2 * margin)
    assert np.abs(after[:, margin:-margin] - before).mean() < 0.001


def test_the_paper_beside_the_square_can_be_drawn_on(canvas):
    canvas.resize(402, 602)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 590))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 590))
    read = ink_of(canvas)
    assert read.shape == (420, 280)
    assert (read > 0.5).any(axis=1).nonzero()[0].min() > 390
    on_screen = shown(canvas.grab().toImage())
    assert (on_screen[590, 110:290] < 0.5).all()


def test_a_smaller_window_still_shows_all_that_was_drawn(canvas):
    canvas.resize(402, 602)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 580))
    before = ink_of(canvas).sum()
    canvas.resize(402, 302)
    assert (shown(canvas.grab().toImage())[10:-10, 20:-20] < 0.5).any()
    assert ink_of(canvas).sum() == pytest.approx(before, rel=0.02)


def test_the_pen_draws_where_the_mouse_is_at_any_size(canvas, drag):
    for side in (240, 613):
        canvas.resize(side, side + 40)
        canvas.clear()
        drag(canvas, [(70.0, 70.0), (210.0, 140.0)])
        start, end = canvas.drawing.strokes[0][0], canvas.drawing.strokes[0][-1]
        assert start == pytest.approx((70, 70), abs=1)
        assert end == pytest.approx((210, 140), abs=1)


def test_both_papers_are_each_others_opposite(canvas, digit_strokes):
    canvas.drawing.replace(digit_strokes(5))
    white = shown(canvas.image())
    canvas.set_paper("black")
    black = shown(canvas.image())
    assert ((white < 0.5) == (black > 0.5)).mean() > 0.999


def test_the_brush_stays_within_its_limits(canvas):
    canvas.set_brush(1000)
    assert canvas.brush_px == 48
    canvas.set_brush(0)
    assert canvas.brush_px == 8


def test_the_usual_brush_leaves_two_to_four_pixels_in_the_patch(canvas, digit_strokes):
    from digitus.imaging.patch.patch import make_patch
    from digitus.imaging.patch.stroke_width import stroke_width_px

    for digit in range(10):
        canvas.drawing.replace(digit_strokes(digit))
        assert 2 <= stroke_width_px(make_patch(ink_of(canvas))) <= 4
