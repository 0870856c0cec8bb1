"""What people see: tables, progress, notes. Rich is loaded when something is shown."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

T = TypeVar("T")

_FEW = 20
"""Items that are done before a bar would have been read."""
_UNLIMITED = 10_000
"""Columns where the output is no terminal: a file or a program wants each row in one line."""


def stdout() -> "Console":
    """Return the console for results; it raises BrokenPipeError where nobody listens any more."""
    from rich.console import Console

    class Results(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Results(width=None if sys.stdout.isatty() else _UNLIMITED, highlight=False)


def stderr() -> "Console":
    """Return the console for everything else."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def note(sentence: str) -> None:
    """Say something that is no result."""
    click.echo(sentence, err=True)


def heading(title: str) -> None:
    """Print a title, letter by letter: names of files are no markup."""
    from rich.text import Text

    stdout().print(Text(title, style="bold"), soft_wrap=True)


def table(*columns: str) -> "Table":
    """Make a table whose columns after the first are numbers."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD)
    for i, column in enumerate(columns):
        made.add_column(column, justify="right" if i else "left", overflow="fold")
    return made


def counted(n: int, what: str) -> str:
    """Write how many there are of a thing.

    >>> counted(1, "page"), counted(1026, "number")
    ('1 page', '1,026 numbers')
    """
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def percent(share: float | None, digits: int = 2) -> str:
    """Write a share as per cent; a dash where there is none.

    Nothing short of all is shown as 100 %, however it would round.

    >>> percent(0.98495), percent(0.99997, 1), percent(1.0, 1)
    ('98.50 %', '> 99.9 %', '100.0 %')
    """
    if share is None:
        return "-"
    largest = 1 - 10.0 ** -(digits + 2)
    rounds_up = share < 1 and f"{share:.{digits}%}" == f"{1:.{digits}%}"
    text = f"> {largest:.{digits}%}" if rounds_up else f"{share:.{digits}%}"
    return text.replace("%", " %")


def loss(value: float) -> str:
    """Write a loss with four decimals, a huge one by its power of ten.

    >>> loss(0.12345), loss(65471030773548.75), loss(-0.0)
    ('0.1235', '7e+13', '0.0000')
    """
    return f"{max(0.0, value):.4f}" if value < 10_000 else f"{value:.0e}"


def short_percent(share: float) -> str:
    """Write a share that someone chose as per cent, with the digits that it needs, six at most.

    >>> short_percent(0.99), short_percent(0.005), short_percent(0.9342119)
    ('99 %', '0.5 %', '93.4212 %')
    """
    text = f"{100 * share:.6g}"
    return f"{text} %" if text != "100" or share == 1 else f"{100 * share:.15g} %"


@contextmanager
def interruptible(hint: str = "") -> Iterator["Interrupt"]:
    """Turn the first Ctrl-C into a wish that is asked for; the second one interrupts at once.

    Args:
        hint: said on stderr at the first one, where it may take long until it is asked for.
    """
    interrupt = Interrupt(hint)
    before = signal.signal(signal.SIGINT, interrupt.pressed)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


class Interrupt:
    """Remembers Ctrl-C."""

    wanted = False

    def __init__(self, hint: str = "") -> None:
        self.hint = hint

    def pressed(self, number: int, frame: FrameType | None) -> None:
        """Note the first signal; raise KeyboardInterrupt at the second."""
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
        with suppress(OSError):  # nobody may listen any more
            if self.hint:
                os.write(2, f"{self.hint}\n".encode())  # a stream may be in the midst of a line


def tracked(items: Sequence[T]) -> Iterator[T]:
    """Return the items one by one; where they are many, a bar on a terminal tells how far it is."""
    if len(items) <= _FEW or not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr(), transient=True) as bar:
        yield from bar.track(items)


@contextmanager
def fetch_progress() -> Iterator[Any]:
    """Return a progress callback (what, done, total) for fetches; a bar on a terminal only."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(24), DownloadColumn())
    with Progress(*columns, console=stderr(), disable=not sys.stderr.isatty()) as bars:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                if not sys.stderr.isatty():
                    note(f"fetching {what}")
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield report
