import re

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_param_validation

from digitus.classifier import MLPClassifier
from digitus.classifier.parameters import hidden_widths, validate_parameters
from digitus.nn.fitting.callbacks import EarlyStopping

BAD = [
    ("activation", "softmax"),
    ("solver", "rmsprop"),
    ("alpha", -1),
    ("batch_size", 0),
    ("learning_rate", "fast"),
    ("learning_rate_init", 0),
    ("max_iter", 1.5),
    ("shuffle", "yes"),
    ("tol", "small"),
    ("momentum", 1),
    ("validation_fraction", 1.0),
    ("beta_2", 1),
    ("epsilon", 0),
    ("n_iter_no_change", 0),
    ("max_fun", 0),
    ("dropout", 1),
    ("label_smoothing", -0.1),
    ("class_weight", "heavy"),
    ("callbacks", None),
    ("callbacks", EarlyStopping(2)),
    ("callbacks", ""),
]
BAD_CLASS_WEIGHTS = [
    {0: -1},
    {0: 1.0, 1: float("nan")},
    {0: float("inf")},
    {0: "heavy"},
    [{0: 1, 1: 2}, {0: -1, 1: 1}],
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_an_invalid_parameter_is_named_with_its_value(name, value):
    message = f"'{name}' parameter of MLPClassifier must be .* Got {re.escape(repr(value))} instead"
    with pytest.raises(ValueError, match=message):
        validate_parameters(MLPClassifier(**{name: value}))


def test_every_parameter_is_checked_as_in_scikit_learn():
    check_param_validation("MLPClassifier", MLPClassifier())


@pytest.mark.parametrize("weights", BAD_CLASS_WEIGHTS, ids=repr)
def test_class_weights_are_finite_and_from_zero(weights):
    message = f"class_weight must be .*, got {re.escape(repr(weights))}$"
    with pytest.raises(ValueError, match=message):
        validate_parameters(MLPClassifier(class_weight=weights))


def test_a_class_is_not_a_callback():
    with pytest.raises(ValueError, match="callbacks must be a list or tuple of callbacks"):
        validate_parameters(MLPClassifier(callbacks=[EarlyStopping]))


def test_numpy_numbers_are_numbers():
    model = MLPClassifier(alpha=np.float32(0.1), max_iter=np.int64(3), shuffle=np.True_)
    assert validate_parameters(model).max_iter == 3


def test_dropout_needs_batches():
    with pytest.raises(ValueError, match="dropout needs solver"):
        validate_parameters(MLPClassifier(solver="lbfgs", dropout=0.1))


def test_callbacks_need_epochs():
    model = MLPClassifier(solver="lbfgs", callbacks=[EarlyStopping(2, monitor="loss")])
    with pytest.raises(ValueError, match="callbacks need solver='sgd' or 'adam'"):
        validate_parameters(model)


@pytest.mark.parametrize(
    "weights", [{0: 0, 1: np.float32(2)}, [{0: 1, 1: 2}, {0: 1, 1: 3}], "balanced", None]
)
def test_class_weights_from_zero_are_accepted(weights):
    assert validate_parameters(MLPClassifier(class_weight=weights)).class_weight is weights


def test_callbacks_may_be_a_tuple():
    callbacks = (EarlyStopping(2),)
    assert validate_parameters(MLPClassifier(callbacks=callbacks)).callbacks is callbacks


def test_the_constructor_checks_nothing():
    assert MLPClassifier(alpha="later").alpha == "later"


@pytest.mark.parametrize(
    ("sizes", "widths"), [(5, (5,)), ([5, 3], (5, 3)), (np.array([5, 3]), (5, 3)), ((), ())]
)
def test_hidden_layer_sizes_are_a_number_or_a_sequence(sizes, widths):
    assert hidden_widths(sizes) == widths


@pytest.mark.parametrize("sizes", [0, -1, (5, 0), 2.5, "10", None])
def test_hidden_layers_without_units_are_refused(sizes):
    with pytest.raises(ValueError, match="hidden_layer_sizes must be"):
        hidden_widths(sizes)
