"""The canvas: a square of paper for mouse, finger and pen.

It keeps strokes, not pixels: what is painted here is for show, and what is recognized is the
list of strokes. So both papers give the same patch, and nothing is lost when the window is resized.
"""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.desktop.canvas.drawing import CANVAS_PX, Drawing, Point
from digitus.desktop.look.painting import paint_strokes, rounded
from digitus.palette import CANVAS_COLORS, CanvasPaper

BRUSHES_PX = (8, 48)
DEFAULT_BRUSH_PX = 24  # 2 to 3 px of the patch, as in MNIST
CORNER_PX = 14.0
RING_PX = 1.0  # around the paper, wider where the focus is


class Canvas(QWidget):
    """Paper to draw on; the square in the middle of whatever room it gets.

    Signals:
        changed: the drawing is another now; ``is_drawing`` tells whether the pen is still down.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self.brush_px = DEFAULT_BRUSH_PX
        self.paper: CanvasPaper = "white"
        self.is_drawing = False
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(self.tr("Draw a digit with mouse, finger or pen"))

    def sizeHint(self) -> QSize:
        """Ask for a comfortable square."""
        return QSize(460, 460)

    def minimumSizeHint(self) -> QSize:
        """Stay large enough to draw on."""
        return QSize(220, 220)

    def set_brush(self, brush_px: int) -> None:
        """Choose the diameter of the pen, in canvas pixels; the drawing follows."""
        self.brush_px = min(max(brush_px, BRUSHES_PX[0]), BRUSHES_PX[1])
        self._has_changed()

    def set_paper(self, paper: CanvasPaper) -> None:
        """Choose ``white`` or ``black`` paper."""
        self.paper = paper
        self.update()

    def undo(self) -> None:
        """Take the last stroke, or the clearing, back."""
        self._lift()
        self.drawing.undo()
        self._has_changed()

    def redo(self) -> None:
        """Take the last undo back."""
        self._lift()
        self.drawing.redo()
        self._has_changed()

    def clear(self) -> None:
        """Empty the canvas."""
        self._lift()
        self.drawing.clear()
        self._has_changed()

    def image(self, side_px: int = 2 * CANVAS_PX) -> QImage:
        """Return an image of the drawing on its paper."""
        image = QImage(side_px, side_px, QImage.Format.Format_RGB32)
        paper, ink = CANVAS_COLORS[self.paper]
        image.fill(QColor(paper))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(side_px / CANVAS_PX, side_px / CANVAS_PX)
        paint_strokes(painter, self.drawing.strokes, brush_px=self.brush_px, color=QColor(ink))
        painter.end()
        return image

    def square(self) -> QRectF:
        """Return the paper's place in the widget: at the top, in the middle from left to right."""
        side = min(self.width(), self.height()) - 2 * RING_PX
        return QRectF((self.width() - side) / 2, RING_PX, side, side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen down."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._extend(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._extend(event.position())
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen, whose pressure makes the line wider or thinner."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position(), _width_share(event.pressure()))
        elif event.type() == QEvent.Type.TabletMove and event.pressure() > 0:
            self._extend(event.position(), _width_share(event.pressure()))
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()
        event.accept()  # or Qt would send the same as a mouse

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger that touches."""
        if not isinstance(event, QTouchEvent):
            return super().event(event)
        place = event.points()[0].position() if event.points() else QPointF()
        if event.type() == QEvent.Type.TouchBegin:
            self._begin(place)
        elif event.type() == QEvent.Type.TouchUpdate:
            self._extend(place)
        else:
            self._end()
        event.accept()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the paper, the strokes and, while it is empty, what it is for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = self.square()
        paper, ink = CANVAS_COLORS[self.paper]
        self._paint_paper(painter, square, QColor(paper))
        painter.setClipPath(rounded(square, CORNER_PX))
        if not self.drawing.strokes:
            _paint_hint(painter, square, self.tr("Draw a digit here"), QColor(ink))
        painter.translate(square.topLeft())
        painter.scale(square.width() / CANVAS_PX, square.width() / CANVAS_PX)
        paint_strokes(painter, self.drawing.strokes, brush_px=self.brush_px, color=QColor(ink))
        painter.end()

    def _paint_paper(self, painter: QPainter, square: QRectF, paper: QColor) -> None:
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 2 if self.hasFocus() else 1))
        painter.fillPath(rounded(square, CORNER_PX), paper)
        painter.drawPath(rounded(square, CORNER_PX))

    def _begin(self, place: QPointF, share: float | None = None) -> None:
        self._lift()
        self.is_drawing = True
        self.drawing.begin(self._on_canvas(place, share))
        self._has_changed()

    def _extend(self, place: QPointF, share: float | None = None) -> None:
        if self.is_drawing:
            self.drawing.extend(self._on_canvas(place, share))
            self.update()

    def _end(self) -> None:
        if self.is_drawing:
            self.is_drawing = False
            self._has_changed()

    def _lift(self) -> None:
        self.is_drawing = False

    def _has_changed(self) -> None:
        self.update()
        self.changed.emit()

    def _on_canvas(self, place: QPointF, share: float | None) -> Point:
        square = self.square()
        scale = CANVAS_PX / square.width()
        x, y = (place.x() - square.left()) * scale, (place.y() - square.top()) * scale
        return (x, y) if share is None else (x, y, share)


def _width_share(pressure: float) -> float:
    """Map a pressure 0..1 to the share of the brush's width; a usual one, 0.5, to all of it."""
    return 0.5 + pressure


def _paint_hint(painter: QPainter, square: QRectF, text: str, ink: QColor) -> None:
    ink.setAlphaF(0.6)
    painter.setPen(ink)
    font = painter.font()
    font.setPixelSize(max(13, int(square.width() / 26)))
    painter.setFont(font)
    painter.drawText(square, Qt.AlignmentFlag.AlignCenter, text)
