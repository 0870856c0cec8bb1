"""``POST /api/read``: pages, at once where they are few, else as a job."""

import asyncio
from typing import Any, TypeAlias, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from digitus.errors import ModelFileError
from digitus.reader.pipeline.thresholds import make_thresholds
from digitus.reader.results.values import Decimal
from digitus.web.api.json_types import JobAccepted, JobState, PageResults
from digitus.web.api.openapi import NOT_THERE, file_upload
from digitus.web.api.uploads import Upload, UploadedFile, receive
from digitus.web.problems import Problem
from digitus.web.work.read_jobs import JobPage, ReadJob
from digitus.web.work.services import Services
from digitus.web.work.tasks import CountPages, ReadingSettings
from digitus.web.work.worker_pool import all_of

PAGES_AT_ONCE = 4
"""More pages make a job: few clients wait longer for an answer."""
WAIT_S = 30.0
"""After which also a few pages become a job, where the server is busy."""
RETRY_S = 10
_FIELDS = {
    "decimal": {"type": "string", "enum": list(get_args(Decimal)), "default": "auto"},
    "min_confidence": {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
    "max_error": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
}

Counts: TypeAlias = list[tuple[UploadedFile, Any]]
"""Files, each with its number of pages, or with a `TaskError`."""


def read_router(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["Pages"])
    _add_read(router, services)
    _add_jobs(router, services)
    return router


def _add_read(router: APIRouter, services: Services) -> None:
    @router.post(
        "/api/read",
        summary="Read pages",
        responses={
            200: {"model": PageResults, "description": "What was read."},
            202: {
                "model": JobAccepted,
                "description": "A job was started.",
                "headers": {
                    "Location": {"description": "Of the job.", "schema": {"type": "string"}}
                },
            },
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"multipart/form-data": file_upload(_FIELDS)},
            }
        },
        response_class=Response,
    )
    async def read(request: Request) -> Response:
        """Read the numbers on pages (multipart, field `files`).

        A few pages are answered at once, more as a job with its address in `Location`; the header
        `Prefer: respond-async` always asks for a job.
        """
        client = request.client.host if request.client else ""
        if services.jobs.n_unfinished(client) >= services.limits.client_requests:
            n = services.limits.client_requests
            raise Problem(
                429, f"{n} jobs of yours are in progress; wait for one", retry_after_s=RETRY_S
            )
        upload = await receive(request, services.uploads, services.limits)
        try:
            job = await _start(upload, services, client)
        except BaseException:
            await upload.discard()
            raise
        wants_job = "respond-async" in request.headers.get("prefer", "")
        if len(job.pages) > PAGES_AT_ONCE or wants_job:
            return _accepted(job)
        return await _answer(job, request, services)


async def _start(upload: Upload, services: Services, client: str) -> ReadJob:
    """Count the pages of the files, and start to read them."""
    settings = parsed_settings(upload.fields, services)
    pages, errors = await _pages_of(upload, services)
    if not pages:
        raise Problem(422, errors[0]["error"], more={"errors": errors})
    left = services.jobs.n_pages_left
    if left and left + len(pages) > services.limits.queue:
        raise Problem(
            503, f"{left:,} pages are waiting already; send it later", retry_after_s=RETRY_S
        )
    return services.jobs.start(pages, settings, upload.folder, client=client, errors=errors)


async def counts_of(upload: Upload, services: Services) -> Counts:
    """Return each file with its number of pages, or the error if it cannot be opened."""
    tasks = [CountPages(one.path, one.name, services.limits.pages) for one in upload.files]
    found = await all_of(services.quick, tasks)
    return list(zip(upload.files, found, strict=True))


async def _pages_of(
    upload: Upload, services: Services
) -> tuple[list[JobPage], list[dict[str, str]]]:
    pages, errors = [], []
    for file, count in await counts_of(upload, services):
        if isinstance(count, int):
            numbers = range(1, count + 1)
            pages += [JobPage(file.path, file.name, number, count) for number in numbers]
        else:
            errors.append({"source": file.name, "error": str(count)})
    most = services.limits.pages
    if len(pages) > most:
        raise Problem(
            413, f"{len(pages):,} pages; at most {most:,} are read at once, send less at a time"
        )
    return pages, errors


async def _answer(job: ReadJob, request: Request, services: Services) -> Response:
    """Wait for a job of few pages; if the client leaves, it is cancelled."""
    ended = asyncio.create_task(services.jobs.wait(job, WAIT_S))
    left = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait([ended, left], return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await services.jobs.cancel(job)
            services.jobs.forget(job)
            return Response(status_code=503)  # nobody reads it
        if not ended.result():
            return _accepted(job)
    finally:
        left.cancel()
    services.jobs.forget(job)
    if job.status == "done" and job.n_read == 0:
        raise Problem(422, job.all_errors[0]["error"], more={"errors": job.all_errors})
    return _result(job)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _accepted(job: ReadJob) -> Response:
    address = f"/api/jobs/{job.id}"
    content = {"id": job.id, "status": job.status, "url": address}
    return JSONResponse(content, 202, {"Location": address})


def _result(job: ReadJob) -> Response:
    if job.status != "done":
        raise Problem(503, "the pages could not be read; send them again", retry_after_s=RETRY_S)
    return Response(job.result(), media_type="application/json")


def parsed_settings(fields: dict[str, str], services: Services) -> ReadingSettings:
    """Return how pages are to be read, from the fields of a form.

    Raises:
        Problem: if a field has no such value, or the model cannot meet the error bound.
    """
    decimal: Any = fields.get("decimal", "auto")
    if decimal not in get_args(Decimal):
        raise Problem(422, f"decimal: expected auto, point or comma, got {decimal!r}")
    settings = ReadingSettings(
        decimal,
        _share(fields, "min_confidence") or 0.0,
        _share(fields, "max_error", within=True),
    )
    return checked_settings(settings, services)


def checked_settings(settings: ReadingSettings, services: Services) -> ReadingSettings:
    """Return the settings if the model can meet them.

    Raises:
        Problem: if it cannot.
    """
    try:
        make_thresholds(
            services.model,
            min_confidence=settings.min_confidence,
            max_error=settings.max_error,
        )
    except ModelFileError as error:
        raise Problem(422, str(error).replace("--max-error", "max_error")) from error
    return settings


def _share(fields: dict[str, str], name: str, *, within: bool = False) -> float | None:
    """Return a share; None if it is left out. ``within`` excludes 0 and 1."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not (0 < share < 1 if within else 0 <= share <= 1):  # false for NaN
        limits = "between 0 and 1" if within else "from 0 to 1"
        raise Problem(422, f"{name}: expected a number {limits}, got {text!r:.50}")
    return share


def _add_jobs(router: APIRouter, services: Services) -> None:
    def job_of(job_id: str) -> ReadJob:
        job = services.jobs.get(job_id)
        if job is None:
            raise Problem(
                404, "there is no job of that id, or it has expired; send the pages again"
            )
        return job

    @router.get(
        "/api/jobs/{job_id}",
        summary="State of a job",
        responses={200: {"model": JobState}, **NOT_THERE},
        response_class=Response,
    )
    async def state(job_id: str) -> Response:
        """Return how far a job is."""
        return JSONResponse(job_of(job_id).to_json())

    @router.get(
        "/api/jobs/{job_id}/result",
        summary="Result of a job",
        responses={
            200: {"model": PageResults, "description": "What was read."},
            409: {"description": "The job has not ended, or was cancelled."},
            **NOT_THERE,
        },
        response_class=Response,
    )
    async def result(job_id: str) -> Response:
        """Return what was read, once the job is done; it is kept for a while."""
        job = job_of(job_id)
        if job.status == "done":
            return _result(job)
        hint = "ask again when its status is done" if job.ended_at is None else "start it again"
        raise Problem(409, f"the job is {job.status}; {hint}")

    @router.delete(
        "/api/jobs/{job_id}",
        summary="Cancel a job",
        status_code=204,
        responses={204: {"description": "The job has ended and is forgotten."}, **NOT_THERE},
    )
    async def cancel(job_id: str) -> Response:
        """Cancel a job if it has not ended, and forget it."""
        job = job_of(job_id)
        await services.jobs.cancel(job)
        services.jobs.forget(job)
        return Response(status_code=204)
