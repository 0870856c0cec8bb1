"""The constructor's parameters, checked by `fit` as scikit-learn requires it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from math import inf
from numbers import Integral, Real
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval, Options, StrOptions

from digitus.nn.compiled import Choice
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.schedules import Schedule

SOLVERS = ("lbfgs", "sgd", "adam")
ACTIVATIONS = ("identity", "logistic", "tanh", "relu")
LEARNING_RATES = ("constant", "invscaling", "adaptive", "cosine", "one_cycle", "warm_up")

_FROM_ZERO = Interval(Real, 0, None, closed="left")
_ABOVE_ZERO = Interval(Real, 0, None, closed="neither")
_BELOW_ONE = Interval(Real, 0, 1, closed="left")
_COUNT = Interval(Integral, 1, None, closed="left")

CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", _COUNT],
    "activation": [StrOptions(set(ACTIVATIONS))],
    "solver": [StrOptions(set(SOLVERS))],
    "alpha": [_FROM_ZERO],
    "batch_size": [StrOptions({"auto"}), _COUNT],
    "learning_rate": [StrOptions(set(LEARNING_RATES)), callable],
    "learning_rate_init": [_ABOVE_ZERO],
    "power_t": [_FROM_ZERO],
    "max_iter": [_COUNT],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": [_FROM_ZERO],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [_BELOW_ONE],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [_BELOW_ONE],
    "beta_1": [_BELOW_ONE],
    "beta_2": [_BELOW_ONE],
    "epsilon": [_ABOVE_ZERO],
    "n_iter_no_change": [_COUNT, Options(Real, {inf})],
    "max_fun": [_COUNT],
    "dropout": [_BELOW_ONE],
    "class_weight": [StrOptions({"balanced"}), dict, list, None],
    "label_smoothing": [_BELOW_ONE],
    "callbacks": [list, tuple],
    "compiled": ["boolean", StrOptions({"auto"})],
}
"""The valid values of each parameter, in scikit-learn's own notation.

The module is private to scikit-learn, but its estimators have no public one for this.
"""


@dataclass(frozen=True)
class Parameters:
    """The parameters of `MLPClassifier`, where they are documented."""

    hidden_layer_sizes: int | Sequence[int]
    activation: str
    solver: str
    alpha: float
    batch_size: int | str
    learning_rate: str | Schedule
    learning_rate_init: float
    power_t: float
    max_iter: int
    shuffle: bool
    random_state: Any
    tol: float
    verbose: bool | int
    warm_start: bool
    momentum: float
    nesterovs_momentum: bool
    early_stopping: bool
    validation_fraction: float
    beta_1: float
    beta_2: float
    epsilon: float
    n_iter_no_change: float
    max_fun: int
    dropout: float
    class_weight: Any
    label_smoothing: float
    callbacks: Sequence[Callback]
    compiled: Choice

    @property
    def stops_early(self) -> bool:
        """Whether rows are held out for early stopping: L-BFGS ignores it, as in scikit-learn."""
        return bool(self.early_stopping) and self.solver != "lbfgs"

    def say(self, text: str) -> None:
        """Print to stdout if ``verbose`` is set."""
        if self.verbose:
            print(text)  # noqa: T201 - scikit-learn's `verbose` prints


def validate_parameters(estimator: BaseEstimator) -> Parameters:
    """Return the estimator's parameters if training with them is possible.

    Raises:
        ValueError: naming the first parameter that is out of range.
    """
    estimator._validate_params()  # scikit-learn's, by `CONSTRAINTS`
    values = estimator.get_params(deep=False)
    given = Parameters(**{field.name: values[field.name] for field in fields(Parameters)})
    _check_class_weight(given.class_weight)
    for callback in given.callbacks:
        if not isinstance(callback, Callback):
            raise ValueError(
                f"callbacks must be a list or tuple of callbacks (digitus.nn.fitting.callbacks), "
                f"got {callback!r} in it"
            )
    if given.solver == "lbfgs" and given.dropout > 0:
        raise ValueError("dropout needs solver='sgd' or 'adam', got solver='lbfgs'")
    if given.solver == "lbfgs" and len(given.callbacks) > 0:
        raise ValueError("callbacks need solver='sgd' or 'adam', got solver='lbfgs'")
    return given


def hidden_widths(sizes: Any) -> tuple[int, ...]:
    """Return the widths of the hidden layers, given as one number or a sequence of numbers.

    Raises:
        ValueError: if a width is not an integer above 0.
    """
    widths = tuple(sizes) if hasattr(sizes, "__iter__") else (sizes,)
    if not all(_COUNT.is_satisfied_by(width) for width in widths):
        raise ValueError(f"hidden_layer_sizes must be > 0 and whole, got {sizes!r}")
    return tuple(int(width) for width in widths)


def _check_class_weight(class_weight: Any) -> None:
    """Raise ValueError unless the weight of every class is a finite number from 0."""
    for weight in _weights(class_weight):
        if not _FROM_ZERO.is_satisfied_by(weight):
            raise ValueError(
                f"class_weight must be None, 'balanced', a dict of class to weight (finite, from "
                f"0), or for several labels a list of dicts, got {class_weight!r}"
            )


def _weights(class_weight: Any) -> Iterator[Any]:
    """Yield the weights of a dict or of a list of dicts."""
    if isinstance(class_weight, dict):
        yield from class_weight.values()
    elif isinstance(class_weight, list):
        for one in class_weight:
            yield from _weights(one)
