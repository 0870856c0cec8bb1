"""Labels as this window writes them: quiet ones, and headings."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def muted(label: QLabel) -> QLabel:
    """Let a label recede, where the window's style sheet is in force."""
    label.setProperty("quiet", True)
    return label


def heading(label: QLabel, *, points: int = 1) -> QLabel:
    """Let a label stand out: bold, and so many points larger."""
    font = QFont(label.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() + points)
    label.setFont(font)
    return label
