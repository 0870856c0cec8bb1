"""Exports of a batch: tables for people, and labelled data for training and measuring."""

from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from digitus.review.exports import Format
from digitus.review.store import ReviewStore
from digitus.web.api.openapi import NOT_THERE
from digitus.web.api.review_types import PathId

_TYPES = (
    "text/csv",
    "application/json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
)


def export_router(store: ReviewStore) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["Review"])

    @router.get(
        "/api/batches/{batch_id}/export/{kind}",
        summary="Export a batch",
        responses={
            200: {
                "description": "The file.",
                "content": {media_type: {} for media_type in _TYPES},
                "headers": {"Content-Disposition": {"schema": {"type": "string"}}},
            },
            **NOT_THERE,
        },
        response_class=Response,
    )
    def export(batch_id: PathId, kind: Format) -> Response:
        """Return the batch as it is now; what a person confirmed is marked as such.

        `csv`, `xlsx` and `json` hold the numbers; `corrections` the digits of confirmed numbers,
        for `digitus train --data`; `labelled` the pages with what stands on them, to measure how
        well they are read.
        """
        made = store.export(batch_id, kind)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}"}
        return FileResponse(
            made.path,
            headers=headers,
            media_type=made.media_type,
            background=BackgroundTask(made.delete),
        )

    return router
