"""System S0's file: a pickle of a list of dictionaries, one for each layer.

It is not known how S0 named its arrays, so any of these is accepted, in any case and with or
without a number at the end: ``w``, ``weight``, ``weights``, ``kernel``; ``b``, ``bias``,
``biases``. Weights may be (inputs, outputs) or (outputs, inputs), the same in all layers; the
orientation that fits 784 pixels is taken. A first dictionary with a bias of 784 alone is S0's
learnable input bias, and an empty first one stands for the input. ReLU units, softmax outputs. The
file does not say how pixels were normalized: divided by 255 unless the caller sets another
normalizer.
"""

import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from digitus.data.formats.pickles import PickledArray, load_plain, text_of
from digitus.errors import ModelFileError
from digitus.models.formats.dense_network import (
    N_PIXELS,
    DenseNetwork,
    StoredLayer,
    activation_named,
    model_from,
)
from digitus.models.model import Model

_WEIGHTS = {"w", "weight", "weights", "kernel"}
_BIASES = {"b", "bias", "biases"}

Dictionary = Mapping[object, object]


def read_pickle(path: str | Path, *, activation: str | None = None) -> Model:
    """Read the layers; the pickle can build arrays and plain values only, and runs nothing.

    Args:
        path: the pickle.
        activation: ``relu``, ``leaky_relu``, ``sigmoid`` or ``tanh``; None takes S0's, ReLU.

    Raises:
        ModelFileError: if the file is damaged, wants to run something, holds other things than
            layers, or its arrays hold NaN or do not fit each other.
        ValueError: if there is no such activation.
    """
    dictionaries = _load(Path(path))
    input_bias = None
    if _is_before_the_first_layer(dictionaries[0]):
        input_bias = _arrays(dictionaries.pop(0)).get("bias")
    layers = [_layer(one, f"{path}, layer {k}") for k, one in enumerate(dictionaries, 1)]
    dense = DenseNetwork(
        _oriented(layers, path), activation_named(activation or "relu"), "softmax", input_bias
    )
    return model_from(dense, path, form="pickle")


def _load(path: Path) -> list[Dictionary]:
    expected = f"{path}: expected a pickle of a list of dictionaries, one for each layer"
    try:
        with path.open("rb") as file:
            layers = load_plain(file)
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read ({error.strerror}); check it") from error
    except pickle.UnpicklingError as error:
        raise ModelFileError(
            f"{expected}, found {error}; nothing in it was run, save the layers again"
        ) from error
    if not isinstance(layers, list | tuple) or not all(isinstance(one, dict) for one in layers):
        raise ModelFileError(f"{expected}, found a {type(layers).__name__}; save the layers again")
    if not layers:
        raise ModelFileError(f"{expected}, found an empty one; save the layers again")
    return list(layers)


def _is_before_the_first_layer(dictionary: Dictionary) -> bool:
    has_arrays = any(isinstance(value, PickledArray) for value in dictionary.values())
    return set(_arrays(dictionary)) == {"bias"} or not has_arrays


def _arrays(dictionary: Dictionary) -> dict[str, NDArray[Any]]:
    """Return the weight and the bias of a dictionary, if it has them."""
    arrays: dict[str, NDArray[Any]] = {}
    for key, value in dictionary.items():
        word = re.sub(r"[\d_]+$", "", text_of(key).lower()) if isinstance(key, str | bytes) else ""
        if isinstance(value, PickledArray) and word in _WEIGHTS:
            arrays["weight"] = value.values
        elif isinstance(value, PickledArray) and word in _BIASES:
            arrays["bias"] = value.values.ravel() if 1 in value.values.shape else value.values
    return arrays


def _layer(dictionary: Dictionary, place: str) -> StoredLayer:
    arrays = _arrays(dictionary)
    if set(arrays) != {"weight", "bias"}:
        keys = (
            ", ".join(text_of(key) for key in dictionary if isinstance(key, str | bytes)) or "none"
        )
        raise ModelFileError(
            f"{place}: expected arrays named weight and bias (or W and b), found the keys "
            f"{keys:.200}; rename them"
        )
    return StoredLayer(arrays["weight"], arrays["bias"])


def _oriented(layers: list[StoredLayer], path: str | Path) -> list[StoredLayer]:
    """Turn all weights to (outputs, inputs), in the orientation in which they fit each other."""
    turned = [StoredLayer(layer.weight.T, layer.bias) for layer in layers]
    for candidate in (turned, layers):
        inputs = [N_PIXELS, *(len(layer.bias) for layer in candidate if layer.bias.ndim)]
        if layers and all(
            layer.weight.shape[1:] == (d,) for layer, d in zip(candidate, inputs, strict=False)
        ):
            return _numbered(candidate)
    shapes = ", ".join(str(layer.weight.shape) for layer in layers) or "no layers"
    raise ModelFileError(
        f"{path}: expected weights that lead from {N_PIXELS} pixels to 10 digits, found {shapes}; "
        f"check that all layers belong to one network"
    )


def _numbered(layers: list[StoredLayer]) -> list[StoredLayer]:
    return [
        StoredLayer(layer.weight, layer.bias, f"weight of layer {k}", f"bias of layer {k}")
        for k, layer in enumerate(layers, 1)
    ]
