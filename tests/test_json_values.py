"""JSON of damaged files, and strict JSON."""

import json
import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.json_values import DEEPEST, dump_json, from_record, is_of_type, parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


@given(VALUES)
def test_what_is_written_is_strict_json(value):
    json.loads(dump_json(value), parse_constant=_refuse)


@given(VALUES.filter(lambda value: "NaN" not in json.dumps(value)))
def test_finite_values_come_back(value):
    if "Infinity" not in json.dumps(value):
        assert parse_json(dump_json(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_that_json_lacks_become_null(value):
    assert dump_json({"a": [value, (1.5, value)]}) == '{"a": [null, [1.5, null]]}'


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [DEEPEST + 1, 900, 100_000])
def test_deep_nesting_is_refused(opening, depth):
    closing = "]" if opening == "[" else "}"
    with pytest.raises(ValueError, match="nested more than 64 times"):
        parse_json(opening * depth + "1" + closing * depth)


def test_as_deep_as_allowed_is_read():
    assert parse_json("[" * DEEPEST + "]" * DEEPEST)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, int),
        (1.0, int),
        (1 << 63, int),
        (math.nan, float),
        (math.inf, float),
        (10**400, float),
        (True, float),
        ("1", float),
        (None, float),
        ([1, "a"], list[int]),
        ((1,), list[int]),
        ([math.inf], list[float] | None),
    ],
)
def test_another_type_is_told(value, kind):
    assert not is_of_type(value, kind)


@dataclass(frozen=True)
class _Record:
    n: int
    share: float | None


@pytest.mark.parametrize(
    "record", [None, [], {}, {"n": 1}, {"n": 1, "share": "x"}, {"n": 1, "share": None, "more": 1}]
)
def test_a_record_of_other_fields_is_refused(record):
    with pytest.raises(TypeError):
        from_record(_Record, record)


def test_a_record_comes_back():
    assert from_record(_Record, {"n": 1, "share": 0.5}) == _Record(1, 0.5)
