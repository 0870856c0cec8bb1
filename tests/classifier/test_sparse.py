import numpy as np
import pytest
from scipy import sparse

from digitus.classifier import MLPClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

SETTINGS = [
    {"solver": "adam"},
    {"solver": "sgd", "shuffle": False},
    {"solver": "lbfgs"},
    {"solver": "adam", "early_stopping": True},
    {"solver": "adam", "hidden_layer_sizes": ()},
    {"solver": "adam", "dropout": 0.2, "label_smoothing": 0.1},
]


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array])
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_sparse_rows_train_like_dense_ones(digits, kind, settings):
    x, y = digits
    weights = np.linspace(1, 2, len(y))
    model = MLPClassifier(**{"hidden_layer_sizes": 8, "max_iter": 3, "random_state": 0, **settings})
    dense = model.fit(x, y, weights).predict_proba(x)
    filled = model.fit(kind(x), y, weights).predict_proba(kind(x))
    np.testing.assert_allclose(filled, dense, atol=1e-8)


def test_a_network_trained_on_sparse_rows_reads_dense_ones(digits):
    x, y = digits
    model = MLPClassifier(8, max_iter=2).fit(sparse.csr_array(x), y)
    np.testing.assert_allclose(model.predict_proba(x), model.predict_proba(sparse.csr_array(x)))


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("training", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("validation", [np.asarray, sparse.csc_matrix])
def test_rows_to_validate_on_may_be_sparse_or_dense(digits, solver, training, validation):
    x, y = digits
    model = MLPClassifier(8, solver=solver, max_iter=2)
    model.fit(training(x), y, validation_data=(validation(x), y))
    assert model.validation_scores_[-1] == model.score(x, y)


def test_sparse_rows_are_never_made_dense():
    # Dense, these rows would take 4 GB.
    x = sparse.eye_array(1000, 1_000_000, dtype=np.float32, format="csr")
    model = MLPClassifier(1, solver="sgd", max_iter=1, momentum=0.0).fit(x, [0, 1] * 500)
    assert model.coefs_[0].shape == (1_000_000, 1)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid:RuntimeWarning")
def test_sparse_numbers_that_overflow_raise_a_value_error(digits):
    with pytest.raises(ValueError, match="Solver produced non-finite parameter weights"):
        MLPClassifier((8, 8), activation="identity").fit(
            sparse.csr_array(digits[0] * 1e308), digits[1]
        )
