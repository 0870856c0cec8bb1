"""One test image with its label, the answer, the score and the controls."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitus.data.samples import SIDE_PX
from digitus.desktop.look.array_images import PixelImage
from digitus.desktop.look.widgets import TickBox, TickOrCross, heading, muted, named
from digitus.desktop.test_set.walk import FULL_INK
from digitus.percent import percent
from digitus.recognizer import Prediction

_SMALLEST_PX = 4 * SIDE_PX


class ImageCard(QWidget):
    """Shows a test image; its signals are the requests of the user.

    Signals:
        random_wanted: a random image.
        step_wanted: the next image by number (+1), or the previous one (-1).
        number_entered: the text typed as a number.
        mistakes_wanted: whether to show mistakes only.
        restart_wanted: reset the score.
    """

    random_wanted = Signal()
    step_wanted = Signal(int)
    number_entered = Signal(str)
    mistakes_wanted = Signal(bool)
    restart_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image, self.mark = PixelImage(_SMALLEST_PX, grows=True), TickOrCross()
        self.label, self.answer = heading(QLabel(), points=2), heading(QLabel(), points=2)
        self.verdict, self.message, self.score = QLabel(), QLabel(), QLabel()
        self.count = muted(QLabel())
        self.number, self.bar = QLineEdit(), QProgressBar()
        self.only_mistakes = TickBox(self.tr("Only &mistakes"))
        self.previous = self._button("\u2039", "PgUp", self.tr("Previous image"))
        self.next = self._button("\u203a", "PgDown", self.tr("Next image"))
        self.random = self._button(self.tr("Random"), "R", self.tr("Random image"))
        self.restart = self._button(self.tr("Start over"), "Z", self.tr("Score from zero"))
        self._set_up()
        self._lay_out()
        self._connect()

    def sizeHint(self) -> QSize:
        """Return a size for an image of ten screen pixels per pixel, and the rows below."""
        return QSize(400, 560)

    @property
    def shows_mistakes_only(self) -> bool:
        """Whether the user wants mistakes only."""
        return self.only_mistakes.isChecked()

    # Showing

    def show_size(self, n: int) -> None:
        """Show how many images there are."""
        tip = self.tr("Number of the image, 0 to {last}; Enter shows it (G)")
        self.number.setToolTip(tip.format(last=n - 1))

    def show_row(self, row: NDArray[np.uint8], *, index: int, label: int) -> None:
        """Show an image of 784 values, 0 paper to 255 ink, its number and its label."""
        self.image.show_values(row.reshape(SIDE_PX, SIDE_PX) / FULL_INK)
        name = self.tr("Test image {index}, {label}").format(index=index, label=named(label))
        self.image.setAccessibleName(name)
        self.number.setText(str(index))
        self._clear_problem()
        self.label.setText(self.tr("Label {digit}").format(digit=label))
        self.answer.clear()
        self.verdict.clear()
        self.mark.show_mark(None)

    def show_answer(self, prediction: Prediction, *, is_right: bool) -> None:
        """Show the answer, and whether it is the label."""
        self.answer.setText(self._answer_text(prediction))
        self.mark.show_mark(is_right)
        declined = prediction.digit is None
        words = self.tr("declined") if declined else self.tr("wrong")
        self.verdict.setText(self.tr("right") if is_right else words)

    def _answer_text(self, prediction: Prediction) -> str:
        if prediction.digit is not None:
            return self.tr("Answer {digit}").format(digit=prediction.digit)
        return self.tr("Blank") if prediction.verdict == "blank" else self.tr("Not a digit")

    def show_score(self, right: int, seen: int) -> None:
        """Show how many of the images seen so far were read correctly."""
        text = self.tr("{right} of {seen} right") if seen else self.tr("No image counted yet")
        share = f" ({percent(right / seen)})" if seen else ""
        self.score.setText(text.format(right=right, seen=seen) + share)
        self.restart.setEnabled(seen > 0)

    def show_progress(self, what: str, done: int, total: int) -> None:
        """Show how many images the search for mistakes has read."""
        self.count.clear()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(self.tr("{done} of {total} read").format(done=done, total=total))
        self.count.hide()
        self.bar.show()

    def show_mistakes(self, wrong: int, declined: int) -> None:
        """Show how many of all images are read wrong, and how many are declined."""
        self.bar.hide()
        text = (
            self.tr("{wrong} wrong, {declined} declined") if declined else self.tr("{wrong} wrong")
        )
        self.count.setText(text.format(wrong=wrong, declined=declined))
        self.count.show()

    def show_all(self) -> None:
        """Leave the mistakes and show all images again."""
        self.bar.hide()
        self.count.clear()
        self._clear_problem()
        blocked = self.only_mistakes.blockSignals(True)
        self.only_mistakes.setChecked(False)
        self.only_mistakes.blockSignals(blocked)

    def show_problem(self, sentence: str) -> None:
        """Show why a request failed."""
        self.message.setText(sentence)
        self.message.setAccessibleName(sentence)
        self._below.setCurrentWidget(self.message)

    def _clear_problem(self) -> None:
        self.message.clear()
        self._below.setCurrentWidget(self.score)

    # Building

    def _button(self, text: str, key: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        QShortcut(
            QKeySequence(key), self, button.click
        )  # a button's own shortcut animates the click first
        button.setToolTip(f"{tip} ({QKeySequence(key).toString()})")
        button.setAccessibleName(tip)
        return button

    def _set_up(self) -> None:
        self.number.setMaxLength(12)
        self.number.setMaximumWidth(90)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setAccessibleName(self.tr("Number of the image"))
        self.only_mistakes.setShortcut("M")
        self.only_mistakes.setToolTip(self.tr("Show only images that are not read correctly (M)"))
        self.bar.setAccessibleName(self.tr("Search for mistakes"))
        self.only_mistakes.setMinimumHeight(
            self.bar.sizeHint().height() + 4
        )  # the bar must not move it
        self.bar.hide()
        muted(self.message).setWordWrap(True)
        self._below = QStackedWidget()  # the score, or why a request failed
        for label in (self.score, self.message):
            self._below.addWidget(label)
        self._below.setFixedHeight(2 * self.message.fontMetrics().height() + 2)

    def _connect(self) -> None:
        self.random.clicked.connect(self.random_wanted)
        self.restart.clicked.connect(self.restart_wanted)
        self.previous.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.next.clicked.connect(lambda: self.step_wanted.emit(1))
        self.number.returnPressed.connect(lambda: self.number_entered.emit(self.number.text()))
        self.only_mistakes.toggled.connect(self.mistakes_wanted)
        QShortcut(QKeySequence("G"), self, self._go_to_number)

    def _go_to_number(self) -> None:
        self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.number.selectAll()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self.image, 1)
        rows.addLayout(_row(self.label, None, self.answer, None, self.mark, self.verdict))
        rows.addLayout(_row(self.previous, self.number, self.next, None, self.random))
        search = _row(self.only_mistakes, self.bar, self.count)
        search.setStretch(1, 1)
        search.setStretch(2, 1)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.addLayout(search)
        score = _row(self._below, self.restart)
        score.setStretch(0, 1)
        rows.addLayout(score)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return a row of widgets; None is a stretch."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
