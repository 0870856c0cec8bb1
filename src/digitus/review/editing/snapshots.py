"""Edits that can be undone: the cells before and after, and the digits that they had.

An edit is undone by its reviewer, the last one first, as long as its cells are as it left them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitus.review.changes import BatchChange
from digitus.review.records import digits_of
from digitus.review.storage.schema import Cell, Digit, Edit

Snapshot: TypeAlias = dict[str, Any]
"""The id and the content of a cell; ``digits`` lists id, digit and verified of each in order."""

_NOT_CONTENT = frozenset({"id", "batch_id", "page_id", "version", "locked_by", "locked_until"})
_CONTENT = [column.key for column in Cell.__table__.columns if column.key not in _NOT_CONTENT]


class RecordedEdit:
    """What a reviewer changes in one transaction.

    Args:
        change: of the batch.
        reviewer: who does it.
        cells: those that may be changed.
    """

    def __init__(self, change: BatchChange, reviewer: str, cells: Sequence[Cell]) -> None:
        self.change, self.reviewer = change, reviewer
        self.cells = list(cells)
        self._before = snapshots(change.session, cells)

    def add(self, cell: Cell) -> None:
        """Add a cell that did not exist."""
        self.change.session.add(cell)
        self.change.session.flush()
        self.cells.append(cell)

    def finish(self, sentence: str) -> list[Cell]:
        """Keep how to undo what was done; return the cells that changed.

        They have new versions, except those that only stand in another place.
        """
        session = self.change.session
        before = {one["id"]: one for one in self._before}
        after = {one["id"]: one for one in snapshots(session, self.cells)}
        changed = [cell for cell in self.cells if before.get(cell.id) != after[cell.id]]
        for cell in changed:
            if cell.id in before and _said(before[cell.id]) != _said(after[cell.id]):
                cell.version += 1
        edit = Edit(
            batch_id=self.change.batch.id,
            reviewer=self.reviewer,
            sentence=sentence,
            before=[before[cell.id] for cell in changed if cell.id in before],
            after=[after[cell.id] for cell in changed],
            is_undone=False,
        )
        if changed:
            session.add(edit)
        return changed


def snapshots(session: Session, cells: Iterable[Cell]) -> list[Snapshot]:
    """Return the content of cells as JSON types."""
    cells = list(cells)
    session.flush()
    digits = digits_of(session, cells)
    return [
        {
            "id": cell.id,
            **{name: _as_json(getattr(cell, name)) for name in _CONTENT},
            "digits": [[digit.id, digit.digit, digit.verified] for digit in digits[cell.id]],
        }
        for cell in cells
    ]


def restore(session: Session, before: Sequence[Snapshot], created: Iterable[Cell]) -> list[Cell]:
    """Give cells their earlier content and digits; delete those that the edit created."""
    cells = []
    cell_ids = [content["id"] for content in before]
    digit_ids = [one[0] for content in before for one in content["digits"]]
    found = {one.id: one for one in session.scalars(select(Cell).where(Cell.id.in_(cell_ids)))}
    wanted = select(Digit).where(Digit.id.in_(digit_ids))
    digits = {one.id: one for one in session.scalars(wanted)}
    for content in before:
        cell = found[content["id"]]
        for name in _CONTENT:
            value = content[name]
            is_time = name == "confirmed_at" and value is not None
            setattr(cell, name, datetime.fromisoformat(value) if is_time else value)
        cell.version += 1
        cells.append(cell)
        for place, (digit_id, value, verified) in enumerate(content["digits"]):
            digit = digits[digit_id]
            digit.cell_id, digit.place = cell.id, place
            digit.digit, digit.verified = value, verified
    session.flush()
    for cell in created:
        session.delete(cell)
    session.flush()
    return cells


def last_edit(session: Session, batch_id: int, reviewer: str) -> Edit | None:
    """Return the last edit of a reviewer that is not undone."""
    own = Edit.batch_id == batch_id, Edit.reviewer == reviewer, ~Edit.is_undone
    return session.scalars(select(Edit).where(*own).order_by(Edit.id.desc()).limit(1)).one_or_none()


def _said(content: Snapshot) -> Snapshot:
    """Return what a cell says, whatever its place among others."""
    return {name: content[name] for name in content if name not in ("line_key", "place_key")}


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
