"""Rows, labels and weights in the engine's form, with scikit-learn's validation."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.random import RandomState
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target, unique_labels
from sklearn.utils.validation import validate_data

from digitus.classifier.sparse import SparseExamples
from digitus.nn.arrays import Floats
from digitus.nn.fitting.examples import Examples


def read_rows(estimator: BaseEstimator, x: Any, y: Any, *, reset: bool) -> tuple[Any, Any]:
    """Return X (n, d), dense or CSR, of float32 or float64, and labels y (n,) or (n, k).

    Args:
        estimator: scikit-learn sets its ``n_features_in_`` and ``feature_names_in_``.
        x: anything that scikit-learn accepts as X.
        y: anything that scikit-learn accepts as y.
        reset: set number and names of the features instead of checking them.

    Raises:
        ValueError: with scikit-learn's message.
    """
    x, y = validate_data(
        estimator,
        x,
        y,
        accept_sparse="csr",
        multi_output=True,
        dtype=(np.float64, np.float32),
        order="C",
        reset=reset,
    )
    if y.ndim == 2 and y.shape[1] == 1:
        y = column_or_1d(y, warn=True)
    check_classification_targets(y)
    return x, y


def partial_fit_labels(known: LabelBinarizer | None, classes: Any, y: Any) -> LabelBinarizer:
    """Return the binarizer of the classes given to the first call of ``partial_fit``.

    Args:
        known: that of earlier calls, None at first.
        classes: the argument of ``partial_fit``.
        y: labels of the call.

    Raises:
        ValueError: if the classes are missing in the first call, or others in a later one.
    """
    if known is None:
        if classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit.")
        is_multilabel = type_of_target(y).startswith("multilabel")
        return LabelBinarizer().fit(y if is_multilabel else classes)
    if classes is not None and not np.array_equal(known.classes_, unique_labels(classes)):
        raise ValueError(
            f"`classes={classes!r}` is not the same as on the last call to partial_fit, "
            f"was: {known.classes_!r}"
        )
    return known


def check_known_classes(known: Any, y: Any, *, require_all: bool) -> None:
    """Raise ValueError if ``y`` has classes that are not known, or lacks one of them.

    Args:
        known: (k,) the classes.
        y: labels.
        require_all: whether every known class must occur.
    """
    classes = unique_labels(y)
    if require_all and set(classes) != set(known):
        raise ValueError(
            "warm_start can only be used where `y` has the same classes as in the previous call "
            f"to fit. Previously got {known}, `y` has {classes}"
        )
    if len(np.setdiff1d(classes, known)):
        raise ValueError(
            f"`y` has classes not in `self.classes_`. `self.classes_` has {known}. "
            f"'y' has {classes}."
        )


def make_examples(labels: LabelBinarizer, x: Any, y: Any, weights: Floats | None) -> Examples:
    """Return inputs (n, d), labels and weights (n,) as examples of the type of ``x``."""
    targets = labels.transform(y).astype(x.dtype)
    columns = None if weights is None else weights.astype(x.dtype).reshape(-1, 1)
    return (SparseExamples if issparse(x) else Examples)(x, targets, columns)


def read_weights(weights: Any, n: int) -> Floats | None:
    """Return the weights (n,) of ``n`` rows, or None where all weigh alike.

    Raises:
        ValueError: if they are not one finite number per row, or all zero.
    """
    if weights is None:
        return None
    if isinstance(weights, Real):
        return np.full(n, float(weights))
    array: Floats = check_array(
        weights, ensure_2d=False, dtype=np.float64, input_name="sample_weight"
    )
    if array.shape != (n,):
        raise ValueError(f"sample_weight must have shape ({n},), got {array.shape}")
    if not array.any():
        raise ValueError("sample_weight is zero for every row; at least one must count")
    return array


def weigh_classes(class_weight: Any, classes: Any, y: Any, weights: Floats | None) -> Floats | None:
    """Return the row weights (n,) times the weight of each row's class.

    Args:
        class_weight: the parameter of the estimator.
        classes: (k,) all classes, sorted.
        y: labels (n,) or (n, k).
        weights: (n,) row weights, None for 1.

    Raises:
        ValueError: if a dict has classes that do not occur and lacks others that do.
    """
    if class_weight is None:
        return weights
    weights = np.ones(y.shape[0]) if weights is None else weights
    if y.ndim == 2:
        return np.asarray(weights * compute_sample_weight(class_weight, y))
    with np.errstate(divide="ignore"):
        per_class = compute_class_weight(class_weight, classes=classes, y=y, sample_weight=weights)
    per_class[np.isinf(per_class)] = 0  # a class whose rows all have weight 0
    return np.asarray(weights * per_class[np.searchsorted(classes, y)])


def smooth(examples: Examples, amount: float) -> Examples:
    """Return examples whose 0/1 targets of logistic outputs are ``amount / 2`` nearer to 1/2."""
    targets = examples.targets * (1 - amount) + amount / 2
    return type(examples)(examples.x, targets.astype(examples.targets.dtype), examples.weights)


def split(examples: Examples, share: float, random_state: RandomState) -> tuple[Examples, Examples]:
    """Split off a share of the rows for validation, the same rows as scikit-learn's.

    Raises:
        ValueError: if fewer than two rows would be split off.
    """
    parts: Sequence[Any] = [examples.x, examples.targets]
    if examples.weights is not None:
        parts = [*parts, examples.weights]
    is_binary = examples.targets.shape[1] == 1
    found = train_test_split(
        *parts,
        random_state=random_state,
        test_size=share,
        stratify=examples.targets.astype(bool) if is_binary else None,
    )
    training, held_out = type(examples)(*found[::2]), type(examples)(*found[1::2])
    if len(held_out) < 2:
        raise ValueError(
            "The validation set is too small. Increase 'validation_fraction' or the size of "
            "your dataset."
        )
    return training, held_out
