"""Training that starts from a trained model instead of random weights."""

from hashlib import sha256
from typing import Any

from digitus.errors import ModelFileError
from digitus.models.architecture import describe, title
from digitus.models.model import Model
from digitus.nn.network import Network


def start_from(start: Model, network: Network, *, normalizer: str) -> None:
    """Copy a model's weights into a network of the same layers.

    Raises:
        ModelFileError: if the layers differ, or the pixels are normalized otherwise.
    """
    expected, found = describe(network)["layers"], describe(start.network)["layers"]
    if expected != found or start.normalizer.kind != normalizer:
        raise ModelFileError(
            f"{start.name}: cannot start from {title(start.network)} with {start.normalizer.kind} "
            f"pixels to train {title(network)} with {normalizer} ones; "
            f"choose the options that it was trained with"
        )
    network.parameters[...] = start.network.parameters


def describe_start(start: Model | None) -> dict[str, Any] | None:
    """Return a model's name, the hash of its weights and its record (JSON types)."""
    if start is None:
        return None
    digest = sha256(start.network.parameters.tobytes()).hexdigest()
    return {"name": start.name, "sha256": digest, "record": start.record}


def keep_calibration(start: Model, model: Model) -> dict[str, Any]:
    """Copy the calibration of the start; return the part of its record that describes it."""
    model.temperature, model.digit_threshold = start.temperature, start.digit_threshold
    model.errors = start.errors
    measured: dict[str, Any] = start.record.get("calibration", {})
    return measured
