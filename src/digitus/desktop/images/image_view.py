"""The opened image in color and upright, with a box at each number."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.desktop.look.painting import rounded
from digitus.imaging.levels import Levels
from digitus.palette import OVERLAY_ON_DARK_PAPER, OVERLAY_ON_LIGHT_PAPER
from digitus.reader.results.reading import Box, PageReading

CORNER_PX = 14.0
BOX_MARGIN_PX = 3.0  # between a number and its frame
BOX_CORNER_PX = 4.0
CHOSEN_ALPHA = 50


@dataclass(frozen=True)
class NumberBox:
    """A number on the picture: its box, its place on the page, whether it is to be checked."""

    box: Box
    place: tuple[int, int]
    to_check: bool


class ImageView(QWidget):
    """Shows an image with boxes, or a hint how to open one.

    Attributes:
        boxes: of the numbers.
        chosen: the box that stands out; None if there is none.

    Signals:
        number_clicked: the place of a number: its line and its place in the line, from 0.
    """

    number_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.boxes: list[NumberBox] = []
        self.chosen: Box | None = None
        self._is_dark = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Opened image"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return the preferred size of the canvas."""
        return QSize(460, 460)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size for the hint."""
        return QSize(220, 220)

    def show_picture(self, picture: Levels | None) -> None:
        """Show an image (rows, cols, 3), 0 to 255, or the hint (None)."""
        self.image = None if picture is None else _color_image(picture)
        self._is_dark = picture is not None and float(np.median(picture)) < 128
        self.boxes, self.chosen = [], None
        self.update()

    def show_boxes(self, page: PageReading) -> None:
        """Show a box at each number; the page has the pixels of the image."""
        self.boxes = [
            NumberBox(number.box, (i, j), number.to_check)
            for i, line in enumerate(page.lines)
            for j, number in enumerate(line.numbers)
        ]
        self.update()

    def choose(self, box: Box | None) -> None:
        """Make a box stand out; None makes none."""
        self.chosen = box
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the number under the pointer."""
        for one in self.boxes:
            if self.on_screen(one.box).contains(event.position()):
                self.number_clicked.emit(one.place)
                return

    def place(self) -> QRectF:
        """Return the place of the image in the widget."""
        size = QSize(1, 1) if self.image is None else self.image.size()
        size = size.scaled(self.size() - QSize(4, 4), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def on_screen(self, box: Box) -> QRectF:
        """Return the frame around a box of the image."""
        place, left, top = self.place(), box[0], box[1]
        scale = place.width() / max(1 if self.image is None else self.image.width(), 1)
        corner = place.topLeft() + QPointF(left, top) * scale
        frame = QRectF(corner.x(), corner.y(), box[2] * scale, box[3] * scale)
        margin = BOX_MARGIN_PX
        return frame.adjusted(-margin, -margin, margin, margin)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image as large as it fits, or a frame with the hint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.image is None:
            self._paint_hint(painter)
        else:
            self._paint_image(painter, self.image)
        painter.end()

    def _paint_hint(self, painter: QPainter) -> None:
        frame = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.PlaceholderText
        painter.setPen(QPen(self.palette().color(role), 1.5, Qt.PenStyle.DashLine))
        painter.fillPath(rounded(frame, CORNER_PX), self.palette().base())
        painter.drawPath(rounded(frame, CORNER_PX))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        text = self.tr("Drop an image or a PDF here,\npaste an image, or open a file.")
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_image(self, painter: QPainter, image: QImage) -> None:
        place = self.place()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        painter.setClipPath(rounded(place, CORNER_PX))
        painter.drawImage(place, image)
        for one in self.boxes:
            self._paint_box(painter, self.on_screen(one.box), to_check=one.to_check)
        if self.chosen is not None:
            self._paint_chosen(painter, self.on_screen(self.chosen))
        painter.restore()
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 2 if self.hasFocus() else 1))
        painter.drawPath(rounded(place, CORNER_PX))

    def _paint_box(self, painter: QPainter, frame: QRectF, *, to_check: bool) -> None:
        """Paint the frame of a number, dashed if it is to be checked."""
        colors = OVERLAY_ON_DARK_PAPER if self._is_dark else OVERLAY_ON_LIGHT_PAPER
        style = Qt.PenStyle.DashLine if to_check else Qt.PenStyle.SolidLine
        color = QColor(colors.doubtful if to_check else colors.sure)
        painter.setPen(QPen(color, 1.6, style))
        painter.drawPath(rounded(frame, BOX_CORNER_PX))

    def _paint_chosen(self, painter: QPainter, frame: QRectF) -> None:
        color = QColor((OVERLAY_ON_DARK_PAPER if self._is_dark else OVERLAY_ON_LIGHT_PAPER).sure)
        painter.setPen(QPen(color, 3))
        painter.drawPath(rounded(frame, BOX_CORNER_PX))
        color.setAlpha(CHOSEN_ALPHA)
        painter.fillPath(rounded(frame, BOX_CORNER_PX), color)


def _color_image(picture: Levels) -> QImage:
    pixels = np.ascontiguousarray(picture)
    rows, cols, _ = pixels.shape
    return QImage(pixels.data, cols, rows, 3 * cols, QImage.Format.Format_RGB888).copy()
