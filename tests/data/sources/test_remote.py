"""The published MNIST files: finding, verifying and storing them."""

import gzip

import numpy as np
import pytest

from digitus.data.formats.idx import idx_header, idx_sha256
from digitus.data.sources.remote import RemoteFile, find_idx, is_whole, keep, read_verified
from digitus.errors import DataError

VALUES = (np.arange(3 * 784) % 251).astype(np.uint8).reshape(3, 28, 28)
FILE = RemoteFile("tiny-idx3-ubyte", idx_sha256(VALUES), "")
CONTENT = idx_header(VALUES.shape) + VALUES.tobytes()


@pytest.mark.parametrize(
    "name", ["tiny-idx3-ubyte", "tiny-idx3-ubyte.gz", "tiny.idx3-ubyte", "tiny.idx3-ubyte.gz"]
)
def test_every_spelling_of_a_file_is_found_and_verified(tmp_path, name):
    content = gzip.compress(CONTENT) if name.endswith(".gz") else CONTENT
    (tmp_path / name).write_bytes(content)
    assert find_idx(tmp_path, FILE.name) == tmp_path / name
    np.testing.assert_array_equal(read_verified(tmp_path, FILE), VALUES)


def test_a_missing_file_is_named_with_both_spellings(tmp_path):
    with pytest.raises(DataError, match=r"a file tiny-idx3-ubyte or tiny-idx3-ubyte\.gz"):
        read_verified(tmp_path, FILE)


def test_a_changed_byte_is_a_wrong_hash(tmp_path):
    (tmp_path / FILE.name).write_bytes(CONTENT[:-1] + b"\xff")
    with pytest.raises(DataError, match="SHA-256"):
        read_verified(tmp_path, FILE)
    assert not is_whole(tmp_path, FILE)


def test_a_kept_file_is_complete(tmp_path):
    keep(tmp_path, FILE, VALUES)
    assert (tmp_path / FILE.name).read_bytes() == CONTENT
    assert is_whole(tmp_path, FILE)


def test_an_array_with_a_wrong_hash_is_not_kept(tmp_path):
    with pytest.raises(DataError, match="SHA-256"):
        keep(tmp_path, FILE, VALUES + np.uint8(1))
    assert not list(tmp_path.iterdir())
