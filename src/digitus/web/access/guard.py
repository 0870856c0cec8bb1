"""The guard in front of the server: it checks each request, and adds headers to each answer."""

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from digitus.web.access.access import Access
from digitus.web.access.guesses import GuessLimiter
from digitus.web.access.headers import HEADERS, SIGN_IN_HEADERS
from digitus.web.access.hosts import host_of
from digitus.web.access.origins import is_api, is_foreign, is_navigation
from digitus.web.access.refusals import refusal
from digitus.web.access.sign_in import (
    OPEN_FILES,
    SIGN_IN,
    asked_path,
    link_token,
    local_path,
    read_form,
    sign_in_page,
)
from digitus.web.access.tokens import TokenCheck

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MISSING = "This server asks for a token; open its link, or send Authorization: Bearer TOKEN."
_WRONG = "The token is wrong; copy it again from the terminal of the server."
_NO_FORM = "The form could not be read; enter the token again."
_SHOWN = 100  # characters of a foreign host that are quoted


def protect(app: "ASGIApp", access: Access) -> "ASGIApp":
    """Return an application that answers only those who may come in.

    Args:
        app: answers their requests.
        access: who they are.
    """
    return Guard(app, access)


class Guard:
    """Checks each request, and adds headers to each answer.

    The order: the host that the request names, the page that sent it, its token. HEAD is answered
    as GET, without the content. A WebSocket is closed, because nothing here answers one.
    """

    def __init__(self, app: "ASGIApp", access: Access) -> None:
        self.app, self.access = app, access
        self.guesses = GuessLimiter()
        token = access.token
        self.check = None if token is None else TokenCheck(token, access.cookie_secret)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        from starlette.requests import Request

        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope = {**scope, "method": "GET"}
        request = Request(scope, receive)
        answer = self._refusal(request)
        headers = HEADERS
        if answer is None and self.check is not None:
            answer = await self._ask_for_token(request, self.check)
            if answer is not None and answer.media_type == "text/html":
                headers = SIGN_IN_HEADERS
        sender = _Sender(send, headers, is_head=is_head)
        await (answer or self.app)(scope, receive, sender)

    def _refusal(self, request: "Request") -> "Response | None":
        """Refuse a request under a foreign name, or from a foreign page."""
        named = request.headers.getlist("host")
        host = host_of(named[0]) if len(named) == 1 else ""
        server = request.scope.get("server") or (None,)
        if not self.access.hosts.allows(host, server[0]):
            sentence = f"expected this machine as the host, got {host[:_SHOWN]!r}; "
            if self.access.hosts.is_loopback_only:
                remedy = "open http://127.0.0.1"
            else:
                remedy = "open the address that the terminal shows, or allow it with --allow-host"
            return refusal(request, 421, sentence + remedy)
        if is_foreign(request):
            sentence = "This request was sent by a page of another address; open this page itself."
            return refusal(request, 403, sentence)
        return None

    async def _ask_for_token(self, request: "Request", check: TokenCheck) -> "Response | None":
        """Return the answer to a request without a right token; None if it has one."""
        from starlette.responses import RedirectResponse

        path = request.scope["path"]
        cookies = request.headers.getlist("cookie")
        has_cookie = check.is_in(cookies, is_secure=_is_secure(request))
        if path == SIGN_IN and request.method == "POST":
            fields = await read_form(request)
            if fields is None:
                return self._unknown(request, 400, _NO_FORM, to="/")
            to = local_path(fields.get("to", "/"))
            return self._checked(request, check, fields.get("token", ""), to)
        in_link = None if is_api(request) or request.method != "GET" else link_token(request)
        if has_cookie:
            is_elsewhere = in_link is not None or path == SIGN_IN
            return RedirectResponse(asked_path(request), 303) if is_elsewhere else None
        if in_link is not None:
            return self._checked(request, check, in_link, asked_path(request))
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._checked(request, check, bearer.strip(), None)
        if request.method == "GET" and path in OPEN_FILES:
            return None
        return self._unknown(request, 401, None, to=asked_path(request))

    def _checked(
        self, request: "Request", check: TokenCheck, token: str, to: str | None
    ) -> "Response | None":
        """Compare a token.

        Args:
            request: that it came with.
            check: knows the right one.
            token: in the form, the link or the header.
            to: path to open with the cookie; None for a program that sends the token each time.
        """
        from starlette.responses import RedirectResponse

        client = (request.scope.get("client") or ("",))[0]
        wait_s = ceil(self.guesses.wait_s(client))
        if wait_s > 0:
            sentence = f"Too many wrong tokens came from your address; try again in {wait_s} s."
            headers = {"Retry-After": str(wait_s)}
            return self._unknown(request, 429, sentence, to=to or "/", headers=headers)
        if not check.is_right(token):
            self.guesses.count_wrong(client)
            return self._unknown(request, 401, _WRONG, to=to or asked_path(request))
        if to is None:
            return None
        answer = RedirectResponse(to, 303)
        answer.set_cookie(
            check.cookie_name(is_secure=_is_secure(request)),
            check.cookie,
            secure=_is_secure(request),
            httponly=True,
            samesite="strict",
        )
        return answer

    def _unknown(
        self,
        request: "Request",
        status: int,
        complaint: str | None,
        *,
        to: str,
        headers: Mapping[str, str] | None = None,
    ) -> "Response":
        """Return the page that asks for the token, or a problem document."""
        from starlette.responses import HTMLResponse

        from digitus.web.problems import problem_response

        headers = dict(headers or {})
        if status == 401:
            error = ', error="invalid_token"' if complaint else ""
            headers["WWW-Authenticate"] = f'Bearer realm="Digitus"{error}'
        if is_api(request):
            return problem_response(status, complaint or _MISSING, headers)
        is_from_elsewhere = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
        refreshes = complaint is None and is_from_elsewhere and is_navigation(request)
        return HTMLResponse(sign_in_page(to, complaint, refreshes=refreshes), status, headers)


class _Sender:
    """Passes on the messages of an answer with headers added; for HEAD, without the content."""

    def __init__(self, send: "Send", headers: Mapping[str, str], *, is_head: bool) -> None:
        self.send, self.headers, self.is_head = send, headers, is_head

    async def __call__(self, message: "Message") -> None:
        from starlette.datastructures import MutableHeaders

        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(self.headers)
            headers.setdefault("Cache-Control", "no-store")
        elif self.is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)


def _is_secure(request: "Request") -> bool:
    return bool(request.scope["scheme"] == "https")
