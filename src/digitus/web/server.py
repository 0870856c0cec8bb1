"""The server of ``digitus serve``: the page's files, models and MNIST.

Needs FastAPI (extra ``web``); nothing else of ``digitus.web`` does.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from digitus import __version__
from digitus.data.samples import DataSet
from digitus.errors import Conflict, DigitusError, NotThere, ReviewError
from digitus.web.access.access import Access
from digitus.web.access.guard import protect
from digitus.web.access.sentences import without_folders
from digitus.web.api.interface import add_api
from digitus.web.api.json_types import Health
from digitus.web.api.openapi import describe
from digitus.web.api.predict_routes import first_error
from digitus.web.conditional import REVALIDATE, has_tag, unchanged, with_etag
from digitus.web.gate import RETRY_S
from digitus.web.packed_mnist import PARTS, SIZES, PackedMnist, tag_of
from digitus.web.page_models import PageModel
from digitus.web.problems import Problem, problem_response
from digitus.web.static_files import MEDIA_TYPES, PAGE, static_files
from digitus.web.work.services import Services

_BYTES = "application/octet-stream"
_ERROR_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Digitus</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles/tokens.css">
<link rel="stylesheet" href="/styles/base.css">
</head>
<body>
<header class="top"><h1 class="wordmark">Digitus</h1></header>
<main><div class="card"><p>{sentence}</p><p><a href="/">Open the page</a></p></div></main>
</body>
</html>
"""


def make_server(
    models: list[PageModel],
    load: Callable[[], DataSet],
    services: Services | None = None,
    *,
    access: Access | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ASGIApp:
    """Return the server as an ASGI application.

    Args:
        models: of the page; the first is the one chosen at the start.
        load: returns MNIST; called at the first request of its images, in a thread.
        services: reads what is sent, and keeps it for review; None serves the page alone.
        access: who may come in; None is this machine alone, without a token.
        cancelled: whether the server is being ended; then MNIST is not prepared to the end.
    """
    app = FastAPI(
        title="Digitus", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    _add_models(app, models)
    _add_mnist(app, PackedMnist(load, cancelled))
    _add_errors(app)
    _add_health(app)
    if services is not None:
        add_api(app, services)
    _add_resources(app, models)
    _add_static(app)  # the last, because its address takes any path
    return protect(app, access or Access())


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["Server"], responses={200: {"model": Health}})
    async def health() -> dict[str, str]:
        """Say that the server runs."""
        return {"status": "ok"}


def _add_resources(app: FastAPI, models: list[PageModel]) -> None:
    @app.get("/resources.json", tags=["Page"])
    def resources() -> JSONResponse:
        """List the models and images for the page."""
        return JSONResponse(
            {
                "models": [
                    {"name": one.name, "url": f"api/models/{quote(one.name, safe='')}"}
                    for one in models
                ],
                "mnist": {part: {"n": SIZES[part], "url": f"api/mnist/{part}"} for part in PARTS},
            },
            headers=REVALIDATE,
        )


def _add_models(app: FastAPI, models: list[PageModel]) -> None:
    by_name = {one.name: one for one in models}

    @app.get("/api/models")
    def list_models() -> dict[str, Any]:
        """List the models; the first is the default one."""
        return {"models": [one.facts for one in models]}

    @app.get("/api/models/{name:path}", response_class=Response)
    def model_file(name: str, request: Request) -> Response:
        """Return the file of a model (safetensors)."""
        if name not in by_name:
            known = ", ".join(by_name)
            raise HTTPException(404, f"{name}: expected one of {known}; choose one of these")
        return _with_etag(request, by_name[name].content, _BYTES)


def _add_mnist(app: FastAPI, mnist: PackedMnist) -> None:
    @app.get("/api/mnist/{part}", response_class=Response)
    async def mnist_part(part: str, request: Request) -> Response:
        """Return a part of MNIST, train or test: n labels, then n x 784 pixels, one byte each."""
        if part not in PARTS:
            raise HTTPException(404, f"{part}: expected a part of MNIST; choose train or test")
        # Not in the threads of the other requests, which all who wait would occupy.
        found = (await asyncio.wrap_future(mnist.packed()))[part]
        is_zipped = takes_gzip(request.headers.get("accept-encoding", ""))
        headers = REVALIDATE | {"Vary": "Accept-Encoding"}
        headers["ETag"] = found.zipped_tag if is_zipped else found.tag
        if has_tag(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if is_zipped:
            headers["Content-Encoding"] = "gzip"
            return Response(found.zipped, media_type=_BYTES, headers=headers)
        headers["Content-Length"] = str(found.n_bytes)
        return StreamingResponse(found.unzipped(), media_type=_BYTES, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Return whether a header Accept-Encoding allows gzip.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip("*"), takes_gzip("")
    (True, False, True, False)
    """
    weights = {}
    for entry in accepted.lower().split(","):
        coding, *parameters = (word.strip() for word in entry.split(";"))
        weights[coding] = [word for word in parameters if word.startswith("q=")]
    found = weights.get("gzip", weights.get("*"))
    return found is not None and not any(word[2:].strip(" 0.") == "" for word in found)


def _add_static(app: FastAPI) -> None:
    files = static_files()  # nothing but these, so no path leads elsewhere

    @app.get("/{path:path}", include_in_schema=False)
    def static(path: str, request: Request) -> Response:
        file = files.get(path or PAGE)
        if file is None:
            raise HTTPException(404, f"There is nothing at /{path}; check the address.")
        return _with_etag(request, file.read_bytes(), MEDIA_TYPES[file.suffix])


def _with_etag(request: Request, content: bytes, media_type: str) -> Response:
    """Return the content; or, if the browser has it already, a note that it is unchanged."""
    tag = tag_of(content)
    return unchanged(tag) if has_tag(request, tag) else with_etag(content, media_type, tag)


def _add_errors(app: FastAPI) -> None:
    """Answer every failure with one sentence: below /api as a problem document, else as a page."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        more = error.more if isinstance(error, Problem) else None
        return _failure(request, error.status_code, str(error.detail), error.headers, more)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return _failure(request, 422, first_error(error.errors()))

    @app.exception_handler(Conflict)
    async def changed(request: Request, error: Conflict) -> Response:
        return _failure(request, 409, str(error), more={"cells": error.cells})

    @app.exception_handler(NotThere)
    async def not_there(request: Request, error: NotThere) -> Response:
        return _failure(request, 404, str(error))

    @app.exception_handler(ReviewError)
    async def impossible(request: Request, error: ReviewError) -> Response:
        return _failure(request, 422, without_folders(str(error)))

    @app.exception_handler(DigitusError)
    async def expected(request: Request, error: DigitusError) -> Response:
        return _failure(request, 503, without_folders(str(error)), {"Retry-After": str(RETRY_S)})

    @app.exception_handler(ClientDisconnect)
    async def left(request: Request, error: ClientDisconnect) -> Response:
        return _failure(request, 400, "the connection was closed before the end of the request")

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        sentence = "The server failed; its terminal shows why."
        return _failure(request, 500, sentence)


def _failure(
    request: Request,
    status: int,
    sentence: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    if request.url.path.startswith("/api/"):
        return problem_response(status, sentence, headers, more)
    page = _ERROR_PAGE.format(sentence=escape(sentence))
    return HTMLResponse(page, status, headers)
