"""Server-sent events: what changes in a batch, also by other reviewers and servers."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.concurrency import run_in_threadpool
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from digitus.errors import DatabaseError, NotThere
from digitus.review.changes import ChangeJson
from digitus.review.store import ReviewStore
from digitus.web.api.openapi import NOT_THERE
from digitus.web.api.review_types import PathId
from digitus.web.problems import Problem

POLL_S = 0.5
"""Between two looks into the database: a cheap question, and quick enough for people."""
PING_S = 15
RETRY_S = 10
_EXAMPLE = """\
event: batch
data: {"id": 1, "name": "Scores", "state": "reading", "counts": {"to_check": 12}}

event: cell
data: {"id": 31, "page_id": 4, "version": 2}
id: 117
"""


class EventStreams:
    """The open streams of a server.

    Args:
        store: with the batches.
        most: greatest number of streams.
    """

    def __init__(self, store: ReviewStore, most: int) -> None:
        self._store, self._most = store, most
        self.n_open = 0

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(tags=["Review"])

        @router.get(
            "/api/batches/{batch_id}/events",
            summary="Events of a batch",
            responses={
                200: {
                    "description": "An endless stream; the events are batch, page and cell.",
                    "content": {"text/event-stream": {"example": _EXAMPLE}},
                },
                **NOT_THERE,
            },
            response_class=Response,
        )
        async def events(
            batch_id: PathId, last_event_id: Annotated[str | None, Header(max_length=20)] = None
        ) -> Response:
            """Send the batch, a page or a cell whenever it changes.

            `Last-Event-ID` continues a stream. The event `batch` has a batch, `page` a page
            without cells, `cell` the id, page and version of a cell.
            """
            if self.n_open >= self._most:
                sentence = f"{self.n_open} pages are open already; close one"
                raise Problem(503, sentence, retry_after_s=RETRY_S)
            present = await run_in_threadpool(self._store.change_number, batch_id)
            known = last_event_id or ""
            start = int(known) if known.isascii() and known.isdecimal() else present
            return EventSourceResponse(self._stream(batch_id, min(start, present)), ping=PING_S)

        return router

    async def _stream(self, batch_id: int, number: int) -> AsyncIterator[ServerSentEvent]:
        """Yield the batch at once, then what changes behind a number."""
        self.n_open += 1
        try:
            first = await run_in_threadpool(self._store.batch, batch_id)
            yield _event("batch", first, number)
            while True:
                await asyncio.sleep(POLL_S)
                found = await run_in_threadpool(_changes, self._store, batch_id, number)
                for kind, data in found.events:
                    yield _event(kind, data)
                if found.last is not None:
                    number = found.number
                    yield _event("batch", found.last, number)
        except (NotThere, DatabaseError):
            return  # deleted; the browser asks again and is told
        finally:
            self.n_open -= 1


class _Changes:
    """Events of pages and cells, the batch that closes them, and the number to continue from."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.events: list[tuple[str, Any]] = []
        self.last: Any = None


def _changes(store: ReviewStore, batch_id: int, number: int) -> _Changes:
    """Return what has changed, each page and cell once."""
    rows: Sequence[ChangeJson] = store.changes_since(batch_id, number)
    found = _Changes(number)
    if not rows:
        return found
    pages = {row["page_id"] for row in rows if row["page_id"] is not None}
    found.events += [("page", page) for page in store.pages(batch_id) if page["id"] in pages]
    cells = {row["cell_id"]: row for row in rows if row["cell_id"] is not None}
    found.events += [
        ("cell", {"id": cell, "page_id": row["page_id"], "version": row["version"]})
        for cell, row in cells.items()
    ]
    found.last, found.number = store.batch(batch_id), max(row["number"] for row in rows)
    return found


def _event(kind: str, data: Any, number: int | None = None) -> ServerSentEvent:
    # Only the last event of a look has a number: a stream that breaks before it is continued whole.
    return ServerSentEvent(json.dumps(data), event=kind, id=None if number is None else str(number))
