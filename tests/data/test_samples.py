import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.data.samples import DataSet, Samples, one_hot


def _blank(n: int) -> np.ndarray:
    return np.zeros((n, 784), np.uint8)


def test_the_counts_name_every_digit_even_an_absent_one():
    samples = Samples(_blank(3), np.array([1, 1, 7]), "here")
    assert samples.counts().tolist() == [0, 2, 0, 0, 0, 0, 0, 1, 0, 0]


def test_counting_without_labels_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no labels"):
        Samples(_blank(3), None, "here").counts()


@pytest.mark.parametrize("index", [[2, 0], slice(1, 3), np.array([True, False, True])])
def test_picked_rows_keep_pixels_and_labels_together(index):
    pixels = np.repeat(np.arange(3, dtype=np.uint8)[:, np.newaxis], 784, axis=1)
    picked = Samples(pixels, np.array([0, 1, 2]), "here").rows(index)
    assert picked.pixels[:, 0].tolist() == picked.labels.tolist()


def test_samples_cannot_be_changed_in_place():
    samples = Samples(_blank(1), np.array([1]), "here")
    with pytest.raises(ValueError, match="read-only"):
        samples.pixels[0, 0] = 1


def test_the_callers_own_array_stays_writable():
    pixels = _blank(1)
    Samples(pixels, None, "here")
    assert pixels.flags.writeable


@pytest.mark.parametrize(
    ("pixels", "labels"),
    [
        (np.zeros((2, 783), np.uint8), None),
        (np.zeros((2, 784), np.float32), None),
        (_blank(2), np.array([1])),
    ],
)
def test_other_shapes_and_types_are_refused(pixels, labels):
    with pytest.raises(ValueError, match="must be"):
        Samples(pixels, labels, "here")


def test_the_hash_is_the_same_whatever_the_source_is_called():
    one, two = (
        DataSet(name, Samples(_blank(2), np.array([1, 2]), name), None) for name in ("a", "b")
    )
    assert one.sha256 == two.sha256


def test_the_hash_changes_with_one_label():
    one, two = (DataSet("a", Samples(_blank(2), np.array([1, last]), "a"), None) for last in (2, 3))
    assert one.sha256 != two.sha256


@given(st.lists(st.integers(0, 9), max_size=30))
def test_one_hot_is_ten_wide_and_its_largest_entry_is_the_label(labels):
    encoded = one_hot(labels)
    assert encoded.shape == (len(labels), 10)
    assert encoded.sum() == len(labels)
    assert encoded.argmax(axis=1).tolist() == labels


@pytest.mark.parametrize("labels", [[10], [-1], [1.5], [[1]]])
def test_one_hot_refuses_what_is_no_label(labels):
    with pytest.raises(ValueError, match="labels must"):
        one_hot(labels)
