"""Mend the grouping of a page: join and split numbers, add and delete them, break and join lines.

A digit that was read stays in the database whatever becomes of its number, so that every edit can
be undone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import prod
from typing import Any, Literal, TypeAlias

from sqlalchemy.orm import Session

from digitus.errors import Conflict, NotThere, ReviewError
from digitus.json_values import is_of_type
from digitus.reader.results.reading import Box
from digitus.review.cell_lists import check_word
from digitus.review.changes import change_page
from digitus.review.editing.confirmation import (
    SeenCell,
    check_versions,
    checked_reviewer,
    checked_text,
    confirm_cell,
    mark_confirmed,
)
from digitus.review.editing.order_keys import first_key
from digitus.review.editing.page_lines import PageLines, next_place_key, place_key
from digitus.review.editing.snapshots import RecordedEdit
from digitus.review.page_results import count_digits, has_certain_boxes, new_cell, union_box
from digitus.review.record_types import WholePageJson
from digitus.review.records import cells_json, cells_of_page, digits_of, whole_page_json
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Cell, Digit, Page

Kind: TypeAlias = Literal["join", "split", "add", "delete", "restore", "break_line", "join_lines"]
Operation: TypeAlias = Mapping[str, Any]
"""What to do, as JSON: ``kind`` and what it needs, see `edit`."""


def edit(database: Database, page_id: int, operation: Operation, reviewer: str) -> WholePageJson:
    """Edit a page; return it as it is then.

    Args:
        database: with the page.
        page_id: a page that was read.
        operation: a ``kind`` with ``{"id", "version"}`` of the cells as they were seen. ``join``:
            ``cells``, and a ``text`` if it is not theirs one after the other. ``split``: ``cell``
            and ``texts``. ``add``: ``text``, ``line`` from 1 (None is a new line), ``position``
            from 1 in the line, and ``box``. ``delete``, ``restore``: ``cell``. ``break_line``: the
            cell that is the first of the new line, ``before``. ``join_lines``: ``line`` from 1,
            which is joined with the next one.
        reviewer: who does it.

    Raises:
        Conflict: if somebody else has changed one of the cells.
        NotThere: if there is no such page, cell or line.
        ReviewError: if it is not possible.
    """
    check_word("kind", operation.get("kind", ""), Kind)
    reviewer = checked_reviewer(reviewer)
    with database.writing() as session:
        change, page = change_page(session, page_id)
        if page.state != "read":
            raise ReviewError(f"page {page_id}: was not read, so it has no numbers; wait for it")
        now = database.now(session)
        recorded = RecordedEdit(change, reviewer, cells_of_page(session, page_id))
        sentence = _EDITS[operation["kind"]](_PageEdit(session, page, recorded, now), operation)
        recorded.finish(sentence)
        change.note_page(page)
        session.flush()
        return whole_page_json(session, page, now)


class _PageEdit:
    """A page that is being edited."""

    def __init__(self, session: Session, page: Page, recorded: RecordedEdit, now: datetime) -> None:
        self.session, self.page, self.now = session, page, now
        self.recorded, self.reviewer = recorded, recorded.reviewer
        self.lines = PageLines(session, page.id)
        self.cells = {cell.id: cell for cell in recorded.cells}

    def seen(self, references: Any, *, deleted: bool = False) -> list[Cell]:
        """Return the cells of references in reading order, checked to be as they were seen."""
        seen = [_seen(one) for one in references]
        for one in seen:
            if one.id not in self.cells:
                raise NotThere(f"cell {one.id}: there is no such cell on this page; reload it")
        ids = {one.id for one in seen}
        cells = [cell for cell in self.cells.values() if cell.id in ids]
        if deleted:
            versions = {one.id: one.version for one in seen}
            changed = [
                cell for cell in cells if not cell.is_deleted or cell.version != versions[cell.id]
            ]
            if changed:
                found = cells_json(self.session, changed, self.now)
                raise Conflict("somebody has restored or changed this number meanwhile", found)
        else:
            check_versions(self.session, cells, seen, self.now)
        return cells

    def number(self, reference: Any) -> Cell:
        """Return the one number of a reference."""
        cell = self.seen([reference])[0]
        if cell.line_key is None:
            raise ReviewError(f"cell {cell.id}: holds no number; confirm one for it first")
        return cell

    def confirm(self, cell: Cell, text: str) -> None:
        """Confirm a text that the reviewer typed."""
        confirm_cell(self.session, cell, text)
        mark_confirmed(cell, self.reviewer, self.now)

    def digits(self, cell: Cell) -> list[Digit]:
        """Return the digits of a cell."""
        return digits_of(self.session, [cell])[cell.id]

    def give(self, digits: Sequence[Digit], cell: Cell) -> None:
        """Make digits those of a cell, in their order."""
        for place, digit in enumerate(digits):
            digit.cell_id, digit.place = cell.id, place
        self.session.flush()


def _join(page: _PageEdit, operation: Operation) -> str:
    cells = page.seen(_list(operation, "cells"))
    if len(cells) < 2 or any(cell.line_key is None for cell in cells):
        raise ReviewError("join: expected two numbers or more; choose them on one page")
    first, *others = cells
    typed = operation.get("text")
    text = "".join(cell.text for cell in cells)
    digits = [page.digits(cell) for cell in cells]
    first.boxes_certain = all(map(has_certain_boxes, cells, digits))
    first.box = union_box([cell.box for cell in cells])
    first.marks = [mark for cell in cells for mark in cell.marks]
    first.has_doubtful_mark = any(cell.has_doubtful_mark for cell in cells)
    first.confidence = prod(1.0 if one.confidence is None else one.confidence for one in cells)
    first.alternatives = [[text, first.confidence]]
    all_confirmed = all(cell.confirmed_at is not None for cell in cells)
    first.to_check = any(cell.to_check for cell in cells)
    first.text, first.n_digits = text, count_digits(text)
    if first.read_text is not None:
        first.read_text = "".join(cell.read_text or "" for cell in cells)
    page.give([digit for group in digits for digit in group], first)
    for cell in others:
        cell.is_deleted, cell.joined_to = True, first.id
    if typed is not None:
        page.confirm(first, checked_text(_text(typed)))
    elif all_confirmed:
        mark_confirmed(first, page.reviewer, page.now)
    else:
        first.confirmed_by = first.confirmed_at = None
    return f"joined {first.text}"


def _split(page: _PageEdit, operation: Operation) -> str:
    cell = page.number(operation.get("cell"))
    texts = [checked_text(_text(one)) for one in _list(operation, "texts")]
    if len(texts) < 2:
        raise ReviewError("split: expected two texts or more; type them with a space between")
    digits, whole, marks = page.digits(cell), cell.text, cell.marks
    counts = [count_digits(text) for text in texts]
    is_certain = has_certain_boxes(cell, digits) and sum(counts) == len(digits)
    if not is_certain:
        counts = [len(digits), *(0 for _ in texts[1:])]
    groups = [digits[sum(counts[:at]) : sum(counts[: at + 1])] for at in range(len(texts))]
    boxes = _boxes_of_parts(cell.box, texts, groups if is_certain else None)
    line = page.lines.all_of(cell.line_key or "")
    parts = [cell]
    for text, box in zip(texts[1:], boxes[1:], strict=True):
        part = new_cell(page.page, text, box)
        part.line_key, part.place_key = cell.line_key, next_place_key(line, parts[-1])
        line.insert(line.index(parts[-1]) + 1, part)
        page.recorded.add(part)
        parts.append(part)
    cell.box = boxes[0]
    middles = [box[0] + box[2] / 2 for box in boxes]
    for part in parts:
        part.boxes_certain, part.marks = is_certain, []
    for mark in marks:
        middle = mark["box"][0] + mark["box"][2] / 2
        nearest = min(range(len(parts)), key=lambda at: abs(middles[at] - middle))
        parts[nearest].marks = [*parts[nearest].marks, mark]
    for part, text, group in zip(parts, texts, groups, strict=True):
        page.give(group, part)
        page.confirm(part, text)
    return f"split {whole}"


def _add(page: _PageEdit, operation: Operation) -> str:
    text = checked_text(_text(operation.get("text")))
    number, position = operation.get("line"), operation.get("position", 1)
    if not is_of_type(number, int | None) or not is_of_type(position, int):
        raise ReviewError("add: expected whole numbers as line and position, got others")
    box = operation.get("box")
    if number is None:
        cell = new_cell(page.page, text, _page_box(page.page, box or [0, 0, 1 << 30, 1 << 30]))
        page.lines.put_in_new_line(cell)
    else:
        key, line = page.lines.line(number)
        at = min(max(position, 1), len(line) + 1) - 1
        cell = new_cell(page.page, text, _page_box(page.page, box or _gap(page.page, line, at)))
        cell.line_key, cell.place_key = key, place_key(line, at)
    cell.is_added = True
    page.recorded.add(cell)
    page.confirm(cell, text)
    return f"added {text}"


def _delete(page: _PageEdit, operation: Operation) -> str:
    cell = page.number(operation.get("cell"))
    cell.is_deleted = True
    cell.locked_by = cell.locked_until = None
    return f"deleted {cell.text}"


def _restore(page: _PageEdit, operation: Operation) -> str:
    cell = page.seen([operation.get("cell")], deleted=True)[0]
    if cell.joined_to is not None:
        raise ReviewError(f"cell {cell.id}: was joined to another number; split that one")
    cell.is_deleted = False
    return f"restored {cell.text}"


def _break_line(page: _PageEdit, operation: Operation) -> str:
    cell = page.number(operation.get("before"))
    key = cell.line_key or ""
    if page.lines.lines[key][0].id == cell.id:
        raise ReviewError(f"break_line: {cell.text} is the first of its line already")
    line = page.lines.all_of(key)
    new_key = page.lines.key_behind(key)
    for one in line[line.index(cell) :]:
        one.line_key = new_key
    return f"broke the line before {cell.text}"


def _join_lines(page: _PageEdit, operation: Operation) -> str:
    number: Any = operation.get("line")
    if not is_of_type(number, int):
        raise ReviewError(f"join_lines: expected the number of a line, got {number!r:.40}")
    key, _ = page.lines.line(number)
    next_key, _ = page.lines.line(number + 1)
    cells = [*page.lines.all_of(key), *page.lines.all_of(next_key)]
    for place, cell in enumerate(sorted(cells, key=lambda cell: cell.left)):
        cell.line_key, cell.place_key = key, first_key(place)
    return f"joined lines {number} and {number + 1}"


_EDITS: Mapping[str, Callable[[_PageEdit, Operation], str]] = {
    "join": _join,
    "split": _split,
    "add": _add,
    "delete": _delete,
    "restore": _restore,
    "break_line": _break_line,
    "join_lines": _join_lines,
}


def _boxes_of_parts(
    box: Box, texts: Sequence[str], digits: Sequence[Sequence[Digit]] | None
) -> list[Box]:
    """Return the boxes of the parts of a number: around their digits if these are known."""
    if digits is not None and all(digits):
        return [union_box([digit.box for digit in group]) for group in digits]
    left, top, width, height = box
    lengths = [len(text) for text in texts]
    edges = [left + width * sum(lengths[:at]) // sum(lengths) for at in range(len(texts) + 1)]
    return [(start, top, max(1, end - start), height) for start, end in pairwise(edges)]


def _gap(page: Page, line: Sequence[Cell], at: int) -> Sequence[int]:
    """Return the box between two numbers of a line, or that of the line if there is no space."""
    left, top, width, height = union_box([cell.box for cell in line])
    start = line[at - 1].left + line[at - 1].width if at > 0 else 0
    end = line[at].left if at < len(line) else page.width or 0
    return (start, top, end - start, height) if end > start else (left, top, width, height)


def _page_box(page: Page, box: Any) -> Box:
    """Return the part of a box that lies on a page."""
    if not is_of_type(list(box) if isinstance(box, tuple) else box, list[int]) or len(box) != 4:
        raise ReviewError("box: expected four whole numbers, left, top, width and height")
    left, top = max(0, box[0]), max(0, box[1])
    right = min(page.width or 0, box[0] + box[2])
    bottom = min(page.height or 0, box[1] + box[3])
    if right <= left or bottom <= top:
        raise ReviewError("box: expected a part of the page, got a box beside it; draw it again")
    return left, top, right - left, bottom - top


def _seen(reference: Any) -> SeenCell:
    if isinstance(reference, Mapping):
        seen = SeenCell(reference.get("id", None), reference.get("version", None))
        if is_of_type([*seen], list[int]):
            return seen
    raise ReviewError('a cell: expected {"id", "version"} with whole numbers, got something else')


def _list(operation: Operation, name: str) -> list[Any]:
    value = operation.get(name)
    if not isinstance(value, list):
        raise ReviewError(f"{name}: expected a list, got something else")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ReviewError("the text of a number: expected a text, got something else")
    return value
