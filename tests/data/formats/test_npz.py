import numpy as np
import pytest

from digitus.data.formats.npz import read_npz
from digitus.errors import DataError

IMAGES = np.arange(3 * 784).reshape(3, 28, 28) % 256
LABELS = np.array([4, 5, 6])


def _save(path, **arrays):
    np.savez_compressed(path, **arrays)
    return path


def test_an_archive_of_four_arrays_has_both_parts(tmp_path):
    path = _save(
        tmp_path / "a.npz",
        x_train=IMAGES.astype(np.uint8),
        y_train=LABELS.astype(np.uint8),
        x_test=IMAGES[:1].astype(np.uint8),
        y_test=LABELS[:1].astype(np.uint8),
    )
    data = read_npz(path)
    assert (data.train.pixels == IMAGES.reshape(3, 784)).all()
    assert data.train.labels.tolist() == [4, 5, 6]
    assert data.test.labels.tolist() == [4]


@pytest.mark.parametrize("names", [("pixels", "labels"), ("x", "y"), ("x_train", "y_train")])
def test_an_archive_of_two_arrays_has_a_training_part(tmp_path, names):
    path = _save(tmp_path / "a.npz", **dict(zip(names, (IMAGES, LABELS), strict=True)))
    data = read_npz(path)
    assert data.train.labels.tolist() == [4, 5, 6]
    assert data.test is None


def test_images_alone_have_no_labels(tmp_path):
    assert read_npz(_save(tmp_path / "a.npz", x=IMAGES)).train.labels is None


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"images": IMAGES}, "x and y, found images"),
        ({"x": IMAGES, "y": LABELS[:2]}, "expected 3 labels, found 2"),
        ({"x": IMAGES, "y": LABELS + 5}, "row 2, .*found 10"),
        ({"x": IMAGES, "y": np.eye(10)[LABELS]}, "expected 3 labels"),
        ({"x": IMAGES[:, :20], "y": LABELS}, "images of 28 x 28"),
        ({"x": IMAGES / 255, "y": LABELS}, "a whole number from 0 to 255"),
        ({"x": IMAGES.astype(object), "y": LABELS}, "found pickled objects"),
    ],
)
def test_an_archive_of_other_arrays_is_rejected(tmp_path, arrays, reason):
    with pytest.raises(DataError, match=rf"bad\.npz.*{reason}"):
        read_npz(_save(tmp_path / "bad.npz", **arrays))


@pytest.mark.parametrize(
    "spoil",
    [lambda whole: b"", lambda whole: whole[:-30], lambda whole: b"PK\x03\x04", lambda whole: b"x"],
)
def test_a_damaged_archive_is_rejected(tmp_path, spoil):
    path = _save(tmp_path / "bad.npz", x=IMAGES)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DataError, match=r"bad\.npz: expected a whole \.npz archive"):
        read_npz(path)


def test_a_flipped_bit_in_an_archive_is_detected(tmp_path):
    path = _save(tmp_path / "bad.npz", x=IMAGES)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        read_npz(path)


def test_a_single_array_is_rejected(tmp_path):
    path = tmp_path / "bad.npz"
    with path.open("wb") as file:
        np.save(file, IMAGES)
    with pytest.raises(DataError, match=r"a whole \.npz archive"):
        read_npz(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.npz: expected a file"):
        read_npz(tmp_path / "none.npz")
