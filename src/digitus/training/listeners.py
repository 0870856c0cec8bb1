"""Listeners of a training run: a terminal, a window, a page, or none."""

from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.trainer import Trainer


class Listener:
    """Receives every stage and epoch and may interrupt the run; this base class does nothing."""

    def stage(self, sentence: str) -> None:
        """A stage begins, such as drawing, training or scoring; the sentence describes it."""

    def epoch(self, epoch: Epoch, n_epochs: int) -> None:
        """An epoch (an iteration of L-BFGS) was completed."""

    def wants_to_stop(self) -> bool:
        """Return True to interrupt the run so that it can be resumed; called after each step."""
        return False


class ListenerCallback(Callback):
    """Report a trainer's epochs to a listener, and stop the trainer when the listener wants to."""

    name = "relay"
    needs_every_step = False

    def __init__(self, listener: Listener) -> None:
        self.listener = listener

    def batch_ended(self, trainer: Trainer) -> None:
        """Interrupt the trainer if the listener wants to."""
        if self.listener.wants_to_stop():
            trainer.stop(interrupted=True)

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Report the epoch."""
        self.listener.epoch(epoch, trainer.settings.n_epochs)
