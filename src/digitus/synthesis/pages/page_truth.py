"""What is written on a synthetic page, and where: lines, numbers, digits, marks, grids, cells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from digitus.synthesis.lines.digit_strings import Box, Written
from digitus.synthesis.lines.punctuation import MARKS

Move: TypeAlias = Callable[[Box], Box]
"""Says where a box comes to lie."""

CellVerdict: TypeAlias = Literal["digit", "blank", "not_a_digit", "struck_out"]

MARK_KINDS = dict(zip(MARKS, ("dot", "comma", "dash"), strict=True))


@dataclass(frozen=True)
class TrueDigit:
    """One digit in its box."""

    digit: int
    box: Box


@dataclass(frozen=True)
class TrueMark:
    """A ``dot``, ``comma`` or ``dash`` between digits."""

    kind: str
    box: Box


@dataclass(frozen=True)
class TrueNumber:
    """Digits that belong together, and the marks between them."""

    digits: tuple[TrueDigit, ...]
    marks: tuple[TrueMark, ...] = ()

    @property
    def text(self) -> str:
        """The digits alone."""
        return "".join(str(digit.digit) for digit in self.digits)

    @property
    def box(self) -> Box:
        """The box of all digits."""
        return around(digit.box for digit in self.digits)

    @property
    def end(self) -> int:
        """The column after its last digit or mark."""
        boxes = [digit.box for digit in self.digits] + [mark.box for mark in self.marks]
        left, _, width, _ = around(boxes)
        return left + width

    def moved(self, move: Move) -> "TrueNumber":
        """Return the number at another place."""
        return TrueNumber(
            tuple(replace(digit, box=move(digit.box)) for digit in self.digits),
            tuple(replace(mark, box=move(mark.box)) for mark in self.marks),
        )

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``."""
        return {
            "text": self.text,
            "box": list(self.box),
            "digits": [{"digit": one.digit, "box": list(one.box)} for one in self.digits],
            "marks": [{"kind": one.kind, "box": list(one.box)} for one in self.marks],
        }


@dataclass(frozen=True)
class TrueLine:
    """Numbers beside each other, from left to right."""

    numbers: tuple[TrueNumber, ...]

    @property
    def text(self) -> str:
        """The numbers with spaces between them."""
        return " ".join(number.text for number in self.numbers)

    def moved(self, move: Move) -> "TrueLine":
        """Return the line at another place."""
        return TrueLine(tuple(number.moved(move) for number in self.numbers))

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``."""
        box = around(number.box for number in self.numbers)
        numbers = [number.to_json() for number in self.numbers]
        return {"text": self.text, "box": list(box), "numbers": numbers}


@dataclass(frozen=True)
class TrueCell:
    """One cell of a grid; the text is empty unless the verdict is ``digit``."""

    text: str
    verdict: CellVerdict
    box: Box


@dataclass(frozen=True)
class TrueGrid:
    """A grid of cells; its numbers stand in the page's lines, too."""

    rows: tuple[tuple[TrueCell, ...], ...]

    def moved(self, move: Move) -> "TrueGrid":
        """Return the grid at another place."""
        return TrueGrid(
            tuple(tuple(replace(cell, box=move(cell.box)) for cell in row) for row in self.rows)
        )

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``."""
        box = around(cell.box for row in self.rows for cell in row)
        rows = [
            [{"text": one.text, "verdict": one.verdict, "box": list(one.box)} for one in row]
            for row in self.rows
        ]
        return {"box": list(box), "rows": rows}


@dataclass(frozen=True)
class PageTruth:
    """All that is written on a page.

    Attributes:
        lines: those with numbers, in reading order.
        grids: see ``TrueGrid``.
        words: boxes of what is written and is no number.
    """

    lines: tuple[TrueLine, ...] = ()
    grids: tuple[TrueGrid, ...] = ()
    words: tuple[Box, ...] = ()

    @property
    def digits(self) -> str:
        """All digits in reading order."""
        return "".join(number.text for line in self.lines for number in line.numbers)

    def moved(self, move: Move) -> "PageTruth":
        """Return all at another place."""
        return PageTruth(
            tuple(line.moved(move) for line in self.lines),
            tuple(grid.moved(move) for grid in self.grids),
            tuple(move(box) for box in self.words),
        )

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``: as ``digitus read --json``, without the confidences."""
        return {
            "digits": self.digits,
            "lines": [line.to_json() for line in self.lines],
            "grids": [grid.to_json() for grid in self.grids],
            "words": [list(box) for box in self.words],
        }


def true_number(written: Written, left: int, top: int) -> TrueNumber:
    """Return what a string is whose ink was laid at a place."""
    placed = [
        (one, (left + box[0], top + box[1], box[2], box[3]))
        for one, box in zip(written.text, written.boxes, strict=True)
    ]
    return TrueNumber(
        tuple(TrueDigit(int(one), box) for one, box in placed if one not in MARK_KINDS),
        tuple(TrueMark(MARK_KINDS[one], box) for one, box in placed if one in MARK_KINDS),
    )


def around(boxes: Iterable[Box]) -> Box:
    """Return the box around boxes.

    >>> around([(0, 0, 2, 2), (5, 1, 2, 3)])
    (0, 0, 7, 4)
    """
    every = list(boxes)
    left, top = min(box[0] for box in every), min(box[1] for box in every)
    right, bottom = max(box[0] + box[2] for box in every), max(box[1] + box[3] for box in every)
    return left, top, right - left, bottom - top
