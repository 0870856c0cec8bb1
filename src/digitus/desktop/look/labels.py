"""Words and labels as this window writes them: digits with their article, quiet text, headings."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def named(digit: int) -> str:
    """Name a digit with its article.

    >>> named(7), named(8)
    ('a 7', 'an 8')
    """
    text = QCoreApplication.translate("words", "a {digit}")
    if digit == 8:
        text = QCoreApplication.translate("words", "an {digit}")
    return text.format(digit=digit)


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
