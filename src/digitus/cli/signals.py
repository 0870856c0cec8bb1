"""Ctrl-C, and the other signals that ask a command to end: everything is saved first."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from digitus.processes import ENDING_SIGNALS

_EXIT_CODE_OF_SIGNALS = 128  # as shells add it: INT 130, TERM 143, HUP 129


class Ended(KeyboardInterrupt):
    """A signal asked the command to end.

    Attributes:
        number: of the signal.
    """

    number = int(signal.SIGINT)
    """Of the last signal, for failures that do not carry it."""
    has_come = False
    """Whether it was raised: a module that is being loaded may turn it into another error."""

    def __init__(self, number: int) -> None:
        super().__init__()
        Ended.number, Ended.has_come = number, True


def end_at_signals() -> None:
    """Let all ending signals do what Ctrl-C does; one that is ignored, as by nohup, stays so."""
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def exit_code() -> int:
    """Return the exit code of a command that a signal has ended."""
    return _EXIT_CODE_OF_SIGNALS + Ended.number


def _raise(number: int, frame: FrameType | None) -> None:
    raise Ended(number)


@contextmanager
def interruptible(hint: str = "") -> Iterator["Interrupt"]:
    """Record the first signal instead of ending; the second one ends at once.

    Args:
        hint: printed to stderr at the first one.
    """
    interrupt = Interrupt(hint)
    before = {
        number: signal.signal(number, interrupt.pressed)
        for number in ENDING_SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Interrupt:
    """Records Ctrl-C, or another ending signal, in ``wanted``."""

    wanted = False

    def __init__(self, hint: str = "") -> None:
        self.hint = hint

    def pressed(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal: record the first one, end at the second."""
        if self.wanted:
            raise Ended(number)
        self.wanted, Ended.number = True, number
        with suppress(OSError):  # stderr may be closed
            if self.hint:
                os.write(2, f"{self.hint}\n".encode())  # a stream may not be reentered
