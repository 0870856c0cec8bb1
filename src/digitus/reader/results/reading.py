"""Results of reading pages: lines of numbers, and grids of cells. All are immutable."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from digitus.errors import ReadFailure

if TYPE_CHECKING:  # results are written without NumPy or a model
    import numpy as np
    from numpy.typing import NDArray

    from digitus.models.sequence.line_image_format import MarkKind

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height in pixels of the upright page."""

Verdict: TypeAlias = Literal["digit", "blank", "not_a_digit"]
CellVerdict: TypeAlias = Literal["digit", "blank", "not_a_digit", "struck_out", "word"]

DOUBTFUL = "?"
"""Stands in a text for a digit that was declined."""


@dataclass(frozen=True)
class Digit:
    """One digit of a number.

    Attributes:
        digit: 0 to 9; None if it was declined: then ``?`` stands in the number's text.
        verdict: ``digit``, or ``not_a_digit`` if it was declined.
        confidence: calibrated probability that the likeliest digit in this place is right.
        box: box of its ink.
        alternatives: digits and their probabilities, the likeliest first.
    """

    digit: int | None
    verdict: Verdict
    confidence: float
    box: Box
    alternatives: tuple[tuple[int, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "digit": self.digit,
            "verdict": self.verdict,
            "confidence": self.confidence,
            "box": list(self.box),
            "alternatives": [{"digit": one, "probability": p} for one, p in self.alternatives],
        }


@dataclass(frozen=True)
class Mark:
    """What stands in or beside a number and is no digit.

    Attributes:
        kind: a mark such as ``point``; ``space`` for a gap inside one number, as in ``1 204``;
            ``other`` for something that is left out of the number.
        box: box of its ink, or of the gap.
        in_text: whether the number's text has it. A mark that is left out may still be there, see
            ``confidence``; what is of the kind ``other`` is always left out.
        confidence: probability, 0 to 1, that it is there, and is of this kind.
    """

    kind: "MarkKind | Literal['space', 'other']"
    box: Box
    in_text: bool = True
    confidence: float = 1.0

    @property
    def certainty(self) -> float:
        """Probability, 0 to 1, that the number's text is right to have it or to leave it out."""
        if self.kind == "other":
            return 1.0
        return self.confidence if self.in_text else 1 - self.confidence

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "kind": self.kind,
            "box": list(self.box),
            "in_text": self.in_text,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Number:
    """Digits and marks that belong together.

    Attributes:
        text: as it is written, with its marks, and ``?`` for a declined digit.
        value: what it is worth if it is a plain number, see `values.py`; else None.
        confidence: calibrated probability that the text is right, marks included.
        to_check: whether a person should check it.
        box: box around its digits and the marks in its text.
        digits: from left to right.
        marks: from left to right, those that the text leaves out included.
        alternatives: texts and their probabilities. The first is ``text``, with the likeliest
            digits in place of declined ones; the others follow, the likeliest first.
        is_confirmed: whether a person confirmed the text, see `digitus.review`.
    """

    text: str
    value: int | float | None
    confidence: float
    to_check: bool
    box: Box
    digits: tuple[Digit, ...]
    marks: tuple[Mark, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    is_confirmed: bool = False

    @property
    def digit_text(self) -> str:
        """The digits alone, with ``?`` for a declined one."""
        return "".join(DOUBTFUL if one.digit is None else str(one.digit) for one in self.digits)

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "text": self.text,
            "value": self.value,
            "confidence": None if self.is_confirmed else self.confidence,
            "to_check": self.to_check,
            **({"confirmed": True} if self.is_confirmed else {}),
            "box": list(self.box),
            "alternatives": [{"text": text, "probability": p} for text, p in self.alternatives],
            "digits": [digit.to_json() for digit in self.digits],
            "marks": [mark.to_json() for mark in self.marks],
        }


@dataclass(frozen=True)
class Line:
    """Numbers on one line.

    Attributes:
        text: texts of the numbers, separated by spaces.
        confidence: calibrated probability that all numbers are right.
        box: box around the numbers.
        numbers: from left to right.
    """

    text: str
    confidence: float
    box: Box
    numbers: tuple[Number, ...]

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "text": self.text,
            "confidence": self.confidence,
            "box": list(self.box),
            "numbers": [number.to_json() for number in self.numbers],
        }


@dataclass(frozen=True)
class Cell:
    """One cell of a grid.

    Attributes:
        text: its number as it is written; empty unless the verdict is ``digit``.
        verdict: ``digit`` for a number, ``blank``, ``not_a_digit``, ``struck_out`` or ``word``.
        confidence: calibrated probability that the text is right; None unless the verdict is
            ``digit``.
        to_check: whether a person should check it.
        box: box of the cell, without its lines.
        value: what the text is worth if it is a plain number; else None.
        is_confirmed: whether a person confirmed the text, see `digitus.review`.
    """

    text: str
    verdict: CellVerdict
    confidence: float | None
    to_check: bool
    box: Box
    value: int | float | None = None
    is_confirmed: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "text": self.text,
            "value": self.value,
            "verdict": self.verdict,
            "confidence": None if self.is_confirmed else self.confidence,
            "to_check": self.to_check,
            **({"confirmed": True} if self.is_confirmed else {}),
            "box": list(self.box),
        }


@dataclass(frozen=True)
class Grid:
    """A drawn or printed table.

    Attributes:
        box: box around its lines.
        rows: cells from left to right, row by row from the top.
    """

    box: Box
    rows: tuple[tuple[Cell, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "box": list(self.box),
            "rows": [[cell.to_json() for cell in row] for row in self.rows],
        }


@dataclass(frozen=True)
class PageReading:
    """The reading of one page.

    Attributes:
        source: file of the page.
        page: number of the page in the file, from 1.
        width: width of the upright page in pixels.
        height: height of the upright page in pixels.
        lines: text lines from top to bottom; they include the numbers in grids.
        grids: grids from top to bottom.
        warnings: sentences about what makes the reading as a whole doubtful.
        preview: (rows, cols), 0 black to 255 white: the upright page, reduced, for notebooks; None
            unless ``read`` made it.
    """

    source: str
    page: int
    width: int
    height: int
    lines: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()
    warnings: tuple[str, ...] = ()
    preview: "NDArray[np.uint8] | None" = field(default=None, compare=False)

    def __repr__(self) -> str:
        """Return source and counts; the numbers would fill screens."""
        return f"<PageReading: {self.source}, page {self.page}, {_counts(self.numbers)}>"

    @property
    def numbers(self) -> Iterator[Number]:
        """Every number of the page, in reading order."""
        return (number for line in self.lines for number in line.numbers)

    @property
    def text(self) -> str:
        """The texts of the lines, separated by line breaks."""
        return "\n".join(line.text for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """Return JSON types."""
        return {
            "source": self.source,
            "page": self.page,
            "width": self.width,
            "height": self.height,
            "lines": [line.to_json() for line in self.lines],
            "grids": [grid.to_json() for grid in self.grids],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class Reading:
    """The readings of all pages.

    Attributes:
        pages: in the order of the sources.
        errors: failures of the pages and files that could not be read.
    """

    pages: tuple[PageReading, ...]
    errors: tuple[ReadFailure, ...] = ()

    @property
    def numbers(self) -> Iterator[Number]:
        """Every number, page by page, in reading order."""
        return (number for page in self.pages for number in page.numbers)

    def __repr__(self) -> str:
        """Return the counts of pages, numbers and errors."""
        counts = f"{_counted(len(self.pages), 'page')}, {_counts(self.numbers)}"
        errors = f", {_counted(len(self.errors), 'error')}" if self.errors else ""
        return f"<Reading: {counts}{errors}>"

    def _repr_html_(self) -> str:
        """Return the pages with their boxes and tables, for notebooks."""
        html: str = _export("notebook_html").reading_html(self)
        return html

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Write a row for each number, as ``digitus read --csv``.

        Raises:
            WriteError: if the file cannot be written.
        """
        _export("csv_tables").write_csv(path, self.pages)

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame with a row for each number and the columns of the CSV.

        Raises:
            DigitusError: if pandas is not installed.
        """
        return _export("data_frame").data_frame(self.pages)

    def to_json(self) -> dict[str, Any]:
        """Return JSON types: what ``digitus read --json`` prints."""
        return {
            "pages": [page.to_json() for page in self.pages],
            "errors": [error.to_json() for error in self.errors],
        }


def _export(name: str) -> Any:
    """Import a module of the exports at its use: all of them import this one."""
    return import_module(f"digitus.reader.export.{name}")


def _counts(numbers: Iterator[Number]) -> str:
    """Count the numbers, and those to check.

    >>> _counts(iter([]))
    '0 numbers'
    """
    flags = [number.to_check for number in numbers]
    return _counted(len(flags), "number") + (f", {sum(flags):,} to check" if any(flags) else "")


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
