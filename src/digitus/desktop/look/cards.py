"""Cards: rounded boxes that hold what belongs together."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

PADDING_PX = 14


class Card(QFrame):
    """A rounded box with a column of widgets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        self.column.setSpacing(10)
