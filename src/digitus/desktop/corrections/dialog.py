"""The dialog that shows, deletes and exports corrections."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from digitus.data.corrections import Correction, CorrectionStore
from digitus.desktop.look.painting import Shades, image_of
from digitus.desktop.look.widgets import muted, named
from digitus.errors import DataError, DigitusError

ICON_PX = 84  # three screen pixels for each pixel of a patch
_CELL = QSize(136, 126)


class CorrectionsDialog(QDialog):
    """The corrections as a list of images that can be deleted and exported.

    Args:
        store: the corrections.
        choose_folder: ask for the folder to export to; an empty text cancels.
        confirm: ask a question; return whether the answer was yes.
    """

    def __init__(
        self,
        store: CorrectionStore,
        *,
        choose_folder: Callable[[], str] | None = None,
        confirm: Callable[[str], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._choose_folder = choose_folder or self._ask_folder
        self._confirm = confirm or self._ask
        self.list, self.message = QListWidget(), muted(QLabel())
        self.delete_button = self._button(
            self.tr("Delete"), "Del", self.tr("Delete what is selected")
        )
        self.export_button = self._button(
            self.tr("Export …"), "Ctrl+E", self.tr("Copy all to a folder for digitus train --data")
        )
        self.close_button = self._button(self.tr("Close"), "Ctrl+W", self.tr("Close this list"))
        self._set_up()
        self._lay_out()
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return a size for four images in a row."""
        return QSize(620, 460)

    def refresh(self) -> None:
        """List the corrections, newest first."""
        self.list.clear()
        try:
            listing = self._store.listing()
        except DigitusError as error:
            self._show(str(error))
            return
        problems = list(listing.problems)
        for correction in reversed(listing.corrections):
            try:
                self.list.addItem(self._item(correction))
            except DataError as error:
                problems.append(str(error))
        self._show(self._summary(), *problems)
        self._enable()

    def delete_selected(self) -> None:
        """Delete the selected corrections after a confirmation."""
        chosen = [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]
        question = self.tr("Delete {n} corrections? They cannot be restored.")
        if len(chosen) == 1:
            question = self.tr("Delete one correction? It cannot be restored.")
        if not chosen or not self._confirm(question.format(n=len(chosen))):
            return
        try:
            for correction in chosen:
                self._store.delete(correction)
        except DigitusError as error:
            self._show(str(error))
            return
        self.refresh()

    def export(self) -> None:
        """Copy all corrections to a folder that the user chooses."""
        folder = self._choose_folder()
        if not folder:
            return
        try:
            n = self._store.copy_to(folder)
        except DigitusError as error:
            self._show(str(error))
            return
        text = self.tr("{n} corrections in {folder}; train with: digitus train --data {folder}")
        if n == 1:
            text = self.tr("One correction in {folder}; train with: digitus train --data {folder}")
        self._show(text.format(n=n, folder=Path(folder)))

    # Building

    def _item(self, correction: Correction) -> QListWidgetItem:
        patch = self._store.patch(correction)
        pixmap = QPixmap.fromImage(image_of(Shades.of(self.palette()).ink_pixels(patch)))
        side = round(ICON_PX * self.devicePixelRatio())
        pixmap = pixmap.scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.FastTransformation,
        )
        pixmap.setDevicePixelRatio(self.devicePixelRatio())
        item = QListWidgetItem(QIcon(pixmap), self._caption(correction))
        item.setData(Qt.ItemDataRole.UserRole, correction)
        item.setToolTip(
            f"{self._sentence(correction)}\n{correction.date}  {correction.model}".rstrip()
        )
        item.setData(Qt.ItemDataRole.AccessibleTextRole, self._sentence(correction))
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        return item

    def _caption(self, correction: Correction) -> str:
        text = self.tr("{label}, read as {answer}")
        if correction.answer is None:
            text = self.tr("{label}, not answered")
        return text.format(label=correction.label, answer=correction.answer)

    def _sentence(self, correction: Correction) -> str:
        text = self.tr("This is {label}; it was read as {answer}")
        if correction.answer is None:
            text = self.tr("This is {label}; it was not answered")
        return text.format(label=named(correction.label), answer=correction.answer)

    def _summary(self) -> str:
        n = self.list.count()
        if n == 0:
            return self.tr("No corrections yet. Correct a wrong answer to add one.")
        if n == 1:
            return self.tr("One correction, kept in {folder}").format(folder=self._store.folder)
        return self.tr("{n} corrections, kept in {folder}").format(n=n, folder=self._store.folder)

    def _show(self, *sentences: str) -> None:
        self.message.setText("\n".join(sentences))

    def _enable(self) -> None:
        self.delete_button.setEnabled(bool(self.list.selectedItems()))
        self.export_button.setEnabled(self.list.count() > 0)

    def _button(self, text: str, key: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setShortcut(QKeySequence(key))
        button.setToolTip(f"{tip} ({button.shortcut().toString()})")
        button.setAutoDefault(False)
        return button

    def _set_up(self) -> None:
        self.setWindowTitle(self.tr("Corrections"))
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setIconSize(QSize(ICON_PX, ICON_PX))
        self.list.setGridSize(_CELL)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(self.tr("Corrections"))
        self.list.itemSelectionChanged.connect(self._enable)
        self.delete_button.clicked.connect(self.delete_selected)
        self.export_button.clicked.connect(self.export)
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        buttons.addWidget(self.export_button)
        buttons.addWidget(self.close_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 16, 16, 16)
        rows.setSpacing(12)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.message)
        rows.addLayout(buttons)

    # Asking

    def _ask_folder(self) -> str:
        return QFileDialog.getExistingDirectory(self, self.tr("Export to an empty folder"))

    def _ask(self, question: str) -> bool:
        yes = QMessageBox.StandardButton.Yes
        return QMessageBox.question(self, self.windowTitle(), question) == yes
