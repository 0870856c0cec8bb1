"""How far ``digitus read`` is: a bar with the time left, on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from digitus.cli.screen import stderr

if TYPE_CHECKING:
    from digitus.cli.read.page_inputs import Sources

_FEW = 3
"""Pages that are read before a bar would have been seen."""


class Bar:
    """Counts pages; steps aside while results are printed to the same terminal.

    Args:
        sources: know how many pages there are, better with each file opened.
        bars: shown from when there are more pages than a few; None shows none.
    """

    def __init__(self, sources: "Sources", bars: Any | None) -> None:
        self.sources, self.bars = sources, bars
        self.done, self.is_shown = 0, False
        self._show()

    def advance(self) -> None:
        """One more page is done."""
        self.done += 1
        self._show()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away while something is printed to a terminal."""
        hides = self.is_shown and sys.stdout.isatty()
        if hides and self.bars is not None:
            self.bars.stop()
        yield
        if hides and self.bars is not None:
            self.bars.start()

    def _show(self) -> None:
        """Bring the bar up to date; a single file may turn out to have many pages."""
        total = self.sources.n_expected
        if self.bars is None or not (self.is_shown or total > _FEW):
            return
        done = self.done + self.sources.n_settled
        self.bars.update(self.bars.task_ids[0], completed=done, total=total)
        if not self.is_shown:
            self.bars.start()
            self.is_shown = True


@contextmanager
def progress(sources: "Sources") -> Iterator[Bar]:
    """Return a bar; it is seen on a terminal, and where there are more pages than a few."""
    if not sys.stderr.isatty():
        yield Bar(sources, None)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("pages"), TimeRemainingColumn())
    bars = Progress(
        *columns, console=stderr(), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    bars.add_task("", total=sources.n_expected)
    try:
        yield Bar(sources, bars)
    finally:
        bars.stop()
