"""The page that asks for the token, and its form."""

import asyncio
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

if TYPE_CHECKING:
    from starlette.requests import Request

SIGN_IN = "/sign-in"
"""Address that the form is sent to."""
OPEN_FILES = frozenset(
    f"/{path}"
    for path in (
        "icon.svg",
        "styles/tokens.css",
        "styles/base.css",
        "styles/controls.css",
        "styles/sign-in.css",
    )
)
"""Files that the page needs; the only ones that are sent without a token."""
_MOST_BYTES, _MOST_S = 4096, 10.0  # of a form; a token has 256 characters at most

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Sign in - Digitus</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">{refresh}
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles/tokens.css">
<link rel="stylesheet" href="/styles/base.css">
<link rel="stylesheet" href="/styles/controls.css">
<link rel="stylesheet" href="/styles/sign-in.css">
</head>
<body>
<header class="top"><h1 class="wordmark">Digitus</h1></header>
<main class="sign-in">
<form class="card stack" method="post" action="/sign-in">
<h2>This page asks for a token</h2>
<p id="where" class="muted">Open the link or scan the code that the terminal of
<code>digitus serve</code> shows, or enter the token.</p>
<input type="hidden" name="to" value="{to}">
<label class="field"><span>Token</span>
<input type="password" name="token" required autofocus autocomplete="current-password"
 autocapitalize="none" spellcheck="false" maxlength="256" aria-describedby="{described}"{invalid}>
</label>{complaint}
<button class="primary" type="submit">Open the page</button>
<p class="small muted">Signed in already? <a href="{to}">Open the page again</a>.</p>
</form>
</main>
</body>
</html>
"""


def sign_in_page(to: str, complaint: str | None = None, *, refreshes: bool = False) -> str:
    """Return the page as HTML.

    Args:
        to: path that is opened afterwards.
        complaint: what was wrong with the token that was sent.
        refreshes: let the browser ask once more at once. After a link on another page it keeps the
            cookie back, and sends it when this page asks.
    """
    target = escape(to)
    return _PAGE.format(
        to=target,
        refresh=f'\n<meta http-equiv="refresh" content="0; url={target}">' if refreshes else "",
        complaint=f'\n<p id="wrong" class="bad">{escape(complaint)}</p>' if complaint else "",
        described="wrong" if complaint else "where",
        invalid=' aria-invalid="true"' if complaint else "",
    )


def local_path(text: str) -> str:
    """Return an address of this server that a text may lead to, without its token.

    >>> local_path("/?token=x&a=1"), local_path("//evil.example"), local_path("https://evil.example")
    ('/?a=1', '/evil.example', '/')
    """
    path, _, query = text.partition("?")
    if not path.startswith("/") or path == SIGN_IN:
        return "/"
    # One slash and no backslash at the front: browsers take two for the name of a host.
    path = "/" + quote(path.lstrip("/\\"), safe="/%:@!$&'()*+,;=~")
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "token"]
    return f"{path}?{urlencode(kept)}" if kept else path


def asked_path(request: "Request") -> str:
    """Return the address that a request asks for, without its token."""
    query = request.scope["query_string"].decode("latin-1")
    return local_path(f"{quote(request.scope['path'])}?{query}")


def link_token(request: "Request") -> str | None:
    """Return the token in the query of a request; None if there is none."""
    query = request.scope["query_string"].decode("latin-1")
    return next(iter(parse_qs(query).get("token", [])), None)


async def read_form(request: "Request") -> dict[str, str] | None:
    """Return the fields of the form; None if it is too long, too slow or no form."""
    form = "application/x-www-form-urlencoded"
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != form:
        return None
    content = b""
    try:
        async with asyncio.timeout(_MOST_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > _MOST_BYTES:
                    return None
        fields = parse_qs(content.decode("ascii"), max_num_fields=10)
    except (TimeoutError, ValueError):
        return None
    return {name: values[-1] for name, values in fields.items()}
