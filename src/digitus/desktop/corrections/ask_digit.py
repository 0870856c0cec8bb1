"""The dialog that asks for the true digit of an image."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from digitus.desktop.look.widgets import named

COLUMNS = 5


class DigitChoice(QDialog):
    """Ten buttons for the digits; the digit keys choose too.

    Attributes:
        digit: the chosen digit; None if there is none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit: int | None = None
        self.setWindowTitle(self.tr("Correct the answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(16)
        question = QLabel(self.tr("Which digit is it?"))
        question.setProperty("heading", True)
        note = QLabel(self.tr("The correction is kept on this computer."))
        note.setProperty("quiet", True)
        column.addWidget(question)
        column.addWidget(note)
        column.addLayout(self._buttons())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a digit by its key."""
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
