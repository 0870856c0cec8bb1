import os
import pickle
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.errors import ModelFileError
from digitus.models.formats.pickle_file import read_pickle

S0 = (784, 100, 10)


def _pairs(widths=S0, dtype=np.float64):
    rng = np.random.default_rng(0)
    return [
        (rng.normal(0, 0.1, (d, h)).astype(dtype), rng.normal(0, 0.1, h).astype(dtype))
        for d, h in pairwise(widths)
    ]


def _layers(weight="weights", bias="biases", widths=S0):
    return [{weight: w, bias: b} for w, b in _pairs(widths)]


def _outputs(x):
    """S0's own forward pass, without input bias."""
    (w1, b1), (w2, b2) = _pairs()
    z = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.pkl"


def _dump(path, what, protocol=None):
    path.write_bytes(pickle.dumps(what, protocol))
    return path


def _assert_read_as_s0(path, pixels):
    found = read_pickle(path).probabilities(pixels)
    np.testing.assert_allclose(found, _outputs(pixels / 255), atol=1e-12)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_is_read_as_the_same_network(path, pixels, protocol):
    _assert_read_as_s0(_dump(path, _layers(), protocol), pixels)


@pytest.mark.parametrize("protocol", [2, 4])
def test_pickles_of_the_older_numpy_are_read(path, pixels, protocol):
    content = pickle.dumps(_layers(), protocol)
    old, new = b"numpy._core.multiarray", b"numpy.core.multiarray"
    for mark, end in ((b"c", b"\n"), (b"\x8c\x16", b"")):
        other = mark.replace(b"\x16", b"\x15")
        content = content.replace(mark + old + end, other + new + end)
    path.write_bytes(_without_frames(content))
    _assert_read_as_s0(path, pixels)


def test_keys_that_python_2_wrote_are_read(path, pixels):
    content = pickle.dumps(_layers(), 2)
    path.write_bytes(content.replace(b"X\x07\0\0\0weights", b"T\x07\0\0\0weights"))
    _assert_read_as_s0(path, pixels)


def test_keys_that_python_2_wrote_are_named_in_errors(path):
    content = pickle.dumps([{"theta": np.zeros((784, 10))}], 2)
    path.write_bytes(content.replace(b"X\x05\0\0\0theta", b"U\x05theta"))
    with pytest.raises(ModelFileError, match="found the keys theta; rename"):
        read_pickle(path)


def _without_frames(content):
    """Drop the frame lengths of protocol 4, which the shorter name has made wrong."""
    frames, start = b"", 0
    while (at := content.find(b"\x95", start)) >= 0 and content[at + 4 : at + 9] == bytes(5):
        frames += content[start:at]
        start = at + 9
    return frames + content[start:]


@pytest.mark.parametrize(
    ("weight", "bias"),
    [("W", "b"), ("w", "b"), ("weight", "bias"), ("Weights", "Biases"), ("kernel", "bias")],
)
def test_plausible_keys_are_understood(path, pixels, weight, bias):
    _assert_read_as_s0(_dump(path, _layers(weight, bias)), pixels)


def test_keys_may_carry_the_number_of_their_layer(path, pixels):
    layers = [{f"W{k}": w, f"b_{k}": b} for k, (w, b) in enumerate(_pairs(), 1)]
    _assert_read_as_s0(_dump(path, layers), pixels)


def test_other_values_in_the_dictionaries_do_not_matter(path, pixels):
    extra = {"activation": "relu", "rate": np.float64(0.1), "shape": (784, 100), "old": [None, 1]}
    _assert_read_as_s0(_dump(path, [extra | layer for layer in _layers()]), pixels)


@pytest.mark.parametrize(
    "turn",
    [
        lambda w, b: (w.T, b[:, None]),
        lambda w, b: (w, b[None, :]),
        lambda w, b: (np.asfortranarray(w), b),
        lambda w, b: (w.astype(">f8"), b),
    ],
    ids=["outputs first", "bias as a row", "fortran order", "big-endian"],
)
def test_arrays_may_lie_either_way(path, pixels, turn):
    layers = [dict(zip(("W", "b"), turn(w, b), strict=True)) for w, b in _pairs()]
    _assert_read_as_s0(_dump(path, layers), pixels)


def test_an_empty_first_dictionary_stands_for_the_input(path, pixels):
    _assert_read_as_s0(_dump(path, [{"units": 784}, *_layers()]), pixels)


def test_a_first_bias_without_weights_is_the_input_bias(path, pixels):
    bias = np.linspace(-1, 1, 784)
    model = read_pickle(_dump(path, [{"b": bias}, *_layers()]))
    expected = _outputs(np.tanh(pixels / 255 + bias))
    np.testing.assert_allclose(model.probabilities(pixels), expected, atol=1e-12)


def test_float32_stays_float32(path):
    layers = [{"W": w, "b": b} for w, b in _pairs(dtype=np.float32)]
    assert read_pickle(_dump(path, layers)).network.dtype == np.float32


def test_the_caller_may_choose_the_activation(path):
    model = read_pickle(_dump(path, _layers()), activation="tanh")
    assert model.network.layers[1].kind == "tanh"


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ([], "found an empty one"),
        ({"W": np.zeros(3)}, "found a dict"),
        ([1, 2], "found a list"),
        (b"bytes", "found a bytes"),
        ([{"theta": np.zeros((784, 10)), "mu": np.zeros(10)}], "found the keys theta, mu; rename"),
        ([{"W": [[1.0]], "b": np.zeros(3)}, {}], "layer 1: expected arrays .* found the keys none"),
        ([{}], "found no layers"),
        (_layers(widths=(784, 100, 9)), r"weight of layer 2: expected shape \(10, 100\)"),
        (_layers(widths=(783, 10)), r"lead from 784 pixels to 10 digits, found \(783, 10\)"),
        ([{"W": np.zeros((784, 10)), "b": np.zeros((5, 2))}], "bias of layer 1: expected shape"),
        ([{"W": np.full((784, 10), np.nan), "b": np.zeros(10)}], "weight of layer 1 holds 7840"),
        ([{"W": np.array([{}], object), "b": 1}], "an array of type 'O8' instead of numbers"),
        ([{"W": np.array(["a"]), "b": 1}], "an array of type 'U1' instead of numbers"),
        ([{"W": np.zeros(2, [("a", "f8")]), "b": 1}], "an array of type 'V8' instead of numbers"),
        ([{"b": np.zeros(5)}, *_layers()], r"input bias: expected shape \(784,\), found \(5,\)"),
        ([{1: np.zeros(3)}], "found the keys none"),
    ],
    ids=range(16),
)
def test_other_contents_are_named(path, what, message):
    with pytest.raises(ModelFileError, match=message):
        read_pickle(_dump(path, what))


class _Call:
    """Pickles as a call, as an attacker would have it."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def test_nothing_that_the_pickle_names_is_run(path, tmp_path):
    _dump(path, [{"W": _Call(os.mkdir, str(tmp_path / "mark")), "b": 1}])
    with pytest.raises(ModelFileError, match=r"found the name .*; nothing in it was run"):
        read_pickle(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"not a pickle at all...", b"\x80\x04N"])
def test_broken_bytes_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="nothing in it was run"):
        read_pickle(path)


def test_a_list_nested_a_million_times_is_refused(path):
    path.write_bytes(b"\x80\x02" + b"]" * 1_000_000 + b"a" * 999_999 + b".")
    with pytest.raises(ModelFileError, match="expected a pickle of a list of dictionaries"):
        read_pickle(path)


@given(data=st.data())
@settings(max_examples=100)
def test_flipped_or_cut_bytes_raise_nothing_else(folder, data):
    content = bytearray(pickle.dumps(_layers(widths=(784, 10)), data.draw(st.integers(0, 5))))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.one_of(st.integers(0, 400), st.integers(0, len(content) - 1)))
        content[place] = data.draw(st.integers(0, 255))
    path = folder() / "n.pkl"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(ModelFileError):
        read_pickle(path)


def test_a_missing_file_is_said_to_be_missing(path):
    with pytest.raises(ModelFileError, match=r"network\.pkl: cannot be read \(No such file"):
        read_pickle(path)
