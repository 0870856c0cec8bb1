"""Failures as problem documents (RFC 9457), with the sentences of the command line."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

PROBLEM_TYPE = "application/problem+json"


class Problem(HTTPException):
    """A request that cannot be answered.

    Args:
        status: of the answer.
        detail: one sentence: what was wanted, what came, what to do.
        retry_after_s: seconds after which the request may be sent again.
        more: further members of the document.
        closes: whether the connection is closed, because the request was not read to its end.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        retry_after_s: int | None = None,
        more: Mapping[str, Any] | None = None,
        closes: bool = False,
    ) -> None:
        headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        if closes:
            headers["Connection"] = "close"
        super().__init__(status, detail, headers)
        self.more = more or {}


def problem_response(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Return a problem document: type, title, status, detail, and further members."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    content = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return Response(content.encode("utf-8", "replace"), status, headers, PROBLEM_TYPE)
