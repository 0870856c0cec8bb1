"""Lists of cells to work through: by state, digit and length, and groups of one look."""

from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import Select, func, select
from typing_extensions import TypedDict

from digitus.errors import ReviewError
from digitus.review.batches import batch_of
from digitus.review.changes import cell_of
from digitus.review.record_types import CellJson, CellState
from digitus.review.records import cells_json
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Cell, Digit, Page

ListedState: TypeAlias = Literal["to_check"] | CellState
Order: TypeAlias = Literal["reading", "confidence"]


class CellListJson(TypedDict):
    """A part of a list of cells, and the length of the list."""

    cells: list[CellJson]
    total: int


class CellFilter(TypedDict, total=False):
    """Which cells a list has.

    ``state``: ``to_check``, or the state of a cell; ``digit``: one of the cell's digits, 0 to 9;
    ``length``: number of digits.
    """

    state: ListedState | None
    digit: int | None
    length: int | None


def cells(
    database: Database,
    batch_id: int,
    wanted: CellFilter,
    order: Order,
    offset: int,
    limit: int,
) -> CellListJson:
    """Return cells of a batch: numbers, and cells of grids without one that are to be checked.

    Args:
        database: with the batch.
        batch_id: the batch.
        wanted: which of the cells.
        order: ``reading``, page by page; or ``confidence``, the lowest first.
        offset: number of cells to skip.
        limit: greatest number of cells.

    Raises:
        NotThere: if there is no such batch.
        ReviewError: if a word is unknown.
    """
    check_word("order", order, Order)
    conditions = _conditions(batch_id, wanted)
    with database.reading() as session:
        batch_of(session, batch_id)
        total = session.scalars(select(func.count()).select_from(Cell).where(*conditions)).one()
        query = select(Cell).where(*conditions).join(Page, Page.id == Cell.page_id)
        found = session.scalars(_ordered(query, order).offset(offset).limit(limit)).all()
        return {"cells": cells_json(session, found, database.now(session)), "total": total}


def check_word(name: str, word: str, allowed: Any) -> None:
    """Check that a word is one of a `Literal`.

    Raises:
        ReviewError: if it is not.
    """
    words = [one for part in get_args(allowed) for one in (get_args(part) or [part])]
    if word not in words:
        raise ReviewError(f"{name}: expected one of {', '.join(words)}, got {word!r:.40}")


def reading_order() -> tuple[Any, ...]:
    """Return the columns that put the cells of a batch, joined with `Page`, in reading order."""
    page = Page.document_id, Page.number
    return *page, Cell.line_key.is_(None), Cell.line_key, Cell.place_key, Cell.id


def _ordered(query: Select[Cell], order: Order) -> Select[Cell]:
    if order == "confidence":
        return query.order_by(Cell.confidence.is_(None), Cell.confidence, *reading_order())
    return query.order_by(*reading_order())


def _conditions(batch_id: int, wanted: CellFilter) -> list[Any]:
    state, digit, length = (wanted.get(name) for name in ("state", "digit", "length"))
    conditions: list[Any] = [Cell.batch_id == batch_id]
    if state == "deleted":
        conditions.append(Cell.is_deleted)
    else:
        conditions += [~Cell.is_deleted, Cell.line_key.is_not(None) | Cell.to_check]
    if state is not None:
        check_word("state", str(state), ListedState)
    if state == "to_check":
        conditions.append(Cell.to_check)
    if state == "added":
        conditions.append(Cell.is_added)
    if state in ("read", "confirmed"):
        is_confirmed = Cell.confirmed_at.is_not(None)
        conditions += [~Cell.is_added, is_confirmed if state == "confirmed" else ~is_confirmed]
    if digit is not None:
        conditions.append(
            select(Digit.id).where(Digit.cell_id == Cell.id, Digit.digit == digit).exists()
        )
    if length is not None:
        conditions.append(Cell.n_digits == length)
    return conditions


def cell(database: Database, cell_id: int) -> CellJson:
    """Return a cell.

    Raises:
        NotThere: if there is no such cell.
    """
    with database.reading() as session:
        return cells_json(session, [cell_of(session, cell_id)], database.now(session))[0]
