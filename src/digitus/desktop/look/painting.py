"""What several widgets paint: strokes and rounded boxes."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from digitus.desktop.canvas.drawing import Stroke


def paint_strokes(
    painter: QPainter, strokes: Sequence[Stroke], *, brush_px: float, color: QColor
) -> None:
    """Paint strokes as joined lines with round ends; a single point is a dot."""
    for stroke in strokes:
        if len(stroke[0]) > 2:
            _paint_pressed(painter, stroke, brush_px, color)
        else:
            painter.setPen(_pen(color, brush_px))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_path(stroke))


def rounded(box: QRectF, corner_px: float) -> QPainterPath:
    """Return the outline of a box with round corners."""
    path = QPainterPath()
    path.addRoundedRect(box, corner_px, corner_px)
    return path


def _path(stroke: Stroke) -> QPainterPath:
    path = QPainterPath(QPointF(*stroke[0][:2]))
    for point in stroke[1:] or stroke[:1]:
        path.lineTo(*point[:2])
    if len(stroke) == 1:  # a line of no length has no caps; a hair's breadth has
        path.lineTo(stroke[0][0] + 0.01, stroke[0][1])
    return path


def _paint_pressed(painter: QPainter, stroke: Stroke, brush_px: float, color: QColor) -> None:
    """Paint a stroke of varying width piece by piece, as wide as its wider end."""
    for before, here in zip(stroke, stroke[1:] or stroke, strict=False):
        share = max(before[-1], here[-1])
        painter.setPen(_pen(color, brush_px * share))
        painter.drawLine(QLineF(before[0], before[1], here[0] + 0.01, here[1]))


def _pen(color: QColor, width_px: float) -> QPen:
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(color, width_px, Qt.PenStyle.SolidLine, cap, join)
