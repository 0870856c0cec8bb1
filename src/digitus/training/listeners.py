"""Who follows a training run: the terminal, a window, a page, or nobody."""

from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer


class Listener:
    """Hears of each stage and epoch, and may ask the run to pause; this one is silent."""

    def stage(self, sentence: str) -> None:
        """Something begins: loading, training, calibrating, scoring."""

    def epoch(self, epoch: Epoch, n_epochs: int) -> None:
        """An epoch (an iteration of L-BFGS) was completed."""

    def wants_to_stop(self) -> bool:
        """Asked after each step; True interrupts the run so that it can be resumed."""
        return False


class Relay(Callback):
    """Passes a trainer's news on to a listener, and the listener's wish to stop back."""

    name = "relay"

    def __init__(self, listener: Listener) -> None:
        self.listener = listener

    def batch_ended(self, trainer: Trainer) -> None:
        """Stop the trainer if the listener wants to."""
        if self.listener.wants_to_stop():
            trainer.stop(interrupted=True)

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Tell the listener."""
        self.listener.epoch(epoch, trainer.settings.n_epochs)
