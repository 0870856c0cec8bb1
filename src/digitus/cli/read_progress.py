"""How far ``digitus read`` is: a bar with the time left, on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from digitus.cli.screen import stderr

if TYPE_CHECKING:
    from digitus.cli.read_sources import Sources

_FEW = 3
"""Pages that are read before a bar would have been seen."""


class Bar:
    """Counts pages; steps aside while results are printed to the same terminal."""

    def __init__(self, sources: "Sources", bars: Any | None) -> None:
        self.sources, self.bars = sources, bars
        self.done = 0

    def advance(self) -> None:
        """One more page is done; how many there will be is known better with each file opened."""
        self.done += 1
        if self.bars is not None:
            left = len(self.sources.paths) - self.sources.n_opened
            total = max(self.sources.n_pages + left, self.done)
            self.bars.update(self.bars.task_ids[0], completed=self.done, total=total)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away while something is printed to a terminal."""
        hides = self.bars is not None and sys.stdout.isatty()
        if hides and self.bars is not None:
            self.bars.stop()
        yield
        if hides and self.bars is not None:
            self.bars.start()


@contextmanager
def progress(sources: "Sources") -> Iterator[Bar]:
    """Give a bar; it is seen on a terminal, and where there are more pages than a few."""
    if not sys.stderr.isatty() or len(sources.paths) <= _FEW:
        yield Bar(sources, None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=stderr(), transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bars:
        bars.add_task("", total=len(sources.paths))
        yield Bar(sources, bars)
