"""Tell requests of this page from those that a page of another origin makes a browser send."""

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from digitus.web.access.hosts import canonical

if TYPE_CHECKING:
    from starlette.requests import Request

_PORTS = {"http": 80, "https": 443}
_FOR_PROGRAMS = ("/healthz", "/metrics", "/openapi.json", "/resources.json")


def is_foreign(request: "Request") -> bool:
    """Return whether a page of another origin has sent a request.

    A browser adds ``Origin`` to each request that changes something, and ``Sec-Fetch-Site`` where
    the connection counts as secure. Programs other than browsers send neither. A link on another
    page may lead to this page, but not to an address of the API, and not into a frame.
    """
    headers = request.headers
    origins = headers.getlist("origin")
    if origins and not (len(origins) == 1 and _is_same(origins[0], request)):
        return True
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    return is_api(request) or not is_navigation(request)


def is_api(request: "Request") -> bool:
    """Return whether a program is to understand the answer, not a person."""
    path: str = request.scope["path"]  # not `request.url`, which is made from the Host header
    return path.startswith("/api/") or path in _FOR_PROGRAMS


def is_navigation(request: "Request") -> bool:
    """Return whether a browser asks for a document to show in a tab; no answer if it is unsaid."""
    fetch = [request.headers.get(f"sec-fetch-{name}") for name in ("mode", "dest")]
    return request.method in ("GET", "HEAD") and fetch == ["navigate", "document"]


def _is_same(origin: str, request: "Request") -> bool:
    """Compare an Origin header with the Host header.

    A proxy may take HTTPS and pass on HTTP, so an origin with HTTPS is compared without its scheme.
    """
    own = _parts(f"//{request.headers.get('host', '')}")
    other = _parts(origin)
    if own is None or other is None or other.scheme not in _PORTS or not other.hostname:
        return False
    if request.scope["scheme"] == "https" and other.scheme != "https":
        return False
    default = _PORTS[other.scheme]
    return (canonical(own.hostname or ""), own.port or default) == (
        canonical(other.hostname),
        other.port or default,
    )


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises if it is no number
    except ValueError:
        return None
    return parts
