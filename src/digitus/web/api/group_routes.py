"""Group verification, and the mending of a page's grouping."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from fastapi.responses import JSONResponse

from digitus.review.editing.confirmation import VerifiedJson
from digitus.review.groups import GroupBy, ItemListJson
from digitus.review.record_types import WholePageJson
from digitus.review.store import ReviewStore
from digitus.web.api.cell_routes import Limit, Offset
from digitus.web.api.openapi import CONFLICT, NOT_THERE
from digitus.web.api.review_types import Edit, Groups, PathId, Verification

GroupKey = Annotated[str, Path(min_length=1, max_length=100, examples=["7"])]


def group_router(store: ReviewStore) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["Review"])
    _add_groups(router, store)
    _add_edits(router, store)
    return router


def _add_groups(router: APIRouter, store: ReviewStore) -> None:
    @router.get(
        "/api/batches/{batch_id}/groups",
        summary="Groups of a batch",
        responses={200: {"model": Groups}, **NOT_THERE},
        response_class=Response,
    )
    def groups(batch_id: PathId, by: GroupBy = "digit") -> Response:
        """Return what was read alike: digits, texts of numbers, or numbers by their length."""
        return JSONResponse({"groups": store.groups(batch_id, by)})

    @router.get(
        "/api/batches/{batch_id}/groups/{by}/{key:path}",
        summary="A group",
        responses={200: {"model": ItemListJson}, **NOT_THERE},
        response_class=Response,
    )
    def group_items(
        batch_id: PathId, by: GroupBy, key: GroupKey, offset: Offset = 0, limit: Limit = 100
    ) -> Response:
        """Return the members of a group, the least confident first."""
        return JSONResponse(store.group_items(batch_id, by, key, offset, limit))

    @router.post(
        "/api/batches/{batch_id}/verify",
        summary="Verify digits of a group",
        responses={200: {"model": VerifiedJson}, **NOT_THERE},
        response_class=Response,
    )
    def verify(batch_id: PathId, said: Verification) -> Response:
        """Keep which digits are what they were read as, and mark the numbers of odd ones.

        A digit that a person types takes its place in its number, also where it was declined. A
        number whose digits are all verified is confirmed, unless one of its marks is doubtful.
        """
        digits = [(one.cell_id, one.index, one.version) for one in said.digits]
        odd = [(one.cell_id, one.index, one.version) for one in said.odd]
        typed = [(one.cell_id, one.index, one.version, one.digit) for one in said.typed]
        return JSONResponse(store.verify_digits(batch_id, digits, said.reviewer, odd, typed))


_EXAMPLES = {
    "join": {
        "value": {
            "kind": "join",
            "reviewer": "Reviewer 4F2",
            "cells": [{"id": 31, "version": 1}, {"id": 32, "version": 1}],
        }
    },
    "split": {
        "value": {
            "kind": "split",
            "reviewer": "Reviewer 4F2",
            "cell": {"id": 31, "version": 1},
            "texts": ["20", "4"],
        }
    },
}


def _add_edits(router: APIRouter, store: ReviewStore) -> None:
    @router.post(
        "/api/pages/{page_id}/edits",
        summary="Mend the grouping of a page",
        responses={200: {"model": WholePageJson}, **CONFLICT, **NOT_THERE},
        response_class=Response,
    )
    def edit(
        page_id: PathId,
        said: Annotated[Edit, Body(openapi_examples=_EXAMPLES)],
    ) -> Response:
        """Join, split, add, delete and restore numbers; break and join lines. Returns the page."""
        operation = said.model_dump(exclude={"reviewer"}, exclude_none=True)
        return JSONResponse(store.edit(page_id, operation, said.reviewer))
