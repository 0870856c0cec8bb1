"""A number format shows a value as it was written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitus.reader.export.number_formats import number_format
from digitus.reader.results.values import value_of


def shown(value, pattern):
    """Return how a spreadsheet in English shows a value, as far as formats of ours need it."""
    positive, _, negative = pattern.partition(";")
    if value < 0:
        return shown(-value, negative) if negative else f"-{shown(-value, positive)}"
    sign, positive = re.match(r"([+-]?)(.*)", positive).groups()
    whole, _, decimals = positive.partition(".")
    digits = f"{value:.{len(decimals)}f}"
    left, _, right = digits.partition(".")
    left = left.zfill(whole.count("0")) if "#" not in whole else left
    left = "" if not whole and left == "0" else left
    if "#" in whole:
        separator = "," if "," in whole else " "
        groups = len(re.split("[, ]", whole))
        left = f"{int(left):,}".replace(",", separator)
        assert separator == "," or left.count(" ") == groups - 1  # a space is literal
    return f"{sign}{left}{'.' if right else ''}{right}"


TEXTS = st.from_regex(r"[+-]?(\d{1,6}|[1-9]\d{0,2}(,\d{3}){1,2})(\.\d{1,3})?", fullmatch=True)
SPACED = st.from_regex(r"[+-]?[1-9]\d{0,2}( \d{3}){1,2}(\.\d{1,3})?", fullmatch=True)


@given((TEXTS | SPACED).filter(str.isascii))
def test_a_plain_number_looks_as_it_is_written(text):
    value = value_of(text, "point")
    has_minus_zero = text.startswith("-") and value == 0  # shown as 0
    assert shown(value, number_format(text, value)) == text[has_minus_zero:]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("12,50", "0.00"),
        ("1.204,50", "#,##0.00"),
        (".5", ".0"),
        (",25", ".00"),
        ("1 204,5", "# ##0.0"),
    ],
)
def test_a_decimal_comma_has_the_same_format_as_a_point(text, pattern):
    assert number_format(text, value_of(text)) == pattern
