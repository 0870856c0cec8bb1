"""``POST /api/predict``: single digits, as drawings or as images."""

import asyncio
import json
import re
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from digitus.web.api.json_types import Drawing, Drawings, OneDrawing, Predictions
from digitus.web.api.openapi import file_upload
from digitus.web.api.uploads import receive
from digitus.web.limits import DRAWING_LIMITS
from digitus.web.problems import Problem
from digitus.web.work.drawings import PenDrawing
from digitus.web.work.services import ServedModel, Services
from digitus.web.work.tasks import ReadDigit, TaskError
from digitus.web.work.worker_pool import all_of

_SEVERAL = re.compile(rb'"drawings"\s*:')
_SEVEN = {"width": 280, "height": 280, "pen_px": 20}
_EXAMPLE = _SEVEN | {"strokes": [[[70, 60], [210, 60], [120, 230]]]}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    {"$ref": "#/components/schemas/OneDrawing"},
                    {"$ref": "#/components/schemas/Drawings"},
                ]
            },
            "examples": {
                "one drawing": {"value": _EXAMPLE},
                "several": {"value": {"drawings": [_EXAMPLE, _EXAMPLE]}},
            },
        },
        "multipart/form-data": file_upload(
            {"model": {"type": "string", "description": "A name of `GET /api/models`."}}
        ),
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
        """Read one digit in each drawing (JSON) or image (multipart, field `files`).

        `model` is a name of `GET /api/models`; without it, the first one reads. Images of several
        digits are read as pages are, with the answer in `reading`.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            return await _predict_files(request, services)
        if kind != "application/json":
            raise Problem(
                415,
                f"expected application/json or multipart/form-data, got {kind or 'no type'}; "
                "send drawings as JSON, or images in the field files",
            )
        drawings, name = _parsed(await request.body())
        model = _chosen(services, name)
        try:
            content = await asyncio.wrap_future(services.drawings.read(drawings, model.recognizer))
        except ValueError as error:
            raise Problem(422, str(error)) from error
        services.metrics.predictions.labels("drawing").inc(len(drawings))
        return Response(content, media_type="application/json")

    return router


def _chosen(services: Services, name: str | None) -> ServedModel:
    """Return the model of a name; None names the first one."""
    name = next(iter(services.models)) if name is None else name
    if name not in services.models:
        known = ", ".join(services.models)
        raise Problem(422, f"model: expected one of {known}, got {name!r:.60}; choose one of these")
    return services.models[name]


def _parsed(body: bytes) -> tuple[list[PenDrawing], str | None]:
    """Return the drawings of a body, and the name of the model that is to read them."""
    found: Drawings | OneDrawing
    try:
        if _SEVERAL.search(body):
            found = Drawings.model_validate_json(body)
        else:
            found = OneDrawing.model_validate_json(body)
    except ValidationError as error:
        raise Problem(422, first_error(error.errors(include_url=False))) from error
    drawings = found.drawings if isinstance(found, Drawings) else [found]
    checked = [_checked(one) for one in drawings]
    if sum(one.work for one in checked) > DRAWING_LIMITS.work:
        sentence = "the strokes are too long, too wide or too many to be drawn in one request"
        raise Problem(422, f"{sentence}; scale the drawings, or send fewer")
    return checked, found.model


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
        model = _chosen(services, upload.fields.get("model"))
        pixels = services.limits.pixels
        tasks = [ReadDigit(one.path, one.name, pixels, model.source) for one in upload.files]
        answers = await all_of(services.quick, tasks)
        found = [_result(task, answer) for task, answer in zip(tasks, answers, strict=True)]
    finally:
        await upload.discard()
    results = [one for one in found if "error" not in one]
    services.metrics.predictions.labels("image").inc(len(results))
    errors = [one for one in found if "error" in one]
    if not results:
        raise Problem(422, errors[0]["error"], more={"errors": errors})
    return Response(json.dumps({"results": results, "errors": errors}), media_type=_JSON)


_JSON = "application/json"


def _result(task: ReadDigit, answer: Any) -> dict[str, Any]:
    if isinstance(answer, TaskError):
        sentence = str(answer).replace("`digitus read`", "POST /api/read")
        return {"source": task.name, "error": sentence}
    prediction: dict[str, Any] = answer
    return prediction
