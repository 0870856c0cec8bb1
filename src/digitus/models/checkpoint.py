"""Checkpoints: the state of a training run in a file, which is never half written."""

from pathlib import Path
from time import monotonic
from typing import Any

from digitus.errors import CheckpointError
from digitus.models.safe_file import DAMAGE, read_safe, write_safe
from digitus.nn.fitting.callbacks import Callback, State
from digitus.nn.fitting.history import Epoch
from digitus.nn.fitting.resume import save_state
from digitus.nn.fitting.trainer import Trainer

_KEY = "digitus_checkpoint"


def write_checkpoint(path: str | Path, state: State) -> None:
    """Write a state.

    Raises:
        WriteError: if the place cannot be written; an earlier checkpoint is kept.
    """
    write_safe(path, state.arrays, key=_KEY, facts=state.facts)


def read_checkpoint(path: str | Path) -> State:
    """Read a state.

    Raises:
        CheckpointError: if there is none or it is damaged.
    """
    if not Path(path).is_file():
        raise CheckpointError(f"{path}: no checkpoint to go on from; start without --resume")
    try:
        arrays, facts = read_safe(path, key=_KEY)
        if not isinstance(facts, dict):
            raise ValueError("a safetensors file without a training run")
    except DAMAGE as error:
        raise CheckpointError(
            f"{path}: not a whole checkpoint ({error}); delete it and start without --resume"
        ) from error
    return State(arrays, facts)


class Checkpoint(Callback):
    """Save a run between epochs, when it is interrupted and when it ends.

    Args:
        path: the file.
        every_s: least seconds between two saves at the end of an epoch.
        facts: stored beside the state, such as the data's hash (JSON types).
    """

    name = "checkpoint"

    def __init__(
        self, path: str | Path, *, every_s: float = 5.0, facts: dict[str, Any] | None = None
    ) -> None:
        self.path, self.every_s, self.facts = Path(path), every_s, facts or {}
        self._saved_at = -float("inf")

    def epoch_ended(self, trainer: Trainer, epoch: Epoch) -> None:
        """Save, unless the last time was less than ``every_s`` ago."""
        if monotonic() - self._saved_at >= self.every_s:
            self._save(trainer)

    def ended(self, trainer: Trainer) -> None:
        """Save the final state."""
        self._save(trainer)

    def _save(self, trainer: Trainer) -> None:
        state = save_state(trainer)
        state.facts |= self.facts
        write_checkpoint(self.path, state)
        self._saved_at = monotonic()
