import json
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.data.normalization import KINDS, Normalizer
from digitus.errors import DigitusError, ModelFileError, WriteError
from digitus.models.cnn import cnn_layers
from digitus.models.formats.onnx_file import IR_VERSION, OPSET, export_onnx
from digitus.models.model import Model
from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.network import Network


def _run(path, pixels):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["probabilities"], {"pixels": pixels.astype(np.float32)})[0]


@given(
    network=st.fixed_dictionaries(
        {
            "widths": st.sampled_from([(784, 10), (784, 7, 10), (784, 12, 6, 10)]),
            "activation": st.sampled_from(["relu", "leaky_relu", "tanh", "sigmoid"]),
            "output": st.sampled_from(["softmax", "sigmoid"]),
            "dtype": st.sampled_from([np.float32, np.float64]),
            "temperature": st.floats(0.5, 3),
            "normalizer": st.builds(
                Normalizer,
                st.sampled_from([kind for kind in KINDS if kind != "none"]),
                st.just(33.3),
                st.just(78.6),
            ),
        }
    )
)
@settings(max_examples=25)
def test_the_graph_gives_our_calibrated_probabilities_for_raw_pixels(
    make_model, folder, pixels, network
):
    model, path = make_model(**network), folder() / "m.onnx"
    export_onnx(model, path)
    np.testing.assert_allclose(_run(path, pixels), model.probabilities(pixels), atol=1e-5)


@pytest.mark.parametrize("n_outputs", [10, 11])
def test_a_convolutional_network_is_exported_too(folder, pixels, n_outputs):
    rng = np.random.default_rng(0)
    network = Network(784, cnn_layers(n_outputs, dropout=0.1), rng=rng)
    network.parameters += 0.1 * rng.random(network.parameters.size, np.float32)
    model, path = Model("cnn", network, Normalizer("unit"), 1.3), folder() / "m.onnx"
    export_onnx(model, path)
    np.testing.assert_allclose(_run(path, pixels), model.probabilities(pixels), atol=1e-5)
    if n_outputs == 11:
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        (digit,) = session.run(["digit"], {"pixels": pixels.astype(np.float32)})
        np.testing.assert_allclose(digit[:, 0], model.classify(pixels).p_digit, atol=1e-5)


@pytest.fixture
def everything():
    """Give a network with every layer that there is."""
    layers = [InputBias(), Dense(9), ReLU(), Dropout(0.4), Dense(8), LeakyReLU(0.3), Dense(7)]
    layers += [Tanh(), Dense(6), Sigmoid(), Dense(10)]
    network = Network(784, layers, rng=np.random.default_rng(0))
    network.layers[0].bias[...] = np.linspace(-1, 1, 784)
    return Model("everything", network, Normalizer("zscore", 33.3, 78.6), 1.7)


def test_every_layer_has_its_counterpart(everything, tmp_path, pixels):
    export_onnx(everything, tmp_path / "m.onnx")
    found = _run(tmp_path / "m.onnx", pixels)
    np.testing.assert_allclose(found, everything.probabilities(pixels), atol=1e-5)


def test_sigmoids_that_are_all_near_zero_are_still_compared_with_each_other(make_model, tmp_path):
    model = make_model(output="sigmoid")
    model.network.dense_layers()[-1].bias[...] = np.linspace(-60, -50, 10)
    export_onnx(model, tmp_path / "m.onnx")
    row = np.zeros((1, 784))
    np.testing.assert_allclose(_run(tmp_path / "m.onnx", row), model.probabilities(row), atol=1e-5)


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_any_number_of_rows_is_taken(make_model, tmp_path, pixels, n):
    export_onnx(make_model(), tmp_path / "m.onnx")
    assert _run(tmp_path / "m.onnx", pixels[:n]).shape == (n, 10)


def test_the_difference_that_was_measured_is_given(make_model, tmp_path):
    assert 0 <= export_onnx(make_model(), tmp_path / "m.onnx") < 1e-6


@pytest.fixture
def exported(make_model, tmp_path):
    export_onnx(make_model(record={"scores": {"accuracy": 0.98}}), tmp_path / "m.onnx")
    return onnx.load(tmp_path / "m.onnx")


def test_the_versions_are_the_pinned_ones(exported):
    assert (exported.ir_version, exported.opset_import[0].version) == (IR_VERSION, OPSET)


def test_name_and_scores_travel_along(exported):
    facts = {prop.key: prop.value for prop in exported.metadata_props}
    assert (facts["name"], json.loads(facts["scores"])) == ("made", {"accuracy": 0.98})


@pytest.mark.parametrize(("ports", "name"), [("input", "pixels"), ("output", "probabilities")])
def test_input_and_output_have_their_names(exported, ports, name):
    assert [port.name for port in getattr(exported.graph, ports)] == [name]


class _Half(Layer):
    """An activation that ONNX export has never heard of."""

    kind = "half"

    def forward(self, x, y, rng=None):
        np.multiply(x, 0.5, out=y)


def test_an_unknown_layer_is_the_programmers_mistake(tmp_path):
    network = Network(784, [Dense(5), _Half(), Dense(10)])
    with pytest.raises(ValueError, match="a layer of kind half cannot be exported"):
        export_onnx(Model("new", network, Normalizer("unit")), tmp_path / "m.onnx")


@pytest.fixture
def unlike(make_model):
    """Give a model whose own output is off by 0.01 in one place."""
    model = make_model()
    model.probabilities = lambda pixels, ours=model.probabilities: ours(pixels) + 0.01
    return model


def test_an_output_unlike_ours_is_refused(unlike, tmp_path):
    with pytest.raises(ModelFileError, match=r"differs from our own output by 1.0e-02"):
        export_onnx(unlike, tmp_path / "m.onnx")


def test_a_refused_export_leaves_no_file(unlike, tmp_path):
    with pytest.raises(ModelFileError):
        export_onnx(unlike, tmp_path / "m.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_without_the_extra_the_command_to_get_it_is_named(
    make_model, tmp_path, monkeypatch, package
):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DigitusError, match=r'pip install "digitus\[onnx\]"'):
        export_onnx(make_model(), tmp_path / "m.onnx")


def test_a_full_disk_leaves_the_old_file(make_model, tmp_path, full_disk):
    path = tmp_path / "m.onnx"
    export_onnx(make_model(), path)
    before = path.read_bytes()
    with full_disk(), pytest.raises(WriteError, match=r"m\.onnx: cannot be written"):
        export_onnx(make_model(seed=1), path)
    assert path.read_bytes() == before
