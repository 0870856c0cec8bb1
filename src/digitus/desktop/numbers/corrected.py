"""A page with a number, or a cell of a grid, as a person corrected it."""

import re
from dataclasses import replace
from typing import Any

from digitus.desktop.numbers.table_layout import EntryPlace, NumberPlace
from digitus.reader.results.as_written import SIGNS
from digitus.reader.results.grid_numbers import GridPlace, place_in_grid
from digitus.reader.results.reading import Digit, Line, Number, PageReading
from digitus.reader.results.values import with_values

ALLOWED = re.compile(rf"[0-9{re.escape(''.join(SIGNS.values()))}]*", re.ASCII)
"""Texts that a number can have."""


def with_correction(page: PageReading, place: EntryPlace, text: str) -> PageReading:
    """Return a page with another text for a number, which is then sure.

    Values are inferred anew for the whole page, as its decimal sign may follow from the text.

    Args:
        page: the page.
        place: of a number, or of a cell that was read as none.
        text: the number; an empty text deletes it, or confirms that a cell has none.

    Raises:
        ValueError: if the text is no number.
    """
    text = text.strip()
    if isinstance(place, GridPlace) and not text:
        return _with_cell(page, place, to_check=False)
    if not text and not isinstance(place, GridPlace):
        return with_values(_without_number(page, place))
    if not (ALLOWED.fullmatch(text) and re.search("[0-9]", text)):
        raise ValueError(f"“{text[:20]}” is no number; type digits and their marks")
    if isinstance(place, GridPlace):
        return with_values(_with_new_number(page, place, text))
    number = page.lines[place[0]].numbers[place[1]]
    in_grid = place_in_grid(number, page)
    lines = list(page.lines)
    lines[place[0]] = _with_number(lines[place[0]], place[1], _corrected(number, text))
    page = replace(page, lines=tuple(lines))
    if in_grid is not None:
        page = _with_cell(page, in_grid, text=text, confidence=1.0, to_check=False)
    return with_values(page)


def _without_number(page: PageReading, place: NumberPlace) -> PageReading:
    """Return a page without a number; its cell becomes blank, an empty line is left out."""
    line = page.lines[place[0]]
    in_grid = place_in_grid(line.numbers[place[1]], page)
    numbers = tuple(one for i, one in enumerate(line.numbers) if i != place[1])
    lines = list(page.lines)
    if numbers:
        confidence = _confidence_without(line, place[1])
        text = " ".join(one.text for one in numbers)
        lines[place[0]] = replace(line, numbers=numbers, text=text, confidence=confidence)
    else:
        del lines[place[0]]
    page = replace(page, lines=tuple(lines))
    if in_grid is None:
        return page
    blank = {"text": "", "value": None, "verdict": "blank", "confidence": None}
    return _with_cell(page, in_grid, **blank, to_check=False)


def _with_new_number(page: PageReading, place: GridPlace, text: str) -> PageReading:
    """Return a page with a number in a cell; it is added to the line of the cell's row."""
    box = page.grids[place.grid - 1].rows[place.row - 1][place.column - 1].box
    number = _corrected(Number(text, None, 1.0, False, box, ()), text)
    at = _line_of_row(page, place)
    lines = list(page.lines)
    if at is None:
        above = sum(line.box[1] < box[1] for line in lines)
        lines.insert(above, Line(text, 1.0, box, (number,)))
    else:
        numbers = sorted((*lines[at].numbers, number), key=lambda one: one.box[0])
        joined = " ".join(one.text for one in numbers)
        lines[at] = replace(lines[at], numbers=tuple(numbers), text=joined)
    page = replace(page, lines=tuple(lines))
    return _with_cell(page, place, text=text, verdict="digit", confidence=1.0, to_check=False)


def _line_of_row(page: PageReading, place: GridPlace) -> int | None:
    """Return the line that has the other numbers of a cell's row; None if there are none."""
    for i, line in enumerate(page.lines):
        places = (place_in_grid(number, page) for number in line.numbers)
        if any(other is not None and other[:2] == place[:2] for other in places):
            return i
    return None


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
    text = " ".join(one.text for one in numbers)
    confidence = _confidence_without(line, place)
    return replace(line, numbers=numbers, text=text, confidence=confidence)


def _confidence_without(line: Line, place: int) -> float:
    """Return the confidence of a line whose number at a place is sure, or is not there.

    The numbers of a line are right independently of each other, about.
    """
    return min(1.0, line.confidence / max(line.numbers[place].confidence, line.confidence))


def _with_cell(page: PageReading, place: GridPlace, **changes: Any) -> PageReading:
    """Return a page with changes to a cell of a grid."""
    grids = list(page.grids)
    rows = [list(row) for row in grids[place.grid - 1].rows]
    cells = rows[place.row - 1]
    cells[place.column - 1] = replace(cells[place.column - 1], **changes)
    grids[place.grid - 1] = replace(grids[place.grid - 1], rows=tuple(map(tuple, rows)))
    return replace(page, grids=tuple(grids))
