"""Recognition in a thread of its own, so that the window stays responsive."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from digitus.desktop.answer.answer import Answer
from digitus.errors import DigitusError

Job: TypeAlias = Callable[[], Answer]


@dataclass(frozen=True)
class Timing:
    """When the recognition acts.

    Attributes:
        debounce_ms: requests within this time, as from a held undo key, become one job.
        slow_ms: after this time without an answer, ``slow`` is emitted.
        stop_s: how long closing waits for a running job.
    """

    debounce_ms: int = 4
    slow_ms: int = 400
    stop_s: float = 1.0


TIMING = Timing()


class Recognition(QObject):
    """Runs jobs one after another; a new request replaces the one that is still waiting.

    Signals:
        answered: an ``Answer``, of the latest request only.
        failed: one sentence, of the latest request only.
        slow: the latest request takes longer than ``TIMING.slow_ms``.
    """

    answered = Signal(object)
    failed = Signal(str)
    slow = Signal()
    _done = Signal(int, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Job | None = None
        self._number = 0  # of the latest request
        self._busy = False
        self._timer = QTimer(self, interval=TIMING.debounce_ms, singleShot=True)
        self._timer.timeout.connect(self._send)
        self._slow = QTimer(self, interval=TIMING.slow_ms, singleShot=True)
        self._slow.timeout.connect(self.slow)
        self._done.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._jobs: SimpleQueue[tuple[int, Job] | None] = SimpleQueue()
        # A daemon, so that the program ends even if the window was not closed.
        self._thread = Thread(target=self._work, name="digitus-recognition", daemon=True)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether no job is waiting or running."""
        return not self._busy and self._waiting is None

    def request(self, job: Job) -> None:
        """Run a job; the answers of earlier requests are dropped."""
        self._number += 1
        self._waiting = job
        self._timer.start()

    def forget(self) -> None:
        """Drop the waiting job and the answer of the running one."""
        self._number += 1
        self._waiting = None
        self._timer.stop()
        self._slow.stop()

    def stop(self) -> None:
        """End the thread; a job that takes longer than ``TIMING.stop_s`` ends by itself."""
        self.forget()
        self._jobs.put(None)
        self._thread.join(TIMING.stop_s)

    def _send(self) -> None:
        if self._busy or self._waiting is None:
            return
        job, self._waiting, self._busy = self._waiting, None, True
        self._jobs.put((self._number, job))
        self._slow.start()

    def _receive(self, number: int, answer: Answer | None, problem: str) -> None:
        self._busy = False
        self._slow.stop()
        if number == self._number:
            if answer is None:
                self.failed.emit(problem)
            else:
                self.answered.emit(answer)
        if not (self.is_idle or self._timer.isActive()):
            self._send()

    def _work(self) -> None:
        """Run the jobs as they come; this is the other thread."""
        while (task := self._jobs.get()) is not None:
            number, job = task
            answer, problem = _run(job)
            with suppress(RuntimeError):  # the window and its signals are already deleted
                self._done.emit(number, answer, problem)


def _run(job: Job) -> tuple[Answer | None, str]:
    """Run a job; return its answer, or a sentence on what went wrong."""
    try:
        return job(), ""
    except (DigitusError, ValueError) as error:
        return None, str(error)
    except Exception as error:  # the window must survive any image
        text = f"the recognition failed ({type(error).__name__}: {error}); try another model"
        return None, text
