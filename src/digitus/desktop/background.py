"""Background tasks: a function in a thread that reports progress and can be stopped."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from digitus.data.sources.watching import Watch
from digitus.errors import Cancelled, DigitusError

STOP_S = 1.0
"""For so long the end of the program waits for a thread; longer work is cut off."""

_running: dict["Task", Thread] = {}
"""Keeps tasks alive until their threads have ended."""


def stop_all() -> None:
    """Stop all tasks, and wait at most ``STOP_S`` for each of their threads."""
    for task in list(_running):
        task.stop()
        task.wait()


def is_working() -> bool:
    """Return whether the thread of a task is still at work."""
    return any(thread.is_alive() for thread in _running.values())


class Task(QObject):
    """Runs ``work(watch)`` in a thread of its own; its signals arrive in the window's thread.

    A stopped task emits nothing more. Its thread ends when ``work`` checks the watch again, or with
    the program. The thread has ended before ``done`` or ``failed`` is emitted, so that it is never
    the one that deletes the task: Qt's objects must be deleted in the thread that they live in.

    Args:
        work: receives a watch to report its progress to; its result is emitted by ``done``.

    Signals:
        progressed: what is being done, the amount so far, and the total (0 if unknown).
        done: the result.
        failed: one sentence.
    """

    progressed = Signal(str, object, object)
    done = Signal(object)
    failed = Signal(str)
    _reported = Signal(str, object, object)
    _returned = Signal(object, str)

    def __init__(self, work: Callable[[Watch], Any]) -> None:
        super().__init__()
        self._work, self._stop = work, Event()
        self._reported.connect(self._report, Qt.ConnectionType.QueuedConnection)
        self._returned.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    @property
    def is_stopped(self) -> bool:
        """Whether the task was stopped."""
        return self._stop.is_set()

    def start(self) -> "Task":
        """Start the thread; return the task."""
        _running[self] = thread = Thread(target=self._run, name="digitus-task", daemon=True)
        thread.start()
        return self

    def stop(self) -> None:
        """Stop the work and all signals."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the thread has ended, at most ``STOP_S``."""
        if self in _running:
            _running[self].join(STOP_S)

    def _run(self) -> None:
        watch = Watch(self._reported.emit, self._stop.is_set)
        result, failure = None, ""
        try:
            result = self._work(watch)
        except Cancelled:
            self._stop.set()
        except DigitusError as error:
            failure = str(error)
        except Exception as error:  # nothing else would report it
            failure = f"{type(error).__name__}: {error}"
        with suppress(RuntimeError):  # the program ends and Qt has deleted this object
            self._returned.emit(result, failure)

    def _report(self, what: str, done: object, total: object) -> None:
        if not self.is_stopped:
            self.progressed.emit(what, done, total)

    def _finish(self, result: object, failure: str) -> None:
        _running.pop(self).join()
        if self.is_stopped:
            return
        if failure:
            self.failed.emit(failure)
        else:
            self.done.emit(result)
