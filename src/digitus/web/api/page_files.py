"""The page: its files, and the models and images that it is opened with."""

import asyncio
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException

from digitus.web.api.json_types import Models, Resources
from digitus.web.api.openapi import NOT_THERE, UNCHANGED
from digitus.web.conditional import REVALIDATE, has_tag, unchanged, with_etag
from digitus.web.packed_mnist import PARTS, SIZES, PackedMnist, tag_of
from digitus.web.page_models import PageModel
from digitus.web.static_files import MEDIA_TYPES, PAGE, static_files

_BYTES = "application/octet-stream"


def add_resources(app: FastAPI, models: list[PageModel], *, has_review: bool) -> None:
    """Add the list of what the page is opened with, and whether it can read and review pages."""

    @app.get(
        "/resources.json",
        tags=["Page"],
        summary="What the page is opened with",
        responses={200: {"model": Resources}},
    )
    def resources() -> JSONResponse:
        """List the models and images for the page."""
        return JSONResponse(
            {
                "models": [
                    {"name": one.name, "url": f"api/models/{quote(one.name, safe='')}"}
                    for one in models
                ],
                "mnist": {part: {"n": SIZES[part], "url": f"api/mnist/{part}"} for part in PARTS},
                "review": has_review,
            },
            headers=REVALIDATE,
        )


def add_models(app: FastAPI, models: list[PageModel]) -> None:
    """Add the models, the default one first."""
    by_name = {one.name: one for one in models}

    @app.get(
        "/api/models",
        tags=["Page"],
        summary="List the models",
        responses={200: {"model": Models}},
    )
    def list_models() -> dict[str, Any]:
        """List the models; the first is the default one."""
        return {"models": [one.facts for one in models]}

    @app.get(
        "/api/models/{name:path}",
        tags=["Page"],
        summary="File of a model",
        responses={200: {"content": {_BYTES: {}}}, **UNCHANGED, **NOT_THERE},
        response_class=Response,
    )
    def model_file(name: str, request: Request) -> Response:
        """Return the file of a model (safetensors)."""
        if name not in by_name:
            known = ", ".join(by_name)
            raise HTTPException(404, f"{name}: expected one of {known}; choose one of these")
        return _with_etag(request, by_name[name].content, _BYTES)


def add_mnist(app: FastAPI, mnist: PackedMnist) -> None:
    """Add the parts of MNIST."""

    @app.get(
        "/api/mnist/{part}",
        tags=["Page"],
        summary="Part of MNIST",
        responses={200: {"content": {_BYTES: {}}}, **UNCHANGED, **NOT_THERE},
        response_class=Response,
    )
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
            headers["Content-Length"] = str(len(found.zipped))
            return StreamingResponse(found.in_blocks(), media_type=_BYTES, headers=headers)
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


def add_static(app: FastAPI) -> None:
    """Add the files of the page; their address takes any path, so they are added last."""
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
