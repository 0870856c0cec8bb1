import numpy as np
import pytest

from digitus.data.checks import as_labels, as_pixels
from digitus.errors import DataError


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28)])
def test_images_of_any_number_type_become_the_same_bytes(dtype, shape):
    values = np.arange(5 * 784).reshape(shape) % 256
    assert (as_pixels(values.astype(dtype), "a").ravel() == values.ravel()).all()


@pytest.mark.parametrize("shape", [(784,), (3, 783), (3, 32, 32), (0, 784), (3, 28, 28, 1)])
def test_other_shapes_are_named_in_the_error(shape):
    with pytest.raises(DataError, match=r"a\.npz: expected images of 28 x 28"):
        as_pixels(np.zeros(shape, np.uint8), "a.npz")


@pytest.mark.parametrize("value", [-1.0, 256.0, 0.5, np.nan, np.inf])
@pytest.mark.parametrize("row", [0, 5000])
def test_a_value_that_is_no_byte_is_named_with_row_and_column(value, row):
    values = np.zeros((5001, 784), np.float32)
    values[row, 3] = value
    with pytest.raises(DataError, match=rf"a, row {row + 1}, column 4: expected a whole number"):
        as_pixels(values, "a")


@pytest.mark.parametrize("values", [np.array(["1", "2"]), np.array([1j, 2j])])
def test_labels_that_are_no_numbers_are_refused(values):
    with pytest.raises(DataError, match="expected numbers from 0 to 9"):
        as_labels(values, "a", n=2)


@pytest.mark.parametrize("value", [10, -1])
def test_a_label_outside_0_to_9_is_refused(value):
    with pytest.raises(DataError, match=f"row 2, .* found {value};"):
        as_labels(np.array([1, value]), "a", n=2)


def test_a_byte_label_above_9_is_refused():
    with pytest.raises(DataError, match="found 26"):
        as_labels(np.array([26], np.uint8), "a", n=1)


def test_labels_of_another_number_of_rows_are_refused():
    with pytest.raises(DataError, match="expected 3 labels, found 2"):
        as_labels(np.array([1, 2]), "a", n=3)
