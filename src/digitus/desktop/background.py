"""Work beside the window: one function in a thread, its progress, its end, and a way to stop it."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from digitus.data.sources.watching import Watch
from digitus.errors import Cancelled, DigitusError

_running: set["Task"] = set()
"""A task lives as long as its thread, whoever has lost interest in it."""


class Task(QObject):
    """Runs ``work(watch)`` in a thread of its own; its signals arrive in the window's thread.

    A stopped task says nothing more, and the window need not wait for it: the thread ends at its
    next look at the watch, and with the program at the latest.

    Args:
        work: gets a watch to report to; its result goes out by ``done``.

    Signals:
        progressed: what is done, how much of it so far, and of how much (0 if unknown).
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
        self._thread = Thread(target=self._run, name="digitus-task", daemon=True)

    @property
    def is_stopped(self) -> bool:
        """Whether nobody wants the result any more."""
        return self._stop.is_set()

    def start(self) -> "Task":
        """Begin."""
        _running.add(self)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ask the work to end; nothing more is heard of it."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the thread has ended; tell whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        watch = Watch(self._reported.emit, self._stop.is_set)
        result, failure = None, ""
        try:
            result = self._work(watch)
        except Cancelled:
            self._stop.set()
        except DigitusError as error:
            failure = str(error)
        except Exception as error:  # a thread has nobody else to tell
            failure = f"{type(error).__name__}: {error}"
        with suppress(RuntimeError):  # the program ends, and Qt's part of this is gone
            self._returned.emit(result, failure)

    def _report(self, what: str, done: object, total: object) -> None:
        if not self.is_stopped:
            self.progressed.emit(what, done, total)

    def _finish(self, result: object, failure: str) -> None:
        _running.discard(self)
        if self.is_stopped:
            return
        if failure:
            self.failed.emit(failure)
        else:
            self.done.emit(result)
