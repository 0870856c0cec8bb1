"""How much is received at once: requests in progress, the size of a body and its time."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from digitus.web.limits import DRAWING_LIMITS, Limits
from digitus.web.problems import Problem, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BYTES_PER_S = 20_000
"""Rate that is allowed for: a slow phone sends more; a client that sends a byte a second, less."""
DISCARD_S = 2.0
"""For so long the rest of a body that is too large is received and dropped: most clients read the
answer only after they have sent everything."""
RETRY_S = 2
"""After which a client may try again where the server was busy with others."""


class Gate:
    """Refuses requests below ``/api/`` beyond the limits; counts those in progress.

    Args:
        app: answers the requests.
        limits: of the server.

    Attributes:
        n_open: number of requests in progress.
    """

    def __init__(self, app: "ASGIApp", limits: Limits) -> None:
        self.app, self.limits = app, limits
        self.n_open = 0
        self._uploads: Counter[str] = Counter()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        if scope["path"].endswith("/events"):  # open as long as the page is
            await self.app(scope, receive, send)
            return
        is_upload = _is_multipart(scope)
        client = (scope.get("client") or ("",))[0] if is_upload else ""
        refusal = self._refusal(client)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self.n_open += 1
        self._uploads[client] += 1
        try:
            body = LimitedBody(scope, receive, self.limits)
            await self.app(scope, body.receive, send)
        finally:
            self.n_open -= 1
            self._uploads[client] -= 1
            if not self._uploads[client]:
                del self._uploads[client]

    def _refusal(self, client: str) -> "ASGIApp | None":
        headers = {"Retry-After": str(RETRY_S), "Connection": "close"}
        if self.n_open >= self.limits.requests:
            sentence = f"{self.n_open} requests are in progress already; send it again in a moment"
            return problem_response(503, sentence, headers)
        most = self.limits.client_requests
        if client and self._uploads[client] >= most:
            sentence = f"{most} uploads of yours are in progress already; wait for one of them"
            return problem_response(429, sentence, headers)
        return None


class LimitedBody:
    """Receives the body of a request; a `Problem` is raised beyond its limits.

    Args:
        scope: of the request.
        receive: its messages.
        limits: of the server.
    """

    def __init__(self, scope: "Scope", receive: "Receive", limits: Limits) -> None:
        headers = Headers(scope=scope)
        self._receive = receive
        is_upload = _is_multipart(scope)
        self._most = limits.body_mb * 2**20 if is_upload else DRAWING_LIMITS.body_bytes
        declared = headers.get("content-length", "0")
        self._declared = int(declared) if declared.isascii() and declared.isdecimal() else 0
        self._waits_for_us = headers.get("expect", "").lower() == "100-continue"
        self._n_bytes, self._is_whole = 0, False
        self._started, self._grace_s = time.monotonic(), limits.body_s

    async def receive(self) -> "Message":
        """Return the next message.

        Raises:
            Problem: 413 if the body is too large, 408 if it takes too long.
        """
        if self._is_whole:
            return await self._receive()
        if self._declared > self._most:
            await self._discard()
            raise self._too_large()
        allowed_s = self._grace_s + self._n_bytes / BYTES_PER_S
        left_s = self._started + allowed_s - time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, left_s))
        except TimeoutError as error:
            sentence = (
                f"{self._n_bytes:,} bytes came in {allowed_s:.0f} s, too slow; send it again "
                "over a faster connection"
            )
            raise Problem(408, sentence, closes=True) from error
        if message["type"] != "http.request":
            return message
        self._n_bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._n_bytes > self._most:
            await self._discard()
            raise self._too_large()
        return message

    def _too_large(self) -> Problem:
        found = f", {self._declared:,} came" if self._declared > self._most else ""
        return Problem(
            413,
            f"at most {self._most:,} bytes are taken at once{found}; send less at a time",
            closes=True,
        )

    async def _discard(self) -> None:
        """Receive and drop the rest of the body for a moment."""
        if self._waits_for_us:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(DISCARD_S):
                while not self._is_whole:
                    message = await self._receive()
                    self._is_whole = not message.get("more_body", False)


def _is_multipart(scope: "Scope") -> bool:
    return Headers(scope=scope).get("content-type", "").lower().startswith("multipart/")
