import gzip

import numpy as np
import pytest

from digitus.data.checks import as_labels, as_pixels, open_decoded
from digitus.errors import DataError


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28)])
def test_images_of_any_number_type_become_the_same_bytes(dtype, shape):
    values = np.arange(5 * 784).reshape(shape) % 256
    assert (as_pixels(values.astype(dtype), "a").ravel() == values.ravel()).all()


@pytest.mark.parametrize("shape", [(784,), (3, 783), (3, 32, 32), (0, 784), (3, 28, 28, 1)])
def test_a_wrong_shape_is_named_in_the_error(shape):
    with pytest.raises(DataError, match=r"a\.npz: expected images of 28 x 28"):
        as_pixels(np.zeros(shape, np.uint8), "a.npz")


@pytest.mark.parametrize("value", [-1.0, 256.0, 0.5, np.nan, np.inf])
@pytest.mark.parametrize("row", [0, 5000])
def test_an_invalid_pixel_is_named_with_row_and_column(value, row):
    values = np.zeros((5001, 784), np.float32)
    values[row, 3] = value
    with pytest.raises(DataError, match=rf"a, row {row + 1}, column 4: expected a whole number"):
        as_pixels(values, "a")


@pytest.mark.parametrize("values", [np.array(["1", "2"]), np.array([1j, 2j])])
def test_labels_that_are_not_numbers_are_rejected(values):
    with pytest.raises(DataError, match="expected numbers from 0 to 9"):
        as_labels(values, "a", n=2)


@pytest.mark.parametrize("value", [10, -1])
def test_a_label_outside_0_to_9_is_rejected(value):
    with pytest.raises(DataError, match=f"row 2, .* found {value};"):
        as_labels(np.array([1, value]), "a", n=2)


def test_a_byte_label_above_9_is_rejected():
    with pytest.raises(DataError, match="found 26"):
        as_labels(np.array([26], np.uint8), "a", n=1)


def test_a_wrong_number_of_labels_is_rejected():
    with pytest.raises(DataError, match="expected 3 labels, found 2"):
        as_labels(np.array([1, 2]), "a", n=3)


@pytest.mark.parametrize("content", [b"plain", gzip.compress(b"plain")], ids=["plain", "gzip"])
def test_a_file_is_decoded_if_its_content_is_gzip(tmp_path, content):
    path = tmp_path / "data"
    path.write_bytes(content)
    with open_decoded(path) as file:
        assert file.read() == b"plain"


def test_a_missing_file_is_an_error_with_a_remedy(tmp_path):
    with (
        pytest.raises(DataError, match=r"absent: expected a file, found none; check the path"),
        open_decoded(tmp_path / "absent"),
    ):
        pass


def test_a_truncated_gzip_file_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(bytes(1000))[:-9])
    with (
        pytest.raises(DataError, match=r"cut\.gz: expected a whole gzip"),
        open_decoded(path) as file,
    ):
        file.read()
