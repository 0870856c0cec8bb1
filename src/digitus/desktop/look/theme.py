"""Light and dark: the colours of the plots as a Qt palette and a style sheet.

Widgets that paint themselves ask their palette, so each of them is right when used alone:
``Base`` is a card, ``AlternateBase`` a track in it, ``Mid`` a line, ``PlaceholderText`` quiet text,
``Accent`` the one accent, ``LinkVisited`` the colour against it (mistakes).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from digitus.desktop.look.style_sheet import STYLE_SHEET

Theme: TypeAlias = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")

LEAST_PT = 10.0
PLAIN_FONTS = ("DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "")
"""What X11 gives where nobody chose a font; any other is the user's choice and stays."""
BETTER_FONTS = ("Inter", "Cantarell", "Ubuntu", "Noto Sans", "Open Sans", "Liberation Sans")


@dataclass(frozen=True)
class Colors:
    """Colours of a theme as hex codes, those of ``plots.style`` and a few of the window's own."""

    window: str
    card: str
    track: str
    raised: str  # on a track
    line: str
    ink: str
    muted: str
    accent: str
    on_accent: str
    contrast: str


COLORS: dict[str, Colors] = {
    "light": Colors(
        window="#f2f4f7",
        card="#ffffff",
        track="#e9edf2",
        raised="#ffffff",
        line="#d5dbe3",
        ink="#1b2129",
        muted="#5d6875",
        accent="#1769c4",
        on_accent="#ffffff",
        contrast="#bd4b07",
    ),
    "dark": Colors(
        window="#0d1117",
        card="#171d26",
        track="#242c37",
        raised="#3d4857",
        line="#333d4a",
        ink="#e8edf3",
        muted="#97a2af",
        accent="#62a8f5",
        on_accent="#0d1117",
        contrast="#f59a4f",
    ),
}


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application; ``system`` follows the system's setting, now and later."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(theme, Qt.ColorScheme.Unknown))
    dress(app, shown_theme(app, theme))


def shown_theme(app: QApplication, theme: Theme) -> str:
    """Return whether a theme is ``light`` or ``dark`` at the moment."""
    if theme != "system":
        return theme
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def dress(app: QApplication, name: str) -> None:
    """Set style, font, palette and style sheet for ``light`` or ``dark``."""
    colors = COLORS[name]
    app.setStyle("Fusion")  # the same bones on every system; the looks are ours
    app.setFont(_font(app.font()))
    app.setPalette(qt_palette(colors))
    app.setStyleSheet(STYLE_SHEET.substitute(vars(colors)))


def qt_palette(colors: Colors) -> QPalette:
    """Return the colours their Qt roles."""
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
    """Return the user's font; where the system has none of its own, a better one if installed."""
    font = QFont(given)
    if given.family() in PLAIN_FONTS:
        font.setFamilies([*BETTER_FONTS, given.family()])
    if font.pointSizeF() < LEAST_PT:
        font.setPointSizeF(LEAST_PT)
    return font
