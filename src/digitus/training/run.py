"""One training run: what it needs, whichever way it trains."""

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
    """What is trained, on what, and where it is kept meanwhile.

    Attributes:
        config: how to train.
        network: with its first weights; trained in place.
        rows: what it learns from.
        checkpoint: where the run is kept while it lasts.
        data_sha256: hash of the data set, to recognize the run by.
        resume: go on from the checkpoint.
        listener: hears each epoch and may interrupt.
        start: what it starts from, by `describe_start`; None where from first weights.
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
        """Return what is stored in the checkpoint to recognize the run by (JSON types)."""
        return {"config": self.config.to_json(), "data": self.data_sha256, "start": self.start}

    def read_checkpoint(self) -> State:
        """Read the checkpoint.

        Raises:
            CheckpointError: if there is none, it is damaged, or of another config or other data.
        """
        state = read_checkpoint(self.checkpoint)
        for name, wanted in self.facts.items():
            found = state.facts.get(name)
            if found != wanted:
                raise CheckpointError(
                    f"{self.checkpoint}: belongs to another run ({name} differs"
                    f"{_difference(found, wanted)}); "
                    f"use the same options, or start without --resume"
                )
        return state


def _difference(found: object, wanted: object) -> str:
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return ""
    names = [name for name, value in wanted.items() if found.get(name) != value]
    name = names[0] if names else "a field"
    return f": {name} was {found.get(name)}, is {wanted.get(name)}"
