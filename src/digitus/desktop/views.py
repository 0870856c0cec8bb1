"""The pages of the window: canvas, opened image, test set, and the inside of the network.

Test set and inside are built when they are first shown, so that the window opens quickly.
"""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from digitus.desktop.actions import Actions, button
from digitus.desktop.canvas.canvas import BRUSHES_PX, Canvas
from digitus.desktop.images.image_view import ImageView
from digitus.desktop.look.widgets import Card
from digitus.recognizer import Prediction, Recognizer

if TYPE_CHECKING:
    from digitus.desktop.inside.inside_view import InsideView
    from digitus.desktop.test_set.panel import TestSetPanel

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
        self._recognize = button(actions.recognize)
        tools.addWidget(self._recognize)
        column.addLayout(tools)
        self.brush.valueChanged.connect(self.canvas.set_brush)
        actions.thinner.triggered.connect(lambda: self.step_brush(-BRUSH_STEP_PX))
        actions.thicker.triggered.connect(lambda: self.step_brush(BRUSH_STEP_PX))

    def stress_recognize(self, is_on: bool) -> None:
        """Give the button to recognize the color of the accent, where it has to be pressed."""
        self._recognize.setProperty("main", is_on)
        for step in (self._recognize.style().unpolish, self._recognize.style().polish):
            step(self._recognize)

    def step_brush(self, by_px: int) -> None:
        """Make the brush thicker, or thinner if ``by_px`` is negative."""
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
    """The opened image, with buttons to open or paste another and to switch its pages."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view, self.pages = ImageView(), QLabel()
        self.setFocusProxy(self.view)
        column = _column(self)
        column.addWidget(self.view, 1)
        tools = QHBoxLayout()
        tools.setSpacing(6)
        tools.addWidget(button(actions.open, has_text=True))
        for action in (actions.paste, actions.save_numbers):
            tools.addWidget(button(action))
        tools.addStretch()
        self._switch = [button(actions.previous_page), self.pages, button(actions.next_page)]
        for widget in self._switch:
            tools.addWidget(widget)
        column.addLayout(tools)
        self.show_place(1, 1)

    def show_place(self, page: int, n_pages: int) -> None:
        """Show which page of how many is shown; nothing for a single one."""
        self.pages.setText(self.tr("{page} of {n}").format(page=page, n=n_pages))
        for widget in self._switch:
            widget.setVisible(n_pages > 1)


class TestSetPage(QWidget):
    """The test set on a card; the panel is built when the page is first shown.

    Attributes:
        panel: None until then.

    Signals:
        answered: the prediction, the label and the number of the image shown.
    """

    __test__ = False  # not a test class for pytest

    answered = Signal(object, int, int)

    def __init__(self, recognizer: Recognizer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel: TestSetPanel | None = None
        self._recognizer = recognizer
        self._card = Card()
        _column(self).addWidget(self._card)

    def set_recognizer(self, recognizer: Recognizer) -> None:
        """Read with another model."""
        self._recognizer = recognizer
        if self.panel is not None:
            self.panel.set_recognizer(recognizer)

    def showEvent(self, event: QShowEvent) -> None:
        """Build the panel at the first time; later, emit its answer again."""
        super().showEvent(event)
        if self.panel is None:
            self._make_panel()
        elif self.panel.prediction is not None:
            self.panel.show_answer(self.panel.prediction)

    def close_down(self) -> None:
        """Stop the background work of the panel."""
        if self.panel is not None:
            self.panel.close_down()

    def _make_panel(self) -> None:
        from digitus.desktop.test_set.panel import TestSetPanel

        self.panel = TestSetPanel(np.random.default_rng(), recognizer=self._recognizer)
        self.panel.answered.connect(self.answered)
        self._card.column.addWidget(self.panel)


class InsidePage(QWidget):
    """The inside of the network on a card; the view is built when the page is first shown.

    Attributes:
        view: None until then.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: InsideView | None = None
        self._latest: tuple[Recognizer, Prediction] | None = None
        self._card = Card()
        _column(self).addWidget(self._card)

    def show_prediction(self, recognizer: Recognizer, prediction: Prediction | None) -> None:
        """Show what led to a prediction, now or when the page is shown."""
        self._latest = None if prediction is None else (recognizer, prediction)
        if self.view is not None:
            self._update(self.view)

    def showEvent(self, event: QShowEvent) -> None:
        """Build the view at the first time."""
        super().showEvent(event)
        if self.view is None:
            from digitus.desktop.inside.inside_view import InsideView

            self.view = InsideView()
            self._card.column.addWidget(self.view)
            self._update(self.view)

    def _update(self, view: "InsideView") -> None:
        if self._latest is None:
            view.clear()
        else:
            recognizer, prediction = self._latest
            view.show_prediction(recognizer, prediction)


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return column
