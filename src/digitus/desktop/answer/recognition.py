"""Recognition in the background, so that the window stays responsive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from digitus.desktop.answer.answer import Answer
from digitus.desktop.background import Task
from digitus.errors import DigitusError

Job: TypeAlias = Callable[[], Answer]


@dataclass(frozen=True)
class Timing:
    """When the recognition acts.

    Attributes:
        debounce_ms: requests within this time, as from a held undo key, become one job.
        slow_ms: after this time without an answer, ``slow`` is emitted.
    """

    debounce_ms: int = 4
    slow_ms: int = 400


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

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Job | None = None
        self._task: Task | None = None  # runs a job
        self._is_latest = False  # whether no other request has followed that job
        self._timer = QTimer(self, interval=TIMING.debounce_ms, singleShot=True)
        self._timer.timeout.connect(self._send)
        self._slow = QTimer(self, interval=TIMING.slow_ms, singleShot=True)
        self._slow.timeout.connect(self.slow)

    @property
    def is_idle(self) -> bool:
        """Whether no job is waiting or running."""
        return self._task is None and self._waiting is None

    def request(self, job: Job) -> None:
        """Run a job; the answers of earlier requests are dropped."""
        self._waiting, self._is_latest = job, False
        self._timer.start()

    def forget(self) -> None:
        """Drop the waiting job and the answer of the running one."""
        self._waiting, self._is_latest = None, False
        self._timer.stop()
        self._slow.stop()

    def stop(self) -> None:
        """Drop all requests; wait for the running job, at most ``background.STOP_S``."""
        self.forget()
        if self._task is not None:
            self._task.stop()
            self._task.wait()
            self._task = None

    def _send(self) -> None:
        if self._task is not None or self._waiting is None:
            return
        job, self._waiting, self._is_latest = self._waiting, None, True
        self._task = Task(lambda _: _run(job))
        self._task.done.connect(self._receive)
        self._task.start()
        self._slow.start()

    def _receive(self, outcome: tuple[Answer | None, str]) -> None:
        answer, problem = outcome
        self._task = None
        self._slow.stop()
        if self._is_latest:
            if answer is None:
                self.failed.emit(problem)
            else:
                self.answered.emit(answer)
        if not self._timer.isActive():
            self._send()


def _run(job: Job) -> tuple[Answer | None, str]:
    """Run a job; return its answer, or a sentence on what went wrong."""
    try:
        return job(), ""
    except (DigitusError, ValueError) as error:
        return None, str(error)
    except Exception as error:  # the window must survive any image
        text = f"the recognition failed ({type(error).__name__}: {error}); try another model"
        return None, text
