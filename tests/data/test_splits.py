import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.data.splits import split

SEEDS = st.none() | st.integers(0, 2**32 - 1)


@given(st.data(), st.integers(1, 500), SEEDS, st.booleans())
def test_the_two_parts_are_disjoint_and_together_all_rows(data, n, seed, first):
    validation = data.draw(st.integers(0, n - 1))
    parts = split(n, validation=validation, seed=seed, first=first)
    assert len(parts.validation) == validation
    assert np.intersect1d(parts.train, parts.validation).size == 0
    assert np.union1d(parts.train, parts.validation).tolist() == list(range(n))


def test_without_a_seed_the_last_rows_are_set_aside():
    parts = split(60_000, validation=10_000)
    assert (parts.train == np.arange(50_000)).all()
    assert (parts.validation == np.arange(50_000, 60_000)).all()


def test_the_first_rows_can_be_set_aside():
    parts = split(42_000, validation=1_000, first=True)
    assert (parts.validation == np.arange(1_000)).all()
    assert (parts.train == np.arange(1_000, 42_000)).all()


@pytest.mark.parametrize(
    ("n", "validation", "first"), [(60_000, 10_000, False), (42_000, 1_000, True)]
)
def test_a_seed_gives_the_same_rows_again(n, validation, first):
    one, two = (split(n, validation=validation, seed=7, first=first) for _ in range(2))
    assert (one.validation == two.validation).all()
    assert (one.train == two.train).all()


def test_another_seed_gives_other_rows():
    one, two = (split(1000, validation=100, seed=seed) for seed in (1, 2))
    assert one.validation.tolist() != two.validation.tolist()


@pytest.mark.parametrize(("n", "validation"), [(10, 10), (10, 11), (10, -1), (0, 0), (1, 1)])
def test_a_split_that_leaves_nothing_to_train_on_is_refused(n, validation):
    with pytest.raises(ValueError, match="validation must be"):
        split(n, validation=validation)
