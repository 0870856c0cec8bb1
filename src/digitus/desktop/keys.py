"""The list of all keys."""

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from digitus.desktop.actions import plain_text

ROWS = 15


class KeysDialog(QDialog):
    """What can be done, and with which key."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(18)
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        for at, action in enumerate(actions):
            _add_row(grid, action, row=at % ROWS, column=2 * (at // ROWS))
        column.addLayout(grid)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)


def _add_row(grid: QGridLayout, action: QAction, *, row: int, column: int) -> None:
    key = QLabel(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
    key.setProperty("quiet", True)
    grid.addWidget(QLabel(plain_text(action)), row, column)
    grid.addWidget(key, row, column + 1)
