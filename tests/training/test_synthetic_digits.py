"""Synthetic digits: the seed alone decides them, and held-out ones are others."""

import numpy as np
import pytest

from digitus.training.synthetic_digits import SyntheticCounts, make_synthetic_digits


@pytest.fixture
def sources():
    return np.random.default_rng(1).integers(0, 256, (40, 784)).astype(np.uint8)


def test_they_are_the_same_for_any_number_of_processes(sources):
    counts = SyntheticCounts(digits=1, negatives=1)
    alone = make_synthetic_digits(7, counts, sources=sources)
    shared = make_synthetic_digits(7, counts, sources=sources, processes=2)
    np.testing.assert_array_equal(alone.digits, shared.digits)
    np.testing.assert_array_equal(alone.labels, shared.labels)
    np.testing.assert_array_equal(alone.negatives, shared.negatives)


def test_held_out_digits_are_none_of_those_to_train_with(sources):
    counts = SyntheticCounts(digits=1, negatives=0)
    train = make_synthetic_digits(7, counts, sources=sources)
    held_out = make_synthetic_digits(7, counts, sources=sources, held_out=True)
    assert not (held_out.digits == train.digits).all(axis=1).any()


def test_without_negatives_there_are_none_and_every_digit_is_drawn(sources):
    made = make_synthetic_digits(7, SyntheticCounts(digits=1, negatives=0), sources=sources)
    assert made.negatives is None
    assert set(made.labels) == set(range(10))
