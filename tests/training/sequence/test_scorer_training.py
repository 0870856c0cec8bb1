"""The scorer learns which paths of a lattice are right."""

import numpy as np
import pytest

from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.reader.sequence.arc_scores import ArcProbabilities
from digitus.training.sequence.scorer_training import ScoringExample, train_scorer

N_FEATURES = 4
START, END = np.array([0, 0, 1]), np.array([1, 2, 2])


def make_example(rng, *, whole):
    """Two segments, one digit or two; the first feature of the arc over both says which."""
    features = rng.normal(size=(3, N_FEATURES))
    features[1, 0] = 2.0 if whole else -2.0
    right = np.zeros((3, N_CLASSES), bool)
    right[[1] if whole else [0, 2], 3] = True
    classifier, sequence = np.full((3, 10), 0.01), np.full((3, N_CLASSES), 0.02)
    classifier[:, 3], sequence[:, 3] = 0.91, 0.7
    probabilities = ArcProbabilities(np.ones(3), classifier, sequence, np.full(3, 0.01))
    return ScoringExample(features, probabilities, START, END, right)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def examples(rng):
    return [make_example(rng, whole=bool(number % 2)) for number in range(120)]


def test_the_loss_falls_to_less_than_half(examples, rng):
    _, losses = train_scorer(examples, rng)
    assert losses[-1] < 0.4 * losses[0]


def test_the_right_arcs_of_fresh_lines_score_higher(examples, rng):
    scorer, _ = train_scorer(examples, rng)
    whole, split = (make_example(rng, whole=whole) for whole in (True, False))
    scores = [scorer.scores(one.features, one.probabilities)[:, 3] for one in (whole, split)]
    assert scores[0][1] > scores[0][0] + scores[0][2]
    assert scores[1][1] < scores[1][0] + scores[1][2]


def test_the_same_seed_trains_the_same_scorer(examples):
    one, other = (train_scorer(examples, np.random.default_rng(1))[0] for _ in range(2))
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)


def test_a_line_without_a_right_path_is_left_out(examples, rng):
    broken = make_example(rng, whole=False)
    broken.right[2] = False
    one, other = (
        train_scorer(some, np.random.default_rng(1))[0] for some in (examples, [*examples, broken])
    )
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)


def test_lines_none_of_which_has_a_right_path_are_refused(rng):
    broken = make_example(rng, whole=False)
    broken.right[2] = False
    with pytest.raises(ValueError, match="path of right arcs"):
        train_scorer([broken], rng)
