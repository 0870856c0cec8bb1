"""What is kept of an answer: saved as images, copied as text, corrected for the collection."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from digitus.data.corrections import Correction, CorrectionStore
from digitus.desktop.answer.recognition import Answer
from digitus.desktop.canvas.canvas import Canvas
from digitus.desktop.canvas.saving import save_drawing
from digitus.desktop.corrections.ask_digit import DigitChoice
from digitus.desktop.look.labels import named
from digitus.errors import DigitusError
from digitus.recognizer import Prediction


@dataclass(frozen=True)
class Shown:
    """What is on the screen.

    Attributes:
        answer: what was recognized.
        text: the answer as text.
        model: the name of the model that answered.
    """

    answer: Answer
    text: str
    model: str

    @property
    def prediction(self) -> Prediction:
        """The prediction of the answer."""
        return self.answer.prediction


class Keeping(QObject):
    """Saves, copies and collects.

    Signals:
        told: one sentence on what was done, or what went wrong.
    """

    told = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self.store = window, CorrectionStore()

    def save(self, canvas: Canvas, shown: Shown | None) -> None:
        """Ask for a file and save the drawing, and its patch if it has been read."""
        title, kinds = self.tr("Save the drawing"), self.tr("PNG images (*.png)")
        path = QFileDialog.getSaveFileName(self._window, title, "digit.png", kinds)[0]
        if path:
            patch = None if shown is None else shown.prediction.patch
            self._try(lambda: self._saved(save_drawing(path, canvas.image(), patch)))

    def copy(self, shown: Shown | None) -> None:
        """Put the answer on the clipboard, if there is one."""
        if shown is None:
            return
        QApplication.clipboard().setText(shown.text)
        self.told.emit(self.tr("Copied: {text}").format(text=shown.text))

    def correct(self, shown: Shown | None) -> None:
        """Ask for the true digit and keep it with the drawing."""
        if shown is None:
            return
        choice = DigitChoice(self._window)
        if choice.exec() == QDialog.DialogCode.Accepted and choice.digit is not None:
            digit = choice.digit
            self._try(lambda: self._kept(shown, digit))
        choice.deleteLater()

    def show_collection(self) -> None:
        """List what was corrected."""
        from digitus.desktop.corrections.dialog import CorrectionsDialog

        dialog = CorrectionsDialog(self.store, parent=self._window)
        dialog.exec()
        dialog.deleteLater()

    def _kept(self, shown: Shown, digit: int) -> str:
        found = shown.prediction
        if found.patch is None:
            return self.tr("There is nothing to keep.")
        if found.digit == digit:
            return self.tr("It was read as {digit}: nothing to correct.").format(digit=named(digit))
        correction = Correction(
            label=digit,
            answer=found.digit,
            confidence=found.confidence,
            model=shown.model,
            source=shown.answer.source,
            drawing=shown.answer.drawing,
        )
        self.store.add(found.patch, correction)
        return self.tr("Kept as {digit} in your collection.").format(digit=named(digit))

    def _saved(self, files: list[Path]) -> str:
        return self.tr("Saved {files}").format(files=", ".join(map(str, files)))

    def _try(self, work: Callable[[], str]) -> None:
        try:
            self.told.emit(work())
        except (DigitusError, OSError) as error:
            self.told.emit(str(error))
