"""How a training run is shown: some lines that stay, and on a terminal a live bar below them."""

import sys
from math import ceil
from typing import TYPE_CHECKING, Any

from digitus.cli.screen import Interrupt, loss, note, percent, stderr
from digitus.training import Listener

if TYPE_CHECKING:
    from digitus.nn.fitting.history import Epoch

_LINES = 20
"""So many lines, one or two more, tell of a run however long it is."""


class TrainingScreen(Listener):
    """Shows a training run and passes Ctrl-C on to it."""

    def __init__(self, interrupt: Interrupt) -> None:
        self.interrupt = interrupt
        self._bar: Any = None

    def stage(self, sentence: str) -> None:
        """Say it."""
        if self._bar is None:
            note(sentence)
        else:
            self._bar.console.print(sentence, markup=False, soft_wrap=True)

    def epoch(self, epoch: "Epoch", n_epochs: int) -> None:
        """Show the epoch."""
        if sys.stderr.isatty():
            self._advance(epoch.epoch, n_epochs)
        if epoch.epoch % ceil(n_epochs / _LINES) == 0 or epoch.epoch in (1, n_epochs):
            self.stage(_line(epoch, n_epochs))

    def wants_to_stop(self) -> bool:
        """Stop after Ctrl-C."""
        return self.interrupt.wanted

    def close(self) -> None:
        """Take the bar away and give the terminal back."""
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


def _line(epoch: "Epoch", n_epochs: int) -> str:
    """Describe an epoch in at most 80 columns."""
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
