"""The right side of the window: the answer, what the network got, and how likely each digit is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from digitus.desktop.answer.answer import AnswerView
from digitus.desktop.answer.bars import Bars
from digitus.desktop.answer.lines_view import LinesView
from digitus.desktop.answer.patch_view import PatchView
from digitus.desktop.answer.recognition import Answer
from digitus.desktop.answer.shares import shares_of
from digitus.desktop.look.cards import Card


class AnswerPanel(QWidget):
    """Two cards that keep their sizes whatever they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer, self.patch, self.bars = AnswerView(), PatchView(), Bars()
        self.lines = LinesView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._answer_card())
        below, self._below = Card(), QStackedLayout()
        for view in (self.bars, self.lines):
            self._below.addWidget(view)
        below.column.addLayout(self._below)
        column.addWidget(below, 1)

    def show_answer(self, answer: Answer) -> None:
        """Show what was read in all places."""
        found = answer.prediction
        self.answer.show_answer(answer)
        if answer.lines:  # patch and bars are of one digit, and would mean nothing
            self._empty()
            self.lines.show_lines(answer.lines, is_page=answer.page is not None)
            self._below.setCurrentWidget(self.lines)
            return
        self.patch.show_patch(found.patch)
        self.bars.show_probabilities(shares_of(found), winner=found.digit)
        self._below.setCurrentWidget(self.bars)

    def show_nothing(self, hint: str = "") -> None:
        """Forget the answer everywhere."""
        self.answer.show_nothing(hint)
        self._empty()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no answer."""
        self.answer.show_problem(sentence)
        self._empty()

    def _empty(self) -> None:
        self.patch.show_patch(None)
        self.bars.show_probabilities(None)
        self._below.setCurrentWidget(self.bars)

    def _answer_card(self) -> Card:
        card = Card()
        card.setFixedHeight(144)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.answer, 1)
        row.addLayout(self._patch_column())
        card.column.addLayout(row)
        return card

    def _patch_column(self) -> QVBoxLayout:
        caption = QLabel(self.tr("28 × 28"))
        caption.setProperty("quiet", True)
        caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        caption.setToolTip(self.patch.toolTip())
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addStretch()
        column.addWidget(self.patch)
        column.addWidget(caption)
        column.addStretch()
        return column
