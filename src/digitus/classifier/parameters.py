"""The constructor's parameters, checked by `fit` as scikit-learn requires it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from math import inf
from numbers import Integral, Real
from typing import Any

import numpy as np

from digitus.nn.fitting.callbacks import Callback
from digitus.nn.schedules import Schedule

SOLVERS = ("lbfgs", "sgd", "adam")
ACTIVATIONS = ("identity", "logistic", "tanh", "relu")
LEARNING_RATES = ("constant", "invscaling", "adaptive", "cosine", "one_cycle", "warm_up")


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

    @property
    def stops_early(self) -> bool:
        """Whether rows are held out for early stopping: L-BFGS ignores it, as in scikit-learn."""
        return bool(self.early_stopping) and self.solver != "lbfgs"

    def say(self, text: str) -> None:
        """Print to stdout if ``verbose`` is set."""
        if self.verbose:
            print(text)  # noqa: T201 - scikit-learn's `verbose` prints


def validate_parameters(values: dict[str, Any]) -> Parameters:
    """Return the parameters if training with them is possible.

    Args:
        values: by name, as ``get_params(deep=False)`` returns them.

    Raises:
        ValueError: naming the first parameter that is out of range.
    """
    for name, (is_valid, wanted) in _CONSTRAINTS.items():
        if not is_valid(values[name]):
            raise ValueError(f"{name} must be {wanted}, got {values[name]!r}")
    if values["solver"] == "lbfgs" and values["dropout"] > 0:
        raise ValueError("dropout needs solver='sgd' or 'adam', got solver='lbfgs'")
    if values["solver"] == "lbfgs" and len(values["callbacks"]) > 0:
        raise ValueError("callbacks need solver='sgd' or 'adam', got solver='lbfgs'")
    return Parameters(**{field.name: values[field.name] for field in fields(Parameters)})


def hidden_widths(sizes: Any) -> tuple[int, ...]:
    """Return the widths of the hidden layers, given as one number or a sequence of numbers.

    Raises:
        ValueError: if a width is not an integer above 0.
    """
    widths = tuple(sizes) if hasattr(sizes, "__iter__") and not isinstance(sizes, str) else (sizes,)
    if not all(_is_integer(width) and width > 0 for width in widths):
        raise ValueError(f"hidden_layer_sizes must be > 0 and whole, got {sizes!r}")
    return tuple(int(width) for width in widths)


Constraint = tuple[Callable[[Any], bool], str]
"""Whether a value is valid, and a description of the valid ones."""


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_class_weight(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_class_weight(one) for one in value)
    if isinstance(value, dict):
        return all(_number(0)[0](weight) for weight in value.values())
    return value is None or (isinstance(value, str) and value == "balanced")


def _are_callbacks(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, Callback) for one in value)


def _one_of(names: Collection[str]) -> Constraint:
    return (lambda value: isinstance(value, str) and value in names), f"one of {sorted(names)}"


def _number(low: float, high: float = inf, *, includes_low: bool = True) -> Constraint:
    """Return the constraint of a number from (or above) ``low`` to below ``high``."""

    def is_valid(value: Any) -> bool:
        above = _is_number(value) and (low <= value if includes_low else low < value)
        return above and value < high

    below = "" if high == inf else f" and below {high}"
    return is_valid, f"a number {'from' if includes_low else 'above'} {low}{below}"


_COUNT: Constraint = (lambda value: _is_integer(value) and value >= 1), "a whole number from 1"
_BOOLEAN: Constraint = (lambda value: isinstance(value, bool | np.bool_)), "True or False"

_CONSTRAINTS: dict[str, Constraint] = {
    "activation": _one_of(ACTIVATIONS),
    "solver": _one_of(SOLVERS),
    "alpha": _number(0),
    "batch_size": (
        (lambda value: _COUNT[0](value) or (isinstance(value, str) and value == "auto")),
        "'auto' or a whole number from 1",
    ),
    "learning_rate": (
        (lambda value: callable(value) or (isinstance(value, str) and value in LEARNING_RATES)),
        f"one of {sorted(LEARNING_RATES)} or a schedule of digitus.nn.schedules",
    ),
    "learning_rate_init": _number(0, includes_low=False),
    "power_t": _number(0),
    "max_iter": _COUNT,
    "shuffle": _BOOLEAN,
    "tol": _number(0),
    "verbose": (
        (lambda value: isinstance(value, Integral) and int(value) >= 0),
        "True, False or >= 0",
    ),
    "warm_start": _BOOLEAN,
    "momentum": _number(0, 1),
    "nesterovs_momentum": _BOOLEAN,
    "early_stopping": _BOOLEAN,
    "validation_fraction": _number(0, 1),
    "beta_1": _number(0, 1),
    "beta_2": _number(0, 1),
    "epsilon": _number(0, includes_low=False),
    "n_iter_no_change": (
        (lambda value: _COUNT[0](value) or (_is_number(value) and value == inf)),
        "a whole number from 1, or infinity",
    ),
    "max_fun": _COUNT,
    "dropout": _number(0, 1),
    "class_weight": (
        _is_class_weight,
        "None, 'balanced', a dict of class to weight (finite, from 0), or for several labels a "
        "list of dicts",
    ),
    "label_smoothing": _number(0, 1),
    "callbacks": (_are_callbacks, "a list or tuple of callbacks (digitus.nn.fitting.callbacks)"),
}
