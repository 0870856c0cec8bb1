"""Pages that are made when they are first looked at, so that the window opens at once."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from digitus.desktop.look.cards import Card
from digitus.recognizer import Prediction, Recognizer

if TYPE_CHECKING:
    from digitus.desktop.inside.inside_view import InsideView
    from digitus.desktop.test_set.test_set_panel import TestSetPanel


class CardPage(QWidget):
    """A page that is one card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = Card()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)


class TestSetHome(CardPage):
    """Where the test set is browsed.

    Signals:
        answered: the prediction, the label and the number of the image shown.
    """

    __test__ = False  # the name is no sentence of a test

    answered = Signal(object, int, int)

    def __init__(self, recognizer: Recognizer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel: TestSetPanel | None = None
        self._recognizer = recognizer

    def set_recognizer(self, recognizer: Recognizer) -> None:
        """Let another model read."""
        self._recognizer = recognizer
        if self.panel is not None:
            self.panel.set_recognizer(recognizer)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the panel at the first sight; later, say its answer again."""
        super().showEvent(event)
        if self.panel is None:
            self._make_panel()
        elif self.panel.prediction is not None:
            self.panel.show_answer(self.panel.prediction)

    def close_down(self) -> None:
        """Stop whatever the panel does."""
        if self.panel is not None:
            self.panel.close_down()

    def _make_panel(self) -> None:
        from digitus.desktop.test_set.test_set_panel import TestSetPanel

        self.panel = TestSetPanel(np.random.default_rng(), recognizer=self._recognizer)
        self.panel.answered.connect(self.answered)
        self.card.column.addWidget(self.panel)


class InsideHome(CardPage):
    """Where the inside of the network is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: InsideView | None = None
        self._latest: tuple[Recognizer, Prediction] | None = None

    def show_prediction(self, recognizer: Recognizer, prediction: Prediction | None) -> None:
        """Show what led to an answer, now or when the page is looked at."""
        self._latest = None if prediction is None else (recognizer, prediction)
        if self.view is not None:
            self._catch_up(self.view)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the view at the first sight."""
        super().showEvent(event)
        if self.view is None:
            from digitus.desktop.inside.inside_view import InsideView

            self.view = InsideView()
            self.card.column.addWidget(self.view)
            self._catch_up(self.view)

    def _catch_up(self, view: "InsideView") -> None:
        if self._latest is None:
            view.clear()
        else:
            view.show_prediction(*self._latest)
