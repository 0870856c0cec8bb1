"""Numbers as people write them: integers, decimals, dates, times, amounts, fractions, phones."""

from collections.abc import Callable

import numpy as np

Form = Callable[[np.random.Generator], str]


def random_number_text(rng: np.random.Generator, *, is_plausible: bool = False) -> str:
    """Draw a number with one mark or more.

    Args:
        rng: chooses its form and its digits.
        is_plausible: whether to leave out numbers with marks anywhere, which nobody writes.

    >>> text = random_number_text(np.random.default_rng(0))
    >>> set(text) <= set("0123456789.,-+/:%()") and not text.isdigit()
    True
    """
    shares = _SHARES * ([form is not _any for form in _FORMS] if is_plausible else 1)
    return _FORMS[int(rng.choice(len(_FORMS), p=shares / shares.sum()))](rng)


def _digits(rng: np.random.Generator, least: int, most: int) -> str:
    """Draw so many digits."""
    return "".join(map(str, rng.integers(0, 10, rng.integers(least, most, endpoint=True))))


def _integer(rng: np.random.Generator, most: int) -> str:
    """Draw a number of at most so many digits, without a leading zero."""
    return str(rng.integers(0, 10 ** rng.integers(1, most, endpoint=True)))


def _decimal(rng: np.random.Generator) -> str:
    return f"{_integer(rng, 4)}{rng.choice(['.', ','])}{_digits(rng, 1, 3)}"


def _signed(rng: np.random.Generator) -> str:
    number = _decimal(rng) if rng.random() < 0.4 else _integer(rng, 4)
    return f"{'+' if rng.random() < 0.35 else '-'}{number}"


def _grouped(rng: np.random.Generator) -> str:
    """Draw a number with marks between its thousands, in some cases with a decimal fraction."""
    thousands, fraction = [",", "."][:: int(rng.choice([1, -1]))]
    text = f"{rng.integers(1000, 10 ** rng.integers(4, 8)):,}".replace(",", thousands)
    end = ["", "", f"{fraction}{_digits(rng, 2, 2)}", ",-", "-", ".-"][int(rng.integers(6))]
    return text + end


def _date(rng: np.random.Generator) -> str:
    day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1900, 2040)
    mark = rng.choice(["/", "/", ".", "-"])
    shown = f"{year % 100:02d}" if rng.random() < 0.4 else f"{year}"
    width = 2 if rng.random() < 0.6 else 1
    parts = [f"{day:0{width}d}", f"{month:0{width}d}", shown]
    if mark == "-" and rng.random() < 0.4:
        parts = parts[::-1]
    return str(mark.join(parts[:2] if rng.random() < 0.15 else parts))


def _time(rng: np.random.Generator) -> str:
    hour, minute = rng.integers(0, 24), rng.integers(0, 60)
    width = 2 if rng.random() < 0.6 else 1
    seconds = f":{rng.integers(0, 60):02d}" if rng.random() < 0.2 else ""
    return f"{hour:0{width}d}:{minute:02d}{seconds}"


def _percent(rng: np.random.Generator) -> str:
    number = _decimal(rng) if rng.random() < 0.3 else _integer(rng, 3)
    return f"{'-' if rng.random() < 0.1 else ''}{number}%"


def _fraction(rng: np.random.Generator) -> str:
    return f"{_integer(rng, 3)}/{_integer(rng, 3)}"


def _ratio(rng: np.random.Generator) -> str:
    return f"{_integer(rng, 2)}:{_integer(rng, 2)}"


def _bracketed(rng: np.random.Generator) -> str:
    inner = _signed(rng) if rng.random() < 0.15 else _integer(rng, 4)
    return f"({inner})" if rng.random() < 0.75 else f"{inner})"


def _phone(rng: np.random.Generator) -> str:
    mark = rng.choice(["-", "/", "-"])
    area = _digits(rng, 2, 4)
    area = f"({area})" if rng.random() < 0.4 else f"{area}{mark}"
    return f"{area}{_digits(rng, 3, 4)}{'-' if rng.random() < 0.5 else ''}{_digits(rng, 2, 4)}"


def _range(rng: np.random.Generator) -> str:
    return f"{_integer(rng, 4)}-{_integer(rng, 4)}"


def _any(rng: np.random.Generator) -> str:
    """Draw digits with marks anywhere, so that no order of marks is taken for granted."""
    marks = "".join(rng.choice(list(".,-+/:%()"), int(rng.integers(1, 3))))
    text = list(_digits(rng, 1, 6))
    for mark in marks:
        text.insert(int(rng.integers(len(text) + 1)), mark)
    return "".join(text)


_FORMS: tuple[Form, ...] = (
    *(_decimal, _signed, _grouped, _date, _time, _percent),
    *(_fraction, _ratio, _bracketed, _phone, _range, _any),
)
_SHARES = np.array([24, 13, 12, 10, 8, 7, 5, 3, 7, 4, 3, 4]) / 100
