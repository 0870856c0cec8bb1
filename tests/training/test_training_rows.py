"""Training and validation rows: they are apart, and normalized by the training rows alone."""

import numpy as np
import pytest

from digitus.data import DataSet, Samples, split
from digitus.data.normalization import Normalizer
from digitus.errors import DataError
from digitus.training.training_rows import hold_out_a_share, prepare_rows, to_examples


@pytest.mark.parametrize("split_seed", [None, 0, 7])
def test_training_and_validation_share_no_row_and_lose_none(data, quick, split_seed):
    rows = prepare_rows(quick(split_seed=split_seed), data)
    train = {row.tobytes() for row in rows.train_samples.pixels}
    held_out = {row.tobytes() for row in rows.validation_samples.pixels}
    assert not train & held_out
    assert (len(train), len(held_out)) == (80, 20)


def test_the_last_rows_are_held_out_unless_a_seed_is_given(data, quick):
    held_out = prepare_rows(quick(), data).validation_samples
    np.testing.assert_array_equal(held_out.pixels, data.train.pixels[80:])


def test_a_seed_holds_out_the_same_random_rows_each_time(data, quick):
    rows = split(100, validation=20, seed=7).validation
    held_out = prepare_rows(quick(split_seed=7), data).validation_samples
    np.testing.assert_array_equal(held_out.pixels, data.train.pixels[rows])


@pytest.mark.parametrize("kind", ["std", "zscore"])
def test_the_normalizer_is_fitted_on_training_rows_alone(data, quick, kind):
    rows = prepare_rows(quick(normalizer=kind), data)
    assert rows.normalizer == Normalizer.fit(kind, data.train.pixels[:80])


def test_without_validation_all_rows_train_without_a_copy(data, quick):
    rows = prepare_rows(quick(validation=0), data)
    assert np.shares_memory(rows.train_samples.pixels, data.train.pixels)
    assert rows.validation is None
    assert rows.validation_samples is None


def test_test_rows_are_not_looked_at(data, quick):
    alone = prepare_rows(quick(), DataSet("rows", data.train, None))
    np.testing.assert_array_equal(alone.train.x, prepare_rows(quick(), data).train.x)


@pytest.mark.parametrize("held_out", [100, 101, 10_000])
def test_holding_out_every_row_is_refused(data, quick, held_out):
    with pytest.raises(DataError, match=f"100 training rows, but {held_out}"):
        prepare_rows(quick(validation=held_out), data)


def test_at_most_a_sixth_is_held_out_by_default(quick):
    config = quick(validation=10_000)
    assert hold_out_a_share(config, 60_000) == config
    assert hold_out_a_share(quick(validation=0), 60) == quick(validation=0)
    assert hold_out_a_share(config, 7_291) == quick(validation=1_215, split_seed=config.seed)
    assert hold_out_a_share(quick(validation=9, split_seed=7), 20) == quick(
        validation=3, split_seed=7
    )
    assert hold_out_a_share(config, 19) == quick(validation=0)
    stopping = quick(validation=10_000, patience=2)
    assert hold_out_a_share(stopping, 19) == stopping


def test_targets_are_ten_wide_even_where_digits_are_absent(data):
    fives = data.train.rows(data.train.labels == 5)
    assert to_examples(fives, Normalizer("unit")).targets.shape == (10, 10)


def test_images_without_labels_are_refused(data):
    with pytest.raises(DataError, match="no labels to train with"):
        to_examples(Samples(data.train.pixels, None, "test.csv"), Normalizer("unit"))
