import io
import os
import pickle
import struct

import numpy as np
import pytest

from digitus.data.pickles import load_arrays
from digitus.data.registries import read_pickled_mnist
from digitus.errors import DataError, DownloadError


def _text(value: bytes) -> bytes:
    return pickle.BINSTRING + struct.pack("<i", len(value)) + value


def _int(value: int) -> bytes:
    return pickle.BININT + struct.pack("<i", value)


def _array(values: np.ndarray, *, order: bytes = b"<", fortran: bytes = pickle.NEWFALSE) -> bytes:
    """The instructions that Python 2 wrote for an array."""
    code = {"f": b"f4", "i": b"i8"}[values.dtype.kind]
    start = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n" + _int(0) + pickle.TUPLE1
    dtype = b"cnumpy\ndtype\n(" + _text(code) + _int(0) + _int(1) + pickle.TUPLE + pickle.REDUCE
    dtype += b"(" + _int(3) + _text(order) + b"NNN" + _int(-1) * 2 + _int(0) + pickle.TUPLE + b"b"
    shape = b"(" + b"".join(map(_int, values.shape)) + pickle.TUPLE
    state = b"(" + _int(1) + shape + dtype + fortran + _text(values.tobytes()) + pickle.TUPLE + b"b"
    return start + _text(b"b") + pickle.TUPLE + pickle.REDUCE + state


def _load(instructions: bytes):
    return load_arrays(io.BytesIO(b"\x80\x02" + instructions + b"."), "a.pkl")


@pytest.mark.parametrize(
    "values", [np.arange(6, dtype="<f4").reshape(2, 3) / 256, np.arange(4, dtype="<i8")]
)
def test_an_array_comes_back_as_it_was_written(values):
    assert (_load(_array(values)).values == values).all()


def test_an_unpickled_array_is_what_python_itself_would_have_read():
    values = np.arange(3, dtype="<f4")
    ours = _load(_array(values)).values
    assert ours.tobytes() == values.tobytes()
    assert ours.dtype == values.dtype


@pytest.mark.parametrize(
    "harm",
    [
        pickle.dumps(os.system, protocol=2)[2:-1],
        b"cbuiltins\neval\n(" + _text(b"1") + pickle.TUPLE + pickle.REDUCE,
        b"cnumpy\nload\n",
        pickle.dumps(object(), protocol=2)[2:-1],
    ],
)
def test_a_pickle_that_names_anything_else_is_refused_unexecuted(harm):
    with pytest.raises(DataError, match=r"a\.pkl: expected a pickle of arrays only, found"):
        _load(harm)


@pytest.mark.parametrize("options", [{"order": b">"}, {"fortran": pickle.NEWTRUE}])
def test_arrays_in_another_order_are_refused(options):
    with pytest.raises(DataError, match="expected a pickle of arrays only"):
        _load(_array(np.arange(4, dtype="<i8"), **options))


def test_a_cut_pickle_is_refused():
    content = b"\x80\x02" + _array(np.arange(4, dtype="<i8"))
    with pytest.raises((DataError, EOFError)):
        load_arrays(io.BytesIO(content[:-20]), "a.pkl")


def test_the_three_parts_become_the_four_idx_arrays():
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


@pytest.mark.parametrize("content", [b"N", _int(3), _array(np.arange(4, dtype="<i8")), b"NNN\x87"])
def test_a_pickle_of_something_else_is_refused(content):
    with pytest.raises(DownloadError, match=r"a\.pkl: holds no MNIST arrays"):
        read_pickled_mnist(io.BytesIO(b"\x80\x02" + content + b"."), "a.pkl")
