"""A page's reading as rows of the database, and these as a reading again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any, cast

from sqlalchemy.orm import Session

from digitus.reader.pipeline.thresholds import CHECK_BELOW
from digitus.reader.results.grid_numbers import GridPlace, cells_in_order, place_in_grid
from digitus.reader.results.reading import (
    DOUBTFUL,
    Box,
    CellVerdict,
    Grid,
    Line,
    Mark,
    Number,
    PageReading,
    Verdict,
)
from digitus.reader.results.reading import Cell as GridCell
from digitus.reader.results.reading import Digit as ReadDigit
from digitus.reader.results.values import Decimal, with_values
from digitus.review.editing.order_keys import first_key
from digitus.review.records import cells_of_page, digits_of
from digitus.review.storage.schema import Cell, Digit, Page

DIGITS = frozenset("0123456789")


def add_reading(session: Session, page: Page, reading: PageReading) -> None:
    """Add the cells of a page that was read, and their digits."""
    page.grids = [grid.to_json() for grid in reading.grids]
    page.warnings = list(reading.warnings)
    places = iter(_grid_places(reading))
    numbers: list[tuple[Cell, Number]] = []
    for i, line in enumerate(reading.lines):
        for j, number in enumerate(line.numbers):
            cell = _number_cell(page, number, next(places))
            cell.line_key, cell.place_key = first_key(i), first_key(j)
            numbers.append((cell, number))
    taken = {(cell.grid, cell.row, cell.col) for cell, _ in numbers}
    session.add_all([cell for cell, _ in numbers])
    session.add_all(_cells_without_number(page, reading, taken))
    session.flush()
    for cell, number in numbers:
        session.add_all(_digits(cell, number))
    session.flush()


def new_cell(page: Page, text: str, box: Box) -> Cell:
    """Return a cell with a text, in no line."""
    cell = Cell(
        batch_id=page.batch_id,
        page_id=page.id,
        version=1,
        place_key=first_key(0),
        text=text,
        n_digits=count_digits(text),
        to_check=False,
        verdict="digit" if text else "blank",
        alternatives=[],
        marks=[],
        has_doubtful_mark=False,
        boxes_certain=True,
        is_added=False,
        is_deleted=False,
    )
    cell.box = box
    return cell


def count_digits(text: str) -> int:
    """Return how many digits a text has, declined ones included.

    >>> count_digits("-1?.5")
    3
    """
    return sum(one == DOUBTFUL or one in DIGITS for one in text)


def union_box(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes.

    >>> union_box([(0, 0, 10, 10), (20, 5, 10, 10)])
    (0, 0, 30, 15)
    """
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def page_reading(session: Session, page: Page, source: str, decimal: Decimal) -> PageReading:
    """Return a page as it was read and corrected.

    Args:
        session: of the page.
        page: a page that was read.
        source: name of its document.
        decimal: decimal sign of the page.
    """
    cells = [cell for cell in cells_of_page(session, page.id) if not cell.is_deleted]
    digits = digits_of(session, cells)
    lines: dict[str, list[Number]] = {}
    in_grids: dict[GridPlace, GridCell] = {}
    for cell in cells:
        if cell.line_key is not None:
            lines.setdefault(cell.line_key, []).append(_number(cell, digits[cell.id]))
        if cell.grid is not None and cell.row is not None and cell.col is not None:
            in_grids[GridPlace(cell.grid, cell.row, cell.col)] = _grid_cell(cell)
    reading = PageReading(
        source=source,
        page=page.number,
        width=page.width or 0,
        height=page.height or 0,
        lines=tuple(_line(numbers) for numbers in lines.values()),
        grids=tuple(_grids(page, in_grids)),
        warnings=tuple(page.warnings),
    )
    return with_values(reading, decimal)


def has_certain_boxes(cell: Cell, digits: Sequence[Digit]) -> bool:
    """Return whether the boxes of the digits that were read are those of the text's digits."""
    return cell.boxes_certain and cell.n_digits == len(digits)


def _grid_places(reading: PageReading) -> list[GridPlace | None]:
    """Return the places in grids of the numbers of a page; each place once."""
    places: list[GridPlace | None] = []
    for number in reading.numbers:
        place = place_in_grid(number, reading)
        places.append(None if place in places else place)
    # Two numbers of one text may have the same nearest cell; the second takes another one.
    left = [
        (place, cell)
        for place, cell in cells_in_order(reading)
        if cell.verdict == "digit" and place not in places
    ]
    for place, cell in left:
        same = [
            at
            for at, number in enumerate(reading.numbers)
            if places[at] is None and number.text == cell.text
        ]
        if same:
            places[same[0]] = place
    return places


def _number_cell(page: Page, number: Number, place: GridPlace | None) -> Cell:
    cell = new_cell(page, number.text, number.box)
    cell.read_text = number.text
    cell.confidence, cell.to_check = number.confidence, number.to_check
    cell.alternatives = [list(one) for one in number.alternatives]
    cell.marks = [mark.to_json() for mark in number.marks]
    cell.has_doubtful_mark = any(mark.certainty < CHECK_BELOW for mark in number.marks)
    if place is not None:
        cell.grid, cell.row, cell.col = place
    return cell


def _cells_without_number(
    page: Page, reading: PageReading, taken: set[tuple[int | None, int | None, int | None]]
) -> Iterator[Cell]:
    for place, found in cells_in_order(reading):
        if place not in taken:
            cell = new_cell(page, "", found.box)
            cell.read_text, cell.to_check = "", found.to_check
            cell.verdict = "blank" if found.verdict == "digit" else found.verdict
            cell.grid, cell.row, cell.col = place
            yield cell


def _digits(cell: Cell, number: Number) -> Iterator[Digit]:
    for place, read in enumerate(number.digits):
        left, top, width, height = read.box
        yield Digit(
            batch_id=cell.batch_id,
            cell_id=cell.id,
            place=place,
            digit=read.digit,
            read_digit=read.digit,
            confidence=read.confidence,
            left=left,
            top=top,
            width=width,
            height=height,
            alternatives=[list(one) for one in read.alternatives],
            verified=False,
        )


def _number(cell: Cell, digits: Sequence[Digit]) -> Number:
    is_confirmed = cell.confirmed_at is not None
    marks = tuple(_mark(facts) for facts in cell.marks) if cell.text == cell.read_text else ()
    return Number(
        text=cell.text,
        value=None,
        confidence=_confidence(cell),
        to_check=cell.to_check,
        box=cell.box,
        digits=tuple(_read_digits(cell, digits)),
        marks=marks,
        alternatives=((cell.text, 1.0),) if is_confirmed else _alternatives(cell),
        is_confirmed=is_confirmed,
    )


def _read_digits(cell: Cell, digits: Sequence[Digit]) -> Iterator[ReadDigit]:
    """Yield the digits of a text; where their boxes are unknown, each has that of the cell."""
    if has_certain_boxes(cell, digits):
        for one in digits:
            alternatives = tuple((digit, p) for digit, p in one.alternatives)
            verdict: Verdict = "not_a_digit" if one.digit is None else "digit"
            confidence = 1.0 if one.verified else one.confidence
            yield ReadDigit(one.digit, verdict, confidence, one.box, alternatives)
        return
    for sign in cell.text:
        if sign in DIGITS:
            yield ReadDigit(int(sign), "digit", _confidence(cell), cell.box, ())
        elif sign == DOUBTFUL:
            yield ReadDigit(None, "not_a_digit", _confidence(cell), cell.box, ())


def _mark(facts: dict[str, Any]) -> Mark:
    return Mark(facts["kind"], _box(facts), facts["in_text"], facts["confidence"])


def _box(facts: dict[str, Any]) -> Box:
    left, top, width, height = facts["box"]
    return left, top, width, height


def _alternatives(cell: Cell) -> tuple[tuple[str, float], ...]:
    found = tuple((text, probability) for text, probability in cell.alternatives)
    return found or ((cell.text, _confidence(cell)),)


def _confidence(cell: Cell) -> float:
    if cell.confirmed_at is not None:
        return 1.0
    return 0.0 if cell.confidence is None else cell.confidence


def _grid_cell(cell: Cell) -> GridCell:
    return GridCell(
        text=cell.text,
        verdict=cast(CellVerdict, cell.verdict),
        confidence=_confidence(cell) if cell.verdict == "digit" else None,
        to_check=cell.to_check,
        box=cell.box,
        is_confirmed=cell.confirmed_at is not None,
    )


def _line(numbers: Sequence[Number]) -> Line:
    text = " ".join(number.text for number in numbers)
    confidence = prod(number.confidence for number in numbers)
    return Line(text, confidence, union_box([number.box for number in numbers]), tuple(numbers))


def _grids(page: Page, cells: dict[GridPlace, GridCell]) -> Iterator[Grid]:
    for number, grid in enumerate(page.grids, start=1):
        rows = []
        for row, found in enumerate(grid["rows"], start=1):
            row_cells = []
            for col, facts in enumerate(found, start=1):
                box = _box(facts)
                live = cells.get(GridPlace(number, row, col))
                blank = GridCell("", "blank", None, False, box)
                row_cells.append(blank if live is None else replace(live, box=box))
            rows.append(tuple(row_cells))
        yield Grid(_box(grid), tuple(rows))
