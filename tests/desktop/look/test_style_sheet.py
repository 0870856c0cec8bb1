"""The style sheet: its names of colors, and what it makes of the widgets."""

import pytest
from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QPushButton

from digitus.desktop.look.style_sheet import STYLE_SHEET
from digitus.palette import PALETTES


def sheet_of(theme):
    return STYLE_SHEET.substitute(vars(PALETTES[theme]))


@pytest.fixture
def messages():
    """Collect what Qt prints."""
    found = []
    before = qInstallMessageHandler(lambda *given: found.append(given[-1]))
    yield found
    qInstallMessageHandler(before)


def color_at_top(widget):
    return widget.grab().toImage().pixelColor(widget.width() // 2, 4).name()


@pytest.mark.parametrize("theme", PALETTES)
def test_every_name_in_it_is_a_color_of_the_palette(theme):
    assert all(
        QColor(vars(PALETTES[theme])[name]).isValid() for name in STYLE_SHEET.get_identifiers()
    )
    assert "$" not in sheet_of(theme)


def test_qt_understands_it(qtbot, messages):
    button = QPushButton("OK")
    qtbot.addWidget(button)
    button.setStyleSheet(sheet_of("light"))
    button.ensurePolished()
    assert messages == []


def test_a_sheet_that_qt_does_not_understand_is_reported(qtbot, messages):
    button = QPushButton("OK")
    qtbot.addWidget(button)
    button.setStyleSheet(sheet_of("light") + "QLabel { color: ")
    button.ensurePolished()
    assert any("stylesheet" in message for message in messages)


@pytest.mark.parametrize("theme", PALETTES)
def test_the_default_button_has_the_accent_color_and_others_that_of_a_card(qtbot, theme):
    found = {}
    for is_default in (True, False):
        button = QPushButton("OK")
        qtbot.addWidget(button)
        button.setStyleSheet(sheet_of(theme))
        button.setDefault(is_default)
        button.resize(80, 40)
        found[is_default] = color_at_top(button)
    assert found == {True: PALETTES[theme].accent, False: PALETTES[theme].card}


def test_a_heading_is_larger_than_other_text(qtbot):
    sizes = []
    for is_heading in (True, False):
        label = QLabel("Hidden layer 1")
        qtbot.addWidget(label)
        label.setProperty("heading", is_heading)
        label.setStyleSheet(sheet_of("light"))
        sizes.append(label.sizeHint().height())
    assert sizes[0] > sizes[1]
