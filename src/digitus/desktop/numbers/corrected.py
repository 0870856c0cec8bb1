"""A page with a number as a person corrected it."""

import re
from dataclasses import replace

from digitus.desktop.numbers.table_layout import NumberPlace
from digitus.reader.results.as_written import SIGNS
from digitus.reader.results.grid_numbers import place_in_grid
from digitus.reader.results.reading import Digit, Grid, Line, Number, PageReading
from digitus.reader.results.values import with_values

ALLOWED = re.compile(rf"[0-9{re.escape(''.join(SIGNS.values()))}]*", re.ASCII)
"""Texts that a number can have."""


def with_correction(page: PageReading, place: NumberPlace, text: str) -> PageReading:
    """Return a page with another text for one of its numbers, which is then sure.

    Values are inferred anew for the whole page, as its decimal sign may follow from the text.

    Raises:
        ValueError: if the text is no number.
    """
    text = text.strip()
    if not (ALLOWED.fullmatch(text) and re.search("[0-9]", text)):
        raise ValueError(f"“{text[:20]}” is no number; type digits and their marks")
    number = page.lines[place[0]].numbers[place[1]]
    in_grid = place_in_grid(number, page)
    lines = list(page.lines)
    lines[place[0]] = _with_number(lines[place[0]], place[1], _corrected(number, text))
    grids = list(page.grids)
    if in_grid is not None:
        grids[in_grid.grid - 1] = _with_cell(grids[in_grid.grid - 1], in_grid[1:], text)
    return with_values(replace(page, lines=tuple(lines), grids=tuple(grids)))


def _corrected(number: Number, text: str) -> Number:
    """Return a number with another text; its digits keep their boxes if there are as many."""
    digits = [int(sign) for sign in text if sign.isdecimal()]
    boxes = [one.box for one in number.digits]
    if len(boxes) != len(digits):
        boxes = [number.box] * len(digits)
    return replace(
        number,
        text=text,
        confidence=1.0,
        to_check=False,
        digits=tuple(
            Digit(digit, "digit", 1.0, box, ((digit, 1.0),))
            for digit, box in zip(digits, boxes, strict=True)
        ),
        marks=(),
        alternatives=((text, 1.0),),
    )


def _with_number(line: Line, place: int, number: Number) -> Line:
    numbers = tuple(number if i == place else one for i, one in enumerate(line.numbers))
    # The numbers of a line are right independently of each other, about.
    confidence = min(1.0, line.confidence / max(line.numbers[place].confidence, line.confidence))
    text = " ".join(one.text for one in numbers)
    return replace(line, numbers=numbers, text=text, confidence=confidence)


def _with_cell(grid: Grid, place: tuple[int, int], text: str) -> Grid:
    """Return a grid with another text in a cell, whose row and column are counted from 1."""
    rows = [list(row) for row in grid.rows]
    row, column = place
    cell = rows[row - 1][column - 1]
    rows[row - 1][column - 1] = replace(cell, text=text, confidence=1.0, to_check=False)
    return replace(grid, rows=tuple(map(tuple, rows)))
