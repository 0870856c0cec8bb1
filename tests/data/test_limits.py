"""Files of a few megabytes that declare or expand to gigabytes take little memory."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest
from numpy.lib import format as npy_format

from digitus.data.formats.csv_rows import read_csv
from digitus.data.formats.idx import idx_header, read_idx
from digitus.data.limits import Limits, current_limits
from digitus.errors import DataError

GIGABYTES = 3 << 30
MOST_MIB = 100
"""Memory above the start, for any of the files."""

MEASURE = """
import resource, sys
import scipy.io, numpy, digitus.data.load, digitus.models.formats.import_export
from pathlib import Path
from digitus.data.load import load_rows
from digitus.models.formats.import_export import import_model
from digitus.errors import DigitusError
read = import_model if sys.argv[1] == "model" else load_rows
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(Path(sys.argv[2]))
except DigitusError as error:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, error)
"""


def _deflate(head, n_zeros, wbits):
    """Compress a head and zeros: one block, repeated; the checksum is wrong, and never reached."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * (n_zeros >> 20) + packer.flush()


def _npy_head(shape, dtype="|u1"):
    head = io.BytesIO()
    npy_format.write_array_header_1_0(
        head, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    return head.getvalue()


def _write_gzipped(path, head):
    path.write_bytes(_deflate(head, GIGABYTES, 31))


def _idx(path):
    _write_gzipped(path / "a-idx3-ubyte.gz", idx_header((GIGABYTES // 784, 28, 28)))
    return "data", path / "a-idx3-ubyte.gz"


def _idx_of_other_items(path):
    _write_gzipped(path / "b-idx3-ubyte.gz", idx_header((400, 1000, 1000)))
    return "data", path / "b-idx3-ubyte.gz"


def _csv_of_one_line(path):
    _write_gzipped(path / "a.csv.gz", b"label")
    return "data", path / "a.csv.gz"


def _csv_within_quotes(path):
    row = ",".join(["0"] * 784).encode()
    _write_gzipped(path / "b.csv.gz", row + b'\n"' + row + b"\n")
    return "data", path / "b.csv.gz"


def _npz(path, kind, member, head):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{member}.npy", _deflate(head, GIGABYTES, -15))
    content = bytearray(path.read_bytes())
    for start, method, size in ((b"PK\3\4", 8, 22), (b"PK\1\2", 10, 24)):
        at = content.rindex(start)
        struct.pack_into("<H", content, at + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", content, at + size, GIGABYTES + len(head))
    path.write_bytes(content)
    return kind, path


def _npz_of_data(path):
    return _npz(path / "a.npz", "data", "x", _npy_head((GIGABYTES // 784, 784)))


def _npz_of_weights(path):
    return _npz(path / "m.npz", "model", "weight_layer_1", _npy_head((GIGABYTES // 784, 784)))


def _npz_of_unwanted_members(path):
    return _npz(path / "u.npz", "data", "unwanted", _npy_head((GIGABYTES,)))


def _mat_element(name, shape, n_bytes, tag):
    flags = struct.pack("<IIII", 6, 8, 6, 0)
    dims = struct.pack("<IIii", 5, 8, *shape)
    named = struct.pack("<II", 1, len(name)) + name.ljust(8, b"\0")
    head = flags + dims + named + struct.pack("<II", 9, tag)
    return struct.pack("<II", 14, min(len(head) + n_bytes, (1 << 32) - 1)) + head


def _mat(path, element):
    content = _deflate(element, GIGABYTES, 15)
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"
    path.write_bytes(header + struct.pack("<II", 15, len(content)) + content)
    return "data", path


def _mat_of_data(path):
    columns = GIGABYTES // 784 // 8
    element = _mat_element(b"data", (784, columns), GIGABYTES, 784 * columns * 8)
    return _mat(path / "a.mat", element)


def _mat_whose_tag_differs_from_its_shape(path):
    return _mat(path / "b.mat", _mat_element(b"data", (784, 1), GIGABYTES, GIGABYTES))


def _mat_of_other_variables(path):
    return _mat(path / "c.mat", _mat_element(b"other", (784, 1), GIGABYTES, GIGABYTES))


def _npy(path):
    (path / "W1.npy").write_bytes(_npy_head((10**5, 784, 10), "<f8") + bytes(1000))
    (path / "b1.npy").write_bytes(_npy_head((10, 1), "<f8") + bytes(80))
    return "model", path


def _pickle_that_encodes_again_and_again(path):
    text = b"X" + struct.pack("<I", 1 << 20) + b"a" * (1 << 20)
    start = b"\x80\x02c_codecs\nencode\nq\0" + text + b"q\1X\6\0\0\0latin1q\2]"
    (path / "a.pkl").write_bytes(start + b"h\0h\1h\2\x86Ra" * 40_000 + b".")
    return "model", path / "a.pkl"


def _pickle_of_sets(path):
    (path / "b.pkl").write_bytes(b"\x80\4" + b"\x8f" * 4_000_000 + b".")
    return "model", path / "b.pkl"


def _theta(path):
    for name in ("Theta1.txt", "Theta2.txt"):
        (path / name).write_text("1\n" * (1 << 21))
    return "model", path


BOMBS = {
    _idx: "536,870,912 bytes of decoded data, found 3,221,",
    _idx_of_other_items: "expected images of 28 x 28",
    _csv_of_one_line: "row 1: expected a line of at most 65,536",
    _csv_within_quotes: "row 2: expected 784 columns, found 1",
    _npz_of_data: "536,870,912 bytes of decoded data, found 3,221,",
    _npz_of_weights: "536,870,912 bytes of decoded data, found 3,221,",
    _npz_of_unwanted_members: "x and y, found unwanted",
    _mat_of_data: "536,870,912 bytes of decoded data, found 3,221,",
    _mat_whose_tag_differs_from_its_shape: "536,870,912 bytes of decoded data, found 3,221,",
    _mat_of_other_variables: "a variable `data`, found none",
    _npy: "found 1,000 bytes of values where the header says",
    _pickle_of_sets: "more than 524288 instructions",
    _theta: "at most 32,768 lines",
}


def _measured(kind, path):
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, kind, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    mib, _, message = done.stdout.partition(" ")
    return int(mib), message


@pytest.mark.parametrize("make", BOMBS, ids=lambda make: make.__name__[1:])
def test_a_small_file_of_gigabytes_is_refused_in_little_memory(tmp_path, make):
    kind, path = make(tmp_path)
    mib, message = _measured(kind, path)
    assert BOMBS[make] in message
    assert mib < (170 if make is _pickle_of_sets else MOST_MIB)


def test_texts_that_a_pickle_encodes_again_are_counted(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", str(100 << 20))
    mib, message = _measured(*_pickle_that_encodes_again_and_again(tmp_path))
    assert "more than 104,857,600 bytes" in message
    assert mib < 150


def test_ten_times_mnist_is_within_the_limits():
    limits = Limits()
    assert limits.data_bytes >= 10 * 60_000 * 784
    assert limits.rows >= 600_000
    assert limits.text_bytes >= 10 * 120_000_000  # MNIST as a table is 110 MB


def test_the_environment_sets_the_limit(tmp_path, monkeypatch):
    path = tmp_path / "a.idx"
    path.write_bytes(idx_header((10,)) + bytes(10))
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", "9")
    with pytest.raises(
        DataError, match=r"a\.idx: expected at most 9 bytes of decoded data, found 10; set DIGITUS"
    ):
        read_idx(path)
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", "10")
    assert len(read_idx(path)) == 10


@pytest.mark.parametrize("text", ["abc", "-1", "0", "1e9", "9" * 30])
def test_another_limit_than_a_number_of_bytes_is_refused(monkeypatch, text):
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", text)
    with pytest.raises(DataError, match="DIGITUS_MAX_DATA_BYTES: expected a number of bytes"):
        current_limits()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("\n".join([",".join(["0"] * 784)] * 4), "more than 3 lines of 784 pixels"),
        ("\n" * 10 + ",".join(["0"] * 784), "an empty file"),
        (",".join(["0"] * 784) + "\n" * 10, "more than 3 lines of 784 pixels"),
        ("\n".join([",".join([" " * 10 + "0"] * 784)] * 2), "more than 9,408 bytes of text"),
    ],
)
def test_lines_and_text_of_a_table_are_bounded(tmp_path, monkeypatch, content, reason):
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", str(3 * 784))
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=rf"a\.csv: expected .*{reason}"):
        read_csv(path)


def test_as_many_rows_as_the_limit_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITUS_MAX_DATA_BYTES", str(3 * 784))
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(["0"] * 784)] * 3))
    assert np.array_equal(read_csv(path).pixels, np.zeros((3, 784)))
