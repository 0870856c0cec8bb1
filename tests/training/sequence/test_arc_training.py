"""Learning to score ways through strings: the gradient is proved, and what is learned is used."""

import numpy as np
import pytest

from digitus.models.line_image_format import N_CLASSES
from digitus.reader.sequence.arc_scores import ArcProbabilities, Scorer
from digitus.training.sequence import arc_training as string_learning
from digitus.training.sequence.arc_training import (
    LEARNED,
    Exercise,
    as_arrays,
    has_a_right_way,
    learn,
    loss_and_gradient,
)

FEATURES = 4
START, END = np.array([0, 0, 1]), np.array([1, 2, 2])


def exercise(rng, *, whole):
    """Two segments: one thing, or two; the first feature of the arc over both tells which."""
    features = rng.normal(size=(3, FEATURES))
    features[1, 0] = 2.0 if whole else -2.0
    right = np.zeros((3, N_CLASSES), bool)
    right[[1] if whole else [0, 2], 3] = True
    model, strip = np.full((3, 10), 0.01), np.full((3, N_CLASSES), 0.02)
    model[:, 3], strip[:, 3] = 0.91, 0.7
    probabilities = ArcProbabilities(np.ones(3), model, strip, np.full(3, 0.01))
    return Exercise(features, probabilities, START, END, 3, right)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def random_scorer(rng):
    return Scorer(
        np.zeros(FEATURES),
        np.ones(FEATURES),
        rng.normal(size=(FEATURES + 1, 6)),
        rng.normal(size=(7, 5)),
        rng.uniform(0.5, 1.5, 10),
        rng.uniform(0.5, 1.5, N_CLASSES),
        1.0,
    )


@pytest.mark.parametrize("name", LEARNED)
def test_the_gradient_is_the_slope_of_the_loss(rng, name):
    batch = [exercise(rng, whole=True), exercise(rng, whole=False)]
    scorer = random_scorer(rng)
    found = loss_and_gradient(scorer, batch)[1][LEARNED.index(name)]
    weights = getattr(scorer, name)
    for place in zip(*(rng.integers(0, side, 5) for side in weights.shape), strict=True):
        kept, losses = weights[place], []
        for step in (1e-5, -1e-5):
            weights[place] = kept + step
            losses.append(loss_and_gradient(scorer, batch)[0])
        weights[place] = kept
        assert found[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-6)


def test_the_loss_of_a_string_all_of_whose_ways_are_right_is_nothing(rng):
    sure = exercise(rng, whole=True)
    sure.right[:] = True
    assert loss_and_gradient(random_scorer(rng), [sure])[0] == pytest.approx(0, abs=1e-9)


def test_what_tells_one_thing_from_two_is_learned(rng, monkeypatch):
    monkeypatch.setattr(string_learning, "HIDDEN", 8)
    lessons = [exercise(rng, whole=bool(number % 2)) for number in range(120)]
    fresh = [exercise(rng, whole=bool(number % 2)) for number in range(40)]
    before, after = (
        loss_and_gradient(learn(lessons, np.random.default_rng(1), epochs=epochs), fresh)[0]
        for epochs in (0, 60)
    )
    assert after < 0.4 * before


def test_a_string_without_a_right_way_is_left_out(rng):
    broken = exercise(rng, whole=False)
    broken.right[2] = False
    assert not has_a_right_way(broken)
    assert has_a_right_way(exercise(rng, whole=False))


def test_weights_are_stored_under_the_names_they_are_read_by(rng):
    scorer = random_scorer(rng)
    again = Scorer(**{name: array.astype(float) for name, array in as_arrays(scorer).items()})
    assert again.hidden == pytest.approx(scorer.hidden, rel=1e-6)
