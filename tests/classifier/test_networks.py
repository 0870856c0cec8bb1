import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier as Theirs

from digitus.classifier import MLPClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("parameters", ["coefs_", "intercepts_"])
def test_training_starts_where_scikit_learn_starts(digits, activation, parameters):
    # Steps this small leave the first weights unchanged.
    still = {"solver": "sgd", "learning_rate_init": 1e-30, "max_iter": 1, "random_state": 3}
    ours, theirs = (
        getattr(kind((7, 5), activation, **still).fit(*digits), parameters)
        for kind in (MLPClassifier, Theirs)
    )
    for found, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)
