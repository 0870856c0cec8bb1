"""From a user's X, y and weights to examples of the engine, with scikit-learn's validation.

``model`` is the estimator; its ``classes_``, ``n_features_in_`` and ``feature_names_in_`` are set
here.
"""

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import RandomState
from scipy.sparse import issparse
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target, unique_labels
from sklearn.utils.validation import validate_data

from digitus.classifier.sparse import SparseExamples
from digitus.nn.arrays import Floats
from digitus.nn.fitting.examples import Examples

if TYPE_CHECKING:
    from digitus.classifier.estimator import MLPClassifier


def read_rows(model: "MLPClassifier", x: Any, y: Any, *, reset: bool) -> tuple[Any, Any]:
    """Return X (n, d), dense or CSR, of float32 or float64, and labels y (n,) or (n, k).

    Args:
        model: the estimator.
        x: anything that scikit-learn takes for X.
        y: anything that scikit-learn takes for y.
        reset: learn the features' number and names instead of checking them.

    Raises:
        ValueError: with scikit-learn's words for what does not fit.
    """
    x, y = validate_data(
        model,
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


def learn_classes(model: "MLPClassifier", labels: Any) -> None:
    """Keep the classes that occur in ``labels``."""
    model._label_binarizer = LabelBinarizer().fit(labels)
    model.classes_ = model._label_binarizer.classes_


def agree_on_classes(model: "MLPClassifier", classes: Any, y: Any) -> None:
    """Take over the classes of the first call of ``partial_fit``, or check those of a later one.

    Raises:
        ValueError: if they are missing at first, or others later.
    """
    if not hasattr(model, "classes_"):
        if classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit.")
        multilabel = type_of_target(y).startswith("multilabel")
        learn_classes(model, y if multilabel else classes)
    elif classes is not None and not np.array_equal(model.classes_, unique_labels(classes)):
        raise ValueError(
            f"`classes={classes!r}` is not the same as on the last call to partial_fit, "
            f"was: {model.classes_!r}"
        )


def refuse_new_classes(model: "MLPClassifier", y: Any, *, all_of_them: bool) -> None:
    """Check that ``y`` holds known classes only; with ``all_of_them`` that none is missing.

    Raises:
        ValueError: if it does not.
    """
    classes = unique_labels(y)
    if all_of_them and set(classes) != set(model.classes_):
        raise ValueError(
            "warm_start can only be used where `y` has the same classes as in the previous call "
            f"to fit. Previously got {model.classes_}, `y` has {classes}"
        )
    if len(np.setdiff1d(classes, model.classes_)):
        raise ValueError(
            f"`y` has classes not in `self.classes_`. `self.classes_` has {model.classes_}. "
            f"'y' has {classes}."
        )


def make_examples(model: "MLPClassifier", x: Any, y: Any, weights: Floats | None) -> Examples:
    """Join inputs (n, d), labels and weights (n,) into examples of the type of ``x``."""
    targets = model._label_binarizer.transform(y).astype(x.dtype)
    columns = None if weights is None else weights.astype(x.dtype).reshape(-1, 1)
    return (SparseExamples if issparse(x) else Examples)(x, targets, columns)


def read_weights(weights: Any, n: int) -> Floats | None:
    """Return the weights (n,) of ``n`` rows, or None where all count alike.

    Raises:
        ValueError: if they are not one finite number a row, or all zero.
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


def weigh_classes(model: "MLPClassifier", y: Any, weights: Floats | None) -> Floats | None:
    """Multiply the weights (n,) by those of each row's class, as ``class_weight`` says."""
    if model.class_weight is None:
        return weights
    weights = np.ones(y.shape[0]) if weights is None else weights
    if y.ndim == 2:
        return np.asarray(weights * compute_sample_weight(model.class_weight, y))
    which = np.searchsorted(model.classes_, y)
    if isinstance(model.class_weight, dict):
        per_class = _named_weights(model.class_weight, model.classes_)
    else:
        counts = np.bincount(which, weights, len(model.classes_)).astype(np.float64)
        per_class = _balanced_weights(counts)
    return np.asarray(weights * per_class[which])


def _named_weights(named: dict[Any, float], classes: Any) -> Floats:
    """Return the weight (k,) of each class; 1 for those not named.

    Raises:
        ValueError: if others are named instead.
    """
    missing = [label for label in classes if label not in named]
    others = [label for label in named if label not in set(classes)]
    if missing and others:
        raise ValueError(
            f"class_weight names the classes {others}, which do not occur, and not {missing}, "
            f"which do"
        )
    return np.array([named.get(label, 1.0) for label in classes], dtype=np.float64)


def _balanced_weights(counts: Floats) -> Floats:
    """Return n / (k * count) (k,) for the weighted counts of each class; 0 for a class of none."""
    total = len(counts) * counts
    weights: Floats = np.zeros_like(counts)
    np.divide(counts.sum(), total, out=weights, where=total > 0)
    return weights


def smooth(examples: Examples, amount: float) -> Examples:
    """Move the yes/no targets of logistic outputs by ``amount / 2`` towards one half."""
    targets = examples.targets * (1 - amount) + amount / 2
    return type(examples)(examples.x, targets.astype(examples.targets.dtype), examples.weights)


def split(examples: Examples, share: float, random_state: RandomState) -> tuple[Examples, Examples]:
    """Set a share of the rows aside for validation, the same rows as scikit-learn would.

    Raises:
        ValueError: if fewer than two rows would be set aside.
    """
    parts: Sequence[Any] = [examples.x, examples.targets]
    if examples.weights is not None:
        parts = [*parts, examples.weights]
    binary = examples.targets.shape[1] == 1
    found = train_test_split(
        *parts,
        random_state=random_state,
        test_size=share,
        stratify=examples.targets.astype(bool) if binary else None,
    )
    training, held_out = type(examples)(*found[::2]), type(examples)(*found[1::2])
    if len(held_out) < 2:
        raise ValueError(
            "The validation set is too small. Increase 'validation_fraction' or the size of "
            "your dataset."
        )
    return training, held_out
