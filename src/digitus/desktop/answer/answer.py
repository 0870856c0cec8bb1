"""The answer: a large digit, how sure it is, what else it could be, and the verdict in words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from digitus.desktop.answer.percents import unbroken
from digitus.desktop.answer.recognition import Answer
from digitus.desktop.answer.shares import texts_of
from digitus.desktop.look.labels import named
from digitus.recognizer import Prediction

DIGIT_PX, DIGIT_WIDTH_PX = 76, 60
SHORT = 24  # letters that the words have room for


class AnswerView(QWidget):
    """Says what was read; its parts keep their places whatever the answer."""

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
        """Forget the answer.

        Args:
            hint: what to do next.
        """
        self._say("", self.tr("No answer yet"), hint)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no answer."""
        self._say("", self.tr("No answer"), sentence)

    def show_answer(self, answer: Answer) -> None:
        """Return what was read."""
        if answer.lines:
            self._say("", self.tr("Several digits"), self._summary(answer.lines))
            self._copied = "\n".join(answer.lines)
        elif answer.prediction.verdict == "blank" and answer.page is not None:
            self._say("", self.tr("Empty image"), self.tr("There is no ink to read."))
        else:
            self._show_prediction(answer.prediction)

    def text(self) -> str:
        """Return the answer for the clipboard; empty where there is none."""
        return self._copied

    def _show_prediction(self, found: Prediction) -> None:
        if found.best_guess is None or found.confidence is None:
            self._say("", self.tr("Empty canvas"), self.tr("Draw a digit from 0 to 9."))
        elif found.digit is None:
            guess, share = named(found.best_guess), texts_of(found)[found.best_guess]
            text = self.tr("If it is one, {digit}: {share}").format(digit=guess, share=share)
            self._say("", self.tr("That does not look like a digit"), text)
        else:
            sure = self.tr("{sure} sure").format(sure=texts_of(found)[found.digit])
            self._say(str(found.digit), sure, self._runner_up(found))
            self._copied = f"{found.digit} ({sure})"

    def _runner_up(self, found: Prediction) -> str:
        if found.runner_up is None:
            return ""
        digit = found.runner_up[0]
        text = self.tr("Otherwise {digit}: {share}")
        return text.format(digit=named(digit), share=texts_of(found)[digit])

    def _summary(self, lines: Sequence[str]) -> str:
        if len(lines) == 1 and len(lines[0]) <= SHORT:
            return self.tr("Read as {line}").format(line=lines[0])
        n = sum(len(line.split()) for line in lines)
        text = (
            self.tr("{n} numbers in one line")
            if len(lines) == 1
            else self.tr("{n} numbers in {lines} lines")
        )
        return text.format(n=n, lines=len(lines))

    def _say(self, digit: str, headline: str, more: str) -> None:
        self._copied = ""
        self.digit.setText(digit or "–")
        self.digit.setEnabled(bool(digit))
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
        self.more.setProperty("quiet", True)
        for label in (self.headline, self.more):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
