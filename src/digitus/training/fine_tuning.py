"""Going on from a trained model: its weights are the first ones, its calibration may be kept."""

from hashlib import sha256
from typing import Any

from digitus.errors import ModelFileError
from digitus.models.architecture import describe, title
from digitus.models.model import Model
from digitus.nn.network import Network


def start_from(start: Model, network: Network, *, normalizer: str) -> None:
    """Put a model's weights into a network of the same shape.

    Raises:
        ModelFileError: if the network is another one, or its pixels are normalized otherwise.
    """
    wanted, found = describe(network)["layers"], describe(start.network)["layers"]
    if wanted != found or start.normalizer.kind != normalizer:
        raise ModelFileError(
            f"{start.name}: cannot start from {title(start.network)} with {start.normalizer.kind} "
            f"pixels to train {title(network)} with {normalizer} ones; "
            f"choose the options that it was trained with"
        )
    network.parameters[...] = start.network.parameters


def describe_start(start: Model | None) -> dict[str, Any] | None:
    """Name a model by the hash of its weights, and say how it was trained (JSON types)."""
    if start is None:
        return None
    digest = sha256(start.network.parameters.tobytes()).hexdigest()
    return {"name": start.name, "sha256": digest, "record": start.record}


def keep_calibration(start: Model, model: Model) -> dict[str, Any]:
    """Take over how far the start could be trusted; give what that was measured on."""
    model.temperature, model.digit_threshold = start.temperature, start.digit_threshold
    model.errors = start.errors
    measured: dict[str, Any] = start.record.get("calibration", {})
    return measured
