"""The answer: the digit with its confidence, the patch, and ten bars or a list of numbers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.answer.answer import BETWEEN_NUMBERS, Answer
from digitus.desktop.answer.bars import Bars
from digitus.desktop.answer.patch_view import PatchView
from digitus.desktop.answer.percents import breakable, shares_of, texts_of, unbroken
from digitus.desktop.look.widgets import Card, muted, named
from digitus.imaging.arrays import Patch
from digitus.recognizer import Prediction

DIGIT_PX, DIGIT_WIDTH_PX = 76, 60
LONGEST_LINE = 24  # characters of a line that fit beside "Read as"


class AnswerPanel(QWidget):
    """Two cards whose sizes do not depend on what they show."""

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
        """Show an answer; the numbers of several digits take the place of patch and bars."""
        found = answer.prediction
        self.answer.show_answer(answer)
        if answer.lines:
            self._empty()
            self.lines.show_lines(answer.lines, is_image=answer.grey is not None)
            self._below.setCurrentWidget(self.lines)
            return
        self._show_patch(found.patch)
        self.bars.show_probabilities(shares_of(found), winner=found.digit)
        self._below.setCurrentWidget(self.bars)

    def show_nothing(self, hint: str = "") -> None:
        """Show that there is no answer yet; see `AnswerView.show_nothing`."""
        self.answer.show_nothing(hint)
        self._empty()

    def show_problem(self, sentence: str) -> None:
        """Show why there is no answer."""
        self.answer.show_problem(sentence)
        self._empty()

    def _empty(self) -> None:
        self._show_patch(None)
        self.bars.show_probabilities(None)
        self._below.setCurrentWidget(self.bars)

    def _answer_card(self) -> Card:
        card = Card()
        card.setFixedHeight(160)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.answer, 1)
        row.addLayout(self._patch_column())
        card.column.addLayout(row)
        self._show_patch(None)
        return card

    def _patch_column(self) -> QVBoxLayout:
        self._caption = muted(QLabel(self.tr("what the\nnetwork sees")))
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setToolTip(self.patch.toolTip())
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addStretch()
        column.addWidget(self.patch, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._caption)
        column.addStretch()
        return column

    def _show_patch(self, patch: Patch | None) -> None:
        self.patch.show_patch(patch)
        for widget in (self.patch, self._caption):
            widget.setVisible(patch is not None)


class AnswerView(QWidget):
    """A large digit, its confidence and the runner-up; the layout does not depend on the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit, self.headline, self.more = QLabel(), QLabel(), QLabel()
        self._set_up_labels()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.headline)
        words.addWidget(self.more)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.digit)
        row.addLayout(words, 1)
        self.show_nothing()

    def show_nothing(self, hint: str = "") -> None:
        """Show that there is no answer yet.

        Args:
            hint: what the user can do next.
        """
        self._show("", self.tr("No answer yet"), hint)

    def show_problem(self, sentence: str) -> None:
        """Show why there is no answer."""
        self._show("", self.tr("No answer"), breakable(sentence))

    def show_answer(self, answer: Answer) -> None:
        """Show an answer in words."""
        if answer.lines:
            n_digits = sum(one.isdecimal() for line in answer.lines for one in line)
            headline = self.tr("Several digits") if n_digits > 1 else self.tr("A number")
            self._show("", headline, self._summary(answer.lines))
            self._text = "\n".join(answer.lines)
        elif answer.prediction.verdict == "blank" and answer.grey is not None:
            self._show("", self.tr("Empty image"), self.tr("There is no ink to read."))
        else:
            self._show_prediction(answer.prediction)

    def text(self) -> str:
        """Return the answer as text for the clipboard; empty if there is none."""
        return self._text

    def _show_prediction(self, found: Prediction) -> None:
        if found.best_guess is None or found.confidence is None:
            self._show(
                "",
                self.tr("Nothing drawn yet"),
                self.tr("Draw a digit, or a number such as 427. The answer appears here."),
            )
        elif found.digit is None:
            guess, share = named(found.best_guess), texts_of(found)[found.best_guess]
            text = self.tr("If it is one, {digit}: {share}").format(digit=guess, share=share)
            self._show("", self.tr("Not a digit"), text)
        else:
            sure = self.tr("{sure} sure").format(sure=texts_of(found)[found.digit])
            self._show(str(found.digit), sure, self._runner_up(found))
            self._text = f"{found.digit} ({sure})"

    def _runner_up(self, found: Prediction) -> str:
        if found.runner_up is None:
            return ""
        digit = found.runner_up[0]
        text = self.tr("Otherwise {digit}: {share}")
        return text.format(digit=named(digit), share=texts_of(found)[digit])

    def _summary(self, lines: Sequence[str]) -> str:
        if len(lines) == 1 and len(lines[0]) <= LONGEST_LINE:
            return self.tr("Read as {line}").format(line=lines[0])
        n = sum(len(line.split(BETWEEN_NUMBERS)) for line in lines)
        text = (
            self.tr("{n} numbers in one line")
            if len(lines) == 1
            else self.tr("{n} numbers in {lines} lines")
        )
        return text.format(n=n, lines=len(lines))

    def _show(self, digit: str, headline: str, more: str) -> None:
        self._text = ""
        self.digit.setText(digit)
        self.digit.setVisible(bool(digit))
        self.headline.setText(unbroken(headline))
        self.more.setText(unbroken(more))
        self.setAccessibleName(". ".join(filter(None, (digit, headline, more))))

    def _set_up_labels(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(DIGIT_PX)
        font.setWeight(QFont.Weight.DemiBold)
        self.digit.setFont(font)
        self.digit.setFixedWidth(DIGIT_WIDTH_PX)
        self.digit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.digit.setAccessibleName(self.tr("Digit"))
        self.digit.setProperty("answer", True)
        self.headline.setProperty("heading", True)
        muted(self.more)
        for label in (self.headline, self.more):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


class LinesView(QWidget):
    """A list of numbers, line by line; those to be checked are in brackets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.note = QPlainTextEdit(), muted(QLabel())
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + 3)
        self.text.setFont(font)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Numbers, line by line"))
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text, 1)
        column.addWidget(self.note)

    def show_lines(self, lines: Sequence[str], *, is_image: bool) -> None:
        """Show lines of numbers.

        Args:
            lines: texts of the lines from top to bottom.
            is_image: whether they are from an image file, which ``digitus read`` can also read.
        """
        self.text.setPlainText("\n".join(lines))
        notes = []
        if any("[" in line for line in lines):
            notes.append(self.tr("Numbers in [brackets] are to be checked."))
        if is_image:
            notes.append(self.tr("For a table and marked pages: digitus read FILE"))
        self.note.setText("\n".join(notes))
        self.note.setVisible(bool(notes))
