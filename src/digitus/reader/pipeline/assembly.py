"""Symbols become numbers, numbers lines, and a grid's pieces cells."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from digitus.reader.pipeline.wholeness import Wholeness
from digitus.reader.results.reading import Box, Cell, Digit, Grid, Line, Mark, Number, PageReading
from digitus.reader.results.symbols import Symbol

_ALTERNATIVES = 3


def make_line(numbers: Iterable[Sequence[Symbol]], wholeness: Wholeness) -> Line | None:
    """Make a line of numbers, each given as its pieces; None where no piece is a digit."""
    made = [make_number(one, whole=wholeness.of(one)) for one in numbers if digits_of(one)]
    return line_of(made) if made else None


def line_of(numbers: Sequence[Number]) -> Line:
    """Put numbers, one at least, side by side."""
    return Line(
        text=" ".join(number.text for number in numbers),
        confidence=prod(number.confidence for number in numbers),
        box=around([number.box for number in numbers]),
        numbers=tuple(numbers),
    )


def make_number(pieces: Sequence[Symbol], *, whole: float = 1.0) -> Number:
    """Make a number of its pieces, one digit at least; scrap among them is left out.

    Args:
        pieces: from left to right.
        whole: probability that no digit of it is missing.
    """
    digits = tuple(map(_digit, digits_of(pieces)))
    marks = tuple(
        Mark(piece.kind, piece.box) for piece in pieces if piece.kind in ("dot", "comma", "dash")
    )
    return Number(
        text="".join(str(digit.digit) for digit in digits),
        confidence=whole * prod(digit.confidence for digit in digits),
        to_check=False,
        box=around([digit.box for digit in digits]),
        digits=digits,
        marks=marks,
    )


def make_cell(number: Number | None, box: Box, *, blank: bool, struck_out: bool) -> Cell:
    """Answer a cell: with its number, or why it has none."""
    if struck_out:
        return Cell("", "struck_out", None, False, box)
    if number is not None:
        return Cell(number.text, "digit", number.confidence, number.to_check, box)
    return Cell("", "blank" if blank else "not_a_digit", None, not blank, box)


def digits_of(pieces: Iterable[Symbol]) -> list[Symbol]:
    """Return the pieces that are digits."""
    return [piece for piece in pieces if piece.kind == "digit" and piece.probabilities is not None]


def around(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes, one at least.

    >>> around([(0, 10, 5, 5), (10, 8, 5, 5)])
    (0, 8, 15, 7)
    """
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def enlarged(page: PageReading, factor: float) -> PageReading:
    """Return a page with all boxes in pixels of an image larger by a factor of 1.0 or more."""
    if factor == 1:
        return page
    return replace(
        page,
        width=round(page.width * factor),
        height=round(page.height * factor),
        lines=tuple(_enlarged_line(line, factor) for line in page.lines),
        grids=tuple(_enlarged_grid(grid, factor) for grid in page.grids),
    )


def _enlarged_line(line: Line, factor: float) -> Line:
    numbers = tuple(
        replace(
            number,
            box=scaled(number.box, factor),
            digits=tuple(replace(one, box=scaled(one.box, factor)) for one in number.digits),
            marks=tuple(replace(one, box=scaled(one.box, factor)) for one in number.marks),
        )
        for number in line.numbers
    )
    return replace(line, box=scaled(line.box, factor), numbers=numbers)


def _enlarged_grid(grid: Grid, factor: float) -> Grid:
    rows = (tuple(replace(cell, box=scaled(cell.box, factor)) for cell in row) for row in grid.rows)
    return Grid(scaled(grid.box, factor), tuple(rows))


def scaled(box: Box, factor: float) -> Box:
    """Multiply a box by a factor, to whole pixels.

    >>> scaled((10, 20, 5, 7), 2.0)
    (20, 40, 10, 14)
    """
    left, top, width, height = (round(side * factor) for side in box)
    return left, top, max(1, width), max(1, height)


def _digit(piece: Symbol) -> Digit:
    """Tell a digit and the likeliest others; what it is not sure of is shared among these."""
    shares = piece.probabilities
    if shares is None:
        raise ValueError("a digit without probabilities")
    best, *others = (int(one) for one in shares.argsort()[::-1][:_ALTERNATIVES])
    rest = (1 - piece.confidence) / max(1 - float(shares[best]), 1e-12)
    alternatives = [(one, min(float(shares[one]) * rest, 1 - piece.confidence)) for one in others]
    return Digit(
        digit=best,
        verdict="digit",
        confidence=piece.confidence,
        box=piece.box,
        alternatives=((best, piece.confidence), *alternatives),
    )
