"""Actions: each has a text, a key, a tool tip and a name that screen readers say."""

from typing import Protocol

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from digitus.desktop.look.icons import icon

ICON_PX = 18


class Maker(Protocol):
    """What a menu needs to make its actions."""

    def __call__(self, text: str, key: str, *, tip: str, image: str = "") -> QAction:
        """Make an action."""


def maker(owner: QWidget) -> Maker:
    """Return a function that makes actions which work wherever ``owner``'s window has the focus."""

    def make(text: str, key: str, *, tip: str, image: str = "") -> QAction:
        action = QAction(text, owner)
        action.setShortcut(QKeySequence(key))
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip}  ({shown})")
        action.setStatusTip(tip)
        if image:
            action.setIcon(icon(image))
        owner.addAction(action)
        return action

    return make


def plain_text(action: QAction) -> str:
    """Return an action's text without the marks of mnemonics and dialogs."""
    return action.text().replace("&", "").rstrip("…")


def button(action: QAction, *, words: bool = False) -> QToolButton:
    """Make a button for an action: its icon, or its words."""
    made = QToolButton()
    made.setDefaultAction(action)
    style = (
        Qt.ToolButtonStyle.ToolButtonTextOnly if words else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    made.setToolButtonStyle(style)
    made.setIconSize(QSize(ICON_PX, ICON_PX))
    made.setAccessibleName(plain_text(action))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if words:
        made.setText(plain_text(action))
        action.changed.connect(lambda: made.setText(plain_text(action)))
    return made


def segments(actions: list[QAction], name: str) -> QFrame:
    """Make a bar of checkable actions of which one is chosen.

    Args:
        actions: in their order.
        name: what a screen reader calls the bar.
    """
    frame = QFrame()
    frame.setProperty("segments", True)
    frame.setAccessibleName(name)
    row = QHBoxLayout(frame)
    row.setContentsMargins(3, 3, 3, 3)
    row.setSpacing(2)
    for action in actions:
        row.addWidget(button(action, words=True))
    return frame
