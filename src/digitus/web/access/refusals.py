"""Refusals: a problem document (RFC 9457) below ``/api/``, a page elsewhere."""

from html import escape
from typing import TYPE_CHECKING

from digitus.web.access.origins import is_api

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Digitus</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
</head>
<body><h1>Digitus</h1><p>{sentence}</p></body>
</html>
"""  # without a style sheet, which would be refused as well


def refusal(request: "Request", status: int, sentence: str) -> "Response":
    """Return the answer to a request that is refused, whatever its token."""
    from starlette.responses import HTMLResponse

    from digitus.web.problems import problem_response

    if is_api(request):
        return problem_response(status, sentence)
    return HTMLResponse(_PAGE.format(sentence=escape(sentence)), status)
