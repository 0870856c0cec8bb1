"""The opened image as it was read: in grey, turned upright by its EXIF data."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.desktop.look.painting import rounded
from digitus.imaging.arrays import Grey

CORNER_PX = 14.0


class ImageView(QWidget):
    """Shows an image, or a hint how to open one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Opened image"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return the preferred size of the canvas."""
        return QSize(460, 460)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size for the hint."""
        return QSize(220, 220)

    def show_grey(self, grey: Grey | None) -> None:
        """Show an image (rows, cols), 0.0 black to 1.0 white, or the hint (None)."""
        self.image = None if grey is None else _grey_image(grey)
        self.update()

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
        text = self.tr("Drop an image here,\npaste one, or open a file.")
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_image(self, painter: QPainter, image: QImage) -> None:
        room = self.size() - QSize(4, 4)
        size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        place = QRectF(left, top, size.width(), size.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        painter.setClipPath(rounded(place, CORNER_PX))
        painter.drawImage(place, image)
        painter.restore()
        role = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 2 if self.hasFocus() else 1))
        painter.drawPath(rounded(place, CORNER_PX))


def _grey_image(grey: Grey) -> QImage:
    pixels = np.ascontiguousarray(np.rint(np.clip(grey, 0, 1) * 255), np.uint8)
    rows, cols = pixels.shape
    return QImage(pixels.data, cols, rows, cols, QImage.Format.Format_Grayscale8).copy()
