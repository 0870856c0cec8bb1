import numpy as np
import pytest
from sklearn.preprocessing import LabelBinarizer

from digitus.classifier import MLPClassifier
from digitus.classifier.parameters import validate_parameters
from digitus.classifier.training_data import (
    FitCall,
    check_call,
    out_activation,
    read_training,
    split_validation,
)
from digitus.nn.fitting.callbacks import EarlyStopping


def parameters(**changes):
    return validate_parameters(MLPClassifier(**changes))


def read(digits, **changes):
    """Return the rows to train and to validate on."""
    given, call = parameters(**changes), FitCall(*digits)
    data = read_training(MLPClassifier(), given, call, known=None, is_fresh=True)
    random_state = np.random.RandomState(0)
    return split_validation(MLPClassifier(), given, call, data, random_state)


@pytest.mark.parametrize(
    ("labels", "activation"),
    [([0, 1, 2], "softmax"), ([0, 1], "logistic"), ([[0, 1], [1, 1]], "logistic")],
)
def test_the_output_is_softmax_for_three_exclusive_classes_or_more(labels, activation):
    assert out_activation(LabelBinarizer().fit(labels)) == activation


def test_early_stopping_holds_a_share_of_the_rows_out(digits):
    training, validation = read(digits, early_stopping=True, validation_fraction=0.25)
    assert (len(training), len(validation)) == (450, 150)


def test_lbfgs_holds_no_rows_out(digits):
    training, validation = read(digits, early_stopping=True, solver="lbfgs")
    assert (len(training), validation) == (600, None)


def test_targets_of_two_classes_are_smoothed_here(digits):
    x, y = digits
    training, _ = read((x, y % 2), label_smoothing=0.2)
    assert sorted(set(training.targets.ravel().tolist())) == pytest.approx([0.1, 0.9])


def test_targets_of_many_classes_are_smoothed_by_the_loss(digits):
    training, _ = read(digits, label_smoothing=0.2)
    assert set(training.targets.ravel().tolist()) == {0, 1}


def test_partial_fit_with_early_stopping_needs_validation_data(digits):
    with pytest.raises(ValueError, match="without rows to validate on"):
        check_call(parameters(early_stopping=True), FitCall(*digits, incremental=True))


def test_a_callback_cannot_monitor_rows_that_are_not_there(digits):
    with pytest.raises(ValueError, match="monitors 'validation_loss'"):
        check_call(parameters(callbacks=[EarlyStopping(1)]), FitCall(*digits))


def test_later_calls_keep_the_classes_of_the_first(digits):
    x, y = digits
    known, call = LabelBinarizer().fit(range(10)), FitCall(x[y < 3], y[y < 3], incremental=True)
    data = read_training(MLPClassifier(), parameters(), call, known=known, is_fresh=True)
    assert data.labels is known
    assert data.examples.targets.shape[1] == 10
