"""Shapes of digits, marks and letters as paths of Bezier curves.

Notation: that of SVG paths with absolute ``M``, ``L``, ``Q`` and ``C``. The unit is a hundredth of
a digit's height, y runs downwards, and the baseline is at 100. Shapes are written in their natural
width; `hands.py` makes them slanted, narrow and uneven.
"""

import re
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""(n, 2) points x, y of one stroke, in heights of a digit."""

DIGITS: dict[str, tuple[str, ...]] = {
    "0": (
        "M 34 2 C 8 4 2 34 4 58 C 6 84 18 99 32 98 C 54 97 60 66 58 42 C 56 16 48 0 28 4",
        "M 18 12 C 34 -6 54 6 56 40 C 58 76 44 100 27 98 C 8 96 0 70 4 42 C 6 24 12 14 24 8",
        "M 30 0 C 12 0 0 26 2 62 C 4 92 16 100 32 100 C 50 100 60 86 58 58 C 56 26 44 0 30 0",
    ),
    "1": (
        "M 4 24 Q 18 16 26 0 L 26 100",
        "M 22 0 Q 20 50 17 100",
        "M 6 20 L 28 2 L 28 98 M 8 99 L 48 97",
        "M 2 38 Q 18 26 30 1 Q 26 50 26 100",
    ),
    "2": (
        "M 4 26 C 4 -4 54 -8 52 26 C 50 52 14 72 2 98 L 58 97",
        "M 6 18 C 16 -2 46 -4 50 20 C 54 48 26 78 4 96 C 18 84 40 100 60 90",
        "M 8 30 C 2 0 44 -8 50 18 C 56 44 30 72 12 92 C 2 104 0 84 14 84 C 30 84 40 104 62 94",
        "M 4 14 Q 30 -6 48 8 Q 58 26 40 52 L 4 99 Q 30 92 58 99",
    ),
    "3": (
        "M 4 12 C 18 -6 52 -2 48 24 C 46 40 30 46 20 46 C 44 46 58 60 54 78 C 48 102 14 104 2 86",
        "M 6 2 L 52 1 L 24 40 C 50 38 60 60 54 78 C 46 102 14 102 2 88",
        "M 8 8 C 30 -4 50 4 46 22 C 42 38 28 44 18 48 C 28 42 60 50 54 76 C 50 96 26 106 4 92",
    ),
    "4": (
        "M 20 2 Q 16 36 2 60 L 58 58 M 42 30 L 40 100",
        "M 44 100 L 44 0 L 0 66 L 60 64",
        "M 8 4 Q 2 34 8 50 Q 24 58 50 48 M 54 0 Q 50 50 46 100",
        "M 26 0 L 2 56 Q 30 54 60 52 M 46 20 Q 42 60 44 102",
    ),
    "5": (
        "M 54 3 L 14 4 L 8 44 C 30 32 60 42 56 70 C 52 100 16 104 2 88",
        "M 12 4 L 8 46 C 24 36 52 38 54 66 C 56 96 20 104 0 92 M 12 4 L 52 1",
        "M 56 2 Q 34 8 16 4 Q 14 28 6 48 Q 30 34 48 50 C 62 70 40 104 4 96",
    ),
    "6": (
        "M 44 0 C 20 14 2 46 4 72 C 6 100 48 108 54 78 C 58 52 18 48 6 70",
        "M 52 6 C 22 2 0 44 4 74 C 8 102 46 104 52 78 C 56 52 24 50 8 66",
        "M 36 0 Q 10 40 4 70 C 0 102 50 108 52 76 C 52 54 20 54 6 72",
    ),
    "7": (
        "M 2 4 L 56 2 Q 30 50 22 100",
        "M 2 8 Q 30 2 56 4 Q 34 44 24 100 M 14 50 L 52 46",
        "M 4 20 L 5 5 L 58 4 C 44 30 26 60 26 100",
    ),
    "8": (
        "M 46 16 C 36 -8 4 -2 8 22 C 12 46 54 50 54 78 C 54 104 4 106 4 78 C 4 52 50 44 50 20 "
        "C 50 12 48 8 44 6",
        "M 28 46 C 2 42 4 2 30 1 C 56 2 56 42 28 46 C -2 50 -2 98 28 99 C 60 98 60 50 28 46",
        "M 52 10 C 26 -10 -2 14 18 38 C 30 52 56 58 54 80 C 50 106 2 104 6 76 C 8 56 46 46 54 12",
    ),
    "9": (
        "M 50 18 C 40 -6 4 0 4 26 C 4 52 42 54 50 24 L 50 14 Q 50 60 42 100",
        "M 52 20 C 44 -6 2 -2 4 28 C 6 54 46 50 52 16 C 56 60 48 96 8 98",
        "M 50 8 C 26 -8 0 10 4 30 C 8 54 44 50 50 8 L 48 100",
    ),
}
"""Shapes of each digit."""

MARKS: dict[str, tuple[str, ...]] = {
    ".": ("M 3 96 L 8 98", "M 2 97 L 11 97"),
    ",": ("M 10 90 Q 12 104 2 118", "M 8 92 L 1 116"),
    "-": ("M 0 56 L 40 54", "M 0 58 Q 20 52 36 56"),
    "+": ("M 0 54 L 46 54 M 23 30 L 23 80", "M 24 32 L 22 78 M 0 56 L 48 52"),
    "/": ("M 60 -10 L 0 112", "M 56 -12 Q 32 48 0 110"),
    ":": ("M 2 38 L 8 40 M 2 86 L 8 88", "M 4 32 L 9 35 M 3 84 L 8 87"),
    "%": (
        "M 20 6 C 2 6 2 40 18 40 C 36 40 36 6 20 6 M 66 2 L 10 98 "
        "M 62 60 C 44 60 44 96 60 96 C 78 96 78 60 62 60",
    ),
    "(": ("M 24 -12 C -4 20 -4 84 24 114", "M 20 -10 Q -10 50 22 112"),
    ")": ("M 0 -12 C 28 20 28 84 0 114", "M 2 -10 Q 34 50 0 112"),
}
"""Shapes of each mark."""

LETTERS: dict[str, str] = {
    "a": "M 40 52 C 20 40 0 56 4 80 C 8 104 34 102 42 60 L 42 50 Q 40 84 50 100",
    "b": "M 6 0 L 6 96 M 6 66 C 20 44 46 52 44 78 C 42 104 14 104 6 90",
    "c": "M 38 58 C 20 40 0 62 4 82 C 8 104 30 102 42 90",
    "d": "M 42 0 L 42 100 M 42 62 C 24 42 0 58 4 80 C 8 104 34 102 42 84",
    "e": "M 4 76 Q 40 76 38 62 C 34 44 4 50 4 78 C 4 104 34 102 44 90",
    "f": "M 36 6 C 20 -8 16 20 16 40 L 16 100 M 2 48 L 34 46",
    "g": "M 40 52 C 20 40 0 58 4 78 C 8 98 34 98 42 60 L 42 50 L 42 118 Q 40 138 8 128",
    "h": "M 6 0 L 6 100 M 6 70 C 16 46 40 44 40 68 L 40 100",
    "i": "M 6 50 L 6 90 Q 8 100 18 96 M 6 28 L 7 30",
    "k": "M 6 0 L 6 100 M 38 48 L 8 78 L 42 100",
    "l": "M 6 0 L 6 84 Q 8 102 20 96",
    "m": "M 4 50 L 4 100 M 4 68 C 10 46 30 46 30 66 L 30 100 M 30 66 C 38 46 58 46 58 66 L 58 100",
    "n": "M 4 50 L 4 100 M 4 70 C 12 46 38 46 38 68 L 38 100",
    "o": "M 24 48 C 0 48 0 100 24 100 C 48 100 48 48 24 48 Q 34 54 48 50",
    "p": "M 4 50 L 4 134 M 4 66 C 18 42 44 50 42 76 C 40 102 12 104 4 90",
    "r": "M 4 50 L 4 100 M 4 72 C 8 54 22 44 34 54",
    "s": "M 34 56 C 20 42 0 54 10 68 C 18 78 38 78 34 92 C 28 104 8 100 2 92",
    "t": "M 16 16 L 16 88 Q 18 102 34 94 M 0 46 L 34 44",
    "u": "M 4 50 L 4 84 C 6 104 32 102 38 78 L 38 50 L 38 84 Q 40 98 48 98",
    "v": "M 2 50 L 20 100 L 38 50",
    "w": "M 2 50 L 14 100 L 28 58 L 42 100 L 54 50",
    "x": "M 2 50 L 38 100 M 38 50 L 2 100",
    "y": "M 4 50 Q 6 80 22 84 Q 36 80 40 50 L 38 112 Q 34 136 8 126",
    "z": "M 2 52 L 36 51 L 2 99 L 40 98",
    "A": "M 2 100 L 28 0 L 54 100 M 12 66 L 46 64",
    "B": "M 6 2 L 6 100 M 4 2 C 52 -2 46 46 8 48 C 60 46 58 102 6 99",
    "H": "M 6 0 L 6 100 M 52 0 L 52 100 M 6 50 L 52 48",
    "K": "M 6 0 L 6 100 M 48 0 L 8 52 L 52 100",
    "M": "M 4 100 L 8 0 L 36 66 L 62 0 L 68 100",
    "N": "M 4 100 L 4 0 L 52 100 L 52 0",
    "P": "M 6 0 L 6 100 M 4 2 C 58 -4 56 58 8 54",
    "R": "M 6 0 L 6 100 M 4 2 C 58 -4 56 54 8 52 L 54 100",
    "T": "M 0 2 L 58 0 M 29 1 L 28 100",
    "V": "M 2 0 L 28 100 L 54 0",
    "W": "M 2 0 L 20 100 L 38 30 L 56 100 L 74 0",
}
"""Shapes of the letters that the words of the pages need."""

CURVE_POINTS = 16  # of one line or Bezier curve


@cache
def strokes(path: str) -> tuple[Points, ...]:
    """Return the strokes of a path, densely sampled, in heights of a digit.

    >>> [stroke[-1].tolist() for stroke in strokes("M 0 0 L 0 100 M 50 0 Q 80 50 50 100")]
    [[0.0, 1.0], [0.5, 1.0]]
    """
    found: list[list[list[float]]] = []
    for command, numbers in re.findall(r"([MLQC])([^MLQC]*)", path):
        points = np.array(numbers.split(), float).reshape(-1, 2) / 100
        if command == "M":
            found.append(points.tolist())
        elif command == "L":
            for point in points:
                found[-1] += _bezier(np.vstack([found[-1][-1], point])).tolist()
        else:
            found[-1] += _bezier(np.vstack([found[-1][-1], points])).tolist()
    return tuple(np.array(stroke) for stroke in found)


def _bezier(control: Points) -> Points:
    """Return the points after the first of a Bezier curve (de Casteljau)."""
    t = np.linspace(0, 1, CURVE_POINTS + 1)[1:, None, None]
    levels = np.repeat(control[None], CURVE_POINTS, axis=0)
    while levels.shape[1] > 1:
        levels = (1 - t) * levels[:, :-1] + t * levels[:, 1:]
    return levels[:, 0]
