"""The left side of the window: where a digit comes from. Each page can be used alone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from digitus.desktop.actions import button
from digitus.desktop.canvas.canvas import BRUSHES_PX, Canvas
from digitus.desktop.images.image_view import ImageView
from digitus.desktop.menus import Actions

BRUSH_STEP_PX = 4


class DrawPage(QWidget):
    """The canvas and its tools."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas, self.brush = Canvas(), self._make_brush()
        self.setFocusProxy(self.canvas)
        column = _column(self)
        column.addWidget(self.canvas, 1)
        tools = QHBoxLayout()
        tools.setSpacing(6)
        for action in (actions.undo, actions.redo, actions.clear):
            tools.addWidget(button(action))
        tools.addSpacing(8)
        tools.addWidget(self.brush, 3)
        tools.addStretch(1)
        tools.addWidget(button(actions.black_paper))
        recognize = button(actions.recognize, words=True)
        recognize.setProperty("main", True)
        recognize.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        tools.addWidget(recognize)
        column.addLayout(tools)
        self.brush.valueChanged.connect(self.canvas.set_brush)
        actions.thinner.triggered.connect(lambda: self.step_brush(-BRUSH_STEP_PX))
        actions.thicker.triggered.connect(lambda: self.step_brush(BRUSH_STEP_PX))

    def step_brush(self, by_px: int) -> None:
        """Make the brush thicker or thinner."""
        self.brush.setValue(self.brush.value() + by_px)

    def _make_brush(self) -> QSlider:
        brush = QSlider(Qt.Orientation.Horizontal)
        brush.setRange(*BRUSHES_PX)
        brush.setPageStep(BRUSH_STEP_PX)
        brush.setMaximumWidth(180)
        brush.setMinimumWidth(48)
        brush.setAccessibleName(self.tr("Brush size"))
        brush.setToolTip(self.tr("Brush size  ([ thinner, ] thicker)"))
        return brush


class ImagePage(QWidget):
    """The opened image, and ways to open another."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ImageView()
        self.setFocusProxy(self.view)
        column = _column(self)
        column.addWidget(self.view, 1)
        tools = QHBoxLayout()
        tools.setSpacing(6)
        for action in (actions.open, actions.paste):
            tools.addWidget(button(action, words=True))
        tools.addStretch()
        column.addLayout(tools)


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return column
