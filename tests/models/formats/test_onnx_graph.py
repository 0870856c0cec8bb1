"""The ONNX graph of a model, evaluated with ONNX's reference implementation."""

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from digitus.data.normalization import Normalizer
from digitus.models.formats.onnx_graph import graph_of
from digitus.models.model import Model
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.losses import SigmoidBinaryCrossEntropy
from digitus.nn.network import Network


def make(layers, *, n_inputs=6, temperature=1.0, loss=None):
    options = {} if loss is None else {"loss": loss}
    network = Network(n_inputs, layers, rng=np.random.default_rng(0), **options)
    return Model("m", network, Normalizer("zscore", 33.0, 78.0), temperature)


def outputs_of(model, pixels):
    graph = graph_of(model, onnx)
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)])
    names = [output.name for output in graph.output]
    found = ReferenceEvaluator(made).run(None, {"pixels": pixels.astype(np.float32)})
    return dict(zip(names, found, strict=True))


@pytest.fixture
def rows():
    return np.random.default_rng(1).integers(0, 256, (5, 6))


def test_the_temperature_and_the_normalizer_are_part_of_the_graph(rows):
    model = make([Dense(10)], temperature=2.5)
    found = outputs_of(model, rows)
    assert list(found) == ["probabilities"]
    np.testing.assert_allclose(found["probabilities"], model.probabilities(rows), atol=1e-6)


def test_eleven_outputs_become_ten_probabilities_and_that_of_a_digit(rows):
    model = make([Dense(11)])
    found, ours = outputs_of(model, rows), model.classify(rows)
    np.testing.assert_allclose(found["probabilities"].sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(found["probabilities"], ours.probabilities, atol=1e-6)
    np.testing.assert_allclose(found["digit"][:, 0], ours.p_digit, atol=1e-6)


def test_sigmoids_that_are_all_nearly_zero_still_give_probabilities(rows):
    model = make([Dense(10)], loss=SigmoidBinaryCrossEntropy())
    model.network.dense_layers()[0].bias[...] = -60
    found = outputs_of(model, rows)["probabilities"]
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_dropout_adds_no_operation_and_an_input_bias_two():
    operations = [
        [node.op_type for node in graph_of(make(layers), onnx).node]
        for layers in ([Dense(10)], [Dropout(0.5), Dense(10)], [InputBias(), Dense(10)])
    ]
    plain, dropped, biased = operations
    assert dropped == plain == ["Mul", "Add", "Gemm", "Div", "Softmax"]
    assert biased == [*plain[:2], "Add", "Tanh", *plain[2:]]


def test_a_layer_without_a_counterpart_is_refused():
    class Unknown(Layer):
        kind = "unknown"

    with pytest.raises(ValueError, match="kind unknown cannot be exported"):
        graph_of(make([Unknown(), Dense(10)]), onnx)
