"""How the window is laid out: a bar of choices, a page on the left, the answer on the right."""

from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.actions import button, segments
from digitus.desktop.answer.answer_panel import AnswerPanel
from digitus.desktop.lazy_tabs import InsideHome, TestSetHome
from digitus.desktop.menus import Actions
from digitus.desktop.pages import DrawPage, ImagePage
from digitus.recognizer import Recognizer

MARGIN_PX = 16
LONGEST_NAME = 18


class Frame(QWidget):
    """Everything below the menus.

    Attributes:
        draw_page: the canvas and its tools.
        test_page: the test set.
        image_page: the opened image.
        answers: the answer, the patch and the bars.
        inside_page: the inside of the network.
    """

    def __init__(self, actions: Actions, models: QMenu, *, recognizer: Recognizer) -> None:
        super().__init__()
        self.draw_page, self.image_page = DrawPage(actions), ImagePage(actions)
        self.test_page, self.inside_page = TestSetHome(recognizer), InsideHome()
        self.answers = AnswerPanel()
        self.pages = _stack([self.draw_page, self.test_page, self.image_page])
        self.sides = _stack([self.answers, self.inside_page])
        self.model_button = self._make_model_button(models)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(MARGIN_PX, 6, MARGIN_PX, 4)
        self._columns.setSpacing(MARGIN_PX)
        self._columns.addLayout(_column(self._left_header(actions), self.pages))
        self._columns.addLayout(_column(self._right_header(actions), self.sides))
        self.show_side(0)

    def show_page(self, index: int) -> None:
        """Show a page; the others are off, so none of their keys works."""
        self.pages.setCurrentIndex(index)
        for i, page in enumerate((self.draw_page, self.test_page, self.image_page)):
            page.setEnabled(i == index)
            if i == index:
                page.setFocus()

    def show_side(self, index: int) -> None:
        """Show the answer (0), or the inside (1), which gets more room."""
        self.sides.setCurrentIndex(index)
        self._columns.setStretch(0, 1 if index == 0 else 5)
        self._columns.setStretch(1, 1 if index == 0 else 7)

    def name_model(self, name: str) -> None:
        """Write the model's name on its button."""
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        self.model_button.setText(short)
        self.model_button.setAccessibleName(self.tr("Model: {name}").format(name=name))

    def _left_header(self, actions: Actions) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(segments(actions.modes, self.tr("Where the digit comes from")))
        row.addStretch()
        return row

    def _right_header(self, actions: Actions) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(segments(actions.sides, self.tr("What is shown of it")))
        row.addStretch()
        row.addWidget(button(actions.copy))
        row.addWidget(button(actions.correct))
        row.addWidget(self.model_button)
        return row

    def _make_model_button(self, models: QMenu) -> QToolButton:
        made = QToolButton()
        made.setProperty("chip", True)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setMenu(models)
        made.setToolTip(self.tr("Choose the model that reads"))
        return made


def _stack(widgets: list[QWidget]) -> QStackedWidget:
    stack = QStackedWidget()
    for widget in widgets:
        stack.addWidget(widget)
    # Both halves get the room that the stretch gives them, whatever they hold.
    stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    stack.setMinimumWidth(330)
    return stack


def _column(header: QHBoxLayout, stack: QStackedWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(12)
    column.addLayout(header)
    column.addWidget(stack, 1)
    return column
