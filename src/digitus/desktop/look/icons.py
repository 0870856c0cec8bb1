"""Icons as lines in the color of the text, sharp at every scale and in every theme."""

import re

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

from digitus.desktop.look.painting import rounded
from digitus.palette import palette_of

GRID = 24.0
LINE = 1.8

# Paths on a grid of 24: move (M x y), line (L x y), cubic curve (C), circle (O x y radius).
SHAPES = {
    "undo": "M 9 5 L 4 10 L 9 15 M 4 10 L 14 10 C 17.5 10 20 12.2 20 15 C 20 17.8 17.5 20 14 20"
    " L 10 20",
    "redo": "M 15 5 L 20 10 L 15 15 M 20 10 L 10 10 C 6.5 10 4 12.2 4 15 C 4 17.8 6.5 20 10 20"
    " L 14 20",
    "clear": "M 4 7 L 20 7 M 9 7 L 9 4 L 15 4 L 15 7 M 6 7 L 7 20 L 17 20 L 18 7"
    " M 10 11 L 10 16 M 14 11 L 14 16",
    "paper": "O 12 12 8 M 12 4 L 12 20 M 12 8 L 15.5 5.5 M 12 12 L 19 8.5 M 12 16 L 20 12"
    " M 13 20 L 19 16",
    "recognize": "O 10.5 10.5 6.5 M 15.5 15.5 L 20.5 20.5",
    "save": "M 12 4 L 12 15 M 7 10.5 L 12 15.5 L 17 10.5 M 4 16 L 4 20 L 20 20 L 20 16",
    "copy": "M 9 9 L 20 9 L 20 20 L 9 20 L 9 9 M 15 9 L 15 4 L 4 4 L 4 15 L 9 15",
    "correct": "M 5 19 L 6 15 L 16 5 L 19 8 L 9 18 L 5 19 M 13.5 7.5 L 16.5 10.5",
    "open": "M 3.5 19 L 3.5 5 L 9 5 L 11 7.5 L 20.5 7.5 L 20.5 19 L 3.5 19",
    "paste": "M 8 5 L 5 5 L 5 21 L 19 21 L 19 5 L 16 5 M 8 3 L 16 3 L 16 7 L 8 7 L 8 3",
    "previous": "M 14.5 5 L 8 12 L 14.5 19",
    "next": "M 9.5 5 L 16 12 L 9.5 19",
    "card": "O 12 12 8.5 M 12 11 L 12 16.5 M 12 7.6 L 12 7.7",
}


ICON_SIDES_PX = (16, 24, 32, 48, 64, 128, 256)
SEVEN = "M 7.5 7.5 L 16.5 7.5 C 13.5 10.5 11.3 13.5 10.5 17.5"  # on the grid of 24


def window_icon() -> QIcon:
    """Return the icon of the window: a digit on a tile in the color of the accent."""
    made = QIcon()
    for side_px in ICON_SIDES_PX:
        made.addPixmap(_tile(side_px))
    return made


def _tile(side_px: int) -> QPixmap:
    tile = QPixmap(side_px, side_px)
    tile.fill(Qt.GlobalColor.transparent)
    colors = palette_of("light")
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side_px / GRID, side_px / GRID)
    painter.fillPath(rounded(QRectF(1, 1, GRID - 2, GRID - 2), 5.5), QColor(colors.accent))
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(QColor(colors.on_accent), 2.6, Qt.PenStyle.SolidLine, cap, join))
    painter.drawPath(_path(SEVEN))
    painter.end()
    return tile


def icon(name: str) -> QIcon:
    """Return the icon of a name in ``SHAPES``."""
    return QIcon(_LineEngine(name))


class _LineEngine(QIconEngine):
    """Paints the lines on demand, so that they follow scale and palette."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        """Return a copy."""
        return _LineEngine(self._name)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a pixmap."""
        image = QPixmap(size)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return image

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the lines into a box."""
        scale = min(rect.width(), rect.height()) / GRID
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QRectF(rect).center() - QPointF(GRID, GRID) * scale / 2)
        painter.scale(scale, scale)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(_color(mode), LINE, Qt.PenStyle.SolidLine, cap, join))
        painter.drawPath(_path(SHAPES[self._name]))
        painter.restore()


def _color(mode: QIcon.Mode) -> QColor:
    off = mode == QIcon.Mode.Disabled
    group = QPalette.ColorGroup.Disabled if off else QPalette.ColorGroup.Active
    return QApplication.palette().color(group, QPalette.ColorRole.ButtonText)


def _path(shape: str) -> QPainterPath:
    path = QPainterPath()
    for letter, text in re.findall(r"([MLCO])([^MLCO]*)", shape):
        numbers = [float(number) for number in text.split()]
        places = [QPointF(*numbers[i : i + 2]) for i in range(0, len(numbers) - 1, 2)]
        match letter:
            case "M":
                path.moveTo(places[0])
            case "L":
                path.lineTo(places[0])
            case "C":
                path.cubicTo(*places)
            case _:
                path.addEllipse(places[0], numbers[2], numbers[2])
    return path
