"""Output: tables, numbers, progress and notes. Rich is imported on first use."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from digitus.percent import percent as share_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

T = TypeVar("T")

_FEW = 20
"""Largest number of items without a progress bar; so few are done quickly."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that reverse the direction of writing, and bytes that are no text."""
_UNLIMITED = 10_000
"""Width of the output if it is not a terminal: each row is one line."""


def visible(text: str) -> str:
    r"""Replace what a terminal would obey instead of showing it, such as escape sequences.

    Names of files and models, and cells of tables, come from others. The length stays the same.

    >>> visible("a\x1b]0;b.png") == "a\N{REPLACEMENT CHARACTER}]0;b.png"
    True
    """
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def stdout() -> "Console":
    """Return the console for results; it raises BrokenPipeError if the pipe is closed."""
    return _console(width=None if sys.stdout.isatty() else _UNLIMITED)


def stderr() -> "Console":
    """Return the console for everything but results."""
    return _console(stderr=True)


def _console(**options: Any) -> "Console":
    """Return a console that shows control characters instead of passing them on."""
    from rich.console import Console
    from rich.text import Text

    class Screen(Console):
        def render_str(self, text: str, **options: Any) -> Text:
            return super().render_str(_visible_lines(text), **options)

        def render(self, renderable: Any, options: Any = None) -> Any:
            if isinstance(renderable, Text):
                renderable = renderable.copy()
                renderable.plain = _visible_lines(renderable.plain)
            return super().render(renderable, options)

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Screen(highlight=False, **options)


def _visible_lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


def line(text: str) -> None:
    """Print a line of results to stdout."""
    click.echo(_visible_lines(text))


def note(message: str) -> None:
    """Print a message of one line to stderr."""
    click.echo(visible(message), err=True)


def heading(title: str) -> None:
    """Print a title verbatim, without interpreting Rich's markup."""
    from rich.text import Text

    stdout().print(Text(title, style="bold"), soft_wrap=True)


def table(*columns: str) -> "Table":
    """Return a table whose columns after the first are right-aligned numbers."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD)
    for i, column in enumerate(columns):
        made.add_column(column, justify="right" if i else "left", overflow="fold")
    return made


def counted(n: int, what: str) -> str:
    """Format a count with its noun.

    >>> counted(1, "page"), counted(1026, "number")
    ('1 page', '1,026 numbers')
    """
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def percent(share: float | None, digits: int = 2) -> str:
    """Write a share as a percentage, as `digitus.percent` does; None is a dash.

    >>> percent(0.98495), percent(0.00003, 1), percent(None)
    ('98.50 %', '< 0.1 %', '-')
    """
    return "-" if share is None else share_text(share, digits)


def loss(value: float) -> str:
    """Format a loss with four decimals, or in scientific notation from 10,000.

    >>> loss(0.12345), loss(65471030773548.75), loss(-0.0)
    ('0.1235', '7e+13', '0.0000')
    """
    return f"{max(0.0, value):.4f}" if value < 10_000 else f"{value:.0e}"


def short_percent(share: float) -> str:
    """Format a share that was given by the user as per cent, with six significant digits at most.

    >>> short_percent(0.99), short_percent(0.005), short_percent(0.9342119)
    ('99 %', '0.5 %', '93.4212 %')
    """
    text = f"{100 * share:.6g}"
    return f"{text} %" if text != "100" or share == 1 else f"{100 * share:.15g} %"


def tracked(items: Sequence[T]) -> Iterator[T]:
    """Yield the items; show a progress bar if there are many and stderr is a terminal."""
    if len(items) <= _FEW or not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr(), transient=True) as bar:
        yield from bar.track(items)


@contextmanager
def fetch_progress() -> Iterator[Any]:
    """Yield a callback (what, done, total) for downloads that shows a bar on a terminal."""
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
