"""Small parts that several views use: cards, label styles, digits in words, tick and cross."""

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.look.painting import Shades

PADDING_PX = 14
TICK_PX = 22  # the height of a line of large text
_Lines: TypeAlias = Sequence[Sequence[tuple[float, float]]]
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
        color = shades.accent if self.is_right else shades.contrast
        lines = _TICK if self.is_right else _CROSS
        _paint_lines(painter, lines, QRectF(self.rect()), QPen(color, 3))
        painter.end()


class TickBox(QCheckBox):
    """A check box that paints its tick, which the style sheet alone would leave out."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, and the tick if it is checked."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxIndicator
        box = QRectF(self.style().subElementRect(part, option, self)).adjusted(4, 4, -4, -4)
        painter = QPainter(self)
        color = self.palette().color(QPalette.ColorRole.HighlightedText)
        _paint_lines(painter, _TICK, box, QPen(color, 2))
        painter.end()


def _paint_lines(painter: QPainter, lines: _Lines, box: QRectF, pen: QPen) -> None:
    """Paint lines of points, 0 to 1, into a box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for line in lines:
        points = [
            QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in line
        ]
        painter.drawPolyline(QPolygonF(points))


def named(digit: int) -> str:
    """Return a digit with its article.

    >>> named(7), named(8)
    ('a 7', 'an 8')
    """
    text = QCoreApplication.translate("words", "a {digit}")
    if digit == 8:
        text = QCoreApplication.translate("words", "an {digit}")
    return text.format(digit=digit)


def sentence(remark: str) -> str:
    """Return a remark as a sentence.

    >>> sentence("it is an animation")
    'It is an animation.'
    """
    return f"{remark[0].upper()}{remark[1:]}."


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
