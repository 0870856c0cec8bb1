"""System S4's files: ``W1.npy b1.npy W2.npy b2.npy``, later with ``W3.npy b3.npy``.

Weights are (outputs, inputs), biases (outputs, 1); softmax outputs, pixels divided by 255. The
files do not say the hidden activation: S4 has ReLU with two layers, leaky ReLU (0.1) with three.
"""

from itertools import count
from pathlib import Path

from digitus.errors import ModelFileError
from digitus.models.formats.array_files import load_npy, npy_bytes, write_together
from digitus.models.formats.dense_network import (
    DenseNetwork,
    StoredLayer,
    activation_named,
    dense_network_of,
    model_from,
    require,
)
from digitus.models.model import Model
from digitus.nn.layers import Layer

FILES = ("W1.npy", "b1.npy")
"""Files that a folder of this format is recognized by."""

_S4_ACTIVATIONS = {2: "relu", 3: "leaky_relu"}


def read_npy(folder: str | Path, *, activation: str | None = None) -> Model:
    """Read the files of a folder.

    Args:
        folder: holds ``W1.npy``, ``b1.npy`` and so on; other files are ignored.
        activation: ``relu``, ``leaky_relu``, ``sigmoid`` or ``tanh``; None takes S4's.

    Raises:
        ModelFileError: if a file is missing, damaged, holds objects or NaN, or does not fit.
        ValueError: if there is no such activation.
    """
    n_layers = next(k for k in count(1) if not _has_layer(Path(folder), k + 1))
    layers = [_read_layer(Path(folder), k) for k in range(1, n_layers + 1)]
    dense = DenseNetwork(layers, _activation(n_layers, activation, folder), "softmax")
    return model_from(dense, folder, form="npy")


def _has_layer(folder: Path, k: int) -> bool:
    return any((folder / name).exists() for name in _names(k))


def _names(k: int) -> tuple[str, str]:
    return f"W{k}.npy", f"b{k}.npy"


def _read_layer(folder: Path, k: int) -> StoredLayer:
    weight, bias = _names(k)
    return StoredLayer(load_npy(folder / weight), load_npy(folder / bias), weight, bias)


def _activation(n_layers: int, expected: str | None, folder: str | Path) -> Layer:
    name = expected or _S4_ACTIVATIONS.get(n_layers)
    if name is None:
        raise ModelFileError(
            f"{folder}: expected 2 layers (ReLU) or 3 (leaky ReLU), found {n_layers}; "
            f"name the hidden activation"
        )
    return activation_named(name)


def write_npy(model: Model, folder: str | Path) -> None:
    """Write the files of a folder so that S4 and `read_npy` choose the right activation.

    Raises:
        ModelFileError: if the network is not one of S4's two, its pixels are not divided by 255,
            or the folder holds files of a deeper network, which would be read as its last layers.
        WriteError: if the folder cannot be written.
    """
    dense = dense_network_of(model, form="npy")
    n_layers = len(dense.layers)
    require(n_layers in _S4_ACTIVATIONS, "npy", "2 or 3 dense layers", f"{n_layers}")
    require(dense.output == "softmax", "npy", "softmax outputs", dense.output)
    _require_activation(dense, _S4_ACTIVATIONS[n_layers])
    if _has_layer(Path(folder), n_layers + 1):
        raise ModelFileError(
            f"{folder}: holds a network of more than {n_layers} layers; choose another folder"
        )
    contents: dict[str, bytes] = {}
    for k, layer in enumerate(dense.layers, 1):
        weight, bias = _names(k)
        contents |= {weight: npy_bytes(layer.weight), bias: npy_bytes(layer.bias[:, None])}
    write_together(folder, contents)


def _require_activation(dense: DenseNetwork, name: str) -> None:
    unit, found = activation_named(name), dense.activation
    has = "none" if found is None else " ".join(map(str, (found.kind, *found.options().values())))
    fits = found is not None and (found.kind, found.options()) == (unit.kind, unit.options())
    require(fits, "npy", f"{name} units in {len(dense.layers)} layers", has)
