"""The dialog that lists all keys, grouped by menu."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.actions import plain_text
from digitus.desktop.look.widgets import heading

ROWS = 20  # in a column


@dataclass(frozen=True)
class KeyGroup:
    """The keys of a menu: its name, and pairs of action and key."""

    name: str
    keys: Sequence[tuple[str, str]]


class KeysDialog(QDialog):
    """All actions with their keys."""

    def __init__(self, groups: Sequence[KeyGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(18)
        row = QHBoxLayout()
        row.setSpacing(36)
        for several in _columns([*groups, self._test_set(), self._table()]):
            row.addLayout(_column(several))
        column.addLayout(row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _test_set(self) -> KeyGroup:
        """Return the keys of the test set, which are not in a menu."""
        tr = self.tr
        keys = (
            (tr("Previous image"), "PgUp"),
            (tr("Next image"), "PgDown"),
            (tr("Random image"), "R"),
            (tr("Go to a number"), "G"),
            (tr("Only mistakes"), "M"),
            (tr("Reset the score"), "Z"),
            (tr("Fetch MNIST, or stop"), "F"),
        )
        return KeyGroup(
            tr("On the test set"), [(text, _native(QKeySequence(key))) for text, key in keys]
        )

    def _table(self) -> KeyGroup:
        """Return the keys of the table of numbers."""
        tr = self.tr
        keys = (
            (tr("Correct the number"), "Return"),
            (tr("Delete the number"), "Del"),
            (tr("Undo a correction"), "Ctrl+Z"),
            (tr("Take an alternative"), "Alt+1"),
            (tr("Take the second one"), "Alt+2"),
            (tr("Take the third one"), "Alt+3"),
        )
        return KeyGroup(
            tr("In the table of numbers"),
            [(text, _native(QKeySequence(key))) for text, key in keys],
        )


def groups_of(bar: QMenuBar) -> list[KeyGroup]:
    """Return the keys of a menu bar, one group for each menu and submenu."""
    found: list[KeyGroup] = []
    for action in bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            _collect(menu, found)
    return found


def _collect(menu: QMenu, found: list[KeyGroup]) -> None:
    actions = [action for action in menu.actions() if not action.isSeparator()]
    own = [one for one in actions if one.menu() is None]
    keys = [(plain_text(one), _native(one.shortcut())) for one in own]
    found.append(KeyGroup(menu.title().replace("&", ""), keys))
    for action in actions:
        inner = action.menu()
        if isinstance(inner, QMenu):
            _collect(inner, found)


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _columns(groups: Sequence[KeyGroup]) -> list[list[KeyGroup]]:
    """Distribute groups to columns of at most ``ROWS`` rows, if each group fits."""
    columns: list[list[KeyGroup]] = [[]]
    for group in groups:
        rows = sum(len(one.keys) + 1 for one in [*columns[-1], group])
        if columns[-1] and rows > ROWS:
            columns.append([])
        columns[-1].append(group)
    return columns


def _column(groups: Sequence[KeyGroup]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(6)
    row = 0
    for group in groups:
        grid.addWidget(heading(QLabel(group.name)), row, 0, 1, 2)
        for text, key in group.keys:
            row += 1
            _add_row(grid, text, key, row=row)
        row += 1
    grid.setRowStretch(row, 1)
    return grid


def _add_row(grid: QGridLayout, text: str, key: str, *, row: int) -> None:
    shown = QLabel(key)
    shown.setProperty("quiet", True)
    grid.addWidget(QLabel(text), row, 0)
    grid.addWidget(shown, row, 1)
