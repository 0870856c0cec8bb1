"""Plain dense networks: all that the files of the five original systems can hold.

These files store weights as (outputs, inputs), the library as (inputs, outputs). They name neither
activation nor normalizer: both are known from the system, and pixels are divided by 255.
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
from digitus.models.file import refuse_nonfinite_network
from digitus.models.formats.array_files import refuse_unusable
from digitus.models.model import Model
from digitus.nn.layers import Dense, Dropout, Layer
from digitus.nn.losses import SigmoidBinaryCrossEntropy

N_PIXELS, N_CLASSES = 784, 10

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh")


@dataclass(frozen=True)
class StoredLayer:
    """One dense layer as a file holds it, and the names of its arrays in errors.

    Attributes:
        weight: (h, d).
        bias: (h,) or (h, 1).
    """

    weight: NDArray[Any]
    bias: NDArray[Any]
    weight_name: str = "the weight"
    bias_name: str = "the bias"


@dataclass(frozen=True)
class DenseNetwork:
    """A plain dense network.

    Attributes:
        layers: from the pixels to the classes.
        activation: of the hidden layers, None without any.
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


def model_from(dense: DenseNetwork, source: str | Path, *, form: str) -> Model:
    """Make a model of the contents of a file, in float64 unless all arrays are float32.

    Args:
        dense: contents of the file.
        source: the file or folder, named in errors; its stem becomes the model's name.
        form: name of the format, for the record.

    Raises:
        ModelFileError: if arrays hold other things than finite numbers, or do not fit each other.
    """
    _check_shapes(dense, source)
    arrays = [array for layer in dense.layers for array in (layer.weight.T, layer.bias.ravel())]
    widths = [N_PIXELS, *(layer.bias.size for layer in dense.layers)]
    architecture = dense_chain(widths, dense.activation, output=dense.output)
    if dense.input_bias is not None:
        _check_input_bias(dense.input_bias, source)
        architecture["layers"].insert(0, {"kind": "input_bias"})
        arrays.insert(0, dense.input_bias)
    is_single = all(array.dtype == np.float32 for array in arrays)
    network = build(architecture, dtype=np.float32 if is_single else np.float64)
    for (_, values, _), array in zip(network.named_parameters(), arrays, strict=True):
        values[...] = array
    name = Path(source).resolve().stem
    return Model(name, network, Normalizer("unit"), record={"imported_from": form})


def _check_shapes(dense: DenseNetwork, source: str | Path) -> None:
    d = N_PIXELS
    for layer in dense.layers:
        refuse_unusable(layer.weight, layer.weight_name, source)
        refuse_unusable(layer.bias, layer.bias_name, source)
        h = N_CLASSES if layer is dense.layers[-1] else max(1, len(np.atleast_1d(layer.weight)))
        if layer.weight.shape != (h, d):
            raise shape_error(source, layer.weight_name, expected=(h, d), found=layer.weight.shape)
        if layer.bias.shape not in ((h, 1), (h,)):
            raise shape_error(source, layer.bias_name, expected=(h, 1), found=layer.bias.shape)
        d = h


def _check_input_bias(bias: NDArray[Any], source: str | Path) -> None:
    refuse_unusable(bias, "input bias", source)
    if bias.shape != (N_PIXELS,):
        raise shape_error(source, "input bias", expected=(N_PIXELS,), found=bias.shape)


def shape_error(
    source: str | Path, name: str, *, expected: object, found: object
) -> ModelFileError:
    """Return the error for an array of the wrong shape."""
    return ModelFileError(
        f"{source}: {name}: expected shape {expected}, found {found}; "
        f"check that all arrays belong to one network of {N_PIXELS} pixels and {N_CLASSES} digits"
    )


def dense_network_of(model: Model, *, form: str) -> DenseNetwork:
    """Return a model as dense layers, for a format that holds nothing else.

    Dropout does nothing outside training and is left out; so is the calibration.

    Raises:
        ModelFileError: if the network has other layers, its pixels are not divided by 255, or its
            parameters are not finite.
    """
    network = model.network
    refuse_nonfinite_network(network, model.name)
    require(model.normalizer.kind == "unit", form, "pixels / 255", model.normalizer.kind)
    widths = (network.n_inputs, network.n_outputs)
    require(widths == (N_PIXELS, N_CLASSES), form, "784 pixels and 10 digits", str(widths))
    steps = [layer for layer in network.layers if not isinstance(layer, Dropout)]
    kinds = ", ".join(layer.kind for layer in steps)
    require(_is_plain(steps), form, "dense layers with one activation between them", kinds)
    layers = [StoredLayer(dense.weight.T, dense.bias) for dense in network.dense_layers()]
    is_sigmoid = isinstance(network.loss, SigmoidBinaryCrossEntropy)
    activation = steps[1] if len(steps) > 1 else None
    return DenseNetwork(layers, activation, "sigmoid" if is_sigmoid else "softmax")


def _is_plain(steps: Sequence[Layer]) -> bool:
    """Return whether dense layers and one kind of activation alternate."""
    activations = [(layer.kind, layer.options()) for layer in steps[1::2]]
    return (
        len(steps) % 2 == 1
        and all(isinstance(layer, Dense) for layer in steps[::2])
        and all(
            activation == activations[0] and activation[0] in ACTIVATIONS
            for activation in activations
        )
    )


def require(fits: bool, form: str, expected: str, found: str) -> None:
    """Check that a format can hold a model.

    Raises:
        ModelFileError: if the model does not fit.
    """
    if not fits:
        raise ModelFileError(
            f"the {form} format holds {expected}, this model has {found}; "
            f"export it as onnx, which holds any network"
        )
