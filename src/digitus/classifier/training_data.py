"""From the arguments of ``fit`` or ``partial_fit`` to the rows to train and to validate on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.random import RandomState
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.preprocessing import LabelBinarizer

from digitus.classifier.input_validation import (
    check_known_classes,
    make_examples,
    partial_fit_labels,
    read_rows,
    read_weights,
    smooth,
    split,
    weigh_classes,
)
from digitus.classifier.parameters import Parameters
from digitus.nn.fitting.callbacks import EarlyStopping
from digitus.nn.fitting.examples import Examples


@dataclass(frozen=True)
class FitCall:
    """The arguments of a call of ``fit`` or ``partial_fit``.

    Attributes:
        x: rows (n, d).
        y: labels (n,) or (n, k).
        sample_weight: (n,) or None.
        validation_data: (X, y) or (X, y, sample_weight) or None.
        classes: all labels, from ``partial_fit``.
        incremental: True for ``partial_fit``.
    """

    x: Any
    y: Any
    sample_weight: Any = None
    validation_data: Sequence[Any] | None = None
    classes: Any = None
    incremental: bool = False


@dataclass(frozen=True)
class FitData:
    """The training rows as the network needs them.

    Attributes:
        labels: the classes, and the conversion of labels to targets.
        examples: rows, targets and weights.
    """

    labels: LabelBinarizer
    examples: Examples


def check_call(given: Parameters, call: FitCall) -> None:
    """Raise ValueError if the arguments of a call do not fit each other or the parameters."""
    validation = call.validation_data
    if call.incremental and given.early_stopping and validation is None:
        raise ValueError(
            "partial_fit does not support early_stopping=True without rows to validate on; pass "
            "validation_data=(X, y)"
        )
    if validation is not None and len(validation) not in (2, 3):
        raise ValueError(
            f"validation_data must be (X, y) or (X, y, sample_weight), got {len(validation)} things"
        )
    if validation is None and not given.early_stopping:
        _check_monitors(given)
    if call.incremental and given.class_weight == "balanced":
        raise ValueError(
            "partial_fit does not support class_weight='balanced', which needs all rows at once; "
            "pass a dict"
        )


def _check_monitors(given: Parameters) -> None:
    """Raise ValueError if a callback monitors a validation for which there are no rows."""
    for callback in given.callbacks:
        if isinstance(callback, EarlyStopping) and callback.monitor != "loss":
            raise ValueError(
                f"the callback EarlyStopping monitors {callback.monitor!r}, but there are no rows "
                f"to validate on; pass validation_data=(X, y), or let it monitor 'loss'"
            )


def read_training(
    estimator: BaseEstimator,
    given: Parameters,
    call: FitCall,
    *,
    known: LabelBinarizer | None,
    is_fresh: bool,
) -> FitData:
    """Return the classes and the training rows.

    Args:
        estimator: scikit-learn sets number and names of its features.
        given: parameters of the estimator.
        call: arguments of the call.
        known: the classes of earlier calls; None if there were none.
        is_fresh: True if training starts from new weights.

    Raises:
        ValueError: if rows, labels or weights cannot be used.
    """
    labels = partial_fit_labels(known, call.classes, call.y) if call.incremental else known
    x, y = read_rows(estimator, call.x, call.y, reset=is_fresh)
    if labels is None or (is_fresh and not call.incremental):
        labels = LabelBinarizer().fit(y)
    else:
        check_known_classes(labels.classes_, y, require_all=not call.incremental)
    weights = read_weights(call.sample_weight, x.shape[0])
    weights = weigh_classes(given.class_weight, labels.classes_, y, weights)
    return FitData(labels, make_examples(labels, x, y, weights))


def split_validation(
    estimator: BaseEstimator,
    given: Parameters,
    call: FitCall,
    data: FitData,
    random_state: RandomState,
) -> tuple[Examples, Examples | None]:
    """Return the rows to train on, and those to validate on, if any.

    Args:
        estimator: checks the features of validation rows.
        given: parameters of the estimator.
        call: arguments of the call.
        data: the training rows.
        random_state: draws the rows held out for early stopping.

    Raises:
        ValueError: if the validation rows cannot be used, or too few would be held out.
    """
    labels, examples, validation = data.labels, data.examples, None
    if call.validation_data is not None:
        is_dense = not issparse(examples.x)
        validation = _read_validation(estimator, labels, call.validation_data, is_dense=is_dense)
    elif given.stops_early:
        examples, validation = split(examples, given.validation_fraction, random_state)
    if given.label_smoothing and out_activation(labels) == "logistic":
        examples = smooth(examples, given.label_smoothing)
        validation = None if validation is None else smooth(validation, given.label_smoothing)
    return examples, validation


def _read_validation(
    estimator: BaseEstimator, labels: LabelBinarizer, data: Sequence[Any], *, is_dense: bool
) -> Examples:
    x, y = read_rows(estimator, data[0], data[1], reset=False)
    if is_dense and issparse(x):
        x = x.toarray()  # a dense network cannot read sparse rows; the reverse works
    check_known_classes(labels.classes_, y, require_all=False)
    weights = read_weights(data[2] if len(data) == 3 else None, x.shape[0])
    return make_examples(labels, x, y, weights)


def out_activation(labels: LabelBinarizer) -> str:
    """Return ``softmax`` for three classes or more, ``logistic`` for two or several per row."""
    return "softmax" if labels.y_type_ == "multiclass" else "logistic"
