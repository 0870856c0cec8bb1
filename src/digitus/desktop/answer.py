"""The answer: a large digit, how sure it is, what else it could be, and the verdict in words."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from digitus.desktop.percents import percent, unbroken
from digitus.desktop.recognition import Answer
from digitus.recognizer import Prediction

DIGIT_PX, DIGIT_WIDTH_PX = 76, 60


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
        """Say what was read."""
        if answer.lines:
            self._say("", self.tr("Several digits"), "\n".join(answer.lines))
            self._copied = "\n".join(answer.lines)
        elif answer.prediction.verdict == "blank" and answer.page is not None:
            self._say("", self.tr("Empty picture"), self.tr("There is no ink to read."))
        else:
            self._show_prediction(answer.prediction)

    def text(self) -> str:
        """Give the answer for the clipboard; empty where there is none."""
        return self._copied

    def _show_prediction(self, found: Prediction) -> None:
        if found.best_guess is None or found.confidence is None:
            self._say("", self.tr("Empty canvas"), self.tr("Draw a digit from 0 to 9."))
        elif found.digit is None:
            guess = self.tr("At best a {digit}: {sure}")
            text = guess.format(digit=found.best_guess, sure=percent(found.confidence))
            self._say("", self.tr("That does not look like a digit"), text)
        else:
            sure = self.tr("{sure} sure").format(sure=percent(found.confidence))
            self._say(str(found.digit), sure, self._runner_up(found))
            self._copied = f"{found.digit} ({sure})"

    def _runner_up(self, found: Prediction) -> str:
        if found.runner_up is None:
            return ""
        digit, share = found.runner_up
        return self.tr("Otherwise a {digit}: {share}").format(digit=digit, share=percent(share))

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
