"""The HTTP protocol of uvicorn with limits on the head of a request and on reading the answer.

What is no HTTP is refused with a problem document and the headers of every other answer.

Without them, connections that never finish their first line would stay open for ever, a head
without an end would fill the memory, and clients that do not read their answers would keep these,
and their places among the requests in progress.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from digitus.web.access.headers import HEADERS
from digitus.web.problems import problem_response

HEAD_S = 20.0
"""For the head of a request, from its first byte or from the opening of the connection."""
HEAD_BYTES = 64 * 2**10
ANSWER_S = 30.0
"""In which a client must read ``ANSWER_BYTES`` of an answer, or what is left of it."""
ANSWER_BYTES = 600_000
"""At the rate of 20 kB/s that uploads must have, too."""
NO_HTTP = "the request is damaged, or is no HTTP; send it again"


class LimitedHttp(HttpToolsProtocol):
    """Closes connections whose request does not end its head, or whose answer is not read."""

    _timer: asyncio.TimerHandle | None = None
    _answer_timer: asyncio.TimerHandle | None = None
    _is_in_head = True
    _head_bytes = _n_heads = 0

    # uvicorn takes a narrower transport than asyncio's base class
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        self._limit_time()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        was_in_head, n_heads = self._is_in_head, self._n_heads
        super().data_received(data)
        if was_in_head and self._n_heads == n_heads:  # none of it was a body
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        if self._timer is None:
            self._limit_time()

    def on_headers_complete(self) -> None:
        """End the head of a request."""
        self._is_in_head = False
        self._n_heads += 1
        self._end_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request; another one may follow on the connection."""
        super().on_message_complete()
        self._is_in_head, self._head_bytes = True, 0

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._end_timer()
        self._end_answer_timer()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to read the answer."""
        super().pause_writing()
        self._watch_answer()

    def resume_writing(self) -> None:
        """Go on with the answer."""
        self._end_answer_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, and close the connection."""
        more = {**HEADERS, "Cache-Control": "no-store", "Connection": "close"}
        answer = problem_response(400, NO_HTTP, more)
        lines = [b"HTTP/1.1 400 Bad Request"]
        lines += [b"%s: %s" % pair for pair in answer.raw_headers]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(answer.body)]))
        self.transport.close()

    def _limit_time(self) -> None:
        self._timer = self.loop.call_later(HEAD_S, self._close)

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch_answer(self) -> None:
        n_left = self.transport.get_write_buffer_size() - ANSWER_BYTES
        self._answer_timer = self.loop.call_later(ANSWER_S, self._check_answer, n_left)

    def _check_answer(self, n_left: int) -> None:
        """Close the connection unless no more than so many bytes wait to be read."""
        if self.transport.get_write_buffer_size() > max(0, n_left):
            self.transport.abort()
        else:
            self._watch_answer()

    def _end_answer_timer(self) -> None:
        if self._answer_timer is not None:
            self._answer_timer.cancel()
            self._answer_timer = None

    def _close(self) -> None:
        if self._is_in_head:
            self.transport.abort()
