"""System S3's file: an npz archive with ``weight_layer_k`` and ``bias_layer_k``, k from 1.

Weights are (outputs, inputs), biases (outputs, 1), float64; ReLU units in S3, softmax outputs,
pixels divided by 255. Archives that count from 0 are read too.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from digitus.data.formats.npy_arrays import Arrays
from digitus.errors import ModelFileError
from digitus.models.formats.array_files import load_npz, npz_bytes, write_together
from digitus.models.formats.dense_network import (
    DenseNetwork,
    StoredLayer,
    activation_named,
    dense_network_of,
    model_from,
    require,
)
from digitus.models.model import Model


def read_npz(path: str | Path, *, activation: str | None = None) -> Model:
    """Read an archive; arrays of other names are ignored.

    Args:
        path: the archive.
        activation: ``relu``, ``leaky_relu``, ``sigmoid`` or ``tanh``; None takes S3's, ReLU.

    Raises:
        ModelFileError: if the file is damaged, holds objects or NaN, lacks a layer or the arrays
            do not fit each other.
        ValueError: if there is no such activation.
    """
    arrays, names = load_npz(Path(path), prefixes=_PREFIXES)
    layers = [_layer(arrays, k) for k in _layer_numbers(arrays, names, path)]
    dense = DenseNetwork(layers, activation_named(activation or "relu"), "softmax")
    return model_from(dense, path, form="npz")


_PREFIXES = ("weight_layer_", "bias_layer_")


def _names(k: int) -> tuple[str, str]:
    return f"weight_layer_{k}", f"bias_layer_{k}"


def _layer(arrays: Arrays, k: int) -> StoredLayer:
    weight, bias = _names(k)
    return StoredLayer(arrays[weight], arrays[bias], weight, bias)


def _layer_numbers(arrays: Arrays, names: Sequence[str], path: str | Path) -> range:
    """Return the layer numbers, which must account for every layer array in the archive."""
    held = set(arrays)
    n_layers = len(held) // 2
    for numbers in (range(1, n_layers + 1), range(n_layers)):
        if held and held == {name for k in numbers for name in _names(k)}:
            return numbers
    raise ModelFileError(
        f"{path}: expected weight_layer_1 and bias_layer_1, weight_layer_2 and so on, "
        f"found {', '.join(sorted(names)) or 'nothing':.200}; rename the arrays"
    )


def write_npz(model: Model, path: str | Path) -> None:
    """Write an archive of a network of ReLU units, as float64.

    Raises:
        ModelFileError: if the network is another one, or its pixels are not divided by 255.
        WriteError: if the place cannot be written.
    """
    dense = dense_network_of(model, form="npz")
    require(dense.output == "softmax", "npz", "softmax outputs", dense.output)
    unit = dense.activation.kind if dense.activation else "relu"  # one layer has no hidden unit
    require(unit == "relu", "npz", "ReLU units", unit)
    arrays = {}
    for k, layer in enumerate(dense.layers, 1):
        weight, bias = _names(k)
        arrays[weight] = layer.weight.astype(np.float64)
        arrays[bias] = layer.bias[:, None].astype(np.float64)
    path = Path(path)
    write_together(path.parent, {path.name: npz_bytes(arrays)})
