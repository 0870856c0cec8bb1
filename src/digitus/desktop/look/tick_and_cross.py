"""A tick or a cross, drawn, so that no font need have it."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.desktop.look.shades import Shades

SIDE_PX = 22
_TICK = (((0.12, 0.55), (0.4, 0.82), (0.88, 0.2)),)
_CROSS = (((0.2, 0.2), (0.8, 0.8)), ((0.8, 0.2), (0.2, 0.8)))


class Mark(QWidget):
    """A tick where something is right, a cross where it is wrong, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_right: bool | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(None)

    def sizeHint(self) -> QSize:
        """Be as high as a line of large text."""
        return QSize(SIDE_PX, SIDE_PX)

    def show_mark(self, is_right: bool | None) -> None:
        """Show whether it is right, or nothing."""
        self.is_right = is_right
        names = {None: "", True: self.tr("tick: right"), False: self.tr("cross: wrong")}
        self.setAccessibleName(names[is_right])
        self.setToolTip(names[is_right])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        if self.is_right is None:
            return
        painter, shades = QPainter(self), Shades.of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        color = shades.accent if self.is_right else shades.contrast
        painter.setPen(QPen(color, 3, Qt.PenStyle.SolidLine, cap, join))
        for line in _TICK if self.is_right else _CROSS:
            points = [QPointF(x * self.width(), y * self.height()) for x, y in line]
            painter.drawPolyline(QPolygonF(points))
        painter.end()
