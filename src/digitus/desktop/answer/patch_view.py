"""The patch: the 28x28 input of the network, each value a block of screen pixels."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitus.imaging.arrays import Patch

SIDE = 28


class PatchView(QWidget):
    """Shows a patch with white ink on black, as in MNIST, without smoothing.

    Every value fills a square of the same whole number of physical pixels, at any scale of the
    display.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.patch: Patch | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("The 28 x 28 values that the network gets"))
        self.setAccessibleName(self.tr("Input of the network"))
        self.show_patch(None)

    def sizeHint(self) -> QSize:
        """Return the size for three pixels a value, and a frame."""
        return QSize(3 * SIDE + 2, 3 * SIDE + 2)

    def show_patch(self, patch: Patch | None) -> None:
        """Show a patch (28, 28), 0.0 paper to 1.0 full ink, or an empty frame (None)."""
        self.patch = patch
        text = self.tr("no image") if patch is None else self.tr("an image of 28 x 28 pixels")
        self.setAccessibleDescription(text)
        self.update()

    def blocks(self) -> QRect:
        """Return the box of the patch in physical pixels, relative to the widget."""
        ratio = self.devicePixelRatio()
        width, height = int(self.width() * ratio), int(self.height() * ratio)
        side = max((min(width, height) - 2) // SIDE, 1) * SIDE
        return QRect((width - side) // 2, (height - side) // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the values or an empty frame."""
        painter = QPainter(self)
        ratio, place = self.devicePixelRatio(), self.blocks()
        painter.scale(1 / ratio, 1 / ratio)  # from here on, physical pixels
        frame = self.palette().color(QPalette.ColorRole.Mid)
        painter.fillRect(place.adjusted(-1, -1, 1, 1), frame)
        if self.patch is None:
            painter.fillRect(place, self.palette().color(QPalette.ColorRole.AlternateBase))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(place, patch_image(self.patch))
        painter.end()


def patch_image(patch: Patch) -> QImage:
    """Return a patch (28, 28), 0.0 to 1.0, as a grey image, 0 to 255."""
    grey: NDArray[np.uint8] = np.ascontiguousarray(np.rint(patch * 255), np.uint8)
    rows, cols = grey.shape
    return QImage(grey.data, cols, rows, cols, QImage.Format.Format_Grayscale8).copy()
