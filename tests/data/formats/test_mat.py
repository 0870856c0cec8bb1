import struct

import numpy as np
import pytest
from scipy.io import savemat
from scipy.sparse import coo_array

from digitus.data.formats.mat import read_mat
from digitus.errors import DataError

DATA = np.arange(784 * 3).reshape(784, 3) % 256
LABEL = np.array([[1.0, 2.0, 3.0]])


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
@pytest.mark.parametrize("do_compression", [False, True])
def test_the_columns_of_the_file_are_the_rows_of_pixels(tmp_path, dtype, do_compression):
    path = tmp_path / "mnist.mat"
    savemat(path, {"data": DATA.astype(dtype), "label": LABEL}, do_compression=do_compression)
    samples = read_mat(path)
    assert (samples.pixels == DATA.T).all()
    assert samples.pixels.flags.c_contiguous
    assert samples.labels.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"data": DATA}, "a variable `label`, found none"),
        ({"label": LABEL}, "a variable `data`, found none"),
        ({"data": DATA.T, "label": LABEL}, r"`data` of shape \(784, n\), found \(3, 784\)"),
        ({"data": DATA, "label": np.ones((2, 2))}, r"`label` of shape \(1, n\)"),
        ({"data": DATA, "label": np.ones((1, 4))}, "3 labels, found 4"),
        ({"data": DATA, "label": LABEL + 0.5}, "a whole number from 0 to 9, found 1.5"),
        ({"data": DATA, "label": LABEL + 9}, "a whole number from 0 to 9, found 10"),
        ({"data": DATA * 2.0, "label": LABEL}, "a whole number from 0 to 255"),
        ({"data": DATA + np.nan, "label": LABEL}, "a whole number from 0 to 255, found nan"),
        ({"data": np.zeros((784, 0)), "label": np.zeros((1, 0))}, "images of 28 x 28"),
        ({"data": "text", "label": LABEL}, "`data` of shape"),
    ],
)
def test_a_file_with_wrong_variables_is_rejected(tmp_path, variables, reason):
    path = tmp_path / "bad.mat"
    savemat(path, variables)
    with pytest.raises(DataError, match=rf"bad\.mat.*expected .*{reason}"):
        read_mat(path)


@pytest.mark.parametrize("keep", [0, 1, 60, 130, 1000])
def test_a_truncated_file_is_rejected(tmp_path, keep):
    path = tmp_path / "bad.mat"
    savemat(path, {"data": DATA, "label": LABEL})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"bad\.mat: expected a "):
        read_mat(path)


def test_a_file_of_version_7_3_is_rejected_with_a_remedy(tmp_path):
    path = tmp_path / "new.mat"
    header = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    path.write_bytes(header.ljust(512, b"\0") + b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(DataError, match=r"found version 7\.3; save .* `save -v7`"):
        read_mat(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.mat: expected a file"):
        read_mat(tmp_path / "none.mat")


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_are_read(tmp_path, order):
    def element(kind, content):
        return struct.pack(f"{order}II", kind, len(content)) + content + bytes(-len(content) % 8)

    def matrix(name, values):
        flags = element(6, struct.pack(f"{order}II", 9, 0))
        dims = element(5, struct.pack(f"{order}2i", *values.shape))
        content = element(4, values.astype(f"{order}u2").tobytes("F"))
        return element(14, flags + dims + element(1, name) + content)

    mark = b"\0\1IM" if order == "<" else b"\1\0MI"
    header = b"MATLAB 5.0 MAT-file".ljust(124) + mark
    path = tmp_path / "a.mat"
    path.write_bytes(header + matrix(b"label", LABEL.astype(int)) + matrix(b"data", DATA))
    samples = read_mat(path)
    assert (samples.pixels == DATA.T).all()
    assert samples.labels.tolist() == [1, 2, 3]


def test_other_variables_are_passed_over(tmp_path):
    path = tmp_path / "a.mat"
    others = {"text": "abc", "cells": np.array([[{}]], object), "sparse": coo_array(np.eye(3))}
    savemat(path, {**others, "data": DATA, "label": LABEL}, do_compression=True)
    assert len(read_mat(path)) == 3


def test_a_file_of_version_4_is_read(tmp_path):
    path = tmp_path / "old.mat"
    savemat(path, {"data": DATA.astype(float), "label": LABEL}, format="4")
    assert (read_mat(path).pixels == DATA.T).all()


@pytest.mark.parametrize(
    "data",
    [
        coo_array(np.eye(784)),
        DATA + 1j,
        np.array([[1, "a"]], object),
        {"field": 1},
        np.zeros((784, 3), np.dtype([("a", "f8")])),
    ],
    ids=["sparse", "complex", "cells", "struct", "structs"],
)
def test_a_variable_that_is_no_array_of_real_numbers_is_named(tmp_path, data):
    path = tmp_path / "bad.mat"
    savemat(path, {"data": data, "label": LABEL})
    with pytest.raises(DataError, match=r"expected `data` of shape .*, found something else than"):
        read_mat(path)


def test_a_flipped_bit_of_compressed_values_is_detected(tmp_path):
    path = tmp_path / "bad.mat"
    savemat(path, {"data": DATA, "label": LABEL}, do_compression=True)
    content = bytearray(path.read_bytes())
    content[400] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="found a damaged file"):
        read_mat(path)
