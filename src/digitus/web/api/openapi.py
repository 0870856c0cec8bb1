"""The description of the interface as OpenAPI: what every operation may answer beside success."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from digitus import __version__
from digitus.web.api.json_types import Drawings, OneDrawing, ProblemDocument
from digitus.web.problems import PROBLEM_TYPE

_ABOUT = """\
Reads handwritten digits, numbers and whole pages, and lets people review what was read.

Failures are problem documents (RFC 9457): `detail` is one sentence that says what to do.
With 429 and 503, `Retry-After` says after how many seconds to send the request again."""

_REFERENCE = "#/components/schemas/{model}"
COMMON = {
    "400": "The request is damaged.",
    "401": "A token is asked for, and none or a wrong one came.",
    "403": "A page of another origin has sent the request.",
    "421": "A host name that is not the server's.",
    "422": "A value that is not understood, or a file that cannot be read.",
    "429": "Too much of one client at once.",
    "503": "Too much is going on, or the disk is full; send it again later.",
}
"""What every operation may answer."""
OF_BODIES = {
    "408": "The body came too slowly.",
    "413": "More than the server takes at once.",
    "415": "A body of another type than expected.",
}
"""What operations with a body may answer, too."""
NOT_THERE: dict[int | str, dict[str, Any]] = {404: {"description": "There is nothing of that id."}}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The browser has it already."}}

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
        # Asked for where others may reach the server.
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{}, {"token": []}]
        for model in (ProblemDocument, OneDrawing, Drawings):  # no signature names these
            found = model.model_json_schema(ref_template=_REFERENCE)
            schemas |= found.pop("$defs", {})
            schemas[model.__name__] = found
        for operations in made["paths"].values():
            for operation in operations.values():
                _describe_failures(operation)
        app.openapi_schema = made
    return app.openapi_schema


def _describe_failures(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    common = COMMON | (OF_BODIES if "requestBody" in operation else {})
    responses.update({status: {"description": about} for status, about in common.items()})
    for status, response in responses.items():
        if status >= "4":
            response["content"] = problem_content()
        if status in ("429", "503"):
            response["headers"] = {
                "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}
            }


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
