import numpy as np
import pytest
from sklearn.datasets import make_multilabel_classification

from digitus.classifier import MLPClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def fitted(x, y, weights=None, **settings):
    return MLPClassifier(6, solver="lbfgs", max_iter=10, random_state=0, **settings).fit(
        x, y, weights
    )


def test_class_weights_are_sample_weights_by_class(digits):
    x, y = digits
    named = fitted(x, y % 2, class_weight={0: 3.0})
    given = fitted(x, y % 2, np.where(y % 2 == 0, 3.0, 1.0))
    np.testing.assert_allclose(named.coefs_[0], given.coefs_[0])


def test_balanced_classes_weigh_the_same_in_total(digits):
    x, y = digits
    rare = y == 3
    balanced = fitted(x, rare, class_weight="balanced")
    n = len(y)
    weights = np.where(rare, n / (2 * rare.sum()), n / (2 * (~rare).sum()))
    np.testing.assert_allclose(balanced.coefs_[0], fitted(x, rare, weights).coefs_[0])


def test_class_weight_multiplies_the_sample_weights(digits):
    x, y = digits
    weights = np.linspace(1, 2, len(y))
    both = fitted(x, y % 2, weights, class_weight={0: 3.0, 1: 1.0})
    given = fitted(x, y % 2, weights * np.where(y % 2 == 0, 3.0, 1.0))
    np.testing.assert_allclose(both.coefs_[0], given.coefs_[0])


def test_class_weights_by_string_label(digits):
    x, y = digits
    labels = np.where(y % 2 == 0, "even", "odd")
    named = fitted(x, labels, class_weight={"even": 3.0})
    np.testing.assert_allclose(named.coefs_[0], fitted(x, y % 2, class_weight={0: 3.0}).coefs_[0])


def test_class_weight_of_a_class_that_does_not_occur_is_refused(digits):
    with pytest.raises(ValueError, match="are not in class_weight"):
        fitted(*digits, class_weight={"3": 2.0})


def test_partial_fit_accepts_class_weights_of_absent_classes(digits):
    x, y = digits
    model = MLPClassifier(6, class_weight=dict.fromkeys(range(10), 1.0))
    assert model.partial_fit(x[y < 3], y[y < 3], classes=range(10)).n_iter_ == 1


def test_partial_fit_cannot_balance(digits):
    with pytest.raises(ValueError, match="balanced"):
        MLPClassifier(class_weight="balanced").partial_fit(*digits, classes=range(10))


def test_several_labels_per_row_can_be_balanced():
    x, y = make_multilabel_classification(n_samples=60, random_state=0)
    plain, balanced = fitted(x, y), fitted(x, y, class_weight="balanced")
    assert not np.allclose(plain.coefs_[0], balanced.coefs_[0])


@pytest.mark.parametrize("n_classes", [2, 10])
def test_label_smoothing_lowers_the_confidence(digits, n_classes):
    x, y = digits
    careful = (
        MLPClassifier(30, solver="lbfgs", max_iter=100, label_smoothing=0.2, random_state=0)
        .fit(x, y % n_classes)
        .predict_proba(x)
        .max(axis=1)
        .mean()
    )
    # The loss is smallest where the probability equals the smoothed target.
    assert careful == pytest.approx(1 - 0.2 + 0.2 / n_classes, abs=0.02)


def test_dropout_is_used_in_training_only(digits):
    x, y = digits
    model = MLPClassifier(50, dropout=0.5, max_iter=60, learning_rate_init=0.01, random_state=0)
    model.fit(x, y)
    assert model.score(x, y) > 0.97
    assert model.loss_ > -np.mean(model.predict_log_proba(x)[np.arange(len(y)), y])


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        (np.ones(3), r"sample_weight must have shape \(600,\), got \(3,\)"),
        (np.zeros(600), "zero for every row"),
        (np.full(600, np.nan), "NaN"),
    ],
)
def test_invalid_row_weights_are_refused(digits, weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        MLPClassifier().fit(*digits, weights)


@pytest.mark.parametrize(
    ("bad_x", "bad_y", "sentence"),
    [
        (np.full((4, 2), np.nan), [0, 1, 0, 1], "NaN"),
        (np.full((4, 2), np.inf), [0, 1, 0, 1], "infinity"),
        (np.ones(4), [0, 1, 0, 1], "2D array"),
        (np.ones((4, 2)), [0, 1, 0], "inconsistent numbers of samples"),
        (np.ones((4, 2)), [0.1, 1.7, 0.3, 1.2], "Unknown label type"),
        (np.ones((0, 2)), [], "0 sample"),
    ],
)
def test_invalid_data_are_refused(bad_x, bad_y, sentence):
    with pytest.raises(ValueError, match=sentence):
        MLPClassifier().fit(bad_x, bad_y)


def test_validation_labels_must_be_known(digits):
    x, y = digits
    with pytest.raises(ValueError, match=r"not in `self\.classes_`"):
        MLPClassifier().fit(x[y < 9], y[y < 9], validation_data=digits)


def test_validation_rows_must_have_the_same_features(digits):
    x, y = digits
    with pytest.raises(ValueError, match="features"):
        MLPClassifier().fit(x, y, validation_data=(x[:, :60], y))


def test_validation_data_have_two_or_three_parts(digits):
    with pytest.raises(ValueError, match="validation_data must be"):
        MLPClassifier().fit(*digits, validation_data=(digits[0],))


def test_the_first_partial_fit_needs_the_classes(digits):
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        MLPClassifier().partial_fit(*digits)


def test_later_chunks_need_not_hold_every_class(digits):
    x, y = digits
    model = MLPClassifier(6, warm_start=True).partial_fit(x, y, classes=range(10))
    assert model.partial_fit(x[y < 3], y[y < 3]).n_iter_ == 1


def test_training_does_not_change_the_rows(digits):
    x, y = digits[0].copy(), digits[1].copy()
    MLPClassifier(6, max_iter=2).fit(x, y)
    np.testing.assert_array_equal(x, digits[0])
