"""The record of a training run, epoch by epoch."""

from dataclasses import asdict, dataclass
from typing import Any

from digitus.json_values import from_record


@dataclass(frozen=True)
class Epoch:
    """One pass over the training rows.

    Attributes:
        epoch: number, counted from 1.
        loss: mean over the batches during training, with dropout and penalty.
        accuracy: share of the training rows answered right during training, 0..1.
        validation_loss: without penalty and dropout; None where it was not computed.
        validation_accuracy: share of the validation rows answered right, or None.
        rate: learning rate of the epoch's last step; None for L-BFGS.
        gradient_norms: norms in the epoch's last step, one per layer with parameters.
        seconds: duration, including validation.
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
    """The epochs so far.

    Attributes:
        first_gradient_norms: norms in the first step, one per layer with parameters.
    """

    first_gradient_norms: list[float] | None = None

    def to_json(self) -> list[dict[str, Any]]:
        """Return all epochs as JSON types."""
        return [epoch.to_json() for epoch in self]

    @classmethod
    def from_json(cls, records: list[dict[str, Any]]) -> "History":
        """Return the history that `to_json` described.

        Raises:
            TypeError: if a record is not one of an epoch.
        """
        return cls(from_record(Epoch, record) for record in records)
