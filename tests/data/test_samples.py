import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.data.samples import DataSet, Samples, one_hot, split

SEEDS = st.none() | st.integers(0, 2**32 - 1)


def _blank(n: int) -> np.ndarray:
    return np.zeros((n, 784), np.uint8)


def test_counts_include_absent_digits():
    samples = Samples(_blank(3), np.array([1, 1, 7]), "here")
    assert samples.counts().tolist() == [0, 2, 0, 0, 0, 0, 0, 1, 0, 0]


def test_counting_without_labels_is_a_value_error():
    with pytest.raises(ValueError, match="no labels"):
        Samples(_blank(3), None, "here").counts()


@pytest.mark.parametrize("index", [[2, 0], slice(1, 3), np.array([True, False, True])])
def test_selected_rows_keep_their_labels(index):
    pixels = np.repeat(np.arange(3, dtype=np.uint8)[:, np.newaxis], 784, axis=1)
    picked = Samples(pixels, np.array([0, 1, 2]), "here").rows(index)
    assert picked.pixels[:, 0].tolist() == picked.labels.tolist()


def test_the_arrays_of_samples_are_read_only():
    samples = Samples(_blank(1), np.array([1]), "here")
    with pytest.raises(ValueError, match="read-only"):
        samples.pixels[0, 0] = 1


def test_the_array_of_the_caller_stays_writable():
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
def test_wrong_shapes_and_types_are_rejected(pixels, labels):
    with pytest.raises(ValueError, match="must be"):
        Samples(pixels, labels, "here")


def test_the_hash_does_not_depend_on_the_name_of_the_source():
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
def test_one_hot_rejects_invalid_labels(labels):
    with pytest.raises(ValueError, match="labels must"):
        one_hot(labels)


@given(st.data(), st.integers(1, 500), SEEDS, st.booleans())
def test_a_split_is_a_partition_of_the_rows(data, n, seed, first):
    validation = data.draw(st.integers(0, n - 1))
    parts = split(n, validation=validation, seed=seed, first=first)
    assert len(parts.validation) == validation
    assert np.intersect1d(parts.train, parts.validation).size == 0
    assert np.union1d(parts.train, parts.validation).tolist() == list(range(n))


def test_without_a_seed_the_last_rows_are_held_out():
    parts = split(60_000, validation=10_000)
    assert (parts.train == np.arange(50_000)).all()
    assert (parts.validation == np.arange(50_000, 60_000)).all()


def test_the_first_rows_can_be_held_out():
    parts = split(42_000, validation=1_000, first=True)
    assert (parts.validation == np.arange(1_000)).all()
    assert (parts.train == np.arange(1_000, 42_000)).all()


@pytest.mark.parametrize(
    ("n", "validation", "first"), [(60_000, 10_000, False), (42_000, 1_000, True)]
)
def test_the_same_seed_gives_the_same_split(n, validation, first):
    one, two = (split(n, validation=validation, seed=7, first=first) for _ in range(2))
    assert (one.validation == two.validation).all()
    assert (one.train == two.train).all()


def test_different_seeds_give_different_splits():
    one, two = (split(1000, validation=100, seed=seed) for seed in (1, 2))
    assert one.validation.tolist() != two.validation.tolist()


@pytest.mark.parametrize(("n", "validation"), [(10, 10), (10, 11), (10, -1), (0, 0), (1, 1)])
def test_a_split_without_training_rows_is_rejected(n, validation):
    with pytest.raises(ValueError, match="validation must be"):
        split(n, validation=validation)
