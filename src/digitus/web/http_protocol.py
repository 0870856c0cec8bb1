"""The HTTP protocol of uvicorn with limits on the head of a request: its time and its size.

Without them, connections that never finish their first line would stay open for ever, and a head
without an end would fill the memory.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 20.0
"""For the head of a request, from its first byte or from the opening of the connection."""
HEAD_BYTES = 64 * 2**10


class LimitedHttp(HttpToolsProtocol):
    """Closes connections whose request does not come to the end of its head."""

    _timer: asyncio.TimerHandle | None = None
    _is_in_head = True
    _head_bytes = _n_heads = 0

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
        super().connection_lost(exc)

    def _limit_time(self) -> None:
        self._timer = self.loop.call_later(HEAD_S, self._close)

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        if self._is_in_head:
            self.transport.abort()
