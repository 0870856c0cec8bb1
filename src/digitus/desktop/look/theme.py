"""Light and dark: the colors of `digitus.palette` as a Qt palette and a style sheet.

A widget that paints itself takes its colors from its Qt palette, so it also works alone. ``Base``
is a card, ``AlternateBase`` a track in it, ``Mid`` a line, ``PlaceholderText`` muted text,
``Accent`` the accent, ``LinkVisited`` the contrast color (mistakes).
"""

from typing import Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from digitus.desktop.look.style_sheet import STYLE_SHEET
from digitus.palette import Palette, Theme, palette_of

ThemeChoice: TypeAlias = Literal["system", "light", "dark"]
THEME_CHOICES: tuple[ThemeChoice, ...] = ("system", "light", "dark")

SMALLEST_FONT_PT = 10.0
FALLBACK_FONTS = ("DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "")
"""Fonts that X11 reports if none was chosen; any other font is the user's choice and is kept."""
PREFERRED_FONTS = ("Inter", "Cantarell", "Ubuntu", "Noto Sans", "Open Sans", "Liberation Sans")


def apply_theme(app: QApplication, choice: ThemeChoice) -> None:
    """Style the whole application; ``system`` follows the system's setting, now and later."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
    set_style(app, shown_theme(app, choice))


def shown_theme(app: QApplication, choice: ThemeChoice) -> Theme:
    """Return the theme that a choice means at the moment."""
    if choice != "system":
        return choice
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def set_style(app: QApplication, theme: Theme) -> None:
    """Set the Qt style, the font, the palette and the style sheet of a theme."""
    colors = palette_of(theme)
    app.setStyle("Fusion")  # the same widget geometry on every system
    app.setFont(_font(app.font()))
    app.setPalette(qt_palette(colors))
    app.setStyleSheet(STYLE_SHEET.substitute(vars(colors)))


def qt_palette(colors: Palette) -> QPalette:
    """Return a Qt palette with the colors in their roles."""
    role = QPalette.ColorRole
    roles = (
        (colors.window, (role.Window,)),
        (colors.card, (role.Base, role.Button, role.ToolTipBase, role.Light)),
        (colors.track, (role.AlternateBase, role.Midlight)),
        (colors.line, (role.Mid, role.Dark, role.Shadow)),
        (colors.ink, (role.WindowText, role.Text, role.ButtonText, role.ToolTipText)),
        (colors.muted, (role.PlaceholderText,)),
        (colors.accent, (role.Accent, role.Highlight, role.Link)),
        (colors.on_accent, (role.HighlightedText, role.BrightText)),
        (colors.contrast, (role.LinkVisited,)),
    )
    palette = QPalette()
    for color, its_roles in roles:
        for each in its_roles:
            palette.setColor(each, QColor(color))
    for each in (role.WindowText, role.Text, role.ButtonText):
        faint = QColor(colors.muted)
        faint.setAlphaF(0.55)
        palette.setColor(QPalette.ColorGroup.Disabled, each, faint)
    return palette


def _font(given: QFont) -> QFont:
    """Return the user's font, or a preferred installed one if the user chose none."""
    font = QFont(given)
    if given.family() in FALLBACK_FONTS:
        font.setFamilies([*PREFERRED_FONTS, given.family()])
    if font.pointSizeF() < SMALLEST_FONT_PT:
        font.setPointSizeF(SMALLEST_FONT_PT)
    return font
