"""Small arrays as images without smoothing, with a caption and a legend."""

from functools import cache

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from digitus.desktop.look.painting import Shades, Values, image_of, signed_text
from digitus.desktop.look.widgets import muted

SIDE_PX = 168  # six screen pixels for each pixel of a patch
BAR_PX = 8  # height of the bar of a legend


class PixelImage(QWidget):
    """A square that shows an array (rows, cols); NaN is transparent.

    Args:
        side_px: side of the square, or the smallest side of one that grows.
        grows: whether the square takes all the available space.
    """

    def __init__(
        self, side_px: int = SIDE_PX, *, grows: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.values: Values | None = None
        self.limit: float | None = None
        self._side_px = side_px
        policy = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, policy)

    def sizeHint(self) -> QSize:
        """Return the size for ``side_px`` and a frame."""
        return QSize(self._side_px + 2, self._side_px + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the preferred size."""
        return self.sizeHint()

    def set_side(self, side_px: int) -> None:
        """Set the preferred side."""
        self._side_px = side_px
        self.updateGeometry()

    def show_values(self, values: Values | None, limit: float | None = None) -> None:
        """Show values from -limit to limit, or ink from 0.0 to 1.0 if there is no limit."""
        self.values, self.limit = values, limit
        self.update()

    def scale_px(self) -> int:
        """Return the side of a shown pixel, a whole number, so that all are of equal size."""
        return 1 if self.values is None else max(1, self._room_px() // max(self.values.shape))

    def _room_px(self) -> int:
        return min(self.width(), self.height()) - 2

    def value_at(self, place: QPointF) -> tuple[int, int, float] | None:
        """Return row, column and value at a position in the widget; None outside or at NaN."""
        if self.values is None:
            return None
        at = (place - self._box().topLeft()) / self.scale_px()
        row, col = int(np.floor(at.y())), int(np.floor(at.x()))
        rows, cols = self.values.shape
        if not (0 <= row < rows and 0 <= col < cols) or np.isnan(self.values[row, col]):
            return None
        return row, col, float(self.values[row, col])

    def event(self, event: QEvent) -> bool:
        """Show the value under the pointer as a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.value_at(QPointF(event.pos()))
            if found is not None:
                row, col, value = found
                shown = f"{value:.3f}" if self.limit is None else signed_text(value)
                text = self.tr("row {row}, col {col}: {value}")
                QToolTip.showText(event.globalPos(), text.format(row=row, col=col, value=shown))
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pixels in a thin frame."""
        painter, shades, box = QPainter(self), Shades.of(self.palette()), self._box()
        frame = box.adjusted(-0.5, -0.5, 0.5, 0.5)
        painter.fillRect(frame, shades.surface)
        if self.values is not None and self.limit is None:
            painter.drawImage(box, image_of(shades.ink_pixels(self.values)))
        elif self.values is not None and self.limit is not None:
            painter.drawImage(box, image_of(shades.signed_pixels(self.values, self.limit)))
        painter.setPen(QPen(shades.line, 1))
        painter.drawRect(frame)
        painter.end()

    def _box(self) -> QRectF:
        """Return the box of the pixels, centered in the widget."""
        rows, cols = (1, 1) if self.values is None else self.values.shape
        scale = self._room_px() if self.values is None else self.scale_px()
        width, height = cols * scale, rows * scale
        left, top = (self.width() - width) // 2, (self.height() - height) // 2
        return QRectF(left, top, width, height)


class Legend(QWidget):
    """A bar with the colors of a scale and the numbers at its ends."""

    def __init__(self, width_px: int = SIDE_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width_px, self._low, self._high, self._is_ink = width_px, 0.0, 0.0, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the bar and a line of text."""
        return QSize(self._width_px + 2, BAR_PX + 4 + self.fontMetrics().height())

    def set_width(self, width_px: int) -> None:
        """Set the preferred width."""
        self._width_px = width_px
        self.updateGeometry()

    def show_range(self, low: float, high: float, *, is_ink: bool = False) -> None:
        """Set the values at the ends, of ink or of a signed scale."""
        self._low, self._high, self._is_ink = low, high, is_ink
        self.update()

    def texts(self) -> tuple[str, str, str]:
        """Return the texts below the bar: left, middle, right."""
        if self._is_ink:
            return self.tr("0 paper"), "", self.tr("1 ink")
        if self._low == self._high:
            return "", self.tr("all 0"), ""
        return (
            signed_text(self._low),
            "0" if self._low < 0 < self._high else "",
            signed_text(self._high),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar and the numbers."""
        painter, shades = QPainter(self), Shades.of(self.palette())
        bar = QRectF(0.5, 0.5, self.width() - 1, BAR_PX)
        painter.setPen(QPen(shades.line, 1))
        painter.setBrush(self._gradient(shades, bar))
        painter.drawRect(bar)
        painter.setPen(shades.muted)
        below = QRectF(0, BAR_PX + 3, self.width(), self.height() - BAR_PX - 3)
        left, middle, right = self.texts()
        flags = Qt.AlignmentFlag
        painter.drawText(below, flags.AlignLeft | flags.AlignVCenter, left)
        painter.drawText(below, flags.AlignCenter, middle)
        painter.drawText(below, flags.AlignRight | flags.AlignVCenter, right)
        painter.end()

    def _gradient(self, shades: Shades, bar: QRectF) -> QLinearGradient:
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        if self._is_ink:
            gradient.setStops([(0, shades.surface), (1, shades.ink)])
            return gradient
        places = np.linspace(
            0, 1, 9
        )  # the color changes its direction at zero, so stops near it are needed
        values = self._low + places * (self._high - self._low)
        pixels = shades.signed_pixels(values, max(-self._low, self._high))
        for place, pixel in zip(places.tolist(), pixels.tolist(), strict=True):
            gradient.setColorAt(place, QColor(*pixel))
        return gradient


class CaptionedImage(QWidget):
    """An image with a caption above and a legend below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption, self.image, self.legend = QLabel(), PixelImage(), Legend()
        self.caption.setWordWrap(False)
        muted(self.caption)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for widget in (self.caption, self.image, self.legend):
            rows.addWidget(widget)

    def set_side(self, side_px: int) -> None:
        """Set the preferred side of the image."""
        self.image.set_side(side_px)
        self.legend.set_width(side_px)

    def show_signed(self, caption: str, values: Values) -> None:
        """Show signed values on a symmetric scale."""
        limit = float(np.nanmax(np.abs(values), initial=0.0))
        self._name(caption)
        self.image.show_values(values, limit)
        self.legend.show_range(-limit, limit)

    def show_positive(self, caption: str, values: Values) -> None:
        """Show values on a scale from the smallest value, or 0, to the largest."""
        low, high = float(np.nanmin(values, initial=0.0)), float(np.nanmax(values, initial=0.0))
        self._name(caption)
        self.image.show_values(values, max(-low, high))
        self.legend.show_range(low, high)

    def show_ink(self, caption: str, values: Values) -> None:
        """Show ink 0.0 to 1.0."""
        self._name(caption)
        self.image.show_values(values)
        self.legend.show_range(0, 1, is_ink=True)

    def _name(self, caption: str) -> None:
        self.caption.setText(caption)
        self.setAccessibleName(caption)
        self.image.setAccessibleName(caption)
        self.legend.setAccessibleName(self.tr("Legend of {name}").format(name=caption))


def tiled(images: Values, columns: int) -> Values:
    """Lay out images (rows, cols, n) in rows with a gap of NaN; single values have no gap.

    >>> tiled(np.ones((1, 1, 6)), 3).shape, tiled(np.ones((3, 3, 6)), 3).shape
    ((2, 3), (7, 11))
    """
    rows, cols, n = images.shape
    gap = int(max(rows, cols) > 1 and n > 1)
    down = -(-n // columns)
    sheet = np.full((down * (rows + gap) - gap, columns * (cols + gap) - gap), np.nan)
    for i in range(n):
        row, col = (i // columns) * (rows + gap), (i % columns) * (cols + gap)
        sheet[row : row + rows, col : col + cols] = images[..., i]
    return sheet


@cache
def columns_for(n: int, most: int = 16) -> int:
    """Return how many of n images are laid out in a row, so that the last row has few gaps.

    >>> columns_for(128), columns_for(100), columns_for(11), columns_for(48, most=8)
    (16, 10, 11, 8)
    """
    if n <= most:
        return n
    return min(range(most, most // 2, -1), key=lambda columns: -n % columns)
