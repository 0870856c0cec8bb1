"""All of scikit-learn's checks of an estimator."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from digitus.classifier import MLPClassifier

ESTIMATORS = [
    MLPClassifier(),
    # Without dropout: masks are drawn per row, so two equal rows differ from one of weight 2.
    MLPClassifier(10, solver="sgd", learning_rate="one_cycle", max_iter=100),
    MLPClassifier(10, solver="lbfgs", class_weight="balanced"),
    MLPClassifier(10, activation="tanh", label_smoothing=0.1, learning_rate_init=0.05),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks(ESTIMATORS)
def test_the_estimator_follows_scikit_learns_conventions(estimator, check):
    check(estimator)
