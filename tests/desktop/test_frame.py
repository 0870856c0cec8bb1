"""The layout of the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget


def test_only_the_page_that_is_shown_is_enabled(window):
    frame = window.frame
    pages = (frame.draw_page, frame.test_page, frame.image_page)
    for number in range(3):
        frame.show_page(number)
        assert [page.isEnabled() for page in pages] == [i == number for i in range(3)]


@pytest.mark.parametrize("size", [(720, 480), (1080, 720), (1440, 900)])
def test_no_tab_moves_the_split(window, qtbot, size):
    frame, actions = window.frame, window.actions_
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    places = set()
    for action in (*actions.modes, *actions.sides):
        action.trigger()
        QApplication.processEvents()
        places.add((frame.pages.geometry().getRect(), frame.sides.geometry().getRect()))
    assert len(places) == 1
    assert abs(frame.pages.width() - frame.sides.width()) <= 1


def shows_text(widget):
    """Return whether a widget shows a text on one line."""
    if isinstance(widget, QToolButton):
        return widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextOnly
    is_label = isinstance(widget, QLabel) and not widget.wordWrap() and "\n" not in widget.text()
    return is_label or isinstance(widget, QAbstractButton)


@pytest.mark.parametrize("size", [(720, 480), (1080, 720), (1440, 900)])
def test_no_text_of_a_button_or_label_is_clipped(window, qtbot, size):
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    for action in (*window.actions_.modes, window.actions_.draw):
        action.trigger()
        QApplication.processEvents()
        for widget in window.frame.findChildren(QWidget):
            if widget.isVisible() and shows_text(widget):
                bold = QFont(widget.font())
                bold.setBold(bold.bold() or getattr(widget, "isChecked", bool)())
                text = widget.text().replace("&", "")
                assert widget.width() >= QFontMetrics(bold).horizontalAdvance(text), text


@pytest.mark.parametrize("size", [(720, 480), (1080, 720), (1440, 900)])
def test_the_canvas_fills_down_to_the_toolbar(window, qtbot, size):
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    page = window.frame.draw_page
    paper = page.canvas.paper_place()
    tools_top = page.brush.parentWidget().rect().bottom() - 40
    assert paper.width() == pytest.approx(page.width(), abs=2)
    assert page.canvas.geometry().bottom() > tools_top - 20
    assert paper.height() == pytest.approx(page.canvas.height(), abs=2)


def test_a_long_name_of_a_model_is_shortened_but_not_for_screen_readers(window):
    name = "a-model-with-a-very-long-name"
    window.frame.name_model(name)
    assert window.frame.model_button.text() == "a-model-with-a-ve…"
    assert window.frame.model_button.accessibleName() == f"Model: {name}"
