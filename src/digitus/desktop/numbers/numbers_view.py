"""The table of the numbers on a page, which can be corrected in place."""

from typing import TypeAlias

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitus.desktop.answer.percents import NO_BREAK, unbroken
from digitus.desktop.look.widgets import muted
from digitus.desktop.numbers.table_layout import Entry, EntryPlace, Row, table_of
from digitus.percent import percent
from digitus.reader.results.reading import PageReading

ROW_PX = 34
SMALLEST_COLUMN_PX = 48  # five columns fit in the smallest window
EDITOR_PX = 120
CELL_MARGIN_PX = 14
MOST_ALTERNATIVES = 3
DOUBT_ALPHA = 46  # of the color behind a number to check
_ENTRY = Qt.ItemDataRole.UserRole
_Index: TypeAlias = QModelIndex | QPersistentModelIndex


class NumbersView(QWidget):
    """A table of numbers as they lie on the page, and a line on the selected one.

    Typing or Enter corrects the selected number; Alt with 1 to 3 takes one of its alternatives.
    Delete removes it, and Ctrl+Z undoes the last correction or deletion.

    Attributes:
        rows: what is shown.
        can_undo: whether there is a correction that can be undone.

    Signals:
        corrected: the place of a number or a cell, and its new text; an empty text deletes it.
        undone: the last correction is to be undone.
        chosen: the box of the selected entry; None if there is none.
    """

    corrected = Signal(object, str)
    undone = Signal()
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.can_undo = False
        self._keeps_place = False
        self.table, self.note = QTableWidget(), muted(QLabel())
        self._set_up()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)

    def show_page(self, page: PageReading) -> None:
        """Show the numbers of a page; after a correction, the selected place stays selected."""
        at = self._at() if self._keeps_place else (-1, -1)
        self.rows = table_of(page)
        blocked = self.table.blockSignals(True)
        self._fill()
        self.table.blockSignals(blocked)
        self.table.setCurrentCell(*at)
        if not self._keeps_place:
            self.table.scrollToTop()
        self._show_note()

    def choose(self, place: EntryPlace) -> None:
        """Select a number."""
        at = next((spot for spot, entry in self._entries() if entry.place == place), None)
        if at is not None:
            self.table.setCurrentCell(*at)

    def current(self) -> Entry | None:
        """Return the selected entry; None if there is none."""
        item = self.table.currentItem()
        entry = None if item is None else item.data(_ENTRY)
        return entry if isinstance(entry, Entry) else None

    def take_alternative(self, number: int) -> None:
        """Correct the selected number to one of its alternatives, from 1."""
        entry = self.current()
        if entry is not None and number <= len(entry.alternatives):
            self.correct(entry.alternatives[number - 1][0])

    def correct(self, text: str) -> None:
        """Correct the selected number, and go on to the next one to check."""
        entry = self.current()
        if entry is None:
            return
        here = self._at()
        if text != entry.text or entry.to_check:
            self._keeps_place = True
            self.corrected.emit(entry.place, text)
            self._keeps_place = False
        after = [spot for spot, one in self._entries() if one.to_check and spot > here]
        if after:
            self.table.setCurrentCell(*after[0])

    def delete(self) -> None:
        """Delete the selected number; for a cell without one, confirm that."""
        self.correct("")

    def undo(self) -> None:
        """Undo the last correction or deletion."""
        if self.can_undo:
            self._keeps_place = True
            self.undone.emit()
            self._keeps_place = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the keys of the table: Enter, Delete, Ctrl+Z, and Alt with a digit."""
        if watched is not self.table or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if self.can_undo and event.matches(QKeySequence.StandardKey.Undo):
            event.accept()  # the key would else undo a stroke of the drawing
            if event.type() == QEvent.Type.KeyPress:
                self.undo()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._edit()
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
            return True
        choice = event.key() - Qt.Key.Key_0
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and 1 <= choice <= MOST_ALTERNATIVES:
            self.take_alternative(choice)
            return True
        return False

    def _edit(self) -> None:
        """Edit the selected number, unless Enter has just ended that."""
        entry, is_open = self.current(), self.table.findChild(QLineEdit) is not None
        if entry is not None and not is_open:
            self.table.editItem(self.table.currentItem())

    def _at(self) -> tuple[int, int]:
        return self.table.currentRow(), self.table.currentColumn()

    # Building

    def _set_up(self) -> None:
        table = self.table
        table.setAccessibleName(self.tr("Numbers, as they lie on the page"))
        table.setItemDelegate(_NumberDelegate(self))
        table.installEventFilter(self)
        table.setTabKeyNavigation(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed)
        for header in (table.horizontalHeader(), table.verticalHeader()):
            header.hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.horizontalHeader().setMinimumSectionSize(SMALLEST_COLUMN_PX)
        mode = QHeaderView.ResizeMode.ResizeToContents
        table.horizontalHeader().setSectionResizeMode(mode)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.currentCellChanged.connect(lambda *_: self._show_note())
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + 2)
        table.setFont(font)
        self.note.setWordWrap(True)
        self.note.setFixedHeight(2 * self.note.fontMetrics().height() + 2)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def _fill(self) -> None:
        self.table.clear()
        self.table.setRowCount(len(self.rows))
        self.table.setColumnCount(max(map(len, self.rows), default=0))
        for row in range(self.table.rowCount()):
            for column in range(self.table.columnCount()):
                given = self.rows[row]
                entry = given[column] if column < len(given) else None
                self.table.setItem(row, column, self._item(entry))

    def _item(self, entry: Entry | None) -> QTableWidgetItem:
        item = QTableWidgetItem("" if entry is None else entry.text or self._word(entry))
        item.setData(_ENTRY, entry)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if entry is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags)
        if entry is None:
            return item
        if entry.verdict != "digit":
            item.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
            small = QFont(self.font())
            small.setItalic(True)
            small.setPointSizeF(small.pointSizeF() - 1)
            item.setFont(small)
        if entry.to_check:
            color = QColor(self.palette().color(QPalette.ColorRole.LinkVisited))
            color.setAlpha(DOUBT_ALPHA)
            item.setBackground(color)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {self._state(entry)}")
        item.setToolTip(self._state(entry))
        return item

    def _word(self, entry: Entry) -> str:
        words = {
            "struck_out": self.tr("struck out"),
            "word": self.tr("word"),
            "not_a_digit": self.tr("no number"),
        }
        return words.get(entry.verdict, "")

    def _state(self, entry: Entry) -> str:
        """Return what is known about an entry, for its tool tip."""
        sure = "" if entry.confidence is None else f"{unbroken(percent(entry.confidence))} "
        if entry.confidence == 1.0:
            return self.tr("corrected")
        if entry.to_check:
            return (sure + self.tr("sure, to be checked")) if sure else self.tr("to be checked")
        return (sure + self.tr("sure")) if sure else ""

    def _entries(self) -> list[tuple[tuple[int, int], Entry]]:
        """Return row and column, and the entry, of all that is not None."""
        return [
            ((i, j), entry)
            for i, row in enumerate(self.rows)
            for j, entry in enumerate(row)
            if entry is not None
        ]

    def _show_note(self) -> None:
        entry = self.current()
        self.chosen.emit(None if entry is None else entry.box)
        self.note.setText(self._summary() if entry is None else self._note(entry))

    def _summary(self) -> str:
        n = sum(entry.to_check for _, entry in self._entries())
        if n == 0:
            return self.tr("Type into a cell to correct it.")
        text = self.tr("One to check, in color.") if n == 1 else self.tr("{n} to check, in color.")
        return text.format(n=n) + " " + self.tr("Type into a cell to correct it.")

    def _note(self, entry: Entry) -> str:
        """Return the state of the selected entry and the keys of its alternatives."""
        state = self._state(entry) or self._word(entry)
        if entry.alternatives:  # the color says that it is to be checked
            state = state.partition(",")[0]
        parts = [state]
        for key, (text, share) in enumerate(entry.alternatives[:MOST_ALTERNATIVES], start=1):
            rounded = f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
            parts.append(f"Alt+{key}: {text} ({rounded})".replace(" ", NO_BREAK))
        if not entry.alternatives and entry.confidence != 1.0:
            parts.append(self.tr("type to correct it"))
        return " · ".join(filter(None, parts))


class _NumberDelegate(QStyledItemDelegate):
    """Edits a number; what is typed is emitted by the view."""

    def __init__(self, view: NumbersView) -> None:
        super().__init__(view)
        self._view = view

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return a field for the text."""
        editor = QLineEdit(parent)
        editor.setProperty("in_cell", True)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setAccessibleName(self.tr("Correct number"))
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        """Make the field wide enough for a number that is longer than the one read."""
        place = option.rect
        missing = max(0, EDITOR_PX - place.width())
        editor.setGeometry(place.adjusted(-min(missing, place.left()), 0, 0, 0))
        if editor.width() < EDITOR_PX:
            editor.resize(EDITOR_PX, editor.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size with room beside the text."""
        return super().sizeHint(option, index) + QSize(CELL_MARGIN_PX, 0)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show the number; the words for a cell without one are no text to change."""
        entry = index.data(_ENTRY)
        if isinstance(editor, QLineEdit) and isinstance(entry, Entry):
            editor.setText(entry.text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        """Emit the text once the field is closed, as the table is filled anew then."""
        if isinstance(editor, QLineEdit):
            text = editor.text()
            QTimer.singleShot(0, self._view, lambda: self._view.correct(text))
