"""What the constructor's parameters may be; `fit` checks them, as scikit-learn wants it."""

from collections.abc import Callable, Collection
from math import inf
from numbers import Integral, Real
from typing import Any

import numpy as np

from digitus.nn.fitting.callbacks import Callback

SOLVERS = ("lbfgs", "sgd", "adam")
RATES = ("constant", "invscaling", "adaptive", "cosine", "one_cycle", "warm_up")

RuledLine = tuple[Callable[[Any], bool], str]
"""Whether a value is fit, and in words which values are."""


def check_settings(parameters: dict[str, Any]) -> None:
    """Refuse parameters that cannot be trained with.

    Raises:
        ValueError: naming the first parameter that is not what it should be.
    """
    for name, (is_fit, wanted) in _RULES.items():
        if not is_fit(parameters[name]):
            raise ValueError(f"{name} must be {wanted}, got {parameters[name]!r}")
    if parameters["solver"] == "lbfgs" and parameters["dropout"] > 0:
        raise ValueError("dropout needs solver='sgd' or 'adam', got solver='lbfgs'")
    if parameters["solver"] == "lbfgs" and len(parameters["callbacks"]) > 0:
        raise ValueError("callbacks need solver='sgd' or 'adam', got solver='lbfgs'")


def hidden_widths(sizes: Any) -> tuple[int, ...]:
    """Return the widths of the hidden layers, from one number or a sequence of numbers.

    Raises:
        ValueError: if a width is not a whole number above 0.
    """
    widths = tuple(sizes) if hasattr(sizes, "__iter__") and not isinstance(sizes, str) else (sizes,)
    if not all(_is_whole(width) and width > 0 for width in widths):
        raise ValueError(f"hidden_layer_sizes must be > 0 and whole, got {sizes!r}")
    return tuple(int(width) for width in widths)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_balanced(value: Any) -> bool:
    return isinstance(value, str) and value == "balanced"


def _is_class_weight(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_class_weight(one) for one in value)
    if isinstance(value, dict):
        return all(_number(0)[0](weight) for weight in value.values())
    return value is None or _is_balanced(value)


def _are_callbacks(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, Callback) for one in value)


def _one_of(names: Collection[str]) -> RuledLine:
    return (lambda value: isinstance(value, str) and value in names), f"one of {sorted(names)}"


def _number(low: float, high: float = inf, *, low_too: bool = True) -> RuledLine:
    """Make the rule for a number from ``low`` to below ``high``."""

    def is_fit(value: Any) -> bool:
        return _is_number(value) and (low <= value if low_too else low < value) and value < high

    below = "" if high == inf else f" and below {high}"
    return is_fit, f"a number {'from' if low_too else 'above'} {low}{below}"


_WHOLE: RuledLine = (lambda value: _is_whole(value) and value >= 1), "a whole number from 1"
_YES_NO: RuledLine = (lambda value: isinstance(value, bool | np.bool_)), "True or False"

_RULES: dict[str, RuledLine] = {
    "activation": _one_of(("identity", "logistic", "tanh", "relu")),
    "solver": _one_of(SOLVERS),
    "alpha": _number(0),
    "batch_size": (
        (lambda value: _WHOLE[0](value) or (isinstance(value, str) and value == "auto")),
        "'auto' or a whole number from 1",
    ),
    "learning_rate": (
        (lambda value: callable(value) or (isinstance(value, str) and value in RATES)),
        f"one of {sorted(RATES)} or a schedule of digitus.nn.schedules",
    ),
    "learning_rate_init": _number(0, low_too=False),
    "power_t": _number(0),
    "max_iter": _WHOLE,
    "shuffle": _YES_NO,
    "tol": _number(0),
    "verbose": (
        (lambda value: isinstance(value, Integral) and int(value) >= 0),
        "True, False or >= 0",
    ),
    "warm_start": _YES_NO,
    "momentum": _number(0, 1),
    "nesterovs_momentum": _YES_NO,
    "early_stopping": _YES_NO,
    "validation_fraction": _number(0, 1),
    "beta_1": _number(0, 1),
    "beta_2": _number(0, 1),
    "epsilon": _number(0, low_too=False),
    "n_iter_no_change": (
        (lambda value: _WHOLE[0](value) or (_is_number(value) and value == inf)),
        "a whole number from 1, or infinity",
    ),
    "max_fun": _WHOLE,
    "dropout": _number(0, 1),
    "class_weight": (
        _is_class_weight,
        "None, 'balanced', a dict of class to weight (finite, from 0), or for several labels a "
        "list of dicts",
    ),
    "label_smoothing": _number(0, 1),
    "callbacks": (_are_callbacks, "a list or tuple of callbacks (digitus.nn.fitting.callbacks)"),
}
