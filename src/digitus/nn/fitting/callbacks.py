"""Those who listen to training: a progress bar, a window, a checkpoint, early stopping.

A callback may stop the run with ``trainer.stop()``; it takes effect after the present batch.
They are heard in the order given; one that saves the run comes last, so that it saves what the
others have just noted.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.fitting.history import Epoch

if TYPE_CHECKING:
    from digitus.nn.fitting.trainer import Trainer


@dataclass
class State:
    """All that a later run needs to go on: arrays by name, and facts (JSON types)."""

    arrays: dict[str, Floats] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class Callback:
    """Listens and does nothing; override what you need."""

    name = "callback"

    def started(self, trainer: "Trainer") -> None:
        """Training begins, or goes on after a resume."""

    def batch_ended(self, trainer: "Trainer") -> None:
        """A step was taken; ``trainer.batch_loss`` is its loss."""

    def epoch_ended(self, trainer: "Trainer", epoch: Epoch) -> None:
        """An epoch was completed."""

    def ended(self, trainer: "Trainer") -> None:
        """Training is over: all epochs done, or stopped."""

    def state(self) -> State:
        """Return what this callback must remember over a resume."""
        return State()

    def restore(self, state: State) -> None:
        """Take back what `state` gave."""


class EarlyStopping(Callback):
    """Stops when the validation no longer improves, and puts the best parameters back.

    Args:
        patience: epochs without improvement that are waited for.
        tolerance: what counts as an improvement.
        monitor: ``validation_loss``, ``validation_accuracy`` or ``loss``.
    """

    name = "early_stopping"

    def __init__(
        self, patience: int = 10, *, tolerance: float = 0.0, monitor: str = "validation_loss"
    ) -> None:
        if monitor not in ("validation_loss", "validation_accuracy", "loss"):
            raise ValueError(f"cannot monitor {monitor!r}")
        self.patience, self.tolerance, self.monitor = patience, tolerance, monitor
        self._forget()

    def _forget(self) -> None:
        self.best_score: float | None = None
        self.best_epoch, self.waited = 0, 0
        self.best_parameters: Floats | None = None

    def started(self, trainer: "Trainer") -> None:
        """Forget the run before, if this one begins."""
        if trainer.progress.epoch == 0:
            self._forget()

    def epoch_ended(self, trainer: "Trainer", epoch: Epoch) -> None:
        """Keep the parameters if they are the best so far; stop after too many that are not."""
        value = getattr(epoch, self.monitor)
        if value is None:
            return
        score = value if self.monitor == "validation_accuracy" else -value
        best = -np.inf if self.best_score is None else self.best_score
        self.waited += 1
        if score > best + self.tolerance:
            self.waited = 0
        if score > best:
            self.best_score, self.best_epoch = score, epoch.epoch
            self.best_parameters = trainer.network.parameters.copy()
        if self.waited > self.patience:
            trainer.stop()

    def ended(self, trainer: "Trainer") -> None:
        """Put the best parameters back, unless the run is only interrupted."""
        if self.best_parameters is not None and not trainer.interrupted:
            trainer.network.parameters[...] = self.best_parameters

    def state(self) -> State:
        """Return the best parameters and how long they have been the best."""
        best = self.best_parameters
        return State(
            {} if best is None else {"best_parameters": best},
            {"best_score": self.best_score, "best_epoch": self.best_epoch, "waited": self.waited},
        )

    def restore(self, state: State) -> None:
        """Take back what `state` gave."""
        self.best_parameters = state.arrays.get("best_parameters")
        self.best_score = state.facts["best_score"]
        self.best_epoch, self.waited = state.facts["best_epoch"], state.facts["waited"]
