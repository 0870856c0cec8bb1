"""Asking for the true digit of a wrong answer."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from digitus.desktop.look.widgets import named

COLUMNS = 5


class DigitChoice(QDialog):
    """Ten buttons; a digit's own key chooses it too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit: int | None = None
        self.setWindowTitle(self.tr("Correct the answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(16)
        question = QLabel(self.tr("Which digit is it?"))
        question.setProperty("heading", True)
        note = QLabel(self.tr("It is kept on this computer, in your collection."))
        note.setProperty("quiet", True)
        column.addWidget(question)
        column.addWidget(note)
        column.addLayout(self._buttons())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a digit from the keyboard."""
        if event.text().isdecimal() and event.text().isascii():
            self._choose(int(event.text()))
        else:
            super().keyPressEvent(event)

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        for digit in range(10):
            button = QPushButton(str(digit))
            button.setMinimumSize(56, 48)
            button.setAutoDefault(False)
            button.setAccessibleName(self.tr("It is {digit}").format(digit=named(digit)))
            button.setToolTip(self.tr("Key {digit}").format(digit=digit))
            button.clicked.connect(lambda _=False, chosen=digit: self._choose(chosen))
            grid.addWidget(button, digit // COLUMNS, digit % COLUMNS)
        return grid

    def _choose(self, digit: int) -> None:
        self.digit = digit
        self.accept()
