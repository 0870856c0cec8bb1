"""Light and dark."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QProxyStyle, QStyle

from digitus.desktop.look.theme import apply_theme, qt_palette, shown_theme
from digitus.palette import PALETTES


@pytest.fixture(autouse=True)
def system_again(qapp):
    yield
    apply_theme(qapp, "system")


@pytest.mark.parametrize("theme", PALETTES)
def test_a_theme_applies_to_the_whole_application(qapp, theme):
    apply_theme(qapp, theme)
    assert shown_theme(qapp, theme) == theme
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == PALETTES[theme].window
    assert PALETTES[theme].accent in qapp.styleSheet()


def test_every_name_in_the_style_sheet_is_substituted(qapp):
    apply_theme(qapp, "light")
    assert "$" not in qapp.styleSheet()


def test_disabled_text_is_paler():
    palette = qt_palette(PALETTES["light"])
    off = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert off.alphaF() < 1


def test_the_window_follows_the_system_unless_a_theme_was_chosen(window, monkeypatch):
    app = QApplication.instance()
    monkeypatch.setattr("digitus.desktop.window.shown_theme", lambda *_: "dark")
    window.follow_system()
    assert app.palette().color(QPalette.ColorRole.Window).name() == PALETTES["dark"].window
    window.actions_.themes["light"].trigger()
    window.follow_system()
    assert app.palette().color(QPalette.ColorRole.Window).name() == PALETTES["light"].window


class _Icons(QProxyStyle):
    """A style that wants icons on the buttons of dialogs, as that of some desktops."""

    def styleHint(self, hint, *others):
        wants = hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons
        return 1 if wants else super().styleHint(hint, *others)


def test_buttons_of_dialogs_have_no_icons_which_would_be_black_on_dark(qapp, qtbot):
    apply_theme(qapp, "dark")
    box, style = QDialogButtonBox(), _Icons("Fusion")
    qtbot.addWidget(box)
    box.setStyle(style)
    close = box.addButton(QDialogButtonBox.StandardButton.Close)
    assert close.icon().isNull()
