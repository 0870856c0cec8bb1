"""The description of the interface as OpenAPI: what every operation may answer beside success."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from digitus import __version__
from digitus.web.api.json_types import ProblemDocument
from digitus.web.problems import PROBLEM_TYPE

_ABOUT = """\
Reads handwritten digits, numbers and whole pages, and lets people review what was read.

Failures are problem documents (RFC 9457): `detail` is one sentence that says what to do.
With 429 and 503, `Retry-After` says after how many seconds to send the request again."""

COMMON = {
    "400": "The request is damaged.",
    "401": "A token is asked for, and none or a wrong one came.",
    "403": "A page of another origin has sent the request.",
    "408": "The body came too slowly.",
    "413": "More than the server takes at once.",
    "415": "A body of another type than expected.",
    "421": "A host name that is not the server's.",
    "422": "A value that is not understood, or a file that cannot be read.",
    "429": "Too much of one client at once.",
    "503": "Too much is going on, or the disk is full; send it again later.",
}
NOT_THERE: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is nothing of that id.", "model": ProblemDocument}
}

CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "Somebody else has changed the cells; `cells` are as they are now."}
}


def problem_content() -> dict[str, Any]:
    """Return the content of every failure."""
    reference = {"$ref": "#/components/schemas/ProblemDocument"}
    return {PROBLEM_TYPE: {"schema": reference}}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document; it is made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="Digitus", version=__version__, description=_ABOUT, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schema = ProblemDocument.model_json_schema()
        schemas["ProblemDocument"] = schema
        # Asked for where others may reach the server.
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{}, {"token": []}]
        for operations in made["paths"].values():
            for operation in operations.values():
                _describe_failures(operation["responses"])
        app.openapi_schema = made
    return app.openapi_schema


def _describe_failures(responses: dict[str, Any]) -> None:
    for status, description in COMMON.items():
        responses[status] = {"description": description, "content": problem_content()}
        if status in ("429", "503"):
            responses[status]["headers"] = {
                "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}
            }
    for status, response in responses.items():
        if status.startswith("4") and "content" not in response:
            response["content"] = problem_content()


def file_upload(fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the description of a multipart body with files, and further fields."""
    files = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "minItems": 1,
        "description": "Images, PDFs, TIFFs of several pages; HEIC where the server reads it.",
    }
    schema = {
        "type": "object",
        "properties": {"files": files, **(fields or {})},
        "required": ["files"],
    }
    return {"schema": schema}


def json_body(model: Any, example: Any) -> dict[str, Any]:
    """Return the description of a JSON body."""
    return {"schema": model.model_json_schema(ref_template=_REFERENCE), "example": example}


_REFERENCE = "#/components/schemas/{model}"
