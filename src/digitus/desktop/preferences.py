"""The preferences that the window stores between sessions."""

from PySide6.QtCore import QByteArray, QSettings

from digitus.desktop.canvas.canvas import BRUSHES_PX, DEFAULT_BRUSH_PX
from digitus.desktop.look.theme import THEME_CHOICES, ThemeChoice
from digitus.palette import CANVAS_COLORS, CanvasPaper


class Preferences:
    """Geometry, model, brush, paper and theme; an invalid value reads as the default.

    Args:
        store: where they are stored; None is the user's preferences.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = QSettings("Digitus", "Digitus") if store is None else store

    @property
    def geometry(self) -> QByteArray:
        """Size and position of the window in Qt's format; empty at the first start."""
        found = self._store.value("window/geometry")
        return found if isinstance(found, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, packed: QByteArray) -> None:
        self._store.setValue("window/geometry", packed)

    @property
    def model(self) -> str | None:
        """A shipped name or a model file; None is the default model."""
        return self._text("model") or None

    @model.setter
    def model(self, name: str | None) -> None:
        self._store.setValue("model", name or "")

    @property
    def brush_px(self) -> int:
        """Diameter of the pen, in canvas pixels."""
        text = self._text("canvas/brush_px")
        smallest, largest = BRUSHES_PX
        return min(max(int(text), smallest), largest) if text.isdecimal() else DEFAULT_BRUSH_PX

    @brush_px.setter
    def brush_px(self, brush_px: int) -> None:
        self._store.setValue("canvas/brush_px", brush_px)

    @property
    def paper(self) -> CanvasPaper | None:
        """``white`` or ``black``; None is the paper of the theme."""
        found = self._text("canvas/own_paper")
        return next((paper for paper in CANVAS_COLORS if paper == found), None)

    @paper.setter
    def paper(self, paper: CanvasPaper | None) -> None:
        self._store.setValue("canvas/own_paper", paper or "")

    @property
    def theme(self) -> ThemeChoice:
        """``system``, ``light`` or ``dark``."""
        found = self._text("theme")
        return next((theme for theme in THEME_CHOICES if theme == found), "system")

    @theme.setter
    def theme(self, theme: ThemeChoice) -> None:
        self._store.setValue("theme", theme)

    @property
    def at_once(self) -> bool:
        """Whether the drawing is recognized after each stroke."""
        return self._text("recognize_at_once") != "no"

    @at_once.setter
    def at_once(self, is_on: bool) -> None:
        self._store.setValue("recognize_at_once", "yes" if is_on else "no")

    def save(self) -> None:
        """Write the preferences to the disk."""
        self._store.sync()

    def _text(self, key: str) -> str:
        return str(self._store.value(key, ""))
