"""Make results of symbols: digits, numbers, lines; and scale the results of a page."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod

from digitus.reader.pipeline.doubts.row_columns import doubt_extra_numbers
from digitus.reader.pipeline.doubts.text_pages import doubt_on_text_page
from digitus.reader.pipeline.letters import (
    doubt_in_letter_columns,
    doubtful_words_in_columns,
    labels_as_letters,
    letters_in_words,
    wide_as_letters,
)
from digitus.reader.pipeline.number_grouping import SymbolGroup, group_numbers, page_limits
from digitus.reader.pipeline.unread_marks import set_aside, with_unread_marks
from digitus.reader.results.as_written import likeliest_texts, with_alternative, written
from digitus.reader.results.reading import Box, Digit, Grid, Line, Mark, Number, PageReading
from digitus.reader.results.symbols import Lines, Symbol

_MAX_ALTERNATIVES = 3  # digits listed for each place of a number, the likeliest included


def make_versions(versions: Sequence[Lines]) -> list[list[Line]]:
    """Make the text lines of each version of a page; the same gaps separate numbers in all.

    Lines without a digit are left out.

    Args:
        versions: lines of symbols of each version of the page's ink.
    """
    read, unread = zip(*map(set_aside, versions), strict=True)
    without_words = [_without_letters(lines) for lines in read]
    limits = page_limits(without_words)
    grouped = [
        doubt_on_text_page(doubt_extra_numbers(group_numbers(lines, limits)), lines)
        for lines in without_words
    ]
    return [
        [join_numbers(_make_numbers(line)) for line in with_unread_marks(lines, marks)]
        for lines, marks in zip(grouped, unread, strict=True)
    ]


def _without_letters(lines: Lines) -> Lines:
    """Turn the digits of words and labels into letters, or doubt them."""
    in_words = [[letters_in_words(symbols) for symbols in line] for line in wide_as_letters(lines)]
    return doubt_in_letter_columns(labels_as_letters(doubtful_words_in_columns(in_words)))


def _make_numbers(line: Sequence[SymbolGroup]) -> list[Number]:
    """Make the numbers of a line; where two may be one, each has the joined text as alternative."""
    numbers = [make_number(one.symbols, p_complete=one.p_complete) for one in line]
    for place, (group, (one, other)) in enumerate(zip(line, pairwise(list(numbers)), strict=False)):
        if group.joined_with_next:
            numbers[place : place + 2] = [
                replace(
                    each,
                    alternatives=with_alternative(
                        each.alternatives, one.text + other.text, group.joined_with_next
                    ),
                )
                for each in (numbers[place], other)
            ]
    return numbers


def join_numbers(numbers: Sequence[Number]) -> Line:
    """Make a line of numbers, one at least, from left to right."""
    return Line(
        text=" ".join(number.text for number in numbers),
        confidence=prod(number.confidence for number in numbers),
        box=bounding_box([number.box for number in numbers]),
        numbers=tuple(numbers),
    )


def make_number(symbols: Sequence[Symbol], *, p_complete: float = 1.0) -> Number:
    """Make a number of its digits and marks; what is neither is a mark of the kind ``other``.

    Its value is set later, because it depends on the other numbers of the page.

    Args:
        symbols: from left to right, one digit at least.
        p_complete: probability, 0 to 1, that they are one number and none of its digits is missing.
    """
    digits = tuple(_make_digit(symbol) for symbol in symbols if symbol.kind == "digit")
    marks = tuple(_make_mark(symbol) for symbol in symbols if symbol.kind != "digit")
    alternatives = likeliest_texts(digits, marks, p_complete)
    in_text = [mark.box for mark in marks if mark.in_text]
    return Number(
        text=written(digits, marks),
        value=None,
        confidence=alternatives[0][1],
        to_check=False,
        box=bounding_box([digit.box for digit in digits] + in_text),
        digits=digits,
        marks=marks,
        alternatives=alternatives,
    )


def bounding_box(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes, one at least.

    >>> bounding_box([(0, 10, 5, 5), (10, 8, 5, 5)])
    (0, 8, 15, 7)
    """
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def scale_page(page: PageReading, factor: float) -> PageReading:
    """Scale the size of a page and all its boxes by a factor of 1.0 or more."""
    if factor == 1:
        return page
    return replace(
        page,
        width=round(page.width * factor),
        height=round(page.height * factor),
        lines=tuple(_scale_line(line, factor) for line in page.lines),
        grids=tuple(_scale_grid(grid, factor) for grid in page.grids),
    )


def scale_box(box: Box, factor: float) -> Box:
    """Scale a box by a factor, rounded to whole pixels, at least one of them wide and high.

    >>> scale_box((10, 20, 5, 7), 2.0)
    (20, 40, 10, 14)
    """
    left, top, width, height = (round(side * factor) for side in box)
    return left, top, max(1, width), max(1, height)


def _scale_line(line: Line, factor: float) -> Line:
    numbers = tuple(
        replace(
            number,
            box=scale_box(number.box, factor),
            digits=tuple(replace(one, box=scale_box(one.box, factor)) for one in number.digits),
            marks=tuple(replace(one, box=scale_box(one.box, factor)) for one in number.marks),
        )
        for number in line.numbers
    )
    return replace(line, box=scale_box(line.box, factor), numbers=numbers)


def _scale_grid(grid: Grid, factor: float) -> Grid:
    rows = (
        tuple(replace(cell, box=scale_box(cell.box, factor)) for cell in row) for row in grid.rows
    )
    return Grid(scale_box(grid.box, factor), tuple(rows))


def _make_mark(symbol: Symbol) -> Mark:
    if symbol.kind == "digit":
        raise ValueError("a digit is no mark")
    if symbol.kind == "other":
        return Mark("other", symbol.box, in_text=False)
    return Mark(symbol.kind, symbol.box, symbol.is_read, symbol.confidence)


def _make_digit(symbol: Symbol) -> Digit:
    """Make a digit with its alternatives, which share what its confidence leaves of 1."""
    shares = symbol.probabilities
    if shares is None:
        raise ValueError("a symbol of kind digit needs probabilities")
    best, *others = (int(one) for one in shares.argsort()[::-1][:_MAX_ALTERNATIVES])
    left = 1 - symbol.confidence
    scale = left / max(1 - float(shares[best]), 1e-12)
    alternatives = [(one, min(float(shares[one]) * scale, left)) for one in others]
    return Digit(
        digit=best,
        verdict="digit",
        confidence=symbol.confidence,
        box=symbol.box,
        alternatives=((best, symbol.confidence), *alternatives),
    )
