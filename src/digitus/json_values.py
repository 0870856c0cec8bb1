"""JSON of files that others may have written or damaged, and strict JSON for others to read."""

import json
from dataclasses import fields
from math import isfinite
from types import GenericAlias, UnionType
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")

_BEYOND_INT64 = 1 << 63

DEEPEST = 64
"""Nested lists and objects: a page of a journal has ten, a model's header six."""


def parse_json(text: str | bytes) -> Any:
    """Parse JSON.

    Raises:
        ValueError: if it is damaged, or nested so deeply that walking it could exhaust the stack.

    >>> parse_json('{"a": [1]}')
    {'a': [1]}
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError(_too_deep()) from error
    _refuse_deeper(value, DEEPEST)
    return value


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """Write JSON; NaN and infinities, which JSON lacks, become null.

    >>> dump_json([1.5, float("nan"), {"a": float("inf")}])
    '[1.5, null, {"a": null}]'
    """
    try:
        return json.dumps(value, indent=indent, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), indent=indent, allow_nan=False)


def is_of_type(value: Any, kind: Any) -> bool:
    """Return whether a JSON value is of a type: floats are finite, ints have 64 bits.

    Args:
        value: to check.
        kind: ``int``, ``float``, ``bool``, ``str``, ``list[...]``, ``None``, or a union of these.

    >>> is_of_type(1, float), is_of_type(True, int), is_of_type([1.0, None], list[float | None])
    (True, False, True)
    """
    if isinstance(kind, UnionType):
        return any(is_of_type(value, one) for one in get_args(kind))
    if isinstance(kind, GenericAlias):
        (item,) = get_args(kind)
        return isinstance(value, list) and all(is_of_type(one, item) for one in value)
    if kind in (None, type(None)):
        return value is None
    if kind is float:
        return type(value) in (int, float) and _is_finite(value)
    return type(value) is kind and (kind is not int or -_BEYOND_INT64 <= value < _BEYOND_INT64)


def from_record(kind: type[T], record: Any) -> T:
    """Make a dataclass from the JSON object of its fields.

    Raises:
        TypeError: if it is not an object with all fields, each of its type, and no others.
    """
    hints = get_type_hints(kind)
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # a dataclass, by its callers
    if not isinstance(record, dict) or set(record) != names:
        raise TypeError(f"the fields of {kind.__name__} are not {', '.join(sorted(names))}")
    for name, value in record.items():
        if not is_of_type(value, hints[name]):
            raise TypeError(f"{name} is not what it was written as")
    return kind(**record)


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # a whole number beyond the range of floats
        return False


def _refuse_deeper(value: Any, left: int) -> None:
    if left == 0:
        raise ValueError(_too_deep())
    if not isinstance(value, dict | list):
        return
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            _refuse_deeper(one, left - 1)


def _too_deep() -> str:
    return f"nested more than {DEEPEST} times"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
