"""NumPy's files: arrays of numbers are read as NumPy reads them, all else is refused."""

import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from digitus.data.formats.npy_arrays import Unreadable, read_npy, read_npz
from digitus.errors import DataError


def _npy(array, **options):
    content = io.BytesIO()
    np.lib.format.write_array(content, array, **options)
    return content.getvalue()


def _with_header(text, values=b""):
    header = text.encode("latin1") + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + values


def _any(name):
    return True


NUMBERS = st.one_of(
    some.integer_dtypes(endianness="?"),
    some.unsigned_integer_dtypes(endianness="?"),
    some.floating_dtypes(endianness="?"),
    some.boolean_dtypes(),
)


@given(some.arrays(NUMBERS, some.array_shapes(min_dims=0, min_side=0)), st.sampled_from("CF"))
def test_an_array_is_read_as_numpy_reads_it(tmp_path_factory, array, order):
    path = tmp_path_factory.mktemp("npy") / "a.npy"
    path.write_bytes(_npy(np.asarray(array, order=order)))
    found = read_npy(path)
    np.testing.assert_array_equal(found, np.load(path))
    assert found.dtype == array.dtype


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_each_version_of_the_format_is_read(tmp_path, version):
    (tmp_path / "a.npy").write_bytes(_npy(np.arange(3), version=version))
    assert read_npy(tmp_path / "a.npy").tolist() == [0, 1, 2]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_the_wanted_arrays_of_an_archive_are_read(tmp_path, save):
    save(tmp_path / "a.npz", x=np.eye(2), y=np.arange(3), z=np.array([{}]))
    found = read_npz(tmp_path / "a.npz", is_wanted=lambda name: name in "xy")
    assert sorted(found.arrays) == ["x", "y"]
    assert sorted(found.names) == ["x", "y", "z"]
    np.testing.assert_array_equal(found.arrays["x"], np.eye(2))


FIELDS = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "{",
        "(" * 5000,
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1",
        FIELDS.replace("<f8", "<f3"),
        FIELDS.replace("<f8", "V99999999999"),
        FIELDS.replace("'<f8'", "[('a', '<f8')]"),
        FIELDS.replace("False", "1"),
        FIELDS.replace("(1,)", "(-1,)"),
        FIELDS.replace("(1,)", "(1.5,)"),
        FIELDS.replace("(1,)", "[1]"),
        FIELDS.replace("(1,)", "(1" + "0" * 5000 + ",)"),
        FIELDS.replace("(1,)", "(" + "1," * 100 + ")"),
        FIELDS.replace("(1,)", "(0, 999999999999999999, 999999999999999999)"),
        FIELDS.replace("(1,)", "(999999999999999999, 999999999999999999)"),
        FIELDS.replace("'shape'", "'s\\hape'"),
        FIELDS.replace("<f8", "<U0"),
    ],
)
def test_a_damaged_header_is_refused(tmp_path, header):
    (tmp_path / "a.npy").write_bytes(_with_header(header, bytes(8)))
    with pytest.raises(Unreadable):
        read_npy(tmp_path / "a.npy")


@pytest.mark.parametrize("n_bytes", [0, 7, 9])
def test_another_number_of_values_than_the_header_says_is_refused(tmp_path, n_bytes):
    (tmp_path / "a.npy").write_bytes(_with_header(FIELDS, bytes(n_bytes)))
    with pytest.raises(Unreadable, match=rf"{n_bytes} bytes of values where the header says"):
        read_npy(tmp_path / "a.npy")


@pytest.mark.parametrize("descr", ["|O", "O", "<O8"])
def test_objects_are_named(tmp_path, descr):
    (tmp_path / "a.npy").write_bytes(_with_header(FIELDS.replace("<f8", descr), bytes(8)))
    with pytest.raises(Unreadable, match="pickled objects"):
        read_npy(tmp_path / "a.npy")


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY", b"\x93NUMPY\x09\0"])
def test_a_member_that_is_no_array_is_named(tmp_path, content):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", content)
    with pytest.raises(Unreadable, match=r"in x\.npy"):
        read_npz(tmp_path / "a.npz", is_wanted=_any)


@pytest.mark.parametrize(
    ("method", "name"), [(zipfile.ZIP_LZMA, "LZMA"), (zipfile.ZIP_BZIP2, "bzip2")]
)
def test_a_member_of_another_compression_is_named(tmp_path, method, name):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as archive:
        archive.writestr("x.npy", _npy(np.eye(2)))
    with pytest.raises(Unreadable, match=rf"x\.npy that is compressed by {name}"):
        read_npz(tmp_path / "a.npz", is_wanted=_any)


def test_an_encrypted_member_is_named(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.eye(2))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    for start, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(start) + flags] |= 1
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(Unreadable, match=r"an encrypted member x\.npy"):
        read_npz(tmp_path / "a.npz", is_wanted=_any)


def test_wanted_members_that_are_too_large_together_are_refused(tmp_path, monkeypatch):
    np.savez(tmp_path / "a.npz", x=np.zeros(80), y=np.zeros(80), z=np.zeros(8000))
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", "1500")
    assert read_npz(tmp_path / "a.npz", is_wanted=lambda name: name == "x").arrays["x"].size == 80
    with pytest.raises(DataError, match=r"at most 1,500 bytes of decoded data, found 1,5\d\d;"):
        read_npz(tmp_path / "a.npz", is_wanted=lambda name: name in "xy")
