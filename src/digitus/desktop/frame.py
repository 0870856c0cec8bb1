"""The layout of the window: a header, a page on the left, the answer on the right."""

from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.actions import Actions, button, segments
from digitus.desktop.answer.answer_panel import AnswerPanel
from digitus.desktop.views import DrawPage, ImagePage, InsidePage, TestSetPage
from digitus.recognizer import Recognizer

MARGIN_PX = 16
LONGEST_NAME = 18  # characters of a model's name on its button


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
        self.test_page, self.inside_page = TestSetPage(recognizer), InsidePage()
        self.answers = AnswerPanel()
        self.pages = _stack([self.draw_page, self.test_page, self.image_page])
        self.sides = _stack([self.answers, self.inside_page])
        self.model_button = self._make_model_button(models)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(MARGIN_PX, 6, MARGIN_PX, 4)
        self._columns.setSpacing(MARGIN_PX)
        self._columns.addLayout(_column(self._left_header(actions), self.pages), 1)
        self._columns.addLayout(_column(self._right_header(actions), self.sides), 1)
        self.show_side(0)

    def show_page(self, index: int) -> None:
        """Show a page and disable the others, so that their keys have no effect."""
        self.pages.setCurrentIndex(index)
        for i, page in enumerate((self.draw_page, self.test_page, self.image_page)):
            page.setEnabled(i == index)
            if i == index:
                page.setFocus()

    def show_side(self, index: int) -> None:
        """Show the answer (0) or the inside (1), both in the right half."""
        self.sides.setCurrentIndex(index)

    def name_model(self, name: str) -> None:
        """Set the model's name on its button, shortened if it is long."""
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        self.model_button.setText(short)
        self.model_button.setAccessibleName(self.tr("Model: {name}").format(name=name))

    def _left_header(self, actions: Actions) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(segments(actions.modes, self.tr("Where the image comes from")))
        row.addStretch()
        return row

    def _right_header(self, actions: Actions) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(segments(actions.sides, self.tr("Answer or inside")))
        row.addStretch()
        row.addWidget(button(actions.copy))
        row.addWidget(button(actions.correct))
        row.addWidget(self.model_button)
        return row

    def _make_model_button(self, models: QMenu) -> QToolButton:
        model = QToolButton()
        model.setProperty("chip", True)
        model.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        model.setMenu(models)
        model.setToolTip(self.tr("Choose the model"))
        return model


def _stack(widgets: list[QWidget]) -> QStackedWidget:
    stack = QStackedWidget()
    for widget in widgets:
        stack.addWidget(widget)
    # Ignore the contents: both halves are equally wide, whatever they show.
    stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    stack.setMinimumWidth(330)
    return stack


def _column(header: QHBoxLayout, stack: QStackedWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(12)
    column.addLayout(header)
    column.addWidget(stack, 1)
    return column
