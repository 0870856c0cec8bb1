"""A writer with another pen keeps the digit's shape."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitus.data.samples import Samples
from digitus.imaging.patch.patch import make_patch
from digitus.models.shipped import load_model
from digitus.synthesis.pen import reinked
from digitus.synthesis.pen.pen_drawings import pen_patches
from digitus.synthesis.pen.reinked import PARAMETERS, ReinkedWriter
from digitus.synthesis.pen.skeletons import count_holes
from digitus.synthesis.pen.writers import FAINTEST


@pytest.fixture(scope="module")
def samples():
    patches, labels = pen_patches(600, np.random.default_rng(0))
    return Samples(np.rint(255 * patches).astype(np.uint8).reshape(600, -1), labels, "drawn")


@pytest.fixture(autouse=True)
def few_shapes(monkeypatch):
    """Let writers know fewer shapes, to save time."""
    monkeypatch.setattr(reinked, "PARAMETERS", replace(PARAMETERS, candidates=12, patches=7))


def writers(samples, n, height_px=44):
    return [ReinkedWriter(samples, height_px, np.random.default_rng(seed)) for seed in range(n)]


def widths(ink):
    """Twice the distances from the paper along the middle of the strokes."""
    distance = cv2.distanceTransform(np.pad(ink >= 0.5, 1).astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (distance == cv2.dilate(distance, np.ones((3, 3)))) & (distance > 0)
    return 2 * distance[ridge]


@pytest.mark.mnist
def test_most_digits_have_as_many_holes_as_their_patch(mnist, monkeypatch):
    rows = np.arange(55_000, 60_000)
    samples, fallbacks = mnist.train.rows(rows), []
    enlarge = reinked.enlarge
    monkeypatch.setattr(
        reinked, "enlarge", lambda *args: (fallbacks.append(args), enlarge(*args))[1]
    )
    rng = np.random.default_rng(1)
    for writer in writers(samples, 12, height_px=22):
        for digit in range(10):
            writer(digit, rng)
            writer(digit, rng)
    assert len(fallbacks) <= 0.05 * 240


def test_a_loop_that_no_pen_leaves_open_is_that_of_the_patch(samples):
    writer, rng = ReinkedWriter(samples, 44, np.random.default_rng(0)), np.random.default_rng(2)
    writer.pen_px = 60.0
    open_zeros = [count_holes(writer(0, rng) >= PARAMETERS.edge) >= 1 for _ in range(20)]
    assert np.mean(open_zeros) >= 0.7  # a few patches are not closed


@pytest.mark.mnist
def test_the_digits_are_read_as_those_of_the_patches(mnist):
    samples = mnist.train.rows(np.arange(55_000, 60_000))
    rng, digits, inks = np.random.default_rng(3), [], []
    for writer in writers(samples, 10, height_px=40):
        for digit in [*range(10)] * 2:
            digits.append(digit)
            inks.append(writer(digit, rng))
    pixels = np.stack([make_patch(np.pad(ink, 8)) for ink in inks]).reshape(len(inks), -1)
    read = load_model("cnn").classify(np.rint(255 * pixels).astype(np.uint8)).probabilities
    assert (read.argmax(axis=1) == digits).mean() >= 0.95


def test_one_writer_has_one_pen(samples):
    rng, thin = np.random.default_rng(4), []
    for writer in writers(samples, 6):
        measured = [np.median(widths(writer(digit, rng))) for digit in (0, 2, 3, 5, 7)]
        assert max(measured) - min(measured) <= 0.5 * writer.pen_px + 1
        thin.append(np.median(measured))
    assert max(thin) > 1.3 * min(thin)


def test_pens_are_as_wide_as_stated(samples):
    pens = [writer.pen_px / 44 for writer in writers(samples, 20)]
    low, high = PARAMETERS.pen
    assert low <= min(pens) < low + 0.03
    assert high - 0.03 < max(pens) <= high


def test_a_flat_nib_draws_strokes_of_different_width(samples, monkeypatch):
    nib = reinked._Nib(0.3, 0.0)
    level = [np.array([[10.0, 30.0], [60.0, 30.0]])]
    upright = [np.array([[30.0, 10.0], [30.0, 60.0]])]
    shares = [np.ones(2)]
    assert reinked._inked(level, shares, 10, nib).shape[0] == pytest.approx(3, abs=1.5)
    assert reinked._inked(upright, shares, 10, nib).shape[1] == pytest.approx(10, abs=1.5)


@pytest.mark.parametrize("digit", range(10))
def test_the_ink_has_the_height_and_touches_all_sides_of_its_box(samples, digit):
    for writer in writers(samples, 3):
        ink = writer(digit, np.random.default_rng(digit))
        assert max(ink.shape) == pytest.approx(44, rel=0.25)
        assert (ink >= FAINTEST)[[0, -1]].any(axis=1).all()
        assert (ink >= FAINTEST)[:, [0, -1]].any(axis=0).all()


def test_the_same_seed_gives_the_same_ink(samples):
    one, other = (ReinkedWriter(samples, 30, np.random.default_rng(5)) for _ in range(2))
    rngs = (np.random.default_rng(6), np.random.default_rng(6))
    np.testing.assert_array_equal(one(8, rngs[0]), other(8, rngs[1]))


def test_another_height_keeps_the_pen(samples):
    writer = ReinkedWriter(samples, 40, np.random.default_rng(7))
    larger = writer.resized(80)
    assert larger.pen_px == writer.pen_px
    assert len(larger(1, np.random.default_rng(0))) > 1.6 * len(writer(1, np.random.default_rng(0)))


def test_samples_without_one_of_the_digits_are_rejected(samples):
    with pytest.raises(ValueError, match="all ten digits"):
        ReinkedWriter(samples.rows(samples.labels != 8), 40, np.random.default_rng(0))


def test_patches_with_a_filled_loop_are_chosen_last(samples):
    writer = ReinkedWriter(samples, 44, np.random.default_rng(8))
    filled = [
        reinked._has_filled_loop(skeleton, reinked.LOOPS[digit])
        for digit in reinked.LOOPS
        for _, skeleton in writer._shapes_of(digit)
    ]
    assert np.mean(filled) < 0.1
