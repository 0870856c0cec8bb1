"""The answer: a digit or a number with its confidence, the patch, and ten bars or a table."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.answer.answer import BETWEEN_NUMBERS, Answer, ReadPage
from digitus.desktop.answer.bars import Bars
from digitus.desktop.answer.patch_view import PatchView
from digitus.desktop.answer.percents import breakable, shares_of, texts_of, unbroken
from digitus.desktop.look.widgets import Card, muted, named, sentence
from digitus.desktop.numbers.numbers_view import NumbersView
from digitus.imaging.arrays import Patch
from digitus.percent import percent
from digitus.reader.results.grid_numbers import n_to_check
from digitus.recognizer import Prediction

DIGIT_PX, DIGIT_WIDTH_PX = 76, 56
CARD_PX, CARD_OF_PAGE_PX = 160, 112  # heights of the upper card
SMALLEST_NUMBER_PX = 22
NUMBER_SHARE = 0.6  # of the width of the card, at most
LONGEST_LINE = 24  # characters of a line that is shown large


class AnswerPanel(QWidget):
    """Two cards; the table of several numbers has more room than the bars of one digit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer, self.patch, self.bars = AnswerView(), PatchView(), Bars()
        self.numbers = NumbersView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._card = self._answer_card()
        column.addWidget(self._card)
        below, self._below = Card(), QStackedLayout()
        for view in (self.bars, self.numbers):
            self._below.addWidget(view)
        below.column.addLayout(self._below)
        column.addWidget(below, 1)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer; the numbers of several digits take the place of patch and bars."""
        found = answer.prediction
        self.answer.show_answer(answer)
        if answer.page is not None:
            self._empty()
            self.numbers.can_undo = answer.page.before is not None
            self.numbers.show_page(answer.page.on_picture)
            self._below.setCurrentWidget(self.numbers)
            self._card.setFixedHeight(CARD_OF_PAGE_PX)
            return
        self._show_patch(found.patch)
        self._show_bars()
        self.bars.show_probabilities(shares_of(found), winner=found.digit)

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
        self._show_bars()
        self.bars.show_probabilities(None)

    def _show_bars(self) -> None:
        self._below.setCurrentWidget(self.bars)
        self._card.setFixedHeight(CARD_PX)

    def _answer_card(self) -> Card:
        card = Card()
        card.setFixedHeight(CARD_PX)
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
        if answer.page is not None:
            self._show_page(answer.page, answer.lines)
        elif answer.prediction.verdict == "blank" and answer.picture is not None:
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
        elif found.verdict == "several_digits":
            text = self.tr("They could not be read as a number.")
            self._show("", self.tr("More than one digit"), text)
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

    def _show_page(self, page: ReadPage, lines: tuple[str, ...]) -> None:
        """Show a line of numbers as it is written, or how many numbers there are."""
        numbers = list(page.reading.numbers)
        to_check = n_to_check(page.reading)
        note = self.tr("{n} to be checked").format(n=to_check) if to_check else ""
        if len(numbers) == 0:
            self._show("", self.tr("No number found"), self.tr("There is nothing to read here."))
        elif len(lines) == 1 and len(lines[0]) <= LONGEST_LINE:
            (line,) = page.reading.lines
            sure = self._sure(line.confidence)
            note = self.tr("to be checked") if to_check and len(numbers) == 1 else note
            text = BETWEEN_NUMBERS.join(number.text for number in numbers)
            self._show(text, sure, _with_warnings(note, page))
        else:
            headline = self.tr("One number") if len(numbers) == 1 else self.tr("{n} numbers")
            where = self.tr("in one line") if len(lines) == 1 else self.tr("in {n} lines")
            more = ", ".join(filter(None, (where.format(n=len(lines)), note)))
            self._show("", headline.format(n=len(numbers)), _with_warnings(more, page))
        self._text = "\n".join(lines)

    def _sure(self, confidence: float) -> str:
        if confidence == 1.0:
            return self.tr("corrected")
        return self.tr("{sure} sure").format(sure=percent(confidence))

    def _show(self, digit: str, headline: str, more: str) -> None:
        self._text = ""
        self.digit.setText(digit)
        self.digit.setVisible(bool(digit))
        self._fit()
        self.headline.setText(unbroken(headline))
        self.more.setText(unbroken(more))
        self.setAccessibleName(". ".join(filter(None, (digit, headline, more))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit a long number into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Make a number as large as fits beside the words; a digit has its own width."""
        font, text = QFont(self.digit.font()), self.digit.text()
        room = max(DIGIT_WIDTH_PX, int(NUMBER_SHARE * self.width()))
        for size in range(DIGIT_PX, SMALLEST_NUMBER_PX, -2):
            font.setPixelSize(size)
            if len(text) < 2 or QFontMetrics(font).horizontalAdvance(text) <= room:
                break
        self.digit.setFont(font)
        width = QFontMetrics(font).horizontalAdvance(text) + 2
        self.digit.setFixedWidth(DIGIT_WIDTH_PX if len(text) < 2 else width)

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


def _with_warnings(text: str, page: ReadPage) -> str:
    """Add the warnings about a page to a text, each as a sentence."""
    return "\n".join(filter(None, (text, *map(sentence, page.reading.warnings))))
