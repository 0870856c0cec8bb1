import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier as Theirs

from digitus.classifier import MLPClassifier
from digitus.nn.schedules import Staged

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

SETTINGS = [
    {"solver": "adam"},
    {"solver": "adam", "epsilon": 1e-3, "beta_1": 0.5, "beta_2": 0.9},
    {"solver": "adam", "shuffle": False, "alpha": 1.0},
    {"solver": "adam", "early_stopping": True, "learning_rate_init": 0.02},
    {"solver": "sgd"},
    {"solver": "sgd", "nesterovs_momentum": False, "learning_rate": "invscaling"},
    {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.5, "n_iter_no_change": 1},
    {"solver": "sgd", "momentum": 0.0, "activation": "logistic", "batch_size": 32},
    {"solver": "lbfgs", "activation": "tanh"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("n_classes", [2, 10])
def test_training_takes_the_steps_of_scikit_learn(digits, settings, n_classes):
    x, y = digits
    weights = np.linspace(0.5, 2, len(x))
    theirs, ours = (
        kind((12, 8), max_iter=6, random_state=1, **settings).fit(x, y % n_classes, weights)
        for kind in (Theirs, MLPClassifier)
    )
    for found, expected in zip(ours.coefs_, theirs.coefs_, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-8)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_partial_fit_takes_the_steps_of_scikit_learn(digits, solver):
    theirs, ours = Theirs(8, solver=solver, random_state=1), None
    ours = MLPClassifier(8, solver=solver, random_state=1)
    for start in (0, 200, 400):
        rows = slice(start, start + 200)
        for model in (theirs, ours):
            model.partial_fit(digits[0][rows], digits[1][rows], classes=range(10))
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], atol=1e-8)


def rates_of(digits, **settings):
    """Return the learning rate at the end of each of four epochs."""
    model = MLPClassifier(4, learning_rate_init=0.1, max_iter=4, **settings)
    rates = []
    for _ in range(4):
        rates.append(model.partial_fit(*digits, classes=range(10))._optimizer.learning_rate)
    return rates


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_cosine_falls_over_all_calls_of_partial_fit(digits, solver):
    rates = rates_of(digits, solver=solver, learning_rate="cosine")
    assert rates == sorted(rates, reverse=True)


def test_inverse_scaling_counts_the_samples_of_all_calls(digits):
    rates = rates_of(digits, solver="sgd", learning_rate="invscaling", power_t=0.25)
    assert rates == [0.1 / (600 * epoch + 1) ** 0.25 for epoch in (1, 2, 3, 4)]


def test_one_cycle_rises_and_falls(digits):
    rates = rates_of(digits, learning_rate="one_cycle")
    assert rates[0] < rates[1] > rates[2] > rates[3]


def test_warm_up_reaches_the_full_rate_after_an_epoch(digits):
    assert rates_of(digits, learning_rate="warm_up")[1:] == [0.1, 0.1, 0.1]


def test_a_schedule_of_the_engine_sets_the_rate(digits):
    rates = rates_of(digits, learning_rate=Staged({0: 0.3, 2: 0.01}))
    assert rates == [0.3, 0.3, 0.01, 0.01]


def test_partial_fit_draws_other_dropout_masks_each_time(digits):
    # Two first steps from the same weights differ only by their masks.
    settings = {"solver": "sgd", "momentum": 0.0, "dropout": 0.5, "random_state": 0}
    model = MLPClassifier(8, shuffle=False, alpha=0, learning_rate_init=1e-9, **settings)
    model.partial_fit(*digits, classes=range(10))
    first = model.loss_
    assert abs(model.partial_fit(*digits).loss_ - first) > 1e-6
