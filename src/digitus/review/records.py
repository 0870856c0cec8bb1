"""Batches, pages and cells as JSON, with counts, places and values."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Select, case, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from digitus.reader.results.values import Decimal, DecimalSign, decimal_sign_of, value_on_page
from digitus.review.record_types import (
    BatchJson,
    CellJson,
    CellState,
    DocumentJson,
    LineJson,
    PageJson,
    PageState,
    SettingsJson,
    WholePageJson,
)
from digitus.review.storage.schema import ArchivePart, Batch, Cell, Digit, Document, Page

_TIMED_PAGES = 20
"""Pages last read, whose mean time tells how long the others will take."""


def settings_of(batch: Batch) -> SettingsJson:
    """Return how the pages of a batch are read."""
    return {
        "decimal": cast(Decimal, batch.decimal),
        "min_confidence": batch.min_confidence,
        "max_error": batch.max_error,
    }


def batch_json(session: Session, batch: Batch) -> BatchJson:
    """Return a batch and what is in it, counted."""
    return batches_json(session, [batch])[0]


def batches_json(session: Session, batches: Sequence[Batch]) -> list[BatchJson]:
    """Return one batch, or all, and what is in them, counted by a few queries for all together."""
    only = batches[0].id if len(batches) == 1 else None
    pages: dict[int, dict[str, int]] = defaultdict(dict)
    for batch_id, page_state, n in session.execute(_count_by(Page.batch_id, Page.state, only=only)):
        pages[batch_id][page_state] = n
    counts = _counts(session, Cell.batch_id == only if only is not None else true())
    origins = _origins(session, only)
    return [
        _batch_json(
            session,
            batch,
            pages[batch.id],
            counts.get(batch.id, _NOTHING),
            origins.get(batch.id, _NO_ORIGIN),
        )
        for batch in batches
    ]


def _count_by(batch_id: Any, *columns: Any, only: int | None) -> Select[Any]:
    """Count rows by batch and other columns, those of one batch or of all."""
    query = select(batch_id, *columns, func.count()).group_by(batch_id, *columns)
    return query if only is None else query.where(batch_id == only)


def _batch_json(
    session: Session,
    batch: Batch,
    pages: dict[str, int],
    numbers: dict[str, int],
    origin: dict[str, int],
) -> BatchJson:
    n_left = pages.get("waiting", 0) + pages.get("reading", 0)
    is_empty = not any(origin.values())
    state: Literal["open", "reading", "done", "cancelled"] = "open" if is_empty else "done"
    if n_left:
        state = "cancelled" if batch.is_cancelled else "reading"
    return {
        "id": batch.id,
        "name": batch.name,
        "created_at": batch.created_at.isoformat(timespec="seconds"),
        "state": state,
        "settings": settings_of(batch),
        "counts": {
            "documents": origin["documents"],
            "pages": sum(pages.values()) + origin["sure_pages"] + origin["failed"],
            "waiting": n_left,
            "read": pages.get("read", 0) + origin["sure_pages"],
            "failed": pages.get("failed", 0) + origin["failed"],
            **numbers,
            "numbers": numbers["numbers"] + origin["sure_numbers"],
            "sure_pages": origin["sure_pages"],
        },
        "seconds_left": (_seconds_left(session, batch, pages) if state == "reading" else None),
    }


def document_json(document: Document) -> DocumentJson:
    """Return a document."""
    return {
        "id": document.id,
        "name": document.name,
        "state": document.state,
        "error": document.error,
    }


def pages_in_order(batch_id: int) -> Select[Page, str]:
    """Select the pages of a batch and the names of their documents."""
    return (
        select(Page, Document.name)
        .join(Document, Document.id == Page.document_id)
        .where(Page.batch_id == batch_id)
        .order_by(Page.document_id, Page.number)
    )


def pages_json(session: Session, batch_id: int) -> list[PageJson]:
    """Return the pages of a batch in order."""
    counts = _counts(session, Cell.batch_id == batch_id, by_page=True)
    found = session.execute(pages_in_order(batch_id))
    return [
        _page_json(page, name, position, counts.get(page.id, _NOTHING))
        for position, (page, name) in enumerate(found, start=1)
    ]


def whole_page_json(session: Session, page: Page, now: datetime) -> WholePageJson:
    """Return a page with its cells; locks that ended before a time are left out."""
    before = (Page.document_id < page.document_id) | (
        (Page.document_id == page.document_id) & (Page.number < page.number)
    )
    n_before = session.scalars(
        select(func.count()).select_from(Page).where(Page.batch_id == page.batch_id, before)
    ).one()
    document = session.get_one(Document, page.document_id)
    counts = _counts(session, Cell.page_id == page.id, by_page=True).get(page.id, _NOTHING)
    rows = cells_of_page(session, page.id)
    cells = cells_json(session, rows, now)
    joined = {cell.id for cell in rows if cell.joined_to is not None}
    lines: dict[int, LineJson] = {}
    others: list[CellJson] = []
    for cell in cells:
        if cell["state"] != "deleted" and cell["line"] is not None:
            lines.setdefault(cell["line"], {"cells": []})["cells"].append(cell)
        elif cell["state"] != "deleted":
            others.append(cell)
    return {
        **_page_json(page, document.name, n_before + 1, counts),
        "lines": list(lines.values()),
        "grids": _grids_json(page, cells),
        "others": others,
        "deleted": [one for one in cells if one["state"] == "deleted" and one["id"] not in joined],
        "warnings": page.warnings,
    }


def cells_of_page(session: Session, page_id: int) -> Sequence[Cell]:
    """Return the cells of a page in reading order: those without a line last, and deleted ones."""
    return session.scalars(
        select(Cell)
        .where(Cell.page_id == page_id)
        .order_by(Cell.line_key.is_(None), Cell.line_key, Cell.place_key, Cell.id)
    ).all()


def digits_of(session: Session, cells: Iterable[Cell]) -> dict[int, list[Digit]]:
    """Return the digits of cells, from left to right."""
    found: dict[int, list[Digit]] = {cell.id: [] for cell in cells}
    wanted = select(Digit).where(Digit.cell_id.in_(found)).order_by(Digit.cell_id, Digit.place)
    for digit in session.scalars(wanted):
        found[digit.cell_id].append(digit)
    return found


def cells_json(session: Session, cells: Sequence[Cell], now: datetime) -> list[CellJson]:
    """Return cells in their order; locks that ended before a time are left out."""
    session.flush()
    pages = {cell.page_id for cell in cells}
    places = _places(session, pages)
    signs = _decimal_signs(session, pages)
    digits = digits_of(session, cells)
    return [
        _cell_json(
            cell, digits[cell.id], places.get(cell.id, (None, None)), signs[cell.page_id], now
        )
        for cell in cells
    ]


def state_of(cell: Cell) -> CellState:
    """Return the state of a cell."""
    if cell.is_deleted:
        return "deleted"
    if cell.is_added:
        return "added"
    return "read" if cell.confirmed_at is None else "confirmed"


def is_number() -> Any:
    """Return the condition that a cell is a live number."""
    return Cell.line_key.is_not(None) & ~Cell.is_deleted


_NOTHING = {"numbers": 0, "to_check": 0, "confirmed": 0}


def _counts(session: Session, where: Any, *, by_page: bool = False) -> dict[int, dict[str, int]]:
    """Return how many live cells are numbers, are to be checked and are confirmed."""
    group = Cell.page_id if by_page else Cell.batch_id
    is_confirmed = Cell.confirmed_at.is_not(None)
    flags = Cell.line_key.is_not(None), Cell.to_check, is_confirmed
    sums = (func.sum(case((flag, 1), else_=0)) for flag in flags)
    rows = session.execute(select(group, *sums).where(where, ~Cell.is_deleted).group_by(group))
    return {key: dict(zip(_NOTHING, map(int, counts), strict=True)) for key, *counts in rows}


_NO_ORIGIN = {"documents": 0, "sure_pages": 0, "sure_numbers": 0, "failed": 0}


def _origins(session: Session, only: int | None) -> dict[int, dict[str, int]]:
    """Return the documents of each batch, and of parts of archives what is in no list.

    That are pages without doubts, the numbers on them, and pages that could not be read.
    """
    nothing = literal(0)
    columns = ArchivePart.n_sure_pages, ArchivePart.n_sure_numbers, ArchivePart.n_failed
    documents = select(Document.batch_id, func.count(), nothing, nothing, nothing)
    parts = select(ArchivePart.batch_id, nothing, *map(func.sum, columns))
    if only is not None:
        documents = documents.where(Document.batch_id == only)
        parts = parts.where(ArchivePart.batch_id == only)
    grouped = documents.group_by(Document.batch_id), parts.group_by(ArchivePart.batch_id)
    found: dict[int, dict[str, int]] = {}
    rows: Iterable[Any] = session.execute(union_all(*grouped))
    for batch_id, *counts in rows:
        known = found.get(batch_id, _NO_ORIGIN)
        found[batch_id] = {
            name: known[name] + int(n) for name, n in zip(_NO_ORIGIN, counts, strict=True)
        }
    return found


def _seconds_left(session: Session, batch: Batch, pages: dict[str, int]) -> float | None:
    """Return the seconds until all pages are read, by the last ones; None before the first."""
    last = (
        select(Page.seconds)
        .where(Page.batch_id == batch.id, Page.seconds.is_not(None))
        .order_by(Page.id.desc())
        .limit(_TIMED_PAGES)
    )
    seconds = [one for one in session.scalars(last) if one is not None]
    if not seconds:
        return None
    n_reading = pages.get("reading", 0)
    n_left = n_reading + pages.get("waiting", 0)
    return round(sum(seconds) / len(seconds) * n_left / max(1, n_reading), 1)


def _page_json(page: Page, name: str, position: int, counts: dict[str, int]) -> PageJson:
    return {
        "id": page.id,
        "batch_id": page.batch_id,
        "position": position,
        "source": name,
        "page": page.number,
        "state": cast(PageState, page.state),
        "error": page.error,
        "width": page.width,
        "height": page.height,
        "counts": counts,
    }


def _grids_json(page: Page, cells: Iterable[CellJson]) -> list[dict[str, Any]]:
    """Return the grids as they were found, with what their cells say now."""
    live = {
        (cell["grid"], cell["row"], cell["column"]): cell
        for cell in cells
        if cell["state"] != "deleted" and cell["grid"] is not None
    }
    grids = []
    for number, grid in enumerate(page.grids, start=1):
        rows = [
            [
                _grid_cell_json(found["box"], live.get((number, row, col)))
                for col, found in enumerate(line, start=1)
            ]
            for row, line in enumerate(grid["rows"], start=1)
        ]
        grids.append({"box": grid["box"], "rows": rows})
    return grids


def _grid_cell_json(box: list[int], cell: CellJson | None) -> dict[str, Any]:
    if cell is None:
        return {"cell": None, "verdict": "blank", "text": "", "box": box}
    return {"cell": cell["id"], "verdict": cell["verdict"], "text": cell["text"], "box": box}


def _places(session: Session, pages: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return line and position, from 1, of the numbers of pages."""
    keys = Cell.page_id, Cell.line_key, Cell.place_key, Cell.id
    found = session.execute(
        select(*keys).where(Cell.page_id.in_(pages), is_number()).order_by(*keys)
    )
    places: dict[int, tuple[int, int]] = {}
    last: tuple[int, str | None] | None = None
    line = position = 0
    for page_id, line_key, _, cell_id in found:
        if last is None or last[0] != page_id:
            line = 0
        if last != (page_id, line_key):
            line, position, last = line + 1, 0, (page_id, line_key)
        position += 1
        places[cell_id] = line, position
    return places


def _decimal_signs(
    session: Session, pages: Iterable[int]
) -> dict[int, tuple[Decimal, DecimalSign | None]]:
    """Return for each page its decimal sign, and the one that its numbers suggest."""
    chosen = select(Page.id, Batch.decimal).join(Batch, Batch.id == Page.batch_id)
    decimals = {
        page: cast(Decimal, decimal)
        for page, decimal in session.execute(chosen.where(Page.id.in_(pages)))
    }
    texts: dict[int, list[str]] = defaultdict(list)
    automatic = [page for page, decimal in decimals.items() if decimal == "auto"]
    sure = Cell.page_id.in_(automatic), is_number(), ~Cell.to_check
    for page, text in session.execute(select(Cell.page_id, Cell.text).where(*sure)):
        texts[page].append(text)
    return {page: (decimals[page], decimal_sign_of(texts[page])) for page in decimals}


def _cell_json(
    cell: Cell,
    digits: Iterable[Digit],
    place: tuple[int | None, int | None],
    decimals: tuple[Decimal, DecimalSign | None],
    now: datetime,
) -> CellJson:
    is_locked = cell.locked_until is not None and cell.locked_until > now
    is_confirmed = cell.confirmed_at is not None
    return {
        "id": cell.id,
        "page_id": cell.page_id,
        "line": place[0],
        "position": place[1],
        "grid": cell.grid,
        "row": cell.row,
        "column": cell.col,
        "box": list(cell.box),
        "text": cell.text,
        "read_text": cell.read_text,
        "value": value_on_page(cell.text, *decimals),
        "verdict": cell.verdict,
        "confidence": None if is_confirmed else cell.confidence,
        "to_check": cell.to_check,
        "state": state_of(cell),
        "alternatives": [{"text": text, "probability": p} for text, p in cell.alternatives],
        "digits": [
            {
                "digit": digit.digit,
                "confidence": digit.confidence,
                "box": list(digit.box),
                "verified": digit.verified,
            }
            for digit in digits
        ],
        "confirmed_by": cell.confirmed_by,
        "confirmed_at": (
            None if cell.confirmed_at is None else cell.confirmed_at.isoformat(timespec="seconds")
        ),
        "version": cell.version,
        "locked_by": cell.locked_by if is_locked else None,
    }
