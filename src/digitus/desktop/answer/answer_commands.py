"""What can be done with an answer: save the drawing, copy the text, keep a correction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from digitus.data.corrections import Correction, CorrectionStore
from digitus.data.sources.watching import Watch
from digitus.desktop.answer.answer import Answer, ReadPage
from digitus.desktop.answer.patch_view import patch_image
from digitus.desktop.background import Task
from digitus.desktop.canvas.canvas import Canvas
from digitus.desktop.corrections.ask_digit import DigitChoice
from digitus.desktop.look.widgets import named
from digitus.errors import DigitusError, WriteError
from digitus.files import replacing
from digitus.imaging.arrays import Patch
from digitus.recognizer import Prediction


@dataclass(frozen=True)
class ShownAnswer:
    """The answer on the screen.

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


class AnswerCommands(QObject):
    """Saves, copies and corrects the answer that is shown.

    Attributes:
        store: the corrections.

    Signals:
        reported: one sentence on what was done, or on what went wrong.
    """

    reported = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self.store = window, CorrectionStore()
        self._saving: Task | None = None

    def save(self, canvas: Canvas, shown: ShownAnswer | None) -> None:
        """Ask for a file; save the drawing, and its patch if it has been read."""
        title, kinds = self.tr("Save the drawing"), self.tr("PNG images (*.png)")
        path = QFileDialog.getSaveFileName(self._window, title, "digit.png", kinds)[0]
        if path:
            patch = None if shown is None else shown.prediction.patch
            self._try(lambda: self._saved(save_drawing(path, canvas.image(), patch)))

    def save_numbers(self, pages: Callable[[Watch], Sequence[ReadPage]]) -> None:
        """Ask for a file; read the pages that are missing, and save the numbers of all.

        Args:
            pages: returns the pages and reports its progress; called in a thread of its own.
        """
        title = self.tr("Save the numbers")
        kinds = self.tr("Tables (*.csv);;Workbooks (*.xlsx)")
        path, kind = QFileDialog.getSaveFileName(self._window, title, "numbers.csv", kinds)
        if not path:
            return
        if "xlsx" in kind and path.endswith(".csv"):
            path = f"{path.removesuffix('.csv')}.xlsx"

        def work(watch: Watch) -> Path:
            from digitus.desktop.numbers.saving import save_numbers

            return save_numbers(path, pages(watch))

        self._saving = task = Task(work)
        task.progressed.connect(self._report_page)
        task.done.connect(lambda file: self.reported.emit(self._saved([file])))
        task.failed.connect(self.reported)
        task.start()

    def _report_page(self, what: str, done: int, total: int) -> None:
        text = self.tr("Reading page {page} of {n}")
        self.reported.emit(text.format(page=done + 1, n=total))

    def copy(self, shown: ShownAnswer | None) -> None:
        """Copy the answer to the clipboard, if there is one."""
        if shown is None:
            return
        QApplication.clipboard().setText(shown.text)
        self.reported.emit(self.tr("Copied: {text}").format(text=shown.text))

    def correct(self, shown: ShownAnswer | None, *, over: QWidget) -> None:
        """Ask for the true digit, and keep it with the patch.

        Args:
            shown: the answer.
            over: the widget that the question may cover; the image stays visible.
        """
        if shown is None:
            return
        choice = DigitChoice(self._window)
        choice.place_over(over)
        if choice.exec() == QDialog.DialogCode.Accepted and choice.digit is not None:
            digit = choice.digit
            self._try(lambda: self._kept(shown, digit))
        choice.deleteLater()

    def show_corrections(self) -> None:
        """Open the list of corrections."""
        from digitus.desktop.corrections.dialog import CorrectionsDialog

        dialog = CorrectionsDialog(self.store, parent=self._window)
        dialog.exec()
        dialog.deleteLater()

    def _kept(self, shown: ShownAnswer, digit: int) -> str:
        """Keep a correction; return the sentence for the status bar."""
        found = shown.prediction
        if found.patch is None:
            return self.tr("There is nothing to correct.")
        if found.digit == digit:
            return self.tr("It was read as {digit}: nothing to correct.").format(digit=named(digit))
        correction = Correction(
            label=digit,
            answer=found.digit,
            confidence=found.confidence,
            model=shown.model,
            source_kind=shown.answer.source_kind,
            drawing=shown.answer.drawing,
        )
        self.store.add(found.patch, correction)
        return self.tr("Kept as {digit} in your corrections.").format(digit=named(digit))

    def _saved(self, files: list[Path]) -> str:
        return self.tr("Saved {files}").format(files=", ".join(map(str, files)))

    def _try(self, work: Callable[[], str]) -> None:
        try:
            self.reported.emit(work())
        except (DigitusError, OSError) as error:
            self.reported.emit(str(error))


def save_drawing(target: str | Path, image: QImage, patch: Patch | None) -> list[Path]:
    """Write the drawing, and beside it the patch if there is one; return the files written.

    Args:
        target: a PNG; the suffix is added if it is missing.
        image: the drawing.
        patch: (28, 28), 0.0 paper to 1.0 full ink.

    Raises:
        WriteError: if a file cannot be written.
    """
    target = Path(target)
    if target.suffix.lower() != ".png":
        target = target.with_name(f"{target.name}.png")
    images = {target: image}
    if patch is not None:
        images[target.with_name(f"{target.stem}-patch.png")] = patch_image(patch)
    for path, each in images.items():
        _save_png(path, each)
    return list(images)


def _save_png(path: Path, image: QImage) -> None:
    with replacing(path) as draft:
        if not image.save(str(draft), "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
            raise WriteError(f"{path}: cannot be written; free some space or choose another place")
