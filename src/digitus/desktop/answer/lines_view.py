"""Several numbers, as they stand on the image: a list that scrolls, and where to go on."""

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from digitus.desktop.look.labels import muted


class LinesView(QWidget):
    """Shows lines of numbers; those in brackets are to be checked."""

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

    def show_lines(self, lines: Sequence[str], *, is_page: bool) -> None:
        """Show lines.

        Args:
            lines: from top to bottom.
            is_page: whether they stand on an image, of which there can be a table.
        """
        self.text.setPlainText("\n".join(lines))
        notes = []
        if any("[" in line for line in lines):
            notes.append(self.tr("Numbers in [brackets] are to be checked."))
        if is_page:
            notes.append(self.tr("For a table and marked pages: digitus read FILE"))
        self.note.setText("\n".join(notes))
        self.note.setVisible(bool(notes))
