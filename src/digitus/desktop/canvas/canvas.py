"""The canvas: paper for mouse, finger and pen that fills its place in the window.

It keeps strokes, not pixels, and the strokes are what is recognized. So both papers give the same
patch, and resizing the window loses nothing. Strokes are in pixels of a square in the middle of
the paper, `drawing.CANVAS_PX` wide; what lies beside the square has negative or larger coordinates.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.data.corrections import DrawnStrokes
from digitus.desktop.answer.answer import DigitBox
from digitus.desktop.canvas.drawing import CANVAS_PX, Drawing, Point, Stroke, smoothed
from digitus.desktop.look.painting import rounded
from digitus.palette import (
    CANVAS_COLORS,
    OVERLAY_ON_DARK_PAPER,
    OVERLAY_ON_LIGHT_PAPER,
    CanvasPaper,
)

BRUSHES_PX = (8, 48)
DEFAULT_BRUSH_PX = 24  # gives strokes of 2 to 3 pixels in the patch, as in MNIST
CORNER_PX = 14.0
BOX_MARGIN_PX = 3.0  # between a digit and its frame, in canvas pixels
BOX_CORNER_PX = 4.0
BOX_PEN_PX = 1.2  # on the screen
RING_PX = 1.0  # margin for the border of the paper
SMALLEST_SCALE = 0.01  # while the widget has no size yet


class Canvas(QWidget):
    """Paper to draw on, as large as the widget.

    Attributes:
        drawing: the strokes.
        brush_px: diameter of the pen, in canvas pixels.
        paper: ``white`` or ``black``.
        is_drawing: whether the pen is down.
        boxes: of the digits that were seen, in pixels of the drawing as it is read.

    Signals:
        changed: the drawing or the pen has changed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self.brush_px = DEFAULT_BRUSH_PX
        self.paper: CanvasPaper = "white"
        self.is_drawing = False
        self.boxes: list[DigitBox] = []
        self._drawn_on = QSizeF(CANVAS_PX, CANVAS_PX)  # paper when the last stroke began
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(self.tr("Draw a digit with mouse, finger or pen"))

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(460, 460)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that can be drawn on."""
        return QSize(220, 220)

    def set_brush(self, brush_px: int) -> None:
        """Set the diameter of the pen, in canvas pixels, for all strokes."""
        self.brush_px = min(max(brush_px, BRUSHES_PX[0]), BRUSHES_PX[1])
        self._has_changed()

    def set_paper(self, paper: CanvasPaper) -> None:
        """Set ``white`` or ``black`` paper."""
        self.paper = paper
        self.update()

    def show_boxes(self, boxes: list[DigitBox]) -> None:
        """Show a box at each digit until the drawing changes."""
        self.boxes = boxes
        self.update()

    def undo(self) -> None:
        """Undo the last stroke or the last clearing."""
        self._lift()
        self.drawing.undo()
        self._has_changed()

    def redo(self) -> None:
        """Redo what was undone last."""
        self._lift()
        self.drawing.redo()
        self._has_changed()

    def clear(self) -> None:
        """Remove all strokes."""
        self._lift()
        self.drawing.clear()
        self._has_changed()

    def drawn(self) -> DrawnStrokes:
        """Return the strokes as they are read: smooth, and from the paper's top left corner."""
        paper, corner = self._paper_size(), self._corner()
        strokes = tuple(
            tuple((x - corner.x(), y - corner.y(), *share) for x, y, *share in smoothed(stroke))
            for stroke in self.drawing.strokes
        )
        return DrawnStrokes(round(paper.width()), round(paper.height()), self.brush_px, strokes)

    def image(self, scale: float = 2.0) -> QImage:
        """Return an image of the drawing on its paper.

        Args:
            scale: pixels of the image for each pixel of the canvas.
        """
        size = (self._paper_size() * scale).toSize()
        image = QImage(size, QImage.Format.Format_RGB32)
        paper, ink = CANVAS_COLORS[self.paper]
        image.fill(QColor(paper))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-self._corner())
        paint_strokes(painter, self.drawing.strokes, brush_px=self.brush_px, color=QColor(ink))
        painter.end()
        return image

    def square(self) -> QRectF:
        """Return the place of the square in the middle of the paper."""
        side = CANVAS_PX * self._scale()
        square = QRectF(0, 0, side, side)
        square.moveCenter(self.paper_place().center())
        return square

    def paper_place(self) -> QRectF:
        """Return the place of the paper in the widget."""
        return QRectF(self.rect()).adjusted(RING_PX, RING_PX, -RING_PX, -RING_PX)

    def _scale(self) -> float:
        """Return the screen pixels for each pixel of the canvas.

        The square fits; so does the paper that was drawn on, in a smaller window.
        """
        wanted = QSizeF(CANVAS_PX, CANVAS_PX)
        if self.drawing.strokes:
            wanted = wanted.expandedTo(self._drawn_on)
        place = self.paper_place()
        return max(
            min(place.width() / wanted.width(), place.height() / wanted.height()), SMALLEST_SCALE
        )

    def _paper_size(self) -> QSizeF:
        """Return the size of the paper in pixels of the canvas."""
        return self.paper_place().size() / self._scale()

    def _corner(self) -> QPointF:
        """Return the top left corner of the paper in pixels of the canvas; not positive."""
        paper = self._paper_size()
        return QPointF(CANVAS_PX - paper.width(), CANVAS_PX - paper.height()) / 2

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the stroke."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._extend(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._extend(event.position())
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen; its pressure sets the width of the line."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position(), _width_share(event.pressure()))
        elif event.type() == QEvent.Type.TabletMove and event.pressure() > 0:
            self._extend(event.position(), _width_share(event.pressure()))
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()
        event.accept()  # otherwise Qt sends it again as a mouse event

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger that touches the screen."""
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
        """Paint the paper, the strokes, and a hint while the paper is empty."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square, place = self.square(), self.paper_place()
        paper, ink = CANVAS_COLORS[self.paper]
        self._paint_paper(painter, place, QColor(paper))
        painter.setClipPath(rounded(place, CORNER_PX))
        if not self.drawing.strokes:
            _paint_hint(painter, place, self.tr("Draw here"), QColor(ink))
        painter.translate(square.topLeft())
        painter.scale(self._scale(), self._scale())
        paint_strokes(painter, self.drawing.strokes, brush_px=self.brush_px, color=QColor(ink))
        painter.translate(self._corner())
        for one in self.boxes:
            self._paint_box(painter, one)
        painter.end()

    def _paint_box(self, painter: QPainter, digit: DigitBox) -> None:
        """Paint the thin frame of a digit, dashed if its number is to be checked."""
        colors = OVERLAY_ON_DARK_PAPER if self.paper == "black" else OVERLAY_ON_LIGHT_PAPER
        style = Qt.PenStyle.DashLine if digit.to_check else Qt.PenStyle.SolidLine
        pen = QPen(QColor(colors.doubtful if digit.to_check else colors.sure), BOX_PEN_PX, style)
        pen.setCosmetic(True)  # as wide at every size of the canvas
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        margin = BOX_MARGIN_PX
        frame = QRectF(*digit.box).adjusted(-margin, -margin, margin, margin)
        painter.drawPath(rounded(frame, BOX_CORNER_PX))

    def _paint_paper(self, painter: QPainter, place: QRectF, paper: QColor) -> None:
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 2 if self.hasFocus() else 1))
        painter.fillPath(rounded(place, CORNER_PX), paper)
        painter.drawPath(rounded(place, CORNER_PX))

    def _begin(self, place: QPointF, share: float | None = None) -> None:
        self._lift()
        self.is_drawing = True
        self._drawn_on = self._paper_size()
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
        self.boxes = []
        self.update()
        self.changed.emit()

    def _on_canvas(self, place: QPointF, share: float | None) -> Point:
        at = (place - self.square().topLeft()) / self._scale()
        x, y = at.x(), at.y()
        return (x, y) if share is None else (x, y, share)


def _width_share(pressure: float) -> float:
    """Map a pressure 0..1 to the share of the brush's width: 0.5, the usual pressure, to 1."""
    return 0.5 + pressure


def _paint_hint(painter: QPainter, place: QRectF, text: str, ink: QColor) -> None:
    ink.setAlphaF(0.6)
    painter.setPen(ink)
    font = painter.font()
    font.setPixelSize(min(max(13, int(place.width() / 26)), 20))
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def paint_strokes(
    painter: QPainter, strokes: Sequence[Stroke], *, brush_px: float, color: QColor
) -> None:
    """Paint strokes as smooth lines with round caps; a single point is a dot."""
    for stroke in map(smoothed, strokes):
        if len(stroke[0]) > 2:
            _paint_pressed(painter, stroke, brush_px, color)
        else:
            painter.setPen(_pen(color, brush_px))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_path(stroke))


def _path(stroke: Stroke) -> QPainterPath:
    path = QPainterPath(QPointF(*stroke[0][:2]))
    for point in stroke[1:] or stroke[:1]:
        path.lineTo(*point[:2])
    if len(stroke) == 1:  # Qt paints no caps on a line of length 0
        path.lineTo(stroke[0][0] + 0.01, stroke[0][1])
    return path


def _paint_pressed(painter: QPainter, stroke: Stroke, brush_px: float, color: QColor) -> None:
    """Paint a stroke of varying width; each line is as wide as its wider end."""
    for before, here in zip(stroke, stroke[1:] or stroke, strict=False):
        share = max(before[-1], here[-1])
        painter.setPen(_pen(color, brush_px * share))
        painter.drawLine(QLineF(before[0], before[1], here[0] + 0.01, here[1]))


def _pen(color: QColor, width_px: float) -> QPen:
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(color, width_px, Qt.PenStyle.SolidLine, cap, join)
