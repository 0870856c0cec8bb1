"""What a person says of cells: confirm, verify digits, flag, lock softly, undo.

Whoever changes a cell names the version that was seen. If the cell has another one by now, nothing
is changed, and the cell as it is comes back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import prod
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from digitus.errors import Conflict, NotThere, ReviewError
from digitus.reader.results.reading import DOUBTFUL
from digitus.review.batches import shown_name
from digitus.review.changes import BatchChange, change_cell
from digitus.review.editing.page_lines import PageLines
from digitus.review.editing.snapshots import RecordedEdit, last_edit, restore, snapshots
from digitus.review.page_results import DIGITS, count_digits, has_certain_boxes
from digitus.review.record_types import CellJson
from digitus.review.records import cells_json, digits_of
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Cell, Digit, Page

MOST_CHARACTERS = 60
"""Length of a number that a person may type."""


class SeenCell(NamedTuple):
    """A cell, and the version of it that a person saw."""

    id: int
    version: int


class SeenDigit(NamedTuple):
    """A digit of a cell, its place from 0, and the version of the cell that a person saw."""

    cell_id: int
    place: int
    version: int


class TypedDigit(NamedTuple):
    """A digit of a cell as `SeenDigit` names it, and the value, 0 to 9, that a person typed."""

    cell_id: int
    place: int
    version: int
    value: int


class _OfCell(Protocol):
    @property
    def cell_id(self) -> int: ...


_OneOfCell = TypeVar("_OneOfCell", bound=_OfCell)


class ConfirmedJson(TypedDict):
    """Cells that were confirmed, and those that somebody else has changed."""

    confirmed: list[CellJson]
    conflicts: list[CellJson]


class VerifiedJson(TypedDict):
    """Cells whose digits were verified or flagged, and those that somebody else has changed."""

    cells: list[CellJson]
    conflicts: list[CellJson]


class UndoneJson(TypedDict):
    """What was undone, None if there was nothing; and the cells as they are now."""

    undone: str | None
    cells: list[CellJson]


def lock(database: Database, cell_id: int, reviewer: str, seconds: float) -> CellJson:
    """Note that a reviewer has a cell open, unless another one has; return the cell.

    Raises:
        NotThere: if there is no such cell.
    """
    reviewer = checked_reviewer(reviewer)
    with database.writing() as session:
        change, cell = change_cell(session, cell_id)
        now = database.now(session)
        if not _is_locked_for(cell, reviewer, now):
            if cell.locked_by != reviewer:
                change.note_cells([cell])
            cell.locked_by, cell.locked_until = reviewer, now + timedelta(seconds=seconds)
        return cells_json(session, [cell], now)[0]


def unlock(database: Database, cell_id: int, reviewer: str) -> None:
    """Note that a reviewer has closed a cell.

    Raises:
        NotThere: if there is no such cell.
    """
    with database.writing() as session:
        change, cell = change_cell(session, cell_id)
        if cell.locked_by == checked_reviewer(reviewer):
            _unlock(cell)
            change.note_cells([cell])


def confirm(database: Database, seen: SeenCell, text: str, reviewer: str) -> CellJson:
    """Confirm what a cell says; the text may be corrected, or empty for a cell of a grid.

    Raises:
        Conflict: if somebody else has changed the cell.
        NotThere: if there is no such cell.
        ReviewError: if the text is none that can be confirmed.
    """
    reviewer = checked_reviewer(reviewer)
    with database.writing() as session:
        change, cell = change_cell(session, seen.id)
        now = database.now(session)
        check_versions(session, [cell], [seen], now)
        edit = RecordedEdit(change, reviewer, [cell])
        confirm_cell(session, cell, checked_text(text, may_be_empty=cell.grid is not None))
        mark_confirmed(cell, reviewer, now)
        change.note_cells(edit.finish(f"confirmed {cell.text or 'an empty cell'}"))
        return cells_json(session, [cell], now)[0]


def confirm_many(
    database: Database, batch_id: int, seen: Sequence[SeenCell], reviewer: str
) -> ConfirmedJson:
    """Confirm cells as they were read; those with a declined digit are left as they are.

    Raises:
        NotThere: if there is no such batch or cell.
    """
    reviewer = checked_reviewer(reviewer)
    with database.writing() as session:
        change = BatchChange(session, batch_id)
        now = database.now(session)
        cells = _cells_of_batch(session, batch_id, [one.id for one in seen])
        stale = {one.id for one in seen if not is_as_seen(cells[one.id], one.version)}
        stale |= {cell.id for cell in cells.values() if DOUBTFUL in cell.text}
        same = [cell for cell in cells.values() if cell.id not in stale]
        edit = RecordedEdit(change, reviewer, same)
        for cell in same:
            confirm_cell(session, cell, cell.text)
            mark_confirmed(cell, reviewer, now)
        change.note_cells(edit.finish(f"confirmed {_counted(len(same), 'number')}"))
        return {
            "confirmed": cells_json(session, same, now),
            "conflicts": cells_json(session, [cells[one] for one in sorted(stale)], now),
        }


def verify_digits(
    database: Database,
    batch_id: int,
    digits: Iterable[SeenDigit],
    odd: Iterable[SeenDigit],
    typed: Iterable[TypedDigit],
    reviewer: str,
) -> VerifiedJson:
    """Verify digits that were read right, flag the cells of the odd ones, and keep the typed ones.

    A cell whose digits are all verified is confirmed, unless one of its marks is doubtful. A typed
    digit takes its place in the text of its cell, also where it was declined; a cell whose digits
    have no certain places in its text is left as it is, and comes back with the conflicts.

    Raises:
        NotThere: if there is no such batch, cell or digit.
    """
    reviewer = checked_reviewer(reviewer)
    right, wrong, named = _by_cell(digits), _by_cell(odd), _by_cell(typed)
    with database.writing() as session:
        change = BatchChange(session, batch_id)
        now = database.now(session)
        cells = _cells_of_batch(session, batch_id, [*right, *wrong, *named])
        seen = [
            (one.cell_id, one.version)
            for group in (right, wrong, named)
            for of_cell in group.values()
            for one in of_cell
        ]
        found = digits_of(session, cells.values())
        stale = {cell_id for cell_id, version in seen if not is_as_seen(cells[cell_id], version)}
        stale |= {one for one in named if not has_certain_boxes(cells[one], found[one])}
        same = [cell for cell in cells.values() if cell.id not in stale]
        edit = RecordedEdit(change, reviewer, same)
        for cell in same:
            for typed_digit in named.get(cell.id, []):
                _digit(found[cell.id], typed_digit)
                _type_digit(cell, found[cell.id], typed_digit)
            for one in right.get(cell.id, []):
                digit = _digit(found[cell.id], one)
                digit.verified = digit.digit is not None
            for one in wrong.get(cell.id, []):
                _digit(found[cell.id], one).verified = False
                flag_cell(cell)
            if cell.id not in wrong:
                _confirm_if_verified(cell, found[cell.id], reviewer, now)
        n_seen = sum(len(right.get(cell.id, [])) + len(named.get(cell.id, [])) for cell in same)
        change.note_cells(edit.finish(f"verified {_counted(n_seen, 'digit')}"))
        return {
            "cells": cells_json(session, same, now),
            "conflicts": cells_json(session, [cells[one] for one in sorted(stale)], now),
        }


def flag(database: Database, seen: SeenCell, reviewer: str) -> CellJson:
    """Mark a cell to be checked; it is not confirmed any more.

    Raises:
        Conflict: if somebody else has changed the cell.
        NotThere: if there is no such cell.
    """
    reviewer = checked_reviewer(reviewer)
    with database.writing() as session:
        change, cell = change_cell(session, seen.id)
        now = database.now(session)
        check_versions(session, [cell], [seen], now)
        edit = RecordedEdit(change, reviewer, [cell])
        flag_cell(cell)
        for digit in digits_of(session, [cell])[cell.id]:
            digit.verified = False
        change.note_cells(edit.finish(f"flagged {cell.text or 'an empty cell'}"))
        return cells_json(session, [cell], now)[0]


def undo(database: Database, batch_id: int, reviewer: str) -> UndoneJson:
    """Undo the last edit of a reviewer in a batch.

    Raises:
        Conflict: if somebody else has changed its cells since.
        NotThere: if there is no such batch.
    """
    reviewer = checked_reviewer(reviewer)
    with database.writing() as session:
        change = BatchChange(session, batch_id)
        now = database.now(session)
        edit = last_edit(session, batch_id, reviewer)
        if edit is None:
            return {"undone": None, "cells": []}
        ids = [one["id"] for one in edit.after]
        cells = session.scalars(select(Cell).where(Cell.id.in_(ids)).order_by(Cell.id)).all()
        if snapshots(session, cells) != sorted(edit.after, key=lambda one: one["id"]):
            raise Conflict(
                f"{edit.sentence}: cannot be undone, somebody has changed it since",
                cells_json(session, cells, now),
            )
        existed = {one["id"] for one in edit.before}
        created = [cell for cell in cells if cell.id not in existed]
        restored = restore(session, edit.before, created)
        edit.is_undone = True
        change.note_cells(restored)
        for page_id in sorted({cell.page_id for cell in cells}):
            change.note_page(session.get_one(Page, page_id))
        return {"undone": edit.sentence, "cells": cells_json(session, restored, now)}


def confirm_cell(session: Session, cell: Cell, text: str) -> None:
    """Give a cell the text that a person has typed or seen, and its digits accordingly."""
    cell.text, cell.n_digits = text, count_digits(text)
    cell.verdict = "digit" if text else "blank"
    if not text:
        cell.line_key = None
    elif cell.line_key is None:
        PageLines(session, cell.page_id).put_in_grid_row(cell)
    digits = digits_of(session, [cell])[cell.id]
    values = [int(sign) for sign in text if sign in DIGITS]
    is_certain = has_certain_boxes(cell, digits) and len(values) == len(digits)
    for place, digit in enumerate(digits):
        digit.digit = values[place] if is_certain else None
        digit.verified = True


def mark_confirmed(cell: Cell, reviewer: str, now: datetime) -> None:
    """Note who confirmed a cell; it is not open any more."""
    cell.to_check = False
    cell.confirmed_by, cell.confirmed_at = reviewer, now
    _unlock(cell)


def flag_cell(cell: Cell) -> None:
    """Mark a cell to be checked."""
    cell.to_check = True
    cell.confirmed_by = cell.confirmed_at = None


def check_versions(
    session: Session, cells: Sequence[Cell], seen: Iterable[SeenCell], now: datetime
) -> None:
    """Check that cells are as a person saw them.

    Raises:
        Conflict: if one has changed or was deleted.
    """
    versions = {one.id: one.version for one in seen}
    changed = [cell for cell in cells if not is_as_seen(cell, versions[cell.id])]
    if changed:
        who = changed[0].confirmed_by or "somebody"
        raise Conflict(
            f"{who} has changed this number meanwhile; look at it as it is now",
            cells_json(session, changed, now),
        )


def is_as_seen(cell: Cell, version: int) -> bool:
    """Return whether a cell lives and has the version that a person saw."""
    return not cell.is_deleted and cell.version == version


def checked_text(text: str, *, may_be_empty: bool = False) -> str:
    """Return the text of a number that a person typed.

    Raises:
        ReviewError: if it is none.
    """
    text = text.strip()
    if not text and may_be_empty:
        return text
    if not DIGITS.intersection(text) and DOUBTFUL not in text:
        raise ReviewError(
            f"the text of a number: expected at least one digit, got {text!r:.40}; or delete it"
        )
    if len(text) > MOST_CHARACTERS or not text.isprintable():
        raise ReviewError(
            f"the text of a number: expected at most {MOST_CHARACTERS} printable characters; "
            f"type it again"
        )
    if DOUBTFUL in text:
        raise ReviewError("the text of a number: ? stands for a doubtful digit; type the digit")
    return text


def checked_reviewer(reviewer: str) -> str:
    """Return the name of a reviewer.

    Raises:
        ReviewError: if it is empty.
    """
    name = shown_name(reviewer)[:MOST_CHARACTERS]
    if not name:
        raise ReviewError("reviewer: expected a name, got nothing; type one")
    return name


def _is_locked_for(cell: Cell, reviewer: str, now: datetime) -> bool:
    ends = cell.locked_until
    return cell.locked_by != reviewer and ends is not None and ends > now


def _unlock(cell: Cell) -> None:
    cell.locked_by = cell.locked_until = None


def _cells_of_batch(session: Session, batch_id: int, ids: Iterable[int]) -> dict[int, Cell]:
    """Return cells of a batch by their ids, each as it is now."""
    wanted = select(Cell).where(Cell.batch_id == batch_id, Cell.id.in_(set(ids)))
    found = {cell.id: cell for cell in session.scalars(wanted.order_by(Cell.id))}
    for cell_id in ids:
        if cell_id not in found:
            raise NotThere(f"cell {cell_id}: there is no such cell in this batch; reload the page")
    return found


def _by_cell(digits: Iterable[_OneOfCell]) -> dict[int, list[_OneOfCell]]:
    found: dict[int, list[_OneOfCell]] = defaultdict(list)
    for one in digits:
        found[one.cell_id].append(one)
    return found


def _digit(digits: Sequence[Digit], seen: SeenDigit | TypedDigit) -> Digit:
    if not 0 <= seen.place < len(digits):
        raise NotThere(f"cell {seen.cell_id}: there is no digit {seen.place}; reload the page")
    return digits[seen.place]


def _type_digit(cell: Cell, digits: Sequence[Digit], typed: TypedDigit) -> None:
    """Give a digit the value that a person typed, also in the text and the readings of its cell."""
    at = [i for i, sign in enumerate(cell.text) if sign in DIGITS or sign == DOUBTFUL][typed.place]
    before, sign = len(cell.text), str(typed.value)
    cell.text = cell.text[:at] + sign + cell.text[at + 1 :]
    cell.alternatives = [
        [text, probability]
        for text, probability in cell.alternatives
        if len(text) == before and text[at] == sign
    ]
    digits[typed.place].digit, digits[typed.place].verified = typed.value, True
    cell.confidence = prod(one.confidence for one in digits if not one.verified)


def _confirm_if_verified(cell: Cell, digits: Sequence[Digit], reviewer: str, now: datetime) -> None:
    all_verified = bool(digits) and all(digit.verified for digit in digits)
    if all_verified and not cell.has_doubtful_mark and DOUBTFUL not in cell.text:
        mark_confirmed(cell, reviewer, now)


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
