"""Progress of a training run: at most 22 lines, and a progress bar on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING, Any

from digitus.cli.screen import loss, note, percent, stderr
from digitus.cli.signals import Interrupt, interruptible
from digitus.training import Listener

if TYPE_CHECKING:
    from digitus.nn.fitting.history import Epoch

_LINES = 20
"""Lines about epochs, or up to two more, however many epochs there are."""


class TrainingScreen(Listener):
    """Show a training run on the terminal and pass Ctrl-C on to it."""

    def __init__(self, interrupt: Interrupt) -> None:
        self.interrupt = interrupt
        self._bar: Any = None

    def stage(self, sentence: str) -> None:
        """Print the sentence."""
        if self._bar is None:
            note(sentence)
        else:
            self._bar.console.print(sentence, markup=False, soft_wrap=True)

    def epoch(self, epoch: "Epoch", n_epochs: int) -> None:
        """Advance the bar; print a line for some of the epochs."""
        if sys.stderr.isatty():
            self._advance(epoch.epoch, n_epochs)
        if epoch.epoch % ceil(n_epochs / _LINES) == 0 or epoch.epoch in (1, n_epochs):
            self.stage(_line(epoch, n_epochs))

    def wants_to_stop(self) -> bool:
        """Return True after Ctrl-C."""
        return self.interrupt.wanted

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()

    def _advance(self, epoch: int, n_epochs: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        if self._bar is None:
            columns = (BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=stderr(), transient=True)
            self._bar.add_task("", total=n_epochs)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=epoch)


@contextmanager
def training_screen() -> Iterator[TrainingScreen]:
    """Yield a screen that the first Ctrl-C asks to stop; close it at the end."""
    with interruptible() as interrupt:
        screen = TrainingScreen(interrupt)
        try:
            yield screen
        finally:
            screen.close()


def _line(epoch: "Epoch", n_epochs: int) -> str:
    """Return a line about an epoch, of at most 80 columns."""
    validation = (
        f"  validation {loss(epoch.validation_loss)} {percent(epoch.validation_accuracy)}"
        if epoch.validation_loss is not None
        else ""
    )
    return (
        f"epoch {epoch.epoch:>{len(str(n_epochs))}}/{n_epochs}"
        f"  loss {loss(epoch.loss)}  train {percent(epoch.accuracy)}{validation}"
        f"  {epoch.seconds:.2f} s"
    )
