"""Small parts that several views use: cards, label styles, digits in words, tick and cross."""

from PySide6.QtCore import QCoreApplication, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from digitus.desktop.look.painting import Shades

PADDING_PX = 14
TICK_PX = 22  # the height of a line of large text
_TICK = (((0.12, 0.55), (0.4, 0.82), (0.88, 0.2)),)  # lines of points (x, y), 0 to 1
_CROSS = (((0.2, 0.2), (0.8, 0.8)), ((0.8, 0.2), (0.2, 0.8)))


class Card(QFrame):
    """A rounded box with a column of widgets.

    Attributes:
        column: the layout to add widgets to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        self.column.setSpacing(10)


class TickOrCross(QWidget):
    """A tick for right, a cross for wrong, or nothing; painted, because fonts may lack them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_right: bool | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(None)

    def sizeHint(self) -> QSize:
        """Return the size of the square."""
        return QSize(TICK_PX, TICK_PX)

    def show_mark(self, is_right: bool | None) -> None:
        """Show a tick (True), a cross (False) or nothing (None)."""
        self.is_right = is_right
        names = {None: "", True: self.tr("tick: right"), False: self.tr("cross: wrong")}
        self.setAccessibleName(names[is_right])
        self.setToolTip(names[is_right])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines of the tick or the cross."""
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


def named(digit: int) -> str:
    """Return a digit with its article.

    >>> named(7), named(8)
    ('a 7', 'an 8')
    """
    text = QCoreApplication.translate("words", "a {digit}")
    if digit == 8:
        text = QCoreApplication.translate("words", "an {digit}")
    return text.format(digit=digit)


def muted(label: QLabel) -> QLabel:
    """Give a label the muted color of the style sheet; return the label."""
    label.setProperty("quiet", True)
    return label


def heading(label: QLabel, *, points: int = 1) -> QLabel:
    """Make a label bold and ``points`` larger; return the label."""
    font = QFont(label.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() + points)
    label.setFont(font)
    return label
