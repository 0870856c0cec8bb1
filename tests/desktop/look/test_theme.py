"""Light and dark."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QProxyStyle, QStyle

from digitus.desktop.look.theme import COLORS, apply_theme, qt_palette, shown_theme
from digitus.plots.style import PALETTES


@pytest.fixture(autouse=True)
def system_again(qapp):
    yield
    apply_theme(qapp, "system")


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """As in WCAG 2.2."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", COLORS)
def test_the_window_has_the_colors_of_the_plots(theme):
    ours, theirs = COLORS[theme], PALETTES[theme]
    for name in ("ink", "muted", "accent", "contrast"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert {theirs.surface, theirs.faint} == {ours.window, ours.card}


@pytest.mark.parametrize("theme", COLORS)
def test_every_text_stands_out_from_what_it_is_on(theme):
    colors = COLORS[theme]
    for text in (colors.ink, colors.muted, colors.accent, colors.contrast):
        assert contrast(text, colors.window) >= 4.5
        assert contrast(text, colors.card) >= 4.5
    assert contrast(colors.ink, colors.raised) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("theme", COLORS)
def test_a_theme_dresses_the_whole_application(qapp, theme):
    apply_theme(qapp, theme)
    assert shown_theme(qapp, theme) == theme
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == COLORS[theme].window
    assert COLORS[theme].accent in qapp.styleSheet()


def test_no_name_is_left_open_in_the_style_sheet(qapp):
    apply_theme(qapp, "light")
    assert "$" not in qapp.styleSheet()


def test_what_is_switched_off_is_paler():
    palette = qt_palette(COLORS["light"])
    off = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert off.alphaF() < 1


def test_the_window_follows_the_system_unless_told_otherwise(window, monkeypatch):
    app = QApplication.instance()
    monkeypatch.setattr("digitus.desktop.window.shown_theme", lambda *_: "dark")
    window.follow_system()
    assert app.palette().color(QPalette.ColorRole.Window).name() == COLORS["dark"].window
    window.actions_.themes["light"].trigger()
    window.follow_system()
    assert app.palette().color(QPalette.ColorRole.Window).name() == COLORS["light"].window


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
