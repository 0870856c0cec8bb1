"""Plain chains of dense layers: all that the five original systems' files can hold.

Their files keep weights as (outputs, inputs), ours as (inputs, outputs). They name no activation
and no normalizer: both are known from the system, and pixels are divided by 255.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError
from digitus.models.architecture import LAYERS, build, dense_chain
from digitus.models.file import refuse_broken_network
from digitus.models.formats.array_files import refuse_unusable
from digitus.models.model import Model
from digitus.nn.layers import Dense, Dropout, Layer
from digitus.nn.losses import SigmoidBinaryCrossEntropy

N_PIXELS, N_CLASSES = 784, 10

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh")


@dataclass(frozen=True)
class StoredLayer:
    """One dense layer as a file holds it, and what errors call its arrays.

    Attributes:
        weight: (h, d).
        bias: (h,) or (h, 1).
    """

    weight: NDArray[Any]
    bias: NDArray[Any]
    weight_name: str = "the weight"
    bias_name: str = "the bias"


@dataclass(frozen=True)
class Chain:
    """A network as a plain chain.

    Attributes:
        layers: the dense layers, from the pixels to the classes.
        activation: the hidden one, None if nothing is hidden.
        output: ``softmax`` or ``sigmoid``.
        input_bias: (784,), S0's learnable first step, or None.
    """

    layers: Sequence[StoredLayer]
    activation: Layer | None
    output: str
    input_bias: NDArray[Any] | None = None


def activation_named(name: str) -> Layer:
    """Make a hidden activation by name; a leaky ReLU has S4's slope, 0.1.

    Raises:
        ValueError: if there is none of that name.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, not {name!r}")
    return LAYERS[name]()


def model_from(chain: Chain, source: str | Path, *, form: str) -> Model:
    """Make a model of what a file holds, in float64 unless all of it is float32.

    Args:
        chain: from the pixels to the classes.
        source: the file or folder, named in errors; its stem becomes the model's name.
        form: which system's format it was, kept in the record.

    Raises:
        ModelFileError: if the arrays are no numbers, do not fit each other, or hold NaN.
    """
    _refuse_misfits(chain, source)
    arrays = [array for layer in chain.layers for array in (layer.weight.T, layer.bias.ravel())]
    widths = [N_PIXELS, *(layer.bias.size for layer in chain.layers)]
    architecture = dense_chain(widths, chain.activation, output=chain.output)
    if chain.input_bias is not None:
        _refuse_misfit_bias(chain.input_bias, source)
        architecture["layers"].insert(0, {"kind": "input_bias"})
        arrays.insert(0, chain.input_bias)
    is_single = all(array.dtype == np.float32 for array in arrays)
    network = build(architecture, dtype=np.float32 if is_single else np.float64)
    for (_, values, _), array in zip(network.named_parameters(), arrays, strict=True):
        values[...] = array
    name = Path(source).resolve().stem
    return Model(name, network, Normalizer("unit"), record={"imported_from": form})


def _refuse_misfits(chain: Chain, source: str | Path) -> None:
    d = N_PIXELS
    for layer in chain.layers:
        refuse_unusable(layer.weight, layer.weight_name, source)
        refuse_unusable(layer.bias, layer.bias_name, source)
        h = N_CLASSES if layer is chain.layers[-1] else max(1, len(np.atleast_1d(layer.weight)))
        if layer.weight.shape != (h, d):
            raise misfit(source, layer.weight_name, wanted=(h, d), found=layer.weight.shape)
        if layer.bias.shape not in ((h, 1), (h,)):
            raise misfit(source, layer.bias_name, wanted=(h, 1), found=layer.bias.shape)
        d = h


def _refuse_misfit_bias(bias: NDArray[Any], source: str | Path) -> None:
    refuse_unusable(bias, "input bias", source)
    if bias.shape != (N_PIXELS,):
        raise misfit(source, "input bias", wanted=(N_PIXELS,), found=bias.shape)


def misfit(source: str | Path, name: str, *, wanted: object, found: object) -> ModelFileError:
    """Build the error for an array that has not the shape that its place asks for."""
    return ModelFileError(
        f"{source}: {name}: expected shape {wanted}, found {found}; "
        f"check that all arrays belong to one network of {N_PIXELS} pixels and {N_CLASSES} digits"
    )


def chain_of(model: Model, *, form: str) -> Chain:
    """Take a model apart for a format that holds dense layers and nothing else.

    Dropout does nothing outside training and is left out; so is the calibration.

    Raises:
        ModelFileError: if the network is no plain chain over pixels divided by 255, or broken.
    """
    network = model.network
    refuse_broken_network(network, model.name)
    require(model.normalizer.kind == "unit", form, "pixels / 255", model.normalizer.kind)
    widths = (network.n_inputs, network.n_outputs)
    require(widths == (N_PIXELS, N_CLASSES), form, "784 pixels and 10 digits", str(widths))
    steps = [layer for layer in network.layers if not isinstance(layer, Dropout)]
    kinds = ", ".join(layer.kind for layer in steps)
    require(_is_plain(steps), form, "dense layers with one activation between them", kinds)
    layers = [StoredLayer(dense.weight.T, dense.bias) for dense in network.dense_layers()]
    is_sigmoid = isinstance(network.loss, SigmoidBinaryCrossEntropy)
    bend = steps[1] if len(steps) > 1 else None
    return Chain(layers, bend, "sigmoid" if is_sigmoid else "softmax")


def _is_plain(steps: Sequence[Layer]) -> bool:
    """Return whether dense layers and activations take turns, all activations the same."""
    bends = [(layer.kind, layer.options()) for layer in steps[1::2]]
    return (
        len(steps) % 2 == 1
        and all(isinstance(layer, Dense) for layer in steps[::2])
        and all(bend == bends[0] and bend[0] in ACTIVATIONS for bend in bends)
    )


def require(fits: bool, form: str, wanted: str, found: str) -> None:
    """Refuse to export what a format cannot hold.

    Raises:
        ModelFileError: if it does not fit.
    """
    if not fits:
        raise ModelFileError(
            f"the {form} format holds {wanted}, this model has {found}; "
            f"export it as onnx, which holds any network"
        )
