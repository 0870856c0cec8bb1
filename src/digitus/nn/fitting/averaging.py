"""The mean of the weights over the last epochs, in place of the last weights."""

from typing import TYPE_CHECKING

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.fitting.callbacks import Callback, State
from digitus.nn.fitting.history import Epoch

if TYPE_CHECKING:
    from digitus.nn.fitting.trainer import Trainer


class AveragedWeights(Callback):
    """Puts the mean of the parameters after each of the last epochs in place at the end.

    At a rate that stays large the weights circle around the bottom of a wide valley; their mean
    lies closer to it than any of them (Izmailov et al. 2018, "Averaging weights leads to wider
    optima and better generalization", algorithm 1). The running averages of batch normalization
    are parameters here and are averaged with them.

    Args:
        epochs: how many of the last ones.

    Raises:
        ValueError: if there are none.
    """

    name = "averaged_weights"

    def __init__(self, epochs: int) -> None:
        if epochs < 1:
            raise ValueError(f"averaging wants 1 epoch or more, got {epochs}")
        self.epochs, self.n = epochs, 0
        self.mean: Floats | None = None

    def started(self, trainer: "Trainer") -> None:
        """Forget the run before, if this one begins."""
        if trainer.progress.epoch == 0:
            self.mean, self.n = None, 0

    def epoch_ended(self, trainer: "Trainer", epoch: Epoch) -> None:
        """Take the parameters into the mean: ``mean += (w - mean) / n``."""
        if epoch.epoch <= trainer.settings.n_epochs - self.epochs:
            return
        weights = trainer.network.parameters
        self.n += 1
        if self.mean is None:
            self.mean = weights.astype(np.float64)
        else:
            self.mean += (weights - self.mean) / self.n

    def ended(self, trainer: "Trainer") -> None:
        """Put the mean in place, unless the run is only interrupted."""
        if self.mean is not None and not trainer.interrupted:
            trainer.network.parameters[...] = self.mean

    def state(self) -> State:
        """Return the mean so far."""
        return State({} if self.mean is None else {"mean": self.mean}, {"n": self.n})

    def restore(self, state: State) -> None:
        """Take back what `state` gave."""
        self.mean, self.n = state.arrays.get("mean"), state.facts["n"]
