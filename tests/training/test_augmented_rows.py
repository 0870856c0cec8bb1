import numpy as np
import pytest

from digitus.data import Samples
from digitus.training import augmented_rows as hands
from digitus.training.augmented_rows import Mixture
from digitus.training.synthetic_digits import Drawings, make_drawings


def samples(n, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (n, 784)).astype(np.uint8)
    return Samples(pixels, rng.integers(0, 10, n), "made")


@pytest.fixture
def train():
    return samples(40, 1)


@pytest.fixture
def drawings():
    pen = samples(30, 2)
    return Drawings(pen.pixels, pen.labels, samples(20, 3).pixels)


def filled(mixture, epoch):
    mixture.fill(epoch)
    return mixture.examples.x.copy(), mixture.examples.targets.copy()


def test_an_epoch_holds_every_image_and_its_share_of_drawings(train, drawings):
    mixture = Mixture(train, drawings, seed=0)
    _, targets = filled(mixture, 0)
    assert targets.shape == (40 + 12 + 8, 11)
    np.testing.assert_array_equal(targets[:40].argmax(axis=1), train.labels)
    assert targets[52:, 10].all()
    assert not targets[:52, 10].any()
    np.testing.assert_array_equal(targets.sum(axis=1), 1)


def test_without_rubbish_there_are_ten_classes(train, drawings):
    mixture = Mixture(train, Drawings(drawings.pen, drawings.labels), seed=0)
    assert filled(mixture, 0)[1].shape == (52, 10)


def test_each_epoch_distorts_anew_and_within_ink(train, drawings):
    mixture = Mixture(train, drawings, seed=0)
    (first, _), (second, _) = filled(mixture, 0), filled(mixture, 1)
    assert np.abs(first[:40] - second[:40]).mean() > 0.05
    assert first.min() >= 0
    assert first.max() <= 1


def test_some_images_are_shown_as_they_are(train, drawings):
    x, _ = filled(Mixture(train, drawings, seed=0), 0)
    same = (np.abs(x[:40] - train.pixels / np.float32(255)) < 1e-6).all(axis=1)
    assert 0 < same.sum() < 20


def test_the_same_epoch_is_the_same_for_any_number_of_threads(train, drawings, monkeypatch):
    monkeypatch.setattr(hands, "_CHUNK", 7)
    alone = filled(Mixture(train, drawings, seed=4), 3)
    shared = filled(Mixture(train, drawings, seed=4, threads=3), 3)
    for ours, theirs in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_drawings_are_the_same_for_any_number_of_processes_and_others_when_held_out(train):
    alone = make_drawings(7, (1, 1), digits=train.pixels)
    shared = make_drawings(7, (1, 1), digits=train.pixels, processes=2)
    np.testing.assert_array_equal(alone.pen, shared.pen)
    np.testing.assert_array_equal(alone.negatives, shared.negatives)
    other = make_drawings(7, (1, 0), digits=train.pixels, held_out=True)
    assert other.negatives is None
    assert not (other.pen == alone.pen).all(axis=1).any()
    assert set(alone.labels) == set(range(10))
