"""The right side of the window: the answer, what the network got, and how likely each digit is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitus.desktop.answer import AnswerView
from digitus.desktop.bars import Bars
from digitus.desktop.cards import Card
from digitus.desktop.patch_view import PatchView
from digitus.desktop.recognition import Answer


class AnswerPanel(QWidget):
    """Two cards that keep their sizes whatever they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer, self.patch, self.bars = AnswerView(), PatchView(), Bars()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._answer_card())
        bars = Card()
        bars.column.addWidget(self.bars)
        column.addWidget(bars, 1)

    def show_answer(self, answer: Answer) -> None:
        """Show what was read in all three places."""
        found = answer.prediction
        self.answer.show_answer(answer)
        self.patch.show_patch(found.patch)
        winner = None if answer.lines else found.digit
        self.bars.show_probabilities(found.probabilities, winner=winner)

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
