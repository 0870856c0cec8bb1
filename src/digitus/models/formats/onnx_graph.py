"""A model as an ONNX graph, step by step from pixels to probabilities."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from digitus.data.normalization import Normalizer
from digitus.models.model import Model
from digitus.nn.activations import LeakyReLU
from digitus.nn.batch_normalization import EPSILON, BatchNormalization
from digitus.nn.convolution import Convolution, MaxPooling, SpatialLayer
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.losses import SigmoidBinaryCrossEntropy

N_CLASSES = 10
_SAME = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"}


class _Graph:
    """A sequence of nodes; each takes the output of the one before."""

    def __init__(self, onnx: Any) -> None:
        self.onnx, self.last = onnx, "pixels"
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operation: str, *constants: ArrayLike, **options: Any) -> None:
        """Add an operation on the last output, with constants as its other inputs."""
        inputs = [self.last, *(self._keep(values) for values in constants)]
        self.last = f"step{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(operation, inputs, [self.last], **options))

    def reshape(self, *shape: int) -> None:
        """Reshape every row of the last output."""
        self.add("Reshape", np.array([-1, *shape], np.int64))

    def port(self, name: str, width: int) -> Any:
        """Describe an input or output of the graph: any number of rows (n, width)."""
        kind = self.onnx.TensorProto.FLOAT
        return self.onnx.helper.make_tensor_value_info(name, kind, ["n", width])

    def _keep(self, values: ArrayLike) -> str:
        name = f"constant{len(self.constants)}"
        array = np.ascontiguousarray(values)
        if array.dtype != np.int64:  # a shape
            array = array.astype(np.float32)
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name


def graph_of(model: Model, onnx: Any) -> Any:
    """Build the graph: normalizer, layers, temperature, outputs that sum to one.

    Args:
        model: any network.
        onnx: the library, which is an extra.

    Raises:
        ValueError: if a layer has no counterpart yet.
    """
    graph, network = _Graph(onnx), model.network
    _add_normalizer(graph, model.normalizer)
    for layer in network.layers:
        _add_layer(graph, layer)
    graph.add("Div", model.temperature)
    if isinstance(network.loss, SigmoidBinaryCrossEntropy):
        _add_log_sigmoid(graph)
    graph.add("Softmax", axis=1)
    pixels = graph.port("pixels", network.n_inputs)
    outputs = [graph.port("probabilities", min(network.n_outputs, N_CLASSES))]
    if network.n_outputs > N_CLASSES:
        _split_not_a_digit(graph)
        outputs.append(graph.port("digit", 1))
    graph.nodes[-1].output[0] = "probabilities"
    return onnx.helper.make_graph(graph.nodes, "digitus", [pixels], outputs, graph.constants)


def _split_not_a_digit(graph: _Graph) -> None:
    """Drop the eleventh probability, "not a digit", and scale the ten others to sum to one."""
    graph.add("Slice", np.array([0]), np.array([N_CLASSES]), np.array([1]))
    digits = graph.last
    graph.add("ReduceSum", np.array([1]), keepdims=1)
    graph.nodes[-1].output[0] = graph.last = "digit"
    node = graph.onnx.helper.make_node("Div", [digits, "digit"], ["probabilities"])
    graph.nodes.append(node)


def _add_normalizer(graph: _Graph, normalizer: Normalizer) -> None:
    """Add the normalizer: a linear function, known from its values at 0 and 1."""
    at_0, at_1 = normalizer.apply(np.array([0.0, 1.0]), np.empty(2))
    graph.add("Mul", at_1 - at_0)
    graph.add("Add", at_0)


def _add_layer(graph: _Graph, layer: Layer) -> None:
    if isinstance(layer, Dense):
        graph.add("Gemm", layer.weight, layer.bias)
    elif isinstance(layer, SpatialLayer):
        _add_spatial_layer(graph, layer)
    elif isinstance(layer, InputBias):
        graph.add("Add", layer.bias)
        graph.add("Tanh")
    elif isinstance(layer, LeakyReLU):
        graph.add("LeakyRelu", alpha=layer.slope)
    elif isinstance(layer, Dropout):
        return  # does nothing outside training
    elif layer.kind in _SAME:
        graph.add(_SAME[layer.kind])
    else:
        raise ValueError(f"a layer of kind {layer.kind} cannot be exported yet")


def _add_spatial_layer(graph: _Graph, layer: SpatialLayer) -> None:
    """Add a layer over images, whose channels come first in ONNX and last here."""
    rows, cols, channels = layer.shape
    graph.reshape(rows, cols, channels)
    if isinstance(layer, BatchNormalization):
        factor = layer.scale / np.sqrt(layer.variance + EPSILON)
        graph.add("Mul", factor)
        graph.add("Add", layer.shift - layer.mean * factor)
    else:
        graph.add("Transpose", perm=[0, 3, 1, 2])
        _add_filter(graph, layer)
        graph.add("Transpose", perm=[0, 2, 3, 1])
    graph.reshape(prod(layer.output_shape))


def _add_filter(graph: _Graph, layer: SpatialLayer) -> None:
    if isinstance(layer, Convolution):
        sides, (_, _, channels) = layer.size, layer.shape
        weight = layer.weight.reshape(*sides, channels, layer.channels).transpose(3, 2, 0, 1)
        pads = [*layer.padding] * 2
        graph.add("Conv", weight, layer.bias, kernel_shape=[*sides], pads=pads)
    elif isinstance(layer, MaxPooling):
        graph.add("MaxPool", kernel_shape=[*layer.size], strides=[*layer.size])
    else:
        raise ValueError(f"a layer of kind {layer.kind} cannot be exported yet")


def _add_log_sigmoid(graph: _Graph) -> None:
    """Add log p = -log(1 + exp(-z)): the softmax of log p is p / sum(p), never 0/0."""
    graph.add("Neg")
    graph.add("Softplus")
    graph.add("Neg")
