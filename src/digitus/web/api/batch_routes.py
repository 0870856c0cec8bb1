"""Batches and their documents and pages."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from digitus.errors import NotThere
from digitus.review.record_types import BatchJson, DocumentJson, PageJson, WholePageJson
from digitus.review.store import ReviewStore
from digitus.web.api.openapi import NOT_THERE, UNCHANGED, file_upload
from digitus.web.api.read_routes import Counts, checked_settings, counts_of
from digitus.web.api.review_types import (
    BATCH,
    Batches,
    BatchName,
    NewBatch,
    NewDocuments,
    Pages,
    PathId,
)
from digitus.web.api.uploads import receive
from digitus.web.conditional import has_tag, unchanged, with_etag
from digitus.web.work.review_work import ReviewWork
from digitus.web.work.services import Services
from digitus.web.work.tasks import ReadingSettings

_BATCH: dict[str, Any] = {
    "model": BatchJson,
    "content": {"application/json": {"example": BATCH}},
}


def batch_router(services: Services, review: ReviewWork) -> APIRouter:
    """Return the routes."""
    router = APIRouter()
    _add_batches(router, services, review)
    _add_documents(router, services, review)
    _add_pages(router, review)
    return router


def _add_batches(router: APIRouter, services: Services, review: ReviewWork) -> None:
    store = review.store

    @router.post(
        "/api/batches",
        tags=["Batches"],
        summary="Make a batch",
        status_code=201,
        responses={201: _BATCH | {"description": "The batch."}},
        response_class=Response,
    )
    def make_batch(settings: NewBatch) -> Response:
        """Make a batch, without documents yet."""
        wanted = settings.model_dump(exclude={"name"})
        checked_settings(ReadingSettings(**wanted), services)
        return JSONResponse(store.make_batch(settings.name, **wanted), 201)

    @router.get(
        "/api/batches",
        tags=["Batches"],
        summary="List the batches",
        responses={200: {"model": Batches}},
        response_class=Response,
    )
    def list_batches() -> Response:
        """Return all batches, the newest first."""
        return JSONResponse({"batches": store.list_batches()})

    @router.get(
        "/api/batches/{batch_id}",
        tags=["Batches"],
        summary="A batch",
        responses={200: _BATCH, **NOT_THERE},
        response_class=Response,
    )
    def batch(batch_id: PathId) -> Response:
        """Return a batch and what is in it, counted."""
        return JSONResponse(store.batch(batch_id))

    @router.patch(
        "/api/batches/{batch_id}",
        tags=["Batches"],
        summary="Rename a batch",
        responses={200: _BATCH, **NOT_THERE},
        response_class=Response,
    )
    def rename_batch(batch_id: PathId, change: BatchName) -> Response:
        """Give a batch another name."""
        return JSONResponse(store.rename_batch(batch_id, change.name))

    @router.delete(
        "/api/batches/{batch_id}",
        tags=["Batches"],
        summary="Delete a batch for good",
        status_code=204,
        responses={204: {"description": "It is deleted."}, **NOT_THERE},
    )
    def delete_batch(batch_id: PathId) -> Response:
        """Delete a batch, its pages, what was confirmed, and its files."""
        store.delete_batch(batch_id)
        return Response(status_code=204)

    @router.post(
        "/api/batches/{batch_id}/cancel",
        tags=["Batches"],
        summary="Stop reading a batch",
        responses={200: _BATCH, **NOT_THERE},
        response_class=Response,
    )
    def cancel_batch(batch_id: PathId) -> Response:
        """Leave the pages unread that wait; another document takes the batch up again."""
        return JSONResponse(store.cancel_batch(batch_id))


def _add_documents(router: APIRouter, services: Services, review: ReviewWork) -> None:
    @router.post(
        "/api/batches/{batch_id}/documents",
        tags=["Batches"],
        summary="Add documents",
        status_code=202,
        responses={202: {"model": NewDocuments, "description": "What was taken."}, **NOT_THERE},
        openapi_extra={
            "requestBody": {"required": True, "content": {"multipart/form-data": file_upload()}}
        },
        response_class=Response,
    )
    async def add_documents(batch_id: PathId, request: Request) -> Response:
        """Add images, PDFs, TIFFs of several pages; they are read in the background."""
        await run_in_threadpool(review.store.batch, batch_id)
        upload = await receive(request, services.uploads, services.limits)
        try:
            counts = await counts_of(upload, services)
            documents = await run_in_threadpool(_keep, review.store, batch_id, counts)
        finally:
            await upload.discard()
        review.reading.look()
        return JSONResponse({"documents": documents, "refused": _refused(counts)}, 202)


def _keep(store: ReviewStore, batch_id: int, counts: Counts) -> list[DocumentJson]:
    """Keep the files of an upload that could be opened."""
    taken = [(file.name, file.path) for file, count in counts if isinstance(count, int)]
    return store.add_documents(batch_id, taken) if taken else []


def _refused(counts: Counts) -> list[dict[str, str]]:
    return [
        {"name": file.name, "error": str(error)}
        for file, error in counts
        if not isinstance(error, int)
    ]


def _add_pages(router: APIRouter, review: ReviewWork) -> None:
    store = review.store

    @router.get(
        "/api/batches/{batch_id}/pages",
        tags=["Review"],
        summary="Pages of a batch",
        responses={200: {"model": Pages}, **NOT_THERE},
        response_class=Response,
    )
    def pages(batch_id: PathId) -> Response:
        """Return the pages of a batch in order, without their cells."""
        return JSONResponse({"pages": store.pages(batch_id)})

    @router.get(
        "/api/pages/{page_id}",
        tags=["Review"],
        summary="A page",
        responses={200: {"model": WholePageJson}, **NOT_THERE},
        response_class=Response,
    )
    def page(page_id: PathId) -> Response:
        """Return a page with its cells: in lines, and as they lie in grids."""
        return JSONResponse(store.page(page_id))

    @router.get(
        "/api/pages/{page_id}/image",
        tags=["Review"],
        summary="Image of a page",
        responses={
            200: {
                "description": "The page as it was squared up and turned, reduced if it is large.",
                "content": {"image/jpeg": {}, "image/png": {}},
            },
            **UNCHANGED,
            **NOT_THERE,
        },
        response_class=Response,
    )
    async def page_image(page_id: PathId, request: Request) -> Response:
        """Return the upright image; boxes are in pixels of the page's `width` and `height`."""
        await review.sources.bring(page_id)
        return await run_in_threadpool(_image, store, page_id, request)

    @router.post(
        "/api/pages/{page_id}/retry",
        tags=["Review"],
        summary="Read a page again",
        responses={200: {"model": PageJson}, **NOT_THERE},
        response_class=Response,
    )
    def retry(page_id: PathId) -> Response:
        """Let a page that failed wait to be read again."""
        page = store.retry_page(page_id)
        review.reading.look()
        return JSONResponse(page)


def _image(store: ReviewStore, page_id: int, request: Request) -> Response:
    image = store.page_image(page_id)
    tag = f'"{image.sha256[:32]}"'
    if has_tag(request, tag):
        return unchanged(tag)
    return with_etag(_content(image.path), image.media_type, tag)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotThere("the image of the page was deleted; read the page again") from error
