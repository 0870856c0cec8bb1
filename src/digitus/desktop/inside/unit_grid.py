"""The units of a layer as a grid of cells; mouse or keys choose one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from digitus.desktop.look.array_images import columns_for
from digitus.desktop.look.painting import Pixels, Shades, Values, image_of


@dataclass(frozen=True)
class CellLayout:
    """How the cells of a grid are laid out.

    Attributes:
        largest_px: largest side of a cell.
        columns: largest number of cells in a row.
    """

    largest_px: float
    columns: int


VALUE_CELLS = CellLayout(largest_px=26.0, columns=16)  # one value each
MAP_CELLS = CellLayout(largest_px=58.0, columns=8)  # one feature map each
GAP_PX = 3.0
SMALLEST_PX = 4.0
MINIMUM_WIDTH_PX = 240
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class UnitGrid(QWidget):
    """One cell for each unit: its activation as a color, or its feature map as an image.

    Attributes:
        values: (1, 1, h) activations, or (rows, cols, h) feature maps, as they are shown.
        chosen: number of the chosen unit; None if there is none.

    Signals:
        unit_chosen: the number of the unit that the user chose.
    """

    unit_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: Values = np.zeros((1, 1, 0))
        self._limit = 0.0
        self._texts: list[str] = []
        self._marks: list[str] = []
        self.chosen: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def n_units(self) -> int:
        """Number of cells."""
        return int(self.values.shape[2])

    def show_units(
        self, values: Values, *, limit: float, texts: Sequence[str], marks: Sequence[str] = ()
    ) -> None:
        """Show activations (1, 1, h), or maps (rows, cols, h).

        Args:
            values: one value or one map for each unit.
            limit: the color scale goes from -limit to limit.
            texts: text of each unit for tool tips and screen readers.
            marks: text in each cell.
        """
        is_new_shape = values.shape != self.values.shape
        self.values, self._limit = values, limit
        self._texts, self._marks = list(texts), list(marks)
        if is_new_shape:
            self.updateGeometry()
        self._describe()
        self.update()

    def choose(self, unit: int | None) -> None:
        """Choose a unit without emitting a signal."""
        self.chosen = unit
        self._describe()
        self.update()

    # Places

    def columns(self) -> int:
        """Return the number of cells in a row; it does not depend on the width."""
        return max(1, columns_for(self.n_units, self._layout().columns))

    def cell(self, unit: int) -> QRectF:
        """Return the box of a unit."""
        side, columns = self._side_px(self.width()), self.columns()
        row, col = divmod(unit, columns)
        return QRectF(GAP_PX + col * (side + GAP_PX), GAP_PX + row * (side + GAP_PX), side, side)

    def unit_at(self, place: QPointF) -> int | None:
        """Return the unit at a position in the widget; None if there is none."""
        reach = self.cell(0).size().width() + GAP_PX
        col, row = int((place.x() - GAP_PX) // reach), int((place.y() - GAP_PX) // reach)
        unit = row * self.columns() + col
        inside = 0 <= col < self.columns() and row >= 0 and unit < self.n_units
        return unit if inside else None

    def hasHeightForWidth(self) -> bool:
        """Return that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows of cells."""
        rows = -(-self.n_units // self.columns())
        return int(np.ceil(GAP_PX + rows * (self._side_px(width) + GAP_PX)))

    def sizeHint(self) -> QSize:
        """Return the size with the largest cells."""
        width = int(GAP_PX + self.columns() * (self._layout().largest_px + GAP_PX))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the size with the smallest cells."""
        return QSize(MINIMUM_WIDTH_PX, self.heightForWidth(MINIMUM_WIDTH_PX))

    def _layout(self) -> CellLayout:
        return VALUE_CELLS if self.values.shape[0] == 1 else MAP_CELLS

    def _side_px(self, width: int) -> float:
        free = (width - GAP_PX) / self.columns() - GAP_PX
        return float(np.floor(max(SMALLEST_PX, min(free, self._layout().largest_px))))

    # Choosing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the unit under the pointer."""
        unit = self.unit_at(event.position())
        if unit is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose_and_emit(unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the next unit in the direction of an arrow key, the first or the last."""
        key, last = Qt.Key(event.key()), self.n_units - 1
        if last < 0 or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return super().keyPressEvent(event)
        here = self.chosen if self.chosen is not None else 0
        if key in _STEPS:
            down, across = _STEPS[key]
            there = here + down * self.columns() + across
            return self._choose_and_emit(there if 0 <= there <= last else here)
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return self._choose_and_emit(0 if key == Qt.Key.Key_Home else last)
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._choose_and_emit(here)
        return super().keyPressEvent(event)

    def _choose_and_emit(self, unit: int) -> None:
        self.choose(unit)
        self.unit_chosen.emit(unit)

    def _describe(self) -> None:
        """Set the description of the chosen unit for screen readers."""
        known = self.chosen is not None and self.chosen < len(self._texts)
        self.setAccessibleDescription(self._texts[self.chosen or 0] if known else "")

    def event(self, event: QEvent) -> bool:
        """Show the numbers of the unit under the pointer as a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            unit = self.unit_at(QPointF(event.pos()))
            if unit is not None and unit < len(self._texts):
                QToolTip.showText(event.globalPos(), self._texts[unit])
                return True
        return super().event(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, their marks, and a frame around the chosen one."""
        painter, shades = QPainter(self), Shades.of(self.palette())
        pixels = shades.signed_pixels(self.values, self._limit)
        for unit in range(self.n_units):
            self._paint_cell(painter, self.cell(unit), pixels[:, :, unit])
        self._paint_frames(painter, shades)
        for unit, mark in enumerate(self._marks):
            painter.setPen(shades.legible_on(QColor(*pixels[0, 0, unit].tolist())))
            painter.drawText(self.cell(unit), Qt.AlignmentFlag.AlignCenter, mark)
        self._paint_chosen(painter, shades)
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: QRectF, pixels: Pixels) -> None:
        if pixels.shape[:2] == (1, 1):
            painter.fillRect(cell, QColor(*pixels[0, 0].tolist()))
        else:
            painter.drawImage(cell, image_of(pixels))

    def _paint_frames(self, painter: QPainter, shades: Shades) -> None:
        painter.setPen(QPen(shades.line, 1))
        frames = [self.cell(unit).adjusted(-0.5, -0.5, 0.5, 0.5) for unit in range(self.n_units)]
        painter.drawRects(frames)

    def _paint_chosen(self, painter: QPainter, shades: Shades) -> None:
        if self.chosen is None or self.chosen >= self.n_units:
            return
        frame = self.cell(self.chosen).adjusted(-1.0, -1.0, 1.0, 1.0)
        painter.setPen(QPen(shades.ink, 2))
        painter.drawRect(frame)
        if self.hasFocus():
            painter.setPen(QPen(shades.accent, 1.5))
            painter.drawRect(frame.adjusted(-1.5, -1.5, 1.5, 1.5))
