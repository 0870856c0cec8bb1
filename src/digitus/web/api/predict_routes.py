"""``POST /api/predict``: single digits, as drawings or as images."""

import asyncio
import json
import re
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from digitus.web.api.json_types import Drawing, Drawings, Predictions
from digitus.web.api.openapi import file_upload
from digitus.web.api.uploads import UploadedFile, receive
from digitus.web.limits import DRAWING_LIMITS
from digitus.web.problems import Problem
from digitus.web.work.drawings import PenDrawing
from digitus.web.work.services import Services
from digitus.web.work.tasks import ReadDigit, TaskError
from digitus.web.work.worker_pool import WorkerPool

_SEVERAL = re.compile(rb'\s*\{\s*"drawings"')
_SEVEN = {"width": 280, "height": 280, "pen_px": 20}
_EXAMPLE = _SEVEN | {"strokes": [[[70, 60], [210, 60], [120, 230]]]}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    {"$ref": "#/components/schemas/Drawing"},
                    {"$ref": "#/components/schemas/Drawings"},
                ]
            },
            "examples": {
                "one drawing": {"value": _EXAMPLE},
                "several": {"value": {"drawings": [_EXAMPLE, _EXAMPLE]}},
            },
        },
        "multipart/form-data": file_upload(),
    },
}


def predict_router(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["Single digits"])

    @router.post(
        "/api/predict",
        summary="Read single digits",
        responses={200: {"model": Predictions, "description": "The answers."}},
        openapi_extra={"requestBody": _BODY},
        response_class=Response,
    )
    async def predict(request: Request) -> Response:
        """Read one digit in each drawing (JSON) or image (multipart, field `files`)."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            return await _predict_files(request, services)
        if kind != "application/json":
            raise Problem(
                415,
                f"expected application/json or multipart/form-data, got {kind or 'no type'}; "
                "send drawings as JSON, or images in the field files",
            )
        drawings = _parsed(await request.body())
        try:
            content = await asyncio.wrap_future(services.drawings.read(drawings))
        except ValueError as error:
            raise Problem(422, str(error)) from error
        services.metrics.predictions.labels("drawing").inc(len(drawings))
        return Response(content, media_type="application/json")

    return router


def _parsed(body: bytes) -> list[PenDrawing]:
    try:
        if _SEVERAL.match(body):
            found = Drawings.model_validate_json(body).drawings
        else:
            found = [Drawing.model_validate_json(body)]
    except ValidationError as error:
        raise Problem(422, first_error(error.errors(include_url=False))) from error
    return [_checked(one) for one in found]


_PLACES = ("body", "path", "query", "header")
"""With which FastAPI begins the place of an error."""


def first_error(errors: Any) -> str:
    """Return a sentence about the first of pydantic's errors."""
    first = errors[0]
    is_json = first["type"] != "json_invalid"
    names = [str(one) for one in first["loc"] if one not in _PLACES and is_json]
    place = ".".join(names) or "the body"
    rest = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return f"{place}: {first['msg'].lower()}{rest}; /docs describes what is expected"


def _checked(drawing: Drawing) -> PenDrawing:
    most = DRAWING_LIMITS
    n_points = sum(map(len, drawing.strokes))
    if n_points > most.points:
        raise Problem(422, f"strokes: {n_points:,} points; at most {most.points:,} are read")
    if drawing.width * drawing.height > most.canvas_pixels:
        raise Problem(
            422,
            f"width, height: {drawing.width} x {drawing.height} pixels; at most "
            f"{most.canvas_pixels // 10**6} million are read, so scale the drawing",
        )
    strokes: Any = drawing.strokes
    return PenDrawing(strokes, drawing.width, drawing.height, drawing.pen_px)


async def _predict_files(request: Request, services: Services) -> Response:
    upload = await receive(request, services.uploads, services.limits)
    try:
        found = await asyncio.gather(
            *(_predict_file(one, services.quick, services.model_source) for one in upload.files)
        )
    finally:
        await upload.discard()
    results = [one for one in found if "error" not in one]
    services.metrics.predictions.labels("image").inc(len(results))
    errors = [one for one in found if "error" in one]
    if not results:
        raise Problem(422, errors[0]["error"], more={"errors": errors})
    return Response(json.dumps({"results": results, "errors": errors}), media_type=_JSON)


_JSON = "application/json"


async def _predict_file(file: UploadedFile, pool: WorkerPool, model: str | None) -> dict[str, Any]:
    try:
        future = pool.submit(ReadDigit(file.path, file.name, model))
        prediction: dict[str, Any] = await asyncio.wrap_future(future)
    except TaskError as error:
        return {"source": file.name, "error": str(error)}
    return prediction
