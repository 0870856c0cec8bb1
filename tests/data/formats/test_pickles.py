import io
import os
import pickle
import struct
import subprocess
import sys
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.data.formats.pickles import load_plain, text_of
from digitus.data.sources.registries import read_pickled_mnist
from digitus.errors import DataError, DownloadError


def _text(value: bytes) -> bytes:
    return pickle.BINSTRING + struct.pack("<i", len(value)) + value


def _int(value: int) -> bytes:
    return pickle.BININT + struct.pack("<i", value)


def _array(values: np.ndarray, *, order: bytes = b"<", fortran: bytes = pickle.NEWFALSE) -> bytes:
    """The pickle of an array as Python 2 writes it."""
    code = {"f": b"f4", "i": b"i8"}[values.dtype.kind]
    start = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n" + _int(0) + pickle.TUPLE1
    dtype = b"cnumpy\ndtype\n(" + _text(code) + _int(0) + _int(1) + pickle.TUPLE + pickle.REDUCE
    dtype += b"(" + _int(3) + _text(order) + b"NNN" + _int(-1) * 2 + _int(0) + pickle.TUPLE + b"b"
    shape = b"(" + b"".join(map(_int, values.shape)) + pickle.TUPLE
    state = b"(" + _int(1) + shape + dtype + fortran + _text(values.tobytes()) + pickle.TUPLE + b"b"
    return start + _text(b"b") + pickle.TUPLE + pickle.REDUCE + state


def _load(instructions: bytes):
    return load_plain(io.BytesIO(b"\x80\x02" + instructions + b"."))


def _through_the_gate(value, protocol: int):
    return load_plain(io.BytesIO(pickle.dumps(value, protocol)))


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (np.arange(6, dtype="<f4").reshape(2, 3) / 256, {}),
        (np.arange(4, dtype="<i8"), {}),
        (np.arange(4, dtype=">i8"), {"order": b">"}),
        (np.arange(4, dtype="<i8"), {"fortran": pickle.NEWTRUE}),
    ],
    ids=["float32", "int64", "big-endian", "columns first"],
)
def test_an_array_of_python_2_is_read_back(values, options):
    read = _load(_array(values, **options)).values
    assert read.dtype == values.dtype
    assert (read == values).all()


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "values",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6, dtype=">i2"),
        np.array([True, False]),
        np.array(2.5, np.float32),
    ],
    ids=["rows first", "columns first", "big-endian", "booleans", "no axis"],
)
def test_an_array_of_python_3_is_read_back(values, protocol):
    read = _through_the_gate(values, protocol).values
    assert read.dtype == values.dtype
    np.testing.assert_array_equal(read, values)


@pytest.mark.parametrize("protocol", range(6))
def test_plain_values_are_read_back(protocol):
    value = [{"a": 1, "b": (2.5, None, True)}, [], -(10**30), "text", np.float64(0.1)]
    assert _through_the_gate(value, protocol) == value


def test_strings_of_python_2_are_bytes_and_can_be_decoded():
    assert text_of(_load(_text(b"caf\xe9"))) == "caf\xe9"


def test_the_content_of_an_array_is_not_copied():
    content = b"\x80\x02" + _array(np.zeros(1_000_000, "<f4")) + b"."
    tracemalloc.start()
    load_plain(io.BytesIO(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.1 * len(content)


class _Call:
    """Pickles as a call of an arbitrary function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize(
    "attack",
    [
        lambda mark: _Call(os.system, f"touch {mark}"),
        lambda mark: _Call(os.mkdir, str(mark)),
        lambda mark: _Call(eval, f"open({str(mark)!r}, 'w')"),
        lambda mark: _Call(getattr, "a", "format"),
        lambda mark: _Call(np.save, str(mark), np.zeros(1)),
        lambda mark: _Call(__import__, "this"),
        lambda mark: object(),
        lambda mark: np.load,
    ],
    ids=[
        "os.system",
        "os.mkdir",
        "eval",
        "getattr",
        "numpy.save",
        "import",
        "object",
        "numpy.load",
    ],
)
def test_no_function_named_in_a_pickle_is_called(tmp_path, attack, protocol):
    with pytest.raises(pickle.UnpicklingError, match="the name "):
        _through_the_gate([attack(tmp_path / "mark")], protocol)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array([{}], object), "O8"),
        (np.array(["a"]), "U1"),
        (np.zeros(2, [("a", "f8")]), "V8"),
        (np.zeros(2, complex), "c16"),
    ],
)
def test_arrays_of_anything_but_numbers_are_rejected(values, code):
    with pytest.raises(pickle.UnpicklingError, match=f"an array of type '{code}' instead"):
        _through_the_gate(values, 4)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x03]q\x00}q\x01(X\x01\x00\x00\x00wq",
        b"not a pickle at all...",
        b"\x80\x04N",
        b"\x80\x63N.",
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x3f.",
        b"\x80\x04\x95\x04\x00\x00\x00\x00\x00\x00\x00Nr\x01\x00\x02\x00\x00\x00.",
        b"\x80\x04\x96\xff\xff\xff\xff\xff\xff\xff\x3f.",
        b"\x80\x04\x96\x00\x00\x00\x00\x01\x00\x00\x00.",
        b"\x80\x02\x82\x01.",
        b"Pwhatever\n.",
        b"\x80\x02cnumpy\nndarray\n}X\x01\x00\x00\x00aK\x01sb.",
        b"\x80\x02cnumpy.core.multiarray\nscalar\n}X\x01\x00\x00\x00aK\x01sb.",
        b"\x80\x02cnumpy.core.multiarray\nscalar\nN}X\x05\x00\x00\x00_makeK\x01s\x86b.",
        b"\x80\x02cnumpy\ndtype\nX\x03\x00\x00\x00f16\x85R.",
        b"\x80\x02cnumpy.core.multiarray\nscalar\nNN\x86R.",
        b"\x80\x02}" + b")" + b"\x85" * 1_000_000 + b"Ns.",
    ],
    ids=range(17),
)
def test_damaged_or_hostile_bytes_raise_an_unpickling_error(content):
    with pytest.raises(pickle.UnpicklingError):
        load_plain(io.BytesIO(content))


NESTED = b")" + b"2\x86" * 300
"""A pair of the same pair of the same pair: 2**300 leaves in 600 bytes."""


@pytest.mark.parametrize(
    "content",
    [
        b"}" + NESTED + b"Ns",
        b"}(" + NESTED + b"Nu",
        b"(" + NESTED + b"Nd",
        b"\x8f(" + NESTED + b"\x90",
        b"(" + NESTED + b"\x91",
        b"cnumpy\ndtype\n" + NESTED + b"\x85R",
        b"cnumpy\ndtype\nX\x02\x00\x00\x00f4\x85RK\x03" + NESTED + b"\x86b",
        b"cnumpy\nndarray\n)\x81(K\x01" + NESTED + b"NNNtb",
        b"c_codecs\nencode\n" + NESTED + b"N\x86R",
        b"}N" + NESTED + b"\x85N\x86" + b"s",
    ],
    ids=[
        *("setitem", "setitems", "dict", "additems", "frozenset"),
        *("dtype", "order", "shape", "text", "unhashed"),
    ],
)
def test_nested_tuples_take_no_time(content):
    code = (
        "import io, pickle, sys; from digitus.data.formats.pickles import load_plain\n"
        "try: load_plain(io.BytesIO(sys.stdin.buffer.read()))\n"
        "except pickle.UnpicklingError: pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"\x80\x04" + content + b".", timeout=30, check=False
    )
    assert done.returncode == 0


@pytest.mark.parametrize("instructions", [b"Nr\xff\xff\xff\x3f", b"Np1000000000\n"])
def test_a_large_memo_index_allocates_no_memory(instructions):
    tracemalloc.start()
    assert _load(instructions) is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_an_array_without_a_state_is_empty():
    assert _load(b"cnumpy\nndarray\n)\x81").values.size == 0


@given(data=st.data())
def test_flipped_or_cut_bytes_raise_no_other_error(data):
    arrays = [{"w": np.arange(4.0), "b": np.float32(1)}]
    content = bytearray(pickle.dumps(arrays, data.draw(st.integers(0, 5))))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(pickle.UnpicklingError):
        load_plain(io.BytesIO(content[: data.draw(st.integers(0, len(content)))]))


def test_a_read_error_is_not_reported_as_a_damaged_pickle():
    class Torn(io.BytesIO):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        load_plain(Torn())


def test_a_pickle_of_mnist_becomes_the_four_idx_arrays():
    pixels = np.arange(784, dtype="<f4").reshape(1, 784) % 256 / 256
    parts = [
        _array(pixels) + _array(np.array([label], "<i8")) + pickle.TUPLE2 for label in (5, 6, 7)
    ]
    content = b"\x80\x02" + b"".join(parts) + pickle.TUPLE3 + b"."
    files = read_pickled_mnist(io.BytesIO(content), "a.pkl")
    assert files["train-images-idx3-ubyte"].shape == (2, 28, 28)
    assert (files["t10k-images-idx3-ubyte"].ravel() == np.arange(784) % 256).all()
    assert files["train-labels-idx1-ubyte"].tolist() == [5, 6]
    assert files["t10k-labels-idx1-ubyte"].tolist() == [7]


@pytest.mark.parametrize(
    "content", [b"N", _int(3), _array(np.arange(4, dtype="<i8")), b"NNN\x87", b")))\x87"]
)
def test_a_pickle_without_mnist_is_rejected(content):
    with pytest.raises(DownloadError, match=r"a\.pkl: has no MNIST arrays"):
        read_pickled_mnist(io.BytesIO(b"\x80\x02" + content + b"."), "a.pkl")


@pytest.mark.parametrize(
    "content", [pickle.dumps(os.system, 2), b"", b"\x80\x02" + _array(np.arange(4))[:-20]]
)
def test_a_damaged_or_hostile_pickle_is_a_data_error(content):
    with pytest.raises(DataError, match=r"a\.pkl: expected a pickle of arrays only, found"):
        read_pickled_mnist(io.BytesIO(content), "a.pkl")
