"""Ground truth of a synthetic page: lines, numbers, digits, marks, grids and cells with boxes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from digitus.models.sequence.line_image_format import MarkKind
from digitus.reader.pipeline.assembly import bounding_box
from digitus.reader.results.as_written import written
from digitus.reader.results.reading import Digit, Mark
from digitus.synthesis.lines.digit_strings import Box, Written
from digitus.synthesis.lines.punctuation import MARKS

Move: TypeAlias = Callable[[Box], Box]
"""Maps a box to its new place."""

CellVerdict: TypeAlias = Literal["digit", "blank", "not_a_digit", "word", "struck_out"]

MARK_KINDS: dict[str, MarkKind] = {sign: shape.kind for sign, shape in MARKS.items()}
"""The kind of mark of each character."""


@dataclass(frozen=True)
class TrueDigit:
    """A digit and its box."""

    digit: int
    box: Box


@dataclass(frozen=True)
class TrueMark:
    """A mark and its box."""

    kind: MarkKind
    box: Box


@dataclass(frozen=True)
class TrueNumber:
    """The digits of a number from left to right, and the marks between them."""

    digits: tuple[TrueDigit, ...]
    marks: tuple[TrueMark, ...] = ()

    @property
    def text(self) -> str:
        """The number as it is written, with its marks."""
        digits = [Digit(one.digit, "digit", 1.0, one.box, ()) for one in self.digits]
        return written(digits, [Mark(one.kind, one.box) for one in self.marks])

    @property
    def digit_text(self) -> str:
        """The digits without marks."""
        return "".join(str(digit.digit) for digit in self.digits)

    @property
    def box(self) -> Box:
        """The bounding box of digits and marks."""
        digits = [one.box for one in self.digits]
        return bounding_box(digits + [one.box for one in self.marks])

    @property
    def end(self) -> int:
        """The column after the last digit or mark."""
        return self.box[0] + self.box[2]

    def moved(self, move: Move) -> "TrueNumber":
        """Return the number with all boxes moved."""
        return TrueNumber(
            tuple(replace(digit, box=move(digit.box)) for digit in self.digits),
            tuple(replace(mark, box=move(mark.box)) for mark in self.marks),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values for ``json.dumps``."""
        return {
            "text": self.text,
            "box": list(self.box),
            "digits": [{"digit": one.digit, "box": list(one.box)} for one in self.digits],
            "marks": [{"kind": one.kind, "box": list(one.box)} for one in self.marks],
        }


@dataclass(frozen=True)
class TrueLine:
    """The numbers of a line from left to right."""

    numbers: tuple[TrueNumber, ...]

    @property
    def text(self) -> str:
        """The numbers, separated by spaces."""
        return " ".join(number.text for number in self.numbers)

    def moved(self, move: Move) -> "TrueLine":
        """Return the line with all boxes moved."""
        return TrueLine(tuple(number.moved(move) for number in self.numbers))

    def to_json(self) -> dict[str, Any]:
        """Return plain values for ``json.dumps``."""
        box = bounding_box([number.box for number in self.numbers])
        numbers = [number.to_json() for number in self.numbers]
        return {"text": self.text, "box": list(box), "numbers": numbers}


@dataclass(frozen=True)
class TrueCell:
    """A cell of a grid; the text is empty unless the verdict is ``digit``."""

    text: str
    verdict: CellVerdict
    box: Box


@dataclass(frozen=True)
class TrueGrid:
    """The rows of a grid; its numbers are in the page's lines, too."""

    rows: tuple[tuple[TrueCell, ...], ...]

    def moved(self, move: Move) -> "TrueGrid":
        """Return the grid with all boxes moved."""
        return TrueGrid(
            tuple(tuple(replace(cell, box=move(cell.box)) for cell in row) for row in self.rows)
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values for ``json.dumps``."""
        box = bounding_box([cell.box for row in self.rows for cell in row])
        rows = [
            [{"text": one.text, "verdict": one.verdict, "box": list(one.box)} for one in row]
            for row in self.rows
        ]
        return {"box": list(box), "rows": rows}


@dataclass(frozen=True)
class PageTruth:
    """Everything that is written on a page.

    Attributes:
        lines: lines of numbers in reading order.
        grids: grids of cells.
        words: boxes of words, which are not numbers.
    """

    lines: tuple[TrueLine, ...] = ()
    grids: tuple[TrueGrid, ...] = ()
    words: tuple[Box, ...] = ()

    @property
    def digits(self) -> str:
        """All digits in reading order, without marks."""
        return "".join(number.digit_text for line in self.lines for number in line.numbers)

    def moved(self, move: Move) -> "PageTruth":
        """Return the truth with all boxes moved."""
        return PageTruth(
            tuple(line.moved(move) for line in self.lines),
            tuple(grid.moved(move) for grid in self.grids),
            tuple(move(box) for box in self.words),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values: the JSON of ``digitus read``, without the confidences."""
        return {
            "digits": self.digits,
            "lines": [line.to_json() for line in self.lines],
            "grids": [grid.to_json() for grid in self.grids],
            "words": [list(box) for box in self.words],
        }


def true_number(string: Written, left: int, top: int) -> TrueNumber:
    """Return the truth of a string of which the top left corner is at a place of the page."""
    placed = [
        (one, (left + box[0], top + box[1], box[2], box[3]))
        for one, box in zip(string.text, string.boxes, strict=True)
    ]
    return TrueNumber(
        tuple(TrueDigit(int(one), box) for one, box in placed if one not in MARK_KINDS),
        tuple(TrueMark(MARK_KINDS[one], box) for one, box in placed if one in MARK_KINDS),
    )
