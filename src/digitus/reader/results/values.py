"""Values of numbers as they are written: which texts are plain numbers, and what they are worth.

A plain number is an optional sign and digits, with an optional decimal sign that has digits behind
it. Its whole part may have thousands separators of one kind in proper groups of three. All else has
no value: dates, times, fractions, brackets, texts with a declined digit or a percent sign.

A point and a comma are each other's counterpart: where one is the decimal sign, the other may
separate thousands. ``1,204`` is 1204 or 1.204; the rest of the page decides, or the user.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, TypeAlias

from digitus.reader.results.reading import Cell, Line, Number, PageReading

DecimalSign: TypeAlias = Literal["point", "comma"]
Decimal: TypeAlias = Literal["auto", "point", "comma"]
"""The decimal sign of a page; ``auto`` infers it from the numbers on the page."""

EXACT_DIGITS = 15
"""Digits that a double, and so a spreadsheet or a reader of JSON, represents exactly; a longer
number is a key of some kind, and has no value."""

LEAST_SHARE = 0.9
"""Share of a page's decisive numbers that must agree on the decimal sign. Set by hand: one misread
mark on a full page changes nothing, and values of a thousand times the size are never a guess."""


def _plain(point: str, separators: str) -> re.Pattern[str]:
    grouped = rf"[1-9]\d{{0,2}}(?P<separator>[{separators}])\d{{3}}(?:(?P=separator)\d{{3}})*"
    return re.compile(rf"[+-]?(?:{grouped}|\d*)(?:{point}\d+)?", re.ASCII)


_PLAIN: dict[DecimalSign, re.Pattern[str]] = {
    "point": _plain(r"\.", ", "),
    "comma": _plain(",", ". "),
}
_SIGNS: dict[DecimalSign, tuple[str, str]] = {"point": (".", ", "), "comma": (",", ". ")}
"""The character of each decimal sign, and the thousands separators beside it."""


def value_of(text: str, decimal: DecimalSign | None = None) -> int | float | None:
    """Return the value of a number; None if it is not a plain one.

    Args:
        text: the number as it is written.
        decimal: the decimal sign; None takes a text that allows only one, and gives no value to a
            text that allows both with different values.

    >>> value_of("-3.5"), value_of("12,50"), value_of("1 204"), value_of("12/05/2026")
    (-3.5, 12.5, 1204, None)
    >>> value_of("1,204"), value_of("1,204", "point"), value_of("1,204", "comma")
    (None, 1204, 1.204)
    """
    if decimal is not None:
        return _value(text, decimal)
    found = _values(text)
    return found.pop() if len(found) == 1 else None


def is_ambiguous(text: str) -> bool:
    """Return whether a text has two values, by the decimal sign.

    >>> is_ambiguous("1,204"), is_ambiguous("12,50"), is_ambiguous("1204")
    (True, False, False)
    """
    return len(_values(text)) > 1


def decimal_sign_of(texts: Iterable[str]) -> DecimalSign | None:
    """Return the decimal sign that nearly all decisive numbers of a page allow; else None.

    A number is decisive if only one decimal sign makes it a plain number: ``12,50``, ``1.204,5``
    and ``1.204.000`` ask for a comma, ``3.5`` for a point. No number is decisive on a page of whole
    numbers.

    >>> decimal_sign_of(["12,50", "1,204", "7"]), decimal_sign_of(["12,50", "3.5"])
    ('comma', None)
    """
    counts = Counter(sign for text in texts if (sign := _only_sign(text)) is not None)
    for sign, count in counts.items():
        if count >= LEAST_SHARE * counts.total():
            return sign
    return None


def with_values(page: PageReading, decimal: Decimal = "auto") -> PageReading:
    """Return a page with the values of its numbers and cells.

    With ``auto``, numbers that are not to be checked decide on the decimal sign of those that allow
    both; a number that allows one sign only has its value whatever the page says.
    """
    inferred = decimal_sign_of(one.text for one in page.numbers if not one.to_check)

    def value(text: str) -> int | float | None:
        return value_on_page(text, decimal, inferred)

    def valued(number: Number) -> Number:
        return replace(number, value=value(number.text))

    def with_numbers(line: Line) -> Line:
        return replace(line, numbers=tuple(map(valued, line.numbers)))

    def valued_cell(cell: Cell) -> Cell:
        return replace(cell, value=value(cell.text) if cell.verdict == "digit" else None)

    grids = tuple(
        replace(grid, rows=tuple(tuple(map(valued_cell, row)) for row in grid.rows))
        for grid in page.grids
    )
    return replace(page, lines=tuple(map(with_numbers, page.lines)), grids=grids)


def value_on_page(text: str, decimal: Decimal, inferred: DecimalSign | None) -> int | float | None:
    """Return the value of a number among others; None if it is not a plain one.

    Args:
        text: the number as it is written.
        decimal: decimal sign of the page; ``auto`` takes the one that a text allows, and the
            inferred one for a text that allows both.
        inferred: what `decimal_sign_of` says of the page.

    >>> value_on_page("1,204", "auto", "comma"), value_on_page("3.5", "auto", "comma")
    (1.204, 3.5)
    """
    if decimal != "auto":
        return value_of(text, decimal)
    return value_of(text, inferred if is_ambiguous(text) else None)


def _only_sign(text: str) -> DecimalSign | None:
    """Return the decimal sign with which a text is a plain number, if it is not both."""
    allowed = [decimal for decimal in _PLAIN if _value(text, decimal) is not None]
    return allowed[0] if len(allowed) == 1 else None


def _values(text: str) -> set[int | float]:
    """Return the values of a text with either decimal sign: none, one or two."""
    found = (_value(text, decimal) for decimal in _PLAIN)
    return {value for value in found if value is not None}


def _value(text: str, decimal: DecimalSign) -> int | float | None:
    n_digits = sum(map(str.isdigit, text))
    if not (0 < n_digits <= EXACT_DIGITS and _PLAIN[decimal].fullmatch(text)):
        return None
    point, separators = _SIGNS[decimal]
    for separator in separators:
        text = text.replace(separator, "")
    return float(text.replace(point, ".")) if point in text else int(text)
