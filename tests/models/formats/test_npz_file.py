from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError, WriteError
from digitus.models.formats.npz_file import read_npz, write_npz

S3 = (784, 128, 64, 10)


def _arrays(first=1, widths=S3):
    """Make arrays as S3's code does; layers count from ``first``."""
    rng = np.random.default_rng(42)
    arrays = {}
    for k, (d, h) in enumerate(pairwise(widths), first):
        arrays[f"weight_layer_{k}"] = rng.normal(size=(h, d)) * np.sqrt(2 / d)
        arrays[f"bias_layer_{k}"] = rng.normal(size=(h, 1))
    return arrays


def _outputs(arrays, x):
    """S3's own forward pass, columns are samples."""
    a = x.T
    for k in (1, 2, 3):
        z = arrays[f"weight_layer_{k}"] @ a + arrays[f"bias_layer_{k}"]
        a = np.maximum(z, 0)
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0)).T


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


def test_a_file_of_the_original_is_read_as_the_same_network(path, pixels):
    np.savez(path, **_arrays())
    expected = _outputs(_arrays(), pixels / 255)
    np.testing.assert_allclose(read_npz(path).probabilities(pixels), expected, atol=1e-12)


@pytest.mark.parametrize("first", [0, 1])
def test_layers_may_count_from_zero_or_one(path, first):
    np.savez(path, **_arrays(first))
    expected = _arrays(first)[f"weight_layer_{first}"]
    np.testing.assert_array_equal(read_npz(path).network.dense_layers()[0].weight.T, expected)


def test_compressed_archives_and_foreign_arrays_do_not_matter(path):
    np.savez_compressed(path, epochs=np.array(600), **_arrays())
    assert len(read_npz(path).network.dense_layers()) == 3


def test_the_caller_may_choose_the_activation(path):
    np.savez(path, **_arrays())
    assert read_npz(path, activation="tanh").network.layers[1].kind == "tanh"


@given(hidden=st.lists(st.integers(1, 20), max_size=3))
@settings(max_examples=20)
def test_a_round_trip_keeps_every_digit_and_every_weight(make_model, folder, pixels, hidden):
    model, path = make_model((784, *hidden, 10)), folder() / "m.npz"
    write_npz(model, path)
    assert (read_npz(path).network.parameters == model.network.parameters).all()


def test_a_round_trip_in_float64_predicts_the_same_to_the_bit(make_model, path, pixels):
    model = make_model(S3, dtype=np.float64)
    write_npz(model, path)
    assert (read_npz(path).logits(pixels) == model.logits(pixels)).all()


@pytest.mark.parametrize("name", _arrays())
def test_exported_arrays_are_float64_in_the_originals_shapes(make_model, path, name):
    write_npz(make_model(S3), path)
    with np.load(path, allow_pickle=False) as archive:
        found = archive[name]
    assert (found.dtype, found.shape) == (np.float64, _arrays()[name].shape)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"activation": "leaky_relu"}, "ReLU units, this model has leaky_relu"),
        ({"output": "sigmoid"}, "softmax outputs, this model has sigmoid"),
        ({"normalizer": Normalizer("none")}, "pixels / 255, this model has none"),
    ],
    ids=str,
)
def test_a_network_that_does_not_fit_is_not_exported(make_model, path, options, found):
    with pytest.raises(ModelFileError, match=found):
        write_npz(make_model(**options), path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weight_layer_2": None, "bias_layer_2": None}, "expected weight_layer_1 and"),
        ({"bias_layer_3": None}, "found bias_layer_1, bias_layer_2, weight_layer_1"),
        ({"weight_layer_x": np.zeros(1)}, "found .*weight_layer_x; rename the arrays"),
        ({"weight_layer_2": np.zeros((64, 127))}, r"weight_layer_2: expected shape \(64, 128\)"),
        ({"bias_layer_1": np.zeros((127, 1))}, r"bias_layer_1: expected shape \(128, 1\)"),
        ({"bias_layer_1": np.full((128, 1), np.nan)}, "bias_layer_1 holds 128 values that are NaN"),
        ({"bias_layer_1": np.array([{}], object)}, "found pickled objects"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_archive_is_named_with_what_is_wrong(path, changes, message):
    arrays = {name: values for name, values in (_arrays() | changes).items() if values is not None}
    np.savez(path, **arrays)
    with pytest.raises(ModelFileError, match=message):
        read_npz(path)


def test_an_archive_of_other_arrays_lists_them(path):
    np.savez(path, coefs=np.zeros(3))
    with pytest.raises(ModelFileError, match="found coefs; rename the arrays"):
        read_npz(path)


@pytest.mark.parametrize("length", [0, 10, 1000, -30])
def test_a_truncated_archive_is_refused(path, length):
    np.savez(path, **_arrays())
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ModelFileError, match=r"model\.npz: expected NumPy arrays of numbers"):
        read_npz(path)


def test_flipped_bytes_in_an_archive_are_noticed(path):
    np.savez(path, **_arrays())
    content = bytearray(path.read_bytes())
    content[5000:5010] = b"\xff" * 10
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="damage"):
        read_npz(path)


def test_a_single_array_is_no_archive(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ModelFileError, match=r"found one array"):
        read_npz(path)


def test_a_missing_archive_is_said_to_be_missing(path):
    with pytest.raises(ModelFileError, match=r"model\.npz: no such file"):
        read_npz(path)


def test_a_full_disk_leaves_the_old_archive(make_model, path, full_disk):
    write_npz(make_model(), path)
    before = path.read_bytes()
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        write_npz(make_model(seed=1), path)
    assert path.read_bytes() == before
