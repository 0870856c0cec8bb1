"""The dialog that asks for the true digit of an image."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.look.widgets import named

COLUMNS = 5
BUTTON_PX = (50, 44)


class DigitChoice(QDialog):
    """Ten buttons for the digits; the digit keys choose too.

    Enter and Escape cancel: only a digit keeps a correction.

    Attributes:
        digit: the chosen digit; None if there is none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit: int | None = None
        self.setWindowTitle(self.tr("Correct the answer"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        question = QLabel(self.tr("Which digit is it?"))
        question.setProperty("heading", True)
        note = QLabel(self.tr("The correction is kept on this computer."))
        note.setProperty("quiet", True)
        column.addWidget(question)
        column.addWidget(note)
        column.addLayout(self._buttons())
        buttons = self._cancel()
        column.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setFocus()

    def place_over(self, widget: QWidget) -> None:
        """Move the dialog to the middle of a widget, so that what is beside it stays visible."""
        self.adjustSize()
        free = widget.size() - self.size()
        self.move(widget.mapToGlobal(QPoint(free.width() // 2, max(free.height() // 3, 0))))

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
            button.setMinimumSize(*BUTTON_PX)
            button.setAutoDefault(False)
            button.setAccessibleName(self.tr("It is {digit}").format(digit=named(digit)))
            button.setToolTip(self.tr("Key {digit}").format(digit=digit))
            button.clicked.connect(lambda _=False, chosen=digit: self._choose(chosen))
            grid.addWidget(button, digit // COLUMNS, digit % COLUMNS)
        return grid

    def _cancel(self) -> QDialogButtonBox:
        """Return the button that keeps no correction."""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setToolTip(self.tr("Keep no correction  (Esc)"))
        return buttons

    def _choose(self, digit: int) -> None:
        self.digit = digit
        self.accept()
