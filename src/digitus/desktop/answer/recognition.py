"""Recognition off the GUI thread: the window stays smooth, and only the latest wish counts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from digitus.data.corrections import DrawnStrokes, Source
from digitus.errors import DigitusError
from digitus.imaging.arrays import Grey
from digitus.recognizer import Prediction, Recognizer

DEBOUNCE_MS = 4
"""Strokes and clicks that come together, as undo held down, are one wish."""

SLOW_MS = 400
MOMENT_S = 1.0


@dataclass(frozen=True, eq=False)
class Answer:
    """What was recognized.

    Attributes:
        prediction: of the one digit.
        page: (rows, cols), 0.0 black to 1.0 white, of an opened image; None for others.
        lines: what stands on an image or drawing of several digits, line by line; a number to be
            checked is in brackets; empty for one digit.
        drawing: the strokes that were read; None for images.
    """

    prediction: Prediction
    page: Grey | None = None
    lines: tuple[str, ...] = ()
    drawing: DrawnStrokes | None = None

    @property
    def source(self) -> Source:
        """Where the image came from."""
        if self.drawing is not None:
            return "drawing"
        return "test_set" if self.page is None else "image"


Job: TypeAlias = Callable[[], Answer]
Read: TypeAlias = Callable[[Recognizer], Answer]


class Recognition(QObject):
    """Does jobs one after the other; a new wish replaces the one that still waits.

    Signals:
        answered: an ``Answer``, of the latest wish only.
        failed: one sentence, of the latest wish only.
        slow: the answer takes longer than people wait without wondering.
    """

    answered = Signal(object)
    failed = Signal(str)
    slow = Signal()
    _done = Signal(int, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: Job | None = None
        self._number = 0
        self._busy = False
        self._timer = QTimer(self, interval=DEBOUNCE_MS, singleShot=True)
        self._timer.timeout.connect(self._send)
        self._slow = QTimer(self, interval=SLOW_MS, singleShot=True)
        self._slow.timeout.connect(self.slow)
        self._done.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._jobs: SimpleQueue[tuple[int, Job] | None] = SimpleQueue()
        # A daemon, so that a program that ends in any other way than by closing still ends.
        self._thread = Thread(target=self._work, name="digitus-recognition", daemon=True)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is wished and nothing is being done."""
        return not self._busy and self._wish is None

    def request(self, job: Job) -> None:
        """Wish for an answer; whatever was wished before no longer counts."""
        self._number += 1
        self._wish = job
        self._timer.start()

    def forget(self) -> None:
        """Wish for nothing; an answer that is under way no longer counts."""
        self._number += 1
        self._wish = None
        self._timer.stop()
        self._slow.stop()

    def stop(self) -> None:
        """End the thread; a job that takes longer than a moment is left to end by itself."""
        self.forget()
        self._jobs.put(None)
        self._thread.join(MOMENT_S)

    def _send(self) -> None:
        if self._busy or self._wish is None:
            return
        job, self._wish, self._busy = self._wish, None, True
        self._jobs.put((self._number, job))
        self._slow.start()

    def _receive(self, number: int, answer: Answer | None, complaint: str) -> None:
        self._busy = False
        self._slow.stop()
        if number == self._number:
            if answer is None:
                self.failed.emit(complaint)
            else:
                self.answered.emit(answer)
        if self._wish is not None and not self._timer.isActive():
            self._send()

    def _work(self) -> None:
        """Do the jobs as they come; this is the other thread."""
        while (task := self._jobs.get()) is not None:
            number, job = task
            answer, complaint = _do(job)
            with suppress(RuntimeError):  # the window is gone, so nobody asks any more
                self._done.emit(number, answer, complaint)


def _do(job: Job) -> tuple[Answer | None, str]:
    """Do a job; give its answer, or a sentence on what went wrong."""
    try:
        return job(), ""
    except (DigitusError, ValueError) as error:
        return None, str(error)
    except Exception as error:  # a window must not die of one image
        text = f"the recognition failed ({type(error).__name__}: {error}); try another model"
        return None, text
