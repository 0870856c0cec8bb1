"""The progress bar of ``digitus read``, on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from digitus.cli.screen import stderr

if TYPE_CHECKING:
    from digitus.cli.read.page_inputs import PageInputs

MAX_PAGES_WITHOUT = 3
"""So few pages are read before a bar would have been noticed."""


class Bar:
    """Counts pages, and hides while results are printed to the same terminal.

    Args:
        inputs: know the number of pages, more exactly with each file opened.
        bars: of Rich; shown if there are many pages. None shows nothing.
    """

    def __init__(self, inputs: "PageInputs", bars: Any | None) -> None:
        self.inputs, self.bars = inputs, bars
        self.done, self.is_shown = 0, False
        self._update()

    def advance(self) -> None:
        """Count one more page."""
        self.done += 1
        self._update()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Hide the bar while something is printed to a terminal."""
        hides = self.is_shown and sys.stdout.isatty()
        if hides and self.bars is not None:
            self.bars.stop()
        yield
        if hides and self.bars is not None:
            self.bars.start()

    def _update(self) -> None:
        """Update the bar; a single file may turn out to have many pages, so it may start late."""
        total = self.inputs.n_expected
        if self.bars is None or not (self.is_shown or total > MAX_PAGES_WITHOUT):
            return
        done = self.done + self.inputs.n_settled
        self.bars.update(self.bars.task_ids[0], completed=done, total=total)
        if not self.is_shown:
            self.bars.start()
            self.is_shown = True


@contextmanager
def progress(inputs: "PageInputs") -> Iterator[Bar]:
    """Return a bar, which is visible on a terminal if there are many pages."""
    if not sys.stderr.isatty():
        yield Bar(inputs, None)
        return
    bars = page_bars("pages")
    bars.add_task("", total=inputs.n_expected)
    try:
        yield Bar(inputs, bars)
    finally:
        bars.stop()


def page_bars(count: str) -> Any:
    """Return a progress display of Rich on stderr, which is not shown yet.

    Args:
        count: what stands behind the number of pages; may hold fields of the task.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn(count), TimeRemainingColumn())
    return Progress(
        *columns, console=stderr(), transient=True, redirect_stdout=False, redirect_stderr=False
    )
