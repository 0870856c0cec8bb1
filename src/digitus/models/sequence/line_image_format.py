"""Size and classes of line images: what synthesis writes and the sequence network reads."""

from typing import Literal, TypeAlias, get_args

from digitus.data.samples import CLASSES

MarkKind: TypeAlias = Literal[
    "point", "comma", "minus", "plus", "slash", "colon", "percent", "left_bracket", "right_bracket"
]

MARKS: tuple[MarkKind, ...] = get_args(MarkKind)
ROWS, DIGIT_PX = 32, 22.0
"""Rows of the network's input, and the height of a digit in it, in pixels."""
FIRST_MARK, OTHER = CLASSES, CLASSES + len(MARKS)
"""Numbers of the first mark's class, and of the class of all else (letters, scribbles)."""
N_CLASSES = OTHER + 1
"""Classes of a symbol: ten digits, nine marks, and all else; without the blank."""
