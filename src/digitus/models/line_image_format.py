"""What a strip is: its size, and the classes that stand on it. Light to import: readers need it."""

from typing import Literal, TypeAlias

from digitus.data.samples import CLASSES

MarkKind: TypeAlias = Literal["dot", "comma", "dash"]

MARKS: tuple[MarkKind, ...] = ("dot", "comma", "dash")
ROWS, DIGIT_PX = 32, 22.0
"""Rows of a strip, and height of a digit in it."""
FIRST_MARK, OTHER = CLASSES, CLASSES + len(MARKS)
KINDS = OTHER + 1
"""Classes of a strip: ten digits, three marks, and all else."""
