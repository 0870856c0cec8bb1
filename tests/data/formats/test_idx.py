import gzip
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.data.formats.idx import idx_header, idx_sha256, read_idx, read_pair
from digitus.errors import DataError


@pytest.mark.parametrize("name", ["a-idx3-ubyte", "a-idx3-ubyte.gz"])
def test_plain_and_gzipped_files_are_read_back(tmp_path, write_idx, name):
    values = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    assert (read_idx(write_idx(tmp_path / name, values)) == values).all()


def test_gzip_is_recognized_by_the_content(tmp_path):
    path = tmp_path / "a-idx1-ubyte"
    path.write_bytes(gzip.compress(idx_header((2,)) + b"\x01\x02"))
    assert read_idx(path).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "found an empty file"),
        (b"\0\0", "expected an IDX file"),
        (b"\x89PNG\r\n", "expected an IDX file"),
        (struct.pack(">BBBBI", 0, 0, 0x0D, 1, 1) + b"\0" * 4, "expected an IDX file of bytes"),
        (struct.pack(">BBBB", 0, 0, 8, 0), "expected an IDX file"),
        (struct.pack(">BBBBI", 0, 0, 8, 3, 1), "expected 3 dimensions"),
        (idx_header((4,)) + b"\0" * 3, "expected 4 bytes after the header, found only 3"),
        (idx_header((4,)) + b"\0" * 5, "expected 4 bytes after the header, found more"),
        (idx_header((1 << 28,)) + b"\0", "found only 1"),
        (idx_header((1 << 31, 1 << 31)) + b"\0", "expected at most 536,870,912 bytes"),
        (idx_header((1, 1, 1, 1)) + b"\0", "1 to 3 dimensions"),
        (idx_header((0, 1 << 31, 1 << 31)), "at least one item"),
    ],
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gz"])
def test_a_damaged_file_is_named_with_a_reason(tmp_path, content, reason, compress):
    path = tmp_path / "two.idx"
    path.write_bytes(compress(content))
    with pytest.raises(DataError, match=rf"two\.idx: .*{reason}.*; "):
        read_idx(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:40] + bytes([whole[40] ^ 255]) + whole[41:],
        lambda whole: whole[:3],
        lambda whole: whole[:-8] + bytes(8),
    ],
    ids=["cut", "flipped", "header cut", "checksum"],
)
def test_a_damaged_gzip_stream_is_named(tmp_path, spoil):
    content = np.random.default_rng(0).integers(0, 256, 500).astype(np.uint8).tobytes()
    path = tmp_path / "a-idx1-ubyte.gz"
    path.write_bytes(spoil(gzip.compress(idx_header((500,)) + content)))
    with pytest.raises(DataError, match="expected a whole gzip file"):
        read_idx(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.idx: expected a file, found none"):
        read_idx(tmp_path / "none.idx")


def test_a_folder_instead_of_a_file_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path)


def test_a_wrong_number_of_labels_is_rejected(tmp_path, write_idx):
    images = write_idx(tmp_path / "one.idx", np.zeros((3, 28, 28), np.uint8))
    labels = write_idx(tmp_path / "two.idx", np.zeros(2, np.uint8))
    with pytest.raises(
        DataError,
        match=r"two\.idx: expected 3 labels, found 2; delete the file to download it again",
    ):
        read_pair(images, labels)


def test_images_of_another_size_are_rejected(tmp_path, write_idx):
    images = write_idx(tmp_path / "one.idx", np.zeros((3, 32, 32), np.uint8))
    labels = write_idx(tmp_path / "two.idx", np.zeros(3, np.uint8))
    with pytest.raises(DataError, match=r"one\.idx: expected images of 28 x 28"):
        read_pair(images, labels)


def test_a_label_above_9_is_rejected(tmp_path, write_idx):
    images = write_idx(tmp_path / "one.idx", np.zeros((1, 28, 28), np.uint8))
    labels = write_idx(tmp_path / "two.idx", np.array([11], np.uint8))
    with pytest.raises(DataError, match=r"two\.idx, row 1, .*found 11"):
        read_pair(images, labels)


@given(st.binary(min_size=1, max_size=50))
def test_the_hash_is_that_of_the_plain_file(content):
    values = np.frombuffer(content, np.uint8)
    whole = hashlib.sha256(idx_header(values.shape) + content).hexdigest()
    assert idx_sha256(values) == whole


@pytest.mark.mnist
def test_the_first_training_digits_are_5_0_4_1_9(mnist):
    assert mnist.train.pixels.shape == (60000, 784)
    assert mnist.train.labels[:5].tolist() == [5, 0, 4, 1, 9]


@pytest.mark.mnist
def test_the_first_test_digits_are_7_2_1_0_4(mnist):
    assert mnist.test.pixels.shape == (10000, 784)
    assert mnist.test.labels[:5].tolist() == [7, 2, 1, 0, 4]


@pytest.mark.mnist
def test_the_test_part_has_its_known_counts(mnist):
    assert mnist.test.counts().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
