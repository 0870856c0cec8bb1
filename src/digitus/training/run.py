"""One training run: network, rows, checkpoint and listener, whichever optimizer trains it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitus.errors import CheckpointError
from digitus.models.checkpoint import read_checkpoint
from digitus.models.config import TrainingConfig
from digitus.nn.fitting.callbacks import State
from digitus.nn.network import Network
from digitus.training.listeners import Listener
from digitus.training.training_rows import Rows


@dataclass(frozen=True)
class Run:
    """What is trained, on what, and where its checkpoint lies.

    Attributes:
        config: how to train.
        network: with its first weights; trained in place.
        rows: training and validation rows.
        checkpoint: file that the run is saved in while it lasts.
        data_sha256: hash of the data set, to recognize the run by.
        resume: continue from the checkpoint.
        listener: is notified of each epoch and may interrupt.
        start: description of the model that it starts from, by `describe_start`; None if the first
            weights are random.
    """

    config: TrainingConfig
    network: Network
    rows: Rows
    checkpoint: Path
    data_sha256: str
    resume: bool
    listener: Listener
    start: dict[str, Any] | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Facts in the checkpoint to recognize the run by (JSON types)."""
        return {"config": self.config.to_json(), "data": self.data_sha256, "start": self.start}

    def read_checkpoint(self) -> State:
        """Read the checkpoint; see `read_run_checkpoint`."""
        return read_run_checkpoint(self.checkpoint, self.facts)


def read_run_checkpoint(path: Path, facts: dict[str, Any]) -> State:
    """Read a checkpoint and compare its facts with those of this run.

    Raises:
        CheckpointError: if there is none, it is damaged, or of another config or other data.
    """
    state = read_checkpoint(path)
    for name, expected in facts.items():
        found = state.facts.get(name)
        if found != expected:
            raise CheckpointError(
                f"{path}: belongs to another run ({name} differs{_difference(found, expected)}); "
                f"use the same options, or start without --resume"
            )
    return state


def _difference(found: object, expected: object) -> str:
    if not isinstance(found, dict) or not isinstance(expected, dict):
        return ""
    names = [name for name, value in expected.items() if found.get(name) != value]
    name = names[0] if names else "a field"
    return f": {name} was {found.get(name)}, is {expected.get(name)}"
