"""Cells: what was read, and what a person says of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from digitus.review.cell_lists import CellListJson, ListedState, Order
from digitus.review.editing.confirmation import ConfirmedJson, UndoneJson
from digitus.review.record_types import CellJson
from digitus.review.store import ReviewStore
from digitus.web.api.openapi import CONFLICT, NOT_THERE, UNCHANGED
from digitus.web.api.review_types import LARGEST_ID, By, Confirmation, Confirmations, Flag, PathId
from digitus.web.conditional import has_tag, unchanged, with_etag
from digitus.web.packed_mnist import tag_of
from digitus.web.work.review_work import ReviewWork

Offset = Annotated[int, Query(ge=0, le=LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=1000)]
DigitPlace = Annotated[int, Query(ge=0, le=10_000, description="A digit alone, from 0.")]


def cell_router(review: ReviewWork) -> APIRouter:
    """Return the routes."""
    router, store = APIRouter(tags=["Review"]), review.store
    _add_lists(router, store)
    _add_crops(router, review)
    _add_locks(router, store)
    _add_confirmation(router, store)
    return router


def _add_lists(router: APIRouter, store: ReviewStore) -> None:
    @router.get(
        "/api/batches/{batch_id}/cells",
        summary="Cells of a batch",
        responses={200: {"model": CellListJson}, **NOT_THERE},
        response_class=Response,
    )
    def cells(
        batch_id: PathId,
        state: ListedState | None = None,
        digit: Annotated[int | None, Query(ge=0, le=9)] = None,
        length: Annotated[int | None, Query(ge=0, le=100)] = None,
        order: Order = "reading",
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> Response:
        """Return numbers, and cells of grids without one that are to be checked.

        `digit` wants those with that digit, `length` those with so many digits.
        """
        found = store.cells(
            batch_id,
            state=state,
            digit=digit,
            length=length,
            order=order,
            offset=offset,
            limit=limit,
        )
        return JSONResponse(found)


def _add_crops(router: APIRouter, review: ReviewWork) -> None:
    @router.get(
        "/api/cells/{cell_id}/crop",
        summary="Image of a cell",
        responses={
            200: {"description": "The cell with a margin.", "content": {"image/png": {}}},
            **UNCHANGED,
            **NOT_THERE,
        },
        response_class=Response,
    )
    async def crop(cell_id: PathId, request: Request, digit: DigitPlace | None = None) -> Response:
        """Return a cell, or one of its digits, cut out of the page."""
        await review.sources.bring_for_cell(cell_id)
        content = await run_in_threadpool(review.store.cell_crop, cell_id, digit)
        tag = tag_of(content)
        return unchanged(tag) if has_tag(request, tag) else with_etag(content, "image/png", tag)


def _add_locks(router: APIRouter, store: ReviewStore) -> None:
    @router.post(
        "/api/cells/{cell_id}/lock",
        summary="Open a cell",
        responses={200: {"model": CellJson}, **NOT_THERE},
        response_class=Response,
    )
    def lock(cell_id: PathId, by: By) -> Response:
        """Tell others for two minutes that a reviewer has the cell open.

        `locked_by` is somebody else if that one was quicker; the lock keeps nobody out.
        """
        return JSONResponse(store.lock(cell_id, by.reviewer))

    @router.delete(
        "/api/cells/{cell_id}/lock",
        summary="Close a cell",
        status_code=204,
        responses={204: {"description": "It is closed."}, **NOT_THERE},
    )
    def unlock(
        cell_id: PathId, reviewer: Annotated[str, Query(min_length=1, max_length=60)]
    ) -> Response:
        """Tell others that a reviewer has closed the cell."""
        store.unlock(cell_id, reviewer)
        return Response(status_code=204)


def _add_confirmation(router: APIRouter, store: ReviewStore) -> None:
    @router.post(
        "/api/cells/{cell_id}/confirm",
        summary="Confirm or correct a cell",
        responses={200: {"model": CellJson}, **CONFLICT, **NOT_THERE},
        response_class=Response,
    )
    def confirm(cell_id: PathId, said: Confirmation) -> Response:
        """Keep what a cell says. It is on the disk when the answer comes."""
        return JSONResponse(store.confirm(cell_id, said.text, said.version, said.reviewer))

    @router.post(
        "/api/cells/{cell_id}/flag",
        summary="Mark a cell to be checked",
        responses={200: {"model": CellJson}, **CONFLICT, **NOT_THERE},
        response_class=Response,
    )
    def flag(cell_id: PathId, said: Flag) -> Response:
        """Mark a cell to be checked."""
        return JSONResponse(store.flag(cell_id, said.version, said.reviewer))

    @router.post(
        "/api/batches/{batch_id}/confirm",
        summary="Confirm many cells",
        responses={200: {"model": ConfirmedJson}, **NOT_THERE},
        response_class=Response,
    )
    def confirm_many(batch_id: PathId, said: Confirmations) -> Response:
        """Confirm cells as they were read; those that somebody else has changed stay."""
        seen = [(one.id, one.version) for one in said.cells]
        return JSONResponse(store.confirm_many(batch_id, seen, said.reviewer))

    @router.post(
        "/api/batches/{batch_id}/undo",
        summary="Undo",
        responses={200: {"model": UndoneJson}, **CONFLICT, **NOT_THERE},
        response_class=Response,
    )
    def undo(batch_id: PathId, by: By) -> Response:
        """Undo the last change of a reviewer that is not undone yet."""
        return JSONResponse(store.undo(batch_id, by.reviewer))
