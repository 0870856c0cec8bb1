"""Augmented rows: what an epoch holds, and that the seed alone decides it."""

import numpy as np
import pytest

from digitus.data import Samples
from digitus.training import augmented_rows
from digitus.training.augmented_rows import AugmentedRows
from digitus.training.synthetic_digits import SyntheticDigits


def samples(n, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (n, 784)).astype(np.uint8)
    return Samples(pixels, rng.integers(0, 10, n), "made")


@pytest.fixture
def train():
    return samples(40, 1)


@pytest.fixture
def synthetic():
    pen = samples(30, 2)
    return SyntheticDigits(pen.pixels, pen.labels, samples(20, 3).pixels)


def filled(rows, epoch):
    rows.fill(epoch)
    return rows.examples.x.copy(), rows.examples.targets.copy()


def test_an_epoch_holds_every_image_and_its_share_of_synthetic_digits(train, synthetic):
    rows = AugmentedRows(train, synthetic, seed=0)
    _, targets = filled(rows, 0)
    assert targets.shape == (40 + 12 + 8, 11)
    np.testing.assert_array_equal(targets[:40].argmax(axis=1), train.labels)
    assert targets[52:, 10].all()
    assert not targets[:52, 10].any()
    np.testing.assert_array_equal(targets.sum(axis=1), 1)


def test_without_negatives_there_are_ten_classes(train, synthetic):
    rows = AugmentedRows(train, SyntheticDigits(synthetic.digits, synthetic.labels), seed=0)
    assert filled(rows, 0)[1].shape == (52, 10)


def test_each_epoch_distorts_anew_and_within_ink(train, synthetic):
    rows = AugmentedRows(train, synthetic, seed=0)
    (first, _), (second, _) = filled(rows, 0), filled(rows, 1)
    assert np.abs(first[:40] - second[:40]).mean() > 0.05
    assert first.min() >= 0
    assert first.max() <= 1


def test_some_images_are_shown_as_they_are(train, synthetic):
    x, _ = filled(AugmentedRows(train, synthetic, seed=0), 0)
    same = (np.abs(x[:40] - train.pixels / np.float32(255)) < 1e-6).all(axis=1)
    assert 0 < same.sum() < 20


def test_the_same_epoch_is_the_same_for_any_number_of_threads(train, synthetic, monkeypatch):
    monkeypatch.setattr(augmented_rows, "_CHUNK", 7)
    alone = filled(AugmentedRows(train, synthetic, seed=4), 3)
    shared = filled(AugmentedRows(train, synthetic, seed=4, threads=3), 3)
    for ours, theirs in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(ours, theirs)
