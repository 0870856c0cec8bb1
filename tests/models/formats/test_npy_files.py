from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError, WriteError
from digitus.models.formats.npy_files import read_npy, write_npy

TWO, THREE = (784, 10, 10), (784, 10, 10, 10)


def _write(folder, widths=TWO, seed=0, **changes):
    """Write the files as S4's code does, some of them changed or, if None, left out."""
    rng = np.random.default_rng(seed)
    files = {}
    for k, (d, h) in enumerate(pairwise(widths), 1):
        files |= {f"W{k}": rng.random((h, d)) - 0.5, f"b{k}": rng.random((h, 1)) - 0.5}
    files |= changes
    for name, values in files.items():
        if values is not None:
            np.save(folder / f"{name}.npy", values, allow_pickle=True)
    return files


def _outputs(files, x, slope):
    """S4's own forward pass, columns are samples."""
    a, last = x.T, len(files) // 2
    for k in range(1, last + 1):
        z = files[f"W{k}"] @ a + files[f"b{k}"]
        a = np.maximum(z, slope * z)
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0)).T


@pytest.mark.parametrize(("widths", "slope"), [(TWO, 0), (THREE, 0.1), ((784, 7, 10), 0)])
def test_files_of_the_original_are_read_as_the_same_network(tmp_path, pixels, widths, slope):
    files = _write(tmp_path, widths)
    expected = _outputs(files, pixels / 255, slope)
    np.testing.assert_allclose(read_npy(tmp_path).probabilities(pixels), expected, atol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "sigmoid", "tanh"])
def test_the_caller_may_choose_the_activation(tmp_path, activation):
    _write(tmp_path)
    assert read_npy(tmp_path, activation=activation).network.layers[1].kind == activation


def test_an_unknown_activation_is_the_callers_mistake(tmp_path):
    _write(tmp_path)
    with pytest.raises(ValueError, match="activation must be one of relu"):
        read_npy(tmp_path, activation="softplus")


def test_a_depth_that_the_original_never_had_needs_an_activation(tmp_path):
    _write(tmp_path, (784, 9, 8, 7, 10))
    with pytest.raises(ModelFileError, match="found 4; name the hidden activation"):
        read_npy(tmp_path)


@given(
    hidden=st.integers(1, 20), deep=st.booleans(), dtype=st.sampled_from([np.float32, np.float64])
)
@settings(max_examples=20)
def test_a_round_trip_predicts_the_same_to_the_bit(make_model, folder, pixels, hidden, deep, dtype):
    widths = (784, hidden, hidden, 10) if deep else (784, hidden, 10)
    model, place = make_model(widths, "leaky_relu" if deep else "relu", dtype=dtype), folder()
    write_npy(model, place)
    assert (read_npy(place).logits(pixels[:9]) == model.logits(pixels[:9])).all()


@pytest.mark.parametrize(
    ("name", "shape"), [("W1", (10, 784)), ("b1", (10, 1)), ("W2", (10, 10)), ("b2", (10, 1))]
)
def test_exported_arrays_have_the_originals_shapes(make_model, tmp_path, name, shape):
    write_npy(make_model(TWO), tmp_path)
    assert np.load(tmp_path / f"{name}.npy").shape == shape


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"activation": "tanh"}, "relu units in 2 layers, this model has tanh"),
        ({"widths": THREE}, "leaky_relu units in 3 layers, this model has relu"),
        ({"widths": (784, 5, 5, 5, 10)}, "2 or 3 dense layers, this model has 4"),
        ({"output": "sigmoid"}, "softmax outputs, this model has sigmoid"),
        ({"normalizer": Normalizer("std", 0, 78)}, "pixels / 255, this model has std"),
    ],
    ids=str,
)
def test_what_would_be_read_as_another_network_is_not_exported(
    make_model, tmp_path, options, found
):
    with pytest.raises(ModelFileError, match=found):
        write_npy(make_model(**options), tmp_path)


def test_a_third_layer_that_lies_there_is_not_mixed_in(make_model, tmp_path):
    _write(tmp_path, THREE)
    with pytest.raises(ModelFileError, match="holds a network of more than 2 layers"):
        write_npy(make_model(TWO), tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"W1": None}, "W1.npy: no such file"),
        ({"b2": None}, "b2.npy: no such file"),
        ({"W1": np.full((10, 784), np.nan)}, "W1.npy holds 7840 values that are NaN"),
        ({"b1": np.array([[np.inf]] * 10)}, "b1.npy holds 10 values that are NaN"),
        ({"W1": np.zeros((784, 10))}, r"W1.npy: expected shape \(784, 784\), found \(784, 10\)"),
        ({"W2": np.zeros((9, 10))}, r"W2.npy: expected shape \(10, 10\), found \(9, 10\)"),
        ({"b1": np.zeros((1, 10))}, r"b1.npy: expected shape \(10, 1\), found \(1, 10\)"),
        ({"W1": np.float64(3)}, r"W1.npy: expected shape .* found \(\)"),
        ({"W1": np.zeros((0, 784))}, r"W1.npy: expected shape .* found \(0, 784\)"),
        ({"W1": np.array([{}], object)}, "W1.npy: expected NumPy arrays of numbers, found pickled"),
        ({"W1": np.array([["a"]])}, "W1.npy: expected an array of numbers, found <U1"),
        ({"W1": np.zeros((10, 784), complex)}, "expected an array of numbers, found complex128"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path, changes, message):
    _write(tmp_path, **changes)
    with pytest.raises(ModelFileError, match=message):
        read_npy(tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY\x01\x00v\x00{'descr"], ids=str)
def test_a_damaged_file_is_refused(tmp_path, content):
    _write(tmp_path)
    (tmp_path / "W1.npy").write_bytes(content)
    with pytest.raises(ModelFileError, match=r"W1\.npy: expected NumPy arrays of numbers"):
        read_npy(tmp_path)


def test_a_header_that_asks_for_absurd_memory_is_refused(tmp_path):
    _write(tmp_path)
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10, 784000000000000), }\n"
    size = len(header).to_bytes(2, "little")
    (tmp_path / "W1.npy").write_bytes(b"\x93NUMPY\x01\x00" + size + header)
    with pytest.raises(ModelFileError, match=r"W1\.npy: expected NumPy arrays of numbers"):
        read_npy(tmp_path)


def test_an_archive_in_the_place_of_an_array_is_refused(tmp_path):
    _write(tmp_path)
    with (tmp_path / "W1.npy").open("wb") as file:
        np.savez(file, a=np.zeros(3))
    with pytest.raises(ModelFileError, match=r"W1\.npy: .* found an archive"):
        read_npy(tmp_path)


def test_a_full_disk_leaves_all_old_files(make_model, tmp_path, full_disk):
    write_npy(make_model(TWO), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with full_disk(), pytest.raises(WriteError, match=r"W1\.npy: cannot be written"):
        write_npy(make_model(TWO, seed=1), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_in_the_place_of_the_folder_is_a_write_error(make_model, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(WriteError, match="cannot be made a folder"):
        write_npy(make_model(TWO), tmp_path / "taken")
