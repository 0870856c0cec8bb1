"""Groups of digits or numbers that were read alike, to be seen together and verified at once."""

from typing import Any, Literal, TypeAlias

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from digitus.errors import ReviewError
from digitus.reader.results.reading import DOUBTFUL
from digitus.review.batches import batch_of
from digitus.review.cell_lists import check_word
from digitus.review.records import is_number
from digitus.review.storage.database import Database
from digitus.review.storage.schema import Cell, Digit

GroupBy: TypeAlias = Literal["digit", "text", "length"]


class GroupJson(TypedDict):
    """A group: its key, how many members it has, and how many nobody has seen."""

    key: str
    n: int
    n_open: int


class ItemJson(TypedDict):
    """A digit of a group, or a number: then ``index`` is None, and ``verified`` if confirmed.

    ``best_guess`` is the likeliest digit, also where it was declined; None for a number.
    """

    cell_id: int
    index: int | None
    best_guess: int | None
    version: int
    confidence: float | None
    verified: bool
    box: list[int]
    page_id: int


class ItemListJson(TypedDict):
    """A part of a group, and the size of the group."""

    items: list[ItemJson]
    total: int


def groups(database: Database, batch_id: int, by: GroupBy) -> list[GroupJson]:
    """Return the groups of a batch.

    Args:
        database: with the batch.
        batch_id: the batch.
        by: ``digit``, with ``?`` for declined ones as the first group; ``text`` of the numbers; or
            ``length``, their number of digits.

    Raises:
        NotThere: if there is no such batch.
        ReviewError: if the kind of group is unknown.
    """
    check_word("by", by, GroupBy)
    with database.reading() as session:
        batch_of(session, batch_id)
        if by == "digit":
            query = select(Digit.digit, *_counts(Digit.verified)).join(
                Cell, Cell.id == Digit.cell_id
            )
            declined_first = Digit.digit.is_not(None), Digit.digit  # where NULL stands, differs
            query = query.where(*_digits(batch_id)).group_by(Digit.digit).order_by(*declined_first)
        else:
            column = Cell.text if by == "text" else Cell.n_digits
            query = select(column, *_counts(Cell.confirmed_at.is_not(None)))
            query = query.where(*_numbers(batch_id)).group_by(column).order_by(column)
        return [
            {"key": DOUBTFUL if key is None else str(key), "n": n, "n_open": int(n_open)}
            for key, n, n_open in session.execute(query)
        ]


def group_items(
    database: Database, batch_id: int, by: GroupBy, key: str, offset: int, limit: int
) -> ItemListJson:
    """Return members of a group, those of the lowest confidence first.

    Args:
        database: with the batch.
        batch_id: the batch.
        by: kind of group.
        key: as `groups` names it; a group that has no members is empty.
        offset: number of members to skip.
        limit: greatest number of members.

    Raises:
        NotThere: if there is no such batch.
        ReviewError: if the kind of group or the key is unknown.
    """
    check_word("by", by, GroupBy)
    if not key.isprintable():  # no text has it, and PostgreSQL takes no NUL
        return {"items": [], "total": 0}
    with database.reading() as session:
        batch_of(session, batch_id)
        if by == "digit":
            return _digit_items(session, batch_id, key, offset, limit)
        column = Cell.text if by == "text" else Cell.n_digits
        value = key if by == "text" else _whole(key)
        query = select(Cell).where(*_numbers(batch_id), column == value)
        in_order = query.order_by(Cell.confidence.is_(None), Cell.confidence, Cell.id)
        return {
            "items": [
                {
                    "cell_id": cell.id,
                    "index": None,
                    "best_guess": None,
                    "version": cell.version,
                    "confidence": cell.confidence,
                    "verified": cell.confirmed_at is not None,
                    "box": list(cell.box),
                    "page_id": cell.page_id,
                }
                for cell in session.scalars(in_order.offset(offset).limit(limit))
            ],
            "total": _total(session, query),
        }


def _digit_items(
    session: Session, batch_id: int, key: str, offset: int, limit: int
) -> ItemListJson:
    query = select(Digit, Cell).join(Cell, Cell.id == Digit.cell_id).where(*_digits(batch_id))
    value = Digit.digit.is_(None) if key == DOUBTFUL else Digit.digit == _whole(key)
    query = query.where(value)
    in_order = query.order_by(Digit.confidence, Digit.id).offset(offset).limit(limit)
    return {
        "items": [
            {
                "cell_id": cell.id,
                "index": digit.place,
                "best_guess": digit.alternatives[0][0] if digit.alternatives else digit.digit,
                "version": cell.version,
                "confidence": digit.confidence,
                "verified": digit.verified,
                "box": list(digit.box),
                "page_id": cell.page_id,
            }
            for digit, cell in session.execute(in_order)
        ],
        "total": _total(session, query),
    }


def _numbers(batch_id: int) -> tuple[Any, ...]:
    return Cell.batch_id == batch_id, is_number()


def _digits(batch_id: int) -> tuple[Any, ...]:
    """Return the condition for digits of live numbers that are digits of their texts."""
    is_of_text = Digit.digit.is_not(None) | ~Digit.verified
    return Digit.batch_id == batch_id, is_number(), is_of_text


def _counts(is_seen: Any) -> tuple[Any, Any]:
    return func.count(), func.sum(case((is_seen, 0), else_=1))


def _total(session: Session, query: Select[*tuple[Any, ...]]) -> int:
    return session.scalars(select(func.count()).select_from(query.subquery())).one()


def _whole(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 6):
        raise ReviewError(f"key: expected a whole number, got {key!r:.40}; choose a group")
    return int(key)
