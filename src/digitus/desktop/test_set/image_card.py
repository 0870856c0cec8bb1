"""The page of one test image: what it is, what it was read as, and where to go next."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from digitus.data.samples import SIDE_PX
from digitus.desktop.answer.percents import percent, texts_of
from digitus.desktop.look.array_images import PixelImage
from digitus.desktop.look.widgets import TickOrCross, heading, muted, named
from digitus.desktop.test_set.walk import FULL_INK
from digitus.recognizer import Prediction

_LEAST_PX = 4 * SIDE_PX


class ImageCard(QWidget):
    """Shows an image with label, answer and score, and tells what is wished.

    Signals:
        random_wanted: the next image at random.
        step_wanted: the next by number (+1), or the one before (-1).
        number_entered: what was typed as a number.
        mistakes_wanted: whether only mistakes are to come.
        restart_wanted: the score is to start over.
    """

    __test__ = False  # the name is no sentence of a test

    random_wanted = Signal()
    step_wanted = Signal(int)
    number_entered = Signal(str)
    mistakes_wanted = Signal(bool)
    restart_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image, self.mark = PixelImage(_LEAST_PX, grows=True), TickOrCross()
        self.label, self.answer = heading(QLabel(), points=4), heading(QLabel(), points=4)
        self.verdict, self.message, self.score = QLabel(), QLabel(), QLabel()
        self.count = muted(QLabel())
        self.number, self.bar = QLineEdit(), QProgressBar()
        self.only_mistakes = QCheckBox(self.tr("Only &mistakes"))
        self.previous = self._button("\u2039", "PgUp", self.tr("Previous image"))
        self.next = self._button("\u203a", "PgDown", self.tr("Next image"))
        self.random = self._button(self.tr("Random"), "R", self.tr("Random image"))
        self.restart = self._button(self.tr("Start over"), "Z", self.tr("Score from zero"))
        self._set_up()
        self._lay_out()
        self._connect()

    def sizeHint(self) -> QSize:
        """Ask for an image of ten pixels a value, and the rows below."""
        return QSize(400, 560)

    @property
    def keeps_to_mistakes(self) -> bool:
        """Whether only mistakes are wished."""
        return self.only_mistakes.isChecked()

    # Showing

    def show_size(self, n: int) -> None:
        """Return how many images there are."""
        tip = self.tr("Number of the image, 0 to {last}; Enter shows it (G)")
        self.number.setToolTip(tip.format(last=n - 1))

    def show_row(self, row: NDArray[np.uint8], *, index: int, label: int) -> None:
        """Show an image of 784 stored values, its number and its label."""
        self.image.show_values(row.reshape(SIDE_PX, SIDE_PX) / FULL_INK)
        name = self.tr("Test image {index}, {label}").format(index=index, label=named(label))
        self.image.setAccessibleName(name)
        self.number.setText(str(index))
        self.message.clear()
        self.label.setText(self.tr("Label {digit}").format(digit=label))
        self.answer.clear()
        self.verdict.clear()
        self.mark.show_mark(None)

    def show_answer(self, prediction: Prediction, *, is_right: bool) -> None:
        """Show what the image was read as, and whether that is its label."""
        self.answer.setText(self._answer_text(prediction))
        self.mark.show_mark(is_right)
        declined = prediction.digit is None
        words = self.tr("declined") if declined else self.tr("wrong")
        sure = "" if prediction.digit is None else texts_of(prediction)[prediction.digit]
        self.verdict.setText(f"{self.tr('right') if is_right else words}  {sure}".rstrip())

    def _answer_text(self, prediction: Prediction) -> str:
        if prediction.digit is not None:
            return self.tr("Answer {digit}").format(digit=prediction.digit)
        return self.tr("Blank") if prediction.verdict == "blank" else self.tr("No digit")

    def show_score(self, right: int, seen: int) -> None:
        """Show how many of the images seen were answered right."""
        text = self.tr("{right} of {seen} right") if seen else self.tr("No image counted yet")
        share = f" ({percent(right / seen)})" if seen else ""
        self.score.setText(text.format(right=right, seen=seen) + share)
        self.restart.setEnabled(seen > 0)

    def show_progress(self, what: str, done: int, total: int) -> None:
        """Show how many images were read in search of mistakes."""
        self.count.clear()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(self.tr("{done} of {total} read").format(done=done, total=total))
        self.bar.show()

    def show_mistakes(self, wrong: int, declined: int) -> None:
        """Return how many of all images are read wrong, and how many are declined."""
        self.bar.hide()
        text = (
            self.tr("{wrong} wrong, {declined} declined") if declined else self.tr("{wrong} wrong")
        )
        self.count.setText(text.format(wrong=wrong, declined=declined))

    def show_all(self) -> None:
        """Go back to all images."""
        self.bar.hide()
        self.count.clear()
        self.message.clear()
        blocked = self.only_mistakes.blockSignals(True)
        self.only_mistakes.setChecked(False)
        self.only_mistakes.blockSignals(blocked)

    def complain(self, sentence: str) -> None:
        """Return what was wrong with a wish."""
        self.message.setText(sentence)
        self.message.setAccessibleName(sentence)

    # Building

    def _button(self, text: str, key: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        QShortcut(QKeySequence(key), self, button.click)  # the button's own waits a while
        button.setToolTip(f"{tip} ({QKeySequence(key).toString()})")
        button.setAccessibleName(tip)
        return button

    def _set_up(self) -> None:
        self.number.setMaxLength(12)
        self.number.setMaximumWidth(90)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setAccessibleName(self.tr("Number of the image"))
        self.only_mistakes.setShortcut("M")
        self.only_mistakes.setToolTip(self.tr("Walk through the images it gets wrong (M)"))
        self.bar.setAccessibleName(self.tr("Search for mistakes"))
        self.only_mistakes.setMinimumHeight(self.bar.sizeHint().height() + 4)  # no jump with it
        self.bar.hide()
        muted(self.message).setWordWrap(True)
        self.message.setMinimumHeight(2 * self.message.fontMetrics().height())

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
        rows.addWidget(self.message)
        rows.addLayout(_row(self.only_mistakes, self.bar, None, self.count))
        rows.addLayout(_row(self.score, None, self.restart))


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Lay widgets in a row; None is a space that grows."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
