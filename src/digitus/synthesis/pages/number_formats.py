"""Numbers as people write them: with points, signs, slashes, colons, brackets and percent signs."""

from collections.abc import Callable

import numpy as np

from digitus.synthesis.lines.punctuation import MARKS

Format = Callable[[np.random.Generator], str]


def _integer(rng: np.random.Generator, most_digits: int = 4) -> str:
    return str(rng.integers(0, 10 ** rng.integers(1, most_digits + 1)))


def _decimal(rng: np.random.Generator) -> str:
    sign = "." if rng.random() < 0.5 else ","
    decimals = int(rng.integers(1, 3))
    return f"{_integer(rng, 3)}{sign}{rng.integers(10**decimals):0{decimals}d}"


def _thousands(rng: np.random.Generator) -> str:
    number = f"{rng.integers(1000, 10 ** rng.integers(4, 8)):,}"
    return number.replace(",", ".") if rng.random() < 0.5 else number


def _date(rng: np.random.Generator) -> str:
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(1950, 2040)
    parts = [f"{day:02d}", f"{month:02d}"] if rng.random() < 0.6 else [str(day), str(month)]
    parts += [[], [str(year)], [f"{year % 100:02d}"]][int(rng.choice(3, p=[0.2, 0.5, 0.3]))]
    return "/.-"[int(rng.choice(3, p=[0.6, 0.2, 0.2]))].join(parts)


def _time(rng: np.random.Generator) -> str:
    hours, minutes = rng.integers(24), rng.integers(60)
    return f"{hours:02d}:{minutes:02d}" if rng.random() < 0.6 else f"{hours}:{minutes:02d}"


FORMATS: tuple[tuple[float, Format], ...] = (
    (0.2, _integer),
    (0.2, _decimal),
    (0.06, _thousands),
    (0.1, lambda rng: "-" + (_integer(rng) if rng.random() < 0.6 else _decimal(rng))),
    (0.06, lambda rng: "+" + _integer(rng, 3)),
    (0.1, _date),
    (0.1, _time),
    (0.08, lambda rng: (_integer(rng, 2) if rng.random() < 0.7 else _decimal(rng)) + "%"),
    (0.06, lambda rng: f"({_integer(rng, 3)})"),
    (0.04, lambda rng: f"{rng.integers(1, 100)}/{rng.integers(2, 101)}"),
)
"""Formats and their shares."""


def number_as_written(rng: np.random.Generator) -> str:
    """Return a number in a random format whose marks can be written.

    >>> any(character.isdigit() for character in number_as_written(np.random.default_rng(0)))
    True
    """
    while True:
        which = int(rng.choice(len(FORMATS), p=[share for share, _ in FORMATS]))
        text = FORMATS[which][1](rng)
        if set(text) <= set("0123456789") | set(MARKS):
            return text
