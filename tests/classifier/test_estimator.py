import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier as Theirs
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from digitus.classifier import MLPClassifier
from digitus.nn.fitting.callbacks import EarlyStopping

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def hand_over(ours, theirs):
    """Set the weights of our estimator to those of theirs."""
    ours.coefs_, ours.intercepts_ = theirs.coefs_, theirs.intercepts_
    return ours


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("n_classes", [2, 10])
def test_identical_weights_give_the_probabilities_of_scikit_learn(digits, activation, n_classes):
    x, y = digits
    theirs = Theirs((30, 20), activation, max_iter=3, random_state=0).fit(x, y % n_classes)
    ours = MLPClassifier((30, 20), activation, max_iter=1).fit(x, y % n_classes)
    found = hand_over(ours, theirs).predict_proba(x)
    np.testing.assert_allclose(found, theirs.predict_proba(x), atol=1e-6)


def test_accuracy_on_digits_is_on_par_with_scikit_learn():
    x, y = load_digits(return_X_y=True)
    scores = [
        kind(max_iter=30, random_state=0)
        .fit(x[:1200] / 16, y[:1200])
        .score(x[1200:] / 16, y[1200:])
        for kind in (Theirs, MLPClassifier)
    ]
    assert scores[1] >= scores[0] - 0.01


def test_constructor_has_all_names_and_defaults_of_scikit_learn():
    ours = MLPClassifier().get_params()
    theirs = Theirs().get_params()
    assert {name: ours.get(name) for name in theirs} == theirs


def test_fitting_sets_all_public_attributes_of_scikit_learn(digits):
    theirs = vars(Theirs(max_iter=1).fit(*digits))
    ours = vars(MLPClassifier(max_iter=1).fit(*digits))
    assert {name for name in theirs if name.endswith("_")} <= set(ours)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_equal_random_states_give_equal_models(digits, dropout):
    models = [
        MLPClassifier(max_iter=3, random_state=5, dropout=dropout).fit(*digits) for _ in range(2)
    ]
    np.testing.assert_array_equal(models[0].coefs_[0], models[1].coefs_[0])


def test_weights_set_by_hand_are_used(digits):
    model = MLPClassifier(max_iter=1, random_state=0).fit(*digits)
    model.coefs_ = [np.zeros_like(coef) for coef in model.coefs_]
    model.intercepts_ = [np.zeros_like(intercept) for intercept in model.intercepts_]
    np.testing.assert_allclose(model.predict_proba(digits[0]), 0.1)


def test_a_weight_changed_in_place_is_used(digits):
    model = MLPClassifier(max_iter=1, random_state=0).fit(*digits)
    model.intercepts_[-1][3] = 1000
    assert set(model.predict(digits[0])) == {3}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probabilities_have_the_type_of_the_rows(digits, dtype):
    x = digits[0].astype(dtype)
    assert MLPClassifier(max_iter=1).fit(x, digits[1]).predict_proba(x).dtype == dtype


@pytest.mark.parametrize(
    "labels",
    [np.array(["zero", "one", "two"]), np.array(["a", "b", "c"], dtype=object), np.arange(3) - 7],
)
def test_labels_of_any_kind_are_predicted(digits, labels):
    x, y = digits
    model = MLPClassifier(max_iter=20, learning_rate_init=0.01, random_state=0)
    found = model.fit(x[y < 3], labels[y[y < 3]]).predict(x[y < 3])
    assert np.mean(found == labels[y[y < 3]]) > 0.95


def test_two_classes_share_one_logistic_output(digits):
    x, y = digits
    model = MLPClassifier(max_iter=1).fit(x, y % 2)
    assert (model.n_outputs_, model.out_activation_) == (1, "logistic")


def test_several_labels_per_row_are_predicted_separately():
    x, y = make_multilabel_classification(n_samples=60, random_state=0)
    model = MLPClassifier(30, solver="lbfgs", max_iter=300, random_state=0).fit(x, y)
    np.testing.assert_array_equal(model.predict(x), y)


def test_a_single_class_is_certain(digits):
    x = digits[0]
    model = MLPClassifier(max_iter=1).fit(x, np.full(len(x), "only"))
    np.testing.assert_array_equal(model.predict_proba(x), np.ones((len(x), 1)))


def test_the_log_of_probability_zero_is_minus_infinity(digits):
    model = MLPClassifier(max_iter=1).fit(*digits)
    model.intercepts_[-1][3] = 1e6
    assert model.predict_log_proba(digits[0])[0, 0] == -np.inf


def test_no_hidden_layer_is_logistic_regression(digits):
    assert len(MLPClassifier((), max_iter=1).fit(*digits).coefs_) == 1


def test_feature_names_are_kept_and_checked(digits):
    frame = pd.DataFrame(digits[0], columns=[f"pixel{i}" for i in range(64)])
    model = MLPClassifier(max_iter=1).fit(frame, digits[1])
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame.rename(columns={"pixel0": "other"}))


def test_predicting_before_fitting_is_refused(digits):
    with pytest.raises(NotFittedError):
        MLPClassifier().predict(digits[0])


def test_a_pickled_model_predicts_the_same(digits):
    model = MLPClassifier(max_iter=2).fit(*digits)
    copy = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(copy.predict_proba(digits[0]), model.predict_proba(digits[0]))


def test_a_pickled_model_continues_training_the_same(digits):
    model = MLPClassifier(random_state=0).partial_fit(*digits, classes=range(10))
    copy = pickle.loads(pickle.dumps(model)).partial_fit(*digits)
    np.testing.assert_array_equal(copy.coefs_[0], model.partial_fit(*digits).coefs_[0])


def test_clones_keep_every_parameter():
    callbacks = [EarlyStopping(3)]
    model = clone(MLPClassifier(7, dropout=0.2, class_weight={0: 2.0}, callbacks=callbacks))
    kept = (
        model.hidden_layer_sizes,
        model.dropout,
        model.class_weight,
        model.callbacks[0].patience,
    )
    assert kept == (7, 0.2, {0: 2.0}, 3)


def test_grid_search_finds_the_better_rate(digits):
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(10, max_iter=5, random_state=0))
    search = GridSearchCV(pipeline, {"mlpclassifier__learning_rate_init": [1e-6, 0.02]}, cv=2)
    assert search.fit(*digits).best_params_ == {"mlpclassifier__learning_rate_init": 0.02}


def test_lbfgs_has_no_partial_fit():
    assert not hasattr(MLPClassifier(solver="lbfgs"), "partial_fit")


def test_ending_at_max_iter_warns(digits):
    with pytest.warns(ConvergenceWarning, match="Maximum iterations"):
        MLPClassifier(max_iter=1).fit(*digits)


def test_verbose_prints_each_iteration(digits, capsys):
    MLPClassifier(max_iter=2, verbose=True).fit(*digits)
    assert capsys.readouterr().out.count("Iteration") == 2


def test_a_failed_fit_leaves_the_fitted_attributes(digits):
    model = MLPClassifier(max_iter=2, warm_start=True).fit(*digits)
    model.set_params(callbacks=[EarlyStopping(1, monitor="loss")], learning_rate_init=1e38)
    before = model.loss_curve_.copy()
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="non-finite"):
        model.set_params(activation="identity").fit(digits[0] * 1e300, digits[1])
    assert model.loss_curve_ == before


def test_a_class_whose_rows_weigh_nothing_leaves_finite_weights(digits):
    weights = np.where(digits[1] == 3, 0.0, 1.0)
    model = MLPClassifier(max_iter=2, class_weight="balanced").fit(*digits, weights)
    assert np.isfinite(model.coefs_[0]).all()
