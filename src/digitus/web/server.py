"""The server of ``digitus serve``: the page, the interface, and how failures are answered.

Needs FastAPI (extra ``web``); nothing else of ``digitus.web`` does.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from digitus import __version__
from digitus.data.samples import DataSet
from digitus.errors import Conflict, DatabaseError, DigitusError, NotThere, ReviewError
from digitus.web.access.access import Access
from digitus.web.access.guard import protect
from digitus.web.access.sentences import without_folders
from digitus.web.api.interface import add_api
from digitus.web.api.json_types import Health
from digitus.web.api.openapi import describe
from digitus.web.api.page_files import add_mnist, add_models, add_resources, add_static
from digitus.web.api.predict_routes import first_error
from digitus.web.gate import RETRY_S
from digitus.web.packed_mnist import PackedMnist
from digitus.web.page_models import PageModel
from digitus.web.problems import Problem, problem_response
from digitus.web.work.services import Services

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
    # FastAPI's documented way to change the description
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    add_models(app, models)
    add_mnist(app, PackedMnist(load, cancelled))
    _add_errors(app)
    _add_health(app)
    if services is not None:
        add_api(app, services)
    has_review = services is not None and services.review is not None
    add_resources(app, models, has_review=has_review)
    add_static(app)
    return protect(app, access or Access())


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["Server"], summary="Health", responses={200: {"model": Health}})
    async def health() -> dict[str, str]:
        """Say that the server runs."""
        return {"status": "ok"}


def _add_errors(app: FastAPI) -> None:
    """Answer every failure with one sentence: below /api as a problem document, else as a page."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        more = error.more if isinstance(error, Problem) else None
        sentence = str(error.detail)
        if error.status_code == 400 and more is None:  # FastAPI cannot parse the body
            sentence = "the body is no JSON, or is nested too deeply; send it as /docs describes"
        if error.status_code == 405:
            sentence = f"{request.method} is not taken at this address; /docs says what is"
        return _failure(request, error.status_code, sentence, error.headers, more)

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

    @app.exception_handler(DatabaseError)
    async def away(request: Request, error: DatabaseError) -> Response:
        logging.getLogger(__name__).warning("%s", error)  # it may name hosts and users
        sentence = (
            "the database is busy or cannot be reached; send it again in a moment, or look at the "
            "terminal of the server"
        )
        return _failure(request, 503, sentence, {"Retry-After": str(RETRY_S)})

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
