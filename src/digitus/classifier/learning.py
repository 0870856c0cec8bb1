"""A call of `fit` or `partial_fit` from its arguments to new weights, and rows to their outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.random import RandomState
from scipy.sparse import issparse
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from digitus.classifier.fitting import Task, train
from digitus.classifier.input_validation import (
    agree_on_classes,
    learn_classes,
    make_examples,
    read_rows,
    read_weights,
    refuse_new_classes,
    smooth,
    split,
    weigh_classes,
)
from digitus.classifier.networks import Architecture, draw_parameters, load_parameters
from digitus.classifier.parameters import check_settings, hidden_widths
from digitus.classifier.record import prepare_record
from digitus.nn.arrays import Floats
from digitus.nn.fitting.callbacks import EarlyStopping
from digitus.nn.fitting.examples import Examples
from digitus.nn.network import Network

if TYPE_CHECKING:
    from digitus.classifier.estimator import MLPClassifier

Model = TypeVar("Model", bound="MLPClassifier")


@dataclass(frozen=True)
class Call:
    """The arguments of a call.

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


def learn(model: Model, call: Call) -> Model:
    """Train the estimator as the call asks, and set its fitted attributes.

    Raises:
        ValueError: if a parameter or the data cannot be used, or the numbers overflow.
    """
    check_settings(model.get_params(deep=False))
    _check_call(model, call)
    if call.incremental and getattr(model, "_is_over", False):
        return model
    hidden = hidden_widths(model.hidden_layer_sizes)
    fresh = not hasattr(model, "coefs_") or not (model.warm_start or call.incremental)
    examples = _read_training(model, call, fresh=fresh)
    random_state = check_random_state(model.random_state)
    widths = (*hidden, examples.targets.shape[1])
    network = _make_network(model, examples, widths, random_state=random_state if fresh else None)
    training, validation = _set_aside(model, call, examples, random_state)
    _prepare(model, call, fresh=fresh, validated=validation is not None)
    train(model, Task(network, training, validation, random_state, call.incremental))
    _keep(model, network, call)
    return model


def answer(model: "MLPClassifier", x: Any) -> Floats:
    """Return the network's outputs (n, k) for rows ``x`` (n, d), each between 0 and 1."""
    x = validate_data(model, x, accept_sparse="csr", reset=False)
    kept = np.result_type(x.dtype, model.coefs_[0].dtype)
    dtype = np.float32 if kept == np.float32 else np.float64
    widths = [coef.shape[1] for coef in model.coefs_]
    plan = Architecture(x.shape[1], widths, model.activation, model.out_activation_)
    network = plan.build(dtype, sparse=issparse(x))
    load_parameters(network, model.coefs_, model.intercepts_)
    return network.probabilities(x)


def _check_call(model: "MLPClassifier", call: Call) -> None:
    _check_validation(model, call)
    if call.incremental and model.class_weight == "balanced":
        raise ValueError(
            "partial_fit does not support class_weight='balanced', which needs all rows at once; "
            "pass a dict"
        )


def _check_validation(model: "MLPClassifier", call: Call) -> None:
    given = call.validation_data
    if call.incremental and model.early_stopping and given is None:
        raise ValueError(
            "partial_fit does not support early_stopping=True without rows to validate on; pass "
            "validation_data=(X, y)"
        )
    if given is not None and len(given) not in (2, 3):
        raise ValueError(
            f"validation_data must be (X, y) or (X, y, sample_weight), got {len(given)} things"
        )
    if given is None and not model.early_stopping:
        _refuse_blind_stopping(model)


def _refuse_blind_stopping(model: "MLPClassifier") -> None:
    for callback in model.callbacks:
        if isinstance(callback, EarlyStopping) and callback.monitor != "loss":
            raise ValueError(
                f"the callback EarlyStopping monitors {callback.monitor!r}, but there are no rows "
                f"to validate on; pass validation_data=(X, y), or let it monitor 'loss'"
            )


def _read_training(model: "MLPClassifier", call: Call, *, fresh: bool) -> Examples:
    if call.incremental:
        agree_on_classes(model, call.classes, call.y)
    x, y = read_rows(model, call.x, call.y, reset=fresh)
    if not call.incremental and (fresh or not hasattr(model, "classes_")):
        learn_classes(model, y)
    else:
        refuse_new_classes(model, y, all_of_them=not call.incremental)
    weights = weigh_classes(model, y, read_weights(call.sample_weight, x.shape[0]))
    return make_examples(model, x, y, weights)


def _make_network(
    model: "MLPClassifier",
    examples: Examples,
    widths: Sequence[int],
    *,
    random_state: RandomState | None,
) -> Network:
    """Make the network with new random weights, or without ``random_state`` with the present."""
    if random_state is not None:
        model.n_outputs_, model.n_layers_ = widths[-1], len(widths) + 1
        multiclass = model._label_binarizer.y_type_ == "multiclass"
        model.out_activation_ = "softmax" if multiclass else "logistic"
    plan = Architecture(
        examples.x.shape[1],
        widths,
        model.activation,
        model.out_activation_,
        dropout=model.dropout,
        label_smoothing=model.label_smoothing,
    )
    network = plan.build(examples.x.dtype, sparse=issparse(examples.x))
    if random_state is not None:
        draw_parameters(network, model.activation, random_state)
    else:
        load_parameters(network, model.coefs_, model.intercepts_)
    return network


def _set_aside(
    model: "MLPClassifier", call: Call, examples: Examples, random_state: RandomState
) -> tuple[Examples, Examples | None]:
    """Return the rows to train on, and those to validate on, if any."""
    validation = None
    if call.validation_data is not None:
        as_dense = not issparse(examples.x)
        validation = _read_validation(model, *call.validation_data, as_dense=as_dense)
    elif model.early_stopping and model.solver != "lbfgs":
        examples, validation = split(examples, model.validation_fraction, random_state)
    if model.label_smoothing and model.out_activation_ == "logistic":
        examples = smooth(examples, model.label_smoothing)
        validation = None if validation is None else smooth(validation, model.label_smoothing)
    return examples, validation


def _read_validation(
    model: "MLPClassifier", x: Any, y: Any, weights: Any = None, *, as_dense: bool
) -> Examples:
    x, y = read_rows(model, x, y, reset=False)
    if as_dense and issparse(x):
        x = x.toarray()  # a network for dense rows cannot read sparse ones; the reverse works
    refuse_new_classes(model, y, all_of_them=False)
    return make_examples(model, x, y, read_weights(weights, x.shape[0]))


def _prepare(model: "MLPClassifier", call: Call, *, fresh: bool, validated: bool) -> None:
    prepare_record(model, fresh=fresh, validated=validated)
    if call.incremental and not getattr(model, "_was_incremental", True):
        model._no_improvement_count = 0  # patience that `fit` has used up is no reason to stop


def _keep(model: "MLPClassifier", network: Network, call: Call) -> None:
    """Hand the network's weights to the user; from here on ``coefs_`` is what counts."""
    layers = network.dense_layers()
    model.coefs_ = [layer.weight for layer in layers]
    model.intercepts_ = [layer.bias for layer in layers]
    model._was_incremental = call.incremental
    model._is_over = call.incremental and bool(model.early_stopping) and model.stopped_early_
