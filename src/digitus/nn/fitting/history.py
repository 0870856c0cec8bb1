"""What happened in training, epoch by epoch."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Epoch:
    """One pass over the training rows.

    Attributes:
        epoch: counted from 1.
        loss: mean over the batches as they were trained, dropout and penalty included.
        accuracy: share of training rows answered right, as they were trained.
        validation_loss: without penalty and dropout; None where nothing was held out or measured.
        validation_accuracy: share of validation rows answered right, or None.
        rate: learning rate of the epoch's last step; None for L-BFGS, which has none.
        gradient_norms: of the epoch's last step, one a layer with parameters.
        seconds: time taken, validation included.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    rate: float | None
    gradient_norms: list[float]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON types."""
        return asdict(self)


class History(list[Epoch]):
    """The epochs so far, and the size of the very first gradient."""

    first_gradient_norms: list[float] | None = None

    def to_json(self) -> list[dict[str, Any]]:
        """Return all records as JSON types."""
        return [epoch.to_json() for epoch in self]

    @classmethod
    def from_json(cls, records: list[dict[str, Any]]) -> "History":
        """Make a history from what `to_json` gave."""
        return cls(Epoch(**record) for record in records)
