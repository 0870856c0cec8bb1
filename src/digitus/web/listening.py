"""Listen on an address and run the server on it until Ctrl-C."""

import errno
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from types import FrameType
from typing import TYPE_CHECKING

from digitus.errors import ServerError
from digitus.web.access.hosts import is_loopback

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from digitus.web.access.certificates import Certificate

_SECONDS_TO_FINISH = 2  # for answers that are on their way when Ctrl-C is pressed
_WAITING = 128  # connections that the system keeps until the server takes them


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: name or address.
        port: 0 takes one that is free.

    Raises:
        ServerError: if the port is in use or not allowed, or the host is not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ServerError(f"--host {host}: no such address; use 127.0.0.1, or 0.0.0.0") from error
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(_WAITING)
    except OSError as error:
        made.close()
        raise _refusal(host, port, error) from error
    return made


def _refusal(host: str, port: int, error: OSError) -> ServerError:
    if error.errno == errno.EADDRINUSE:
        return ServerError(f"port {port} is in use; choose another, such as --port {port + 1}")
    if error.errno == errno.EACCES:
        return ServerError(f"port {port} needs more rights; choose one from 1024, such as 8000")
    if error.errno == errno.EADDRNOTAVAIL:
        return ServerError(f"--host {host}: not an address of this machine; use 127.0.0.1")
    return ServerError(f"{host}:{port}: cannot listen ({error.strerror or error}); choose another")


def page_address(listener: socket.socket, *, scheme: str = "http") -> str:
    """Return the address of the page for a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:  # 0.0.0.0 is every address, and none that can be opened
        host = "127.0.0.1"
    return _address(scheme, host, port)


def network_address(listener: socket.socket, *, scheme: str = "http") -> str | None:
    """Return the address for other machines; None if only this machine can connect."""
    host, port = listener.getsockname()[:2]
    if is_loopback(host):
        return None
    if not ip_address(host).is_unspecified:
        return page_address(listener, scheme=scheme)
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        if family in (socket.AF_INET, listener.family):
            with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
                asking.connect((elsewhere, 9))  # sends nothing; the system picks its own address
                return _address(scheme, asking.getsockname()[0], port)
    return None


def _address(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def server_config(
    app: "ASGIApp", certificate: "Certificate | None" = None, proxies: Sequence[str] = ()
) -> "uvicorn.Config":
    """Return the settings of uvicorn; the arguments are those of ``run_server``."""
    import uvicorn

    from digitus.web.http_protocol import LimitedHttp

    return uvicorn.Config(
        app,
        http=LimitedHttp,
        log_level="error",  # warnings tell of requests that are no HTTP, which anybody can send
        access_log=False,  # links may hold the token
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        ssl_certfile=None if certificate is None else certificate.file,
        ssl_keyfile=None if certificate is None else certificate.key,
        lifespan="off",
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )


def run_server(
    app: "ASGIApp",
    listener: socket.socket,
    *,
    listening: Callable[[], None],
    stopping: Callable[[], None],
    certificate: "Certificate | None" = None,
    proxies: Sequence[str] = (),
) -> None:
    """Answer requests until Ctrl-C, or another signal to end.

    Args:
        app: answers the requests.
        listener: see ``listen``; closed at the end.
        certificate: for HTTPS; None is plain HTTP.
        proxies: addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are trusted.
        listening: called once requests are answered.
        stopping: called when the signal comes.

    Raises:
        KeyboardInterrupt: if such a signal came; what was on its way has been answered.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                listening()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            stopping()
            logging.getLogger("uvicorn.error").disabled = True  # answers that are cut off
            super().handle_exit(sig, frame)

    with listener:
        Server(server_config(app, certificate, proxies)).run(sockets=[listener])
