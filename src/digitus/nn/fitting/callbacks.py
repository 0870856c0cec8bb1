"""Callbacks of the trainer: early stopping and weight averaging.

The base class is defined beside the trainer that calls it, and can be imported from here.
"""

import numpy as np

from digitus.json_values import is_of_type
from digitus.nn.arrays import Floats
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Callback, State, Trainer

__all__ = ["AveragedWeights", "Callback", "EarlyStopping", "State"]

_MONITORED = ("validation_loss", "validation_accuracy", "loss")


class EarlyStopping(Callback):
    """Stop when the validation no longer improves, and restore the best parameters.

    Args:
        patience: number of epochs without improvement before the run stops.
        tolerance: smallest change of the monitored value that counts as an improvement.
        monitor: ``validation_loss``, ``validation_accuracy`` or ``loss``.

    Raises:
        ValueError: if something else is to be monitored.
    """

    name = "early_stopping"

    def __init__(
        self, patience: int = 10, *, tolerance: float = 0.0, monitor: str = "validation_loss"
    ) -> None:
        if monitor not in _MONITORED:
            raise ValueError(f"cannot monitor {monitor!r}; expected one of {', '.join(_MONITORED)}")
        self.patience, self.tolerance, self.monitor = patience, tolerance, monitor
        self._reset()

    def _reset(self) -> None:
        self.best_score: float | None = None
        self.best_epoch, self.waited = 0, 0
        self.best_parameters: Floats | None = None

    def started(self, trainer: Trainer) -> None:
        """Reset at the start of a new run, but not of a resumed one."""
        if trainer.progress.epoch == 0:
            self._reset()

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Store the best parameters; stop after too many epochs without improvement."""
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

    def ended(self, trainer: Trainer) -> None:
        """Restore the best parameters, unless the run is only interrupted."""
        if self.best_parameters is not None and not trainer.interrupted:
            trainer.network.parameters[...] = self.best_parameters

    def state(self) -> State:
        """Return the best parameters and the epochs since."""
        best = self.best_parameters
        return State(
            {} if best is None else {"best_parameters": best},
            {"best_score": self.best_score, "best_epoch": self.best_epoch, "waited": self.waited},
        )

    def restore(self, state: State) -> None:
        """Set the state that `state` returned."""
        facts = state.facts
        if not (
            is_of_type(facts["best_score"], float | None)
            and is_of_type([facts["best_epoch"], facts["waited"]], list[int])
        ):
            raise TypeError("the facts of early stopping are not those that were saved")
        self.best_parameters = state.arrays.get("best_parameters")
        self.best_score = facts["best_score"]
        self.best_epoch, self.waited = facts["best_epoch"], facts["waited"]


class AveragedWeights(Callback):
    """Replace the parameters at the end by their mean over the last epochs.

    With a learning rate that stays large, the weights move around the minimum; their mean is
    closer to it than any of them (Izmailov et al. 2018, "Averaging weights leads to wider optima
    and better generalization", algorithm 1). The running averages of batch normalization are
    parameters here and are averaged too.

    Args:
        epochs: number of last epochs.

    Raises:
        ValueError: if there are none.
    """

    name = "averaged_weights"

    def __init__(self, epochs: int) -> None:
        if epochs < 1:
            raise ValueError(f"averaging needs 1 epoch or more, got {epochs}")
        self.epochs, self.n = epochs, 0
        self.mean: Floats | None = None

    def started(self, trainer: Trainer) -> None:
        """Reset at the start of a new run, but not of a resumed one."""
        if trainer.progress.epoch == 0:
            self.mean, self.n = None, 0

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Update the mean in one of the last epochs: ``mean += (w - mean) / n``."""
        if epoch.epoch <= trainer.settings.n_epochs - self.epochs:
            return
        weights = trainer.network.parameters
        self.n += 1
        if self.mean is None:
            self.mean = weights.astype(np.float64)
        else:
            self.mean += (weights - self.mean) / self.n

    def ended(self, trainer: Trainer) -> None:
        """Set the parameters to the mean, unless the run is only interrupted."""
        if self.mean is not None and not trainer.interrupted:
            trainer.network.parameters[...] = self.mean

    def state(self) -> State:
        """Return the mean so far."""
        return State({} if self.mean is None else {"mean": self.mean}, {"n": self.n})

    def restore(self, state: State) -> None:
        """Set the state that `state` returned."""
        self.mean, self.n = state.arrays.get("mean"), state.facts["n"]
        if not is_of_type(self.n, int) or (self.n > 0) != (self.mean is not None):
            raise TypeError("the mean of the weights is not the one that was saved")
