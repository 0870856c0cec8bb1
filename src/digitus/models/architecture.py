"""The architecture of a network as JSON, which the model file stores beside the weights."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.batch_normalization import BatchNormalization
from digitus.nn.convolution import Convolution, MaxPooling
from digitus.nn.ctc import ConnectionistTemporalClassification
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.losses import Loss, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network

LAYERS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (
        BatchNormalization,
        Convolution,
        Dense,
        Dropout,
        InputBias,
        LeakyReLU,
        MaxPooling,
        ReLU,
        Sigmoid,
        Tanh,
    )
}
LOSSES: dict[str, type[Loss]] = {
    loss.kind: loss
    for loss in (
        ConnectionistTemporalClassification,
        SigmoidBinaryCrossEntropy,
        SoftmaxCrossEntropy,
    )
}

_MOST_LAYERS = 1000  # the shipped networks have up to 20; the time to build one is quadratic
_MOST_INPUTS = 1 << 20  # pooling can follow, so that no array of the file needs to be as large


def describe(network: Network) -> dict[str, Any]:
    """Return inputs, layers and loss with their options (JSON types)."""
    return {
        "inputs": network.n_inputs,
        "layers": [{"kind": layer.kind, **layer.options()} for layer in network.layers],
        "loss": {"kind": network.loss.kind, **network.loss.options()},
        "dtype": network.dtype.name,
    }


def build(architecture: dict[str, Any], *, dtype: DTypeLike | None = None) -> Network:
    """Make a network from the output of `describe`, its parameters zero.

    Raises:
        ValueError: if the description is incomplete or names unknown layers.
    """
    try:
        kind = np.dtype(dtype or architecture["dtype"])
        if kind not in (np.float32, np.float64):
            raise ValueError(f"a network of {kind}; float32 and float64 are known")
        if len(architecture["layers"]) > _MOST_LAYERS:
            raise ValueError(f"more than {_MOST_LAYERS} layers")
        if architecture["inputs"] > _MOST_INPUTS:
            raise ValueError(f"more than {_MOST_INPUTS:,} inputs")
        layers = [_make(LAYERS, layer) for layer in architecture["layers"]]
        return Network(
            architecture["inputs"],
            layers,
            loss=_make(LOSSES, architecture["loss"]),
            dtype=kind,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the architecture cannot be built: {error!r}") from error


def _make(kinds: dict[str, Any], description: dict[str, Any]) -> Any:
    options = dict(description)
    return kinds[options.pop("kind")](**options)


def title(network: Network) -> str:
    """Return the widths of a network, such as ``784-128-64-10``.

    A convolution is written with its number of filters, such as ``24c``.
    """
    widths = {"dense": "{width}", "convolution": "{channels}c"}
    steps = [layer for layer in network.layers if layer.kind in widths]
    names = (widths[layer.kind].format(**layer.options()) for layer in steps)
    return "-".join([str(network.n_inputs), *names])


def hidden_activation(network: Network) -> str:
    """Return the name of the hidden activation, or ``none``."""
    kinds = {layer.kind for layer in network.layers} & {"relu", "leaky_relu", "tanh", "sigmoid"}
    return " and ".join(sorted(kinds)) or "none"


def dense_chain(
    widths: Sequence[int], activation: Layer | None, *, output: str = "softmax"
) -> dict[str, Any]:
    """Return the architecture of dense layers with one activation between them.

    Args:
        widths: from the inputs to the classes, such as (784, 10, 10).
        activation: the hidden activation.
        output: ``softmax`` or ``sigmoid``.
    """
    between = [] if activation is None else [{"kind": activation.kind, **activation.options()}]
    layers: list[dict[str, Any]] = []
    for width in widths[1:-1]:
        layers += [{"kind": "dense", "width": width}, *between]
    layers.append({"kind": "dense", "width": widths[-1]})
    loss = SoftmaxCrossEntropy() if output == "softmax" else SigmoidBinaryCrossEntropy()
    return {
        "inputs": widths[0],
        "layers": layers,
        "loss": {"kind": loss.kind, **loss.options()},
        "dtype": "float32",
    }
