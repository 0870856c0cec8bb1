"""The page shown while MNIST is not loaded: a sentence, a button and a progress bar."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from digitus.data import DataSet, Samples, load
from digitus.data.sources.watching import Watch
from digitus.desktop.background import Task
from digitus.errors import DownloadError

Load = Callable[..., DataSet]

_MB = 1_000_000
_STEPS = 1000


class FetchPage(QWidget):
    """Loads the test images from this machine, or fetches them.

    Args:
        load: loads the data set, as `digitus.data.load`.

    Signals:
        loaded: the test images, as ``Samples``.
    """

    loaded = Signal(object)

    def __init__(self, load: Load = load, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._task: Task | None = None
        self.sentence, self.bar, self.button = QLabel(), QProgressBar(), QPushButton()
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar.setAccessibleName(self.tr("Progress of the fetch"))
        self.bar.setFixedWidth(280)
        self.bar.setTextVisible(False)  # the sentence above has the numbers
        self.button.setShortcut("F")
        self.button.clicked.connect(self._press)
        rows = QVBoxLayout(self)
        rows.addStretch(1)
        rows.addWidget(self.sentence)
        rows.addSpacing(8)
        for widget in (self.bar, self.button):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)  # the layout does not jump
            widget.setSizePolicy(policy)
            rows.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(1)
        self.show_looking()

    # Loading

    @property
    def is_busy(self) -> bool:
        """Whether images are being loaded or fetched."""
        return self._task is not None

    def look(self) -> None:
        """Load the images from this machine only."""
        self.show_looking()
        self._start(offline=True)

    def fetch(self) -> None:
        """Load the images from this machine, else fetch them."""
        self.show_progress("MNIST", 0, 0)
        self._start(offline=False)

    def stop(self) -> None:
        """Stop fetching, and offer to fetch again."""
        if self._task is not None:
            self._task.stop()
            self._task = None
            self.show_absent()

    def _start(self, *, offline: bool) -> None:
        self._task = task = Task(lambda watch: _test_part(self._load, watch, offline))
        task.progressed.connect(self.show_progress)
        task.done.connect(self._finish)
        task.failed.connect(self._fail)
        task.start()

    def _finish(self, samples: Samples | None) -> None:
        self._task = None
        if samples is None:
            self.show_absent()
        else:
            self.loaded.emit(samples)

    def _fail(self, sentence: str) -> None:
        self._task = None
        self.show_failure(sentence)

    def _press(self) -> None:
        if self.is_busy:
            self.stop()
        else:
            self.fetch()

    # Showing

    def show_looking(self) -> None:
        """Show that images are being loaded from the disk."""
        self._show(self.tr("Looking for the test images …"))
        self.button.hide()

    def show_absent(self) -> None:
        """Show that there are no images, and offer to fetch them."""
        text = self.tr("MNIST's test images are not on this machine; fetching takes about 12 MB.")
        self._show(text)
        self._offer(self.tr("Fetch MNIST"), self.tr("Fetch MNIST into the user's cache (F)"))

    def show_failure(self, sentence: str) -> None:
        """Show what went wrong, and offer to try again."""
        self._show(sentence)
        self._offer(self.tr("Try again"), self.tr("Look for MNIST again, and fetch it (F)"))

    def show_progress(self, what: str, done: int, total: int) -> None:
        """Show the bytes fetched so far and in total (0 if unknown), and offer to stop."""
        text = self.tr("Fetching {what}: {done} of {total} MB")
        text = text if total else self.tr("Fetching {what} …")
        parts = {"done": f"{done / _MB:.1f}", "total": f"{total / _MB:.1f}"}
        self.sentence.setText(text.format(what=what, **parts))
        self.bar.setRange(0, _STEPS if total else 0)
        self.bar.setValue(_STEPS * done // total if total else 0)
        self.bar.show()
        self.button.setText(self.tr("Stop"))
        self.button.setToolTip(self.tr("Stop fetching; complete files are kept (F)"))
        self.button.setShortcut("F")
        self.button.show()

    def _show(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.bar.hide()

    def _offer(self, text: str, tip: str) -> None:
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.setShortcut("F")  # setText removes the shortcut
        self.button.show()


def _test_part(load: Load, watch: Watch, offline: bool) -> Samples | None:
    """Return the test images; None if they are not on this machine and ``offline`` is set.

    The training images are not kept: they take 47 MB.
    """
    try:
        return load(
            "mnist", offline=offline, progress=watch.progress, cancelled=watch.cancelled
        ).test
    except DownloadError:
        if offline:
            return None
        raise
