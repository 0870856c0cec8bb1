"""``digitus serve``: the page in the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from digitus.cli.access_options import AccessOptions, access_options
from digitus.cli.options import Whole, complete_models, offline
from digitus.cli.service_options import ServiceOptions, service_options

if TYPE_CHECKING:
    from socket import socket

    from starlette.types import ASGIApp

    from digitus.data import DataSet

_PLAIN_HTTP = (
    "Plain HTTP shows the token and all pages to everyone in the network who listens; "
    "--tls-cert and --tls-key encrypt them"
)


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen here; 0.0.0.0 lets other machines of the network open the page, with a token.",
)
@click.option(
    "--port",
    type=Whole(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    shell_complete=complete_models,
    help="Begin with this model: a shipped one (cnn, mlp) or a model file.  [default: cnn]",
)
@access_options
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@offline
@service_options
def serve(
    host: str,
    port: int,
    model_name: str | None,
    no_open: bool,
    offline: bool,
    access: AccessOptions,
    service: ServiceOptions,
) -> None:
    """Open the page in the browser: read and review pages, draw digits, watch a network learn.

    Runs until Ctrl-C; batches of pages go on at the next start. Other programs use the same
    server: its page /docs describes the API. MNIST is fetched when the page first asks for it.
    Needs the extra `web`: pip install 'digitus[web]'.
    """
    from threading import Event

    from digitus.cli.screen import fetch_progress, line
    from digitus.data import load
    from digitus.web.listening import listen, run_server
    from digitus.web.page_models import page_models

    make_server = _make_server()
    models = page_models(model_name)
    stopped = Event()

    def load_mnist() -> "DataSet":
        with fetch_progress() as progress:
            return load("mnist", offline=offline, progress=progress, cancelled=stopped.is_set)

    with listen(host, port) as listener:
        rule, made_token = access.access(listener.getsockname()[0], host)
        with service.services(models, model_name) as services:

            def listening() -> None:
                address = _say_addresses(listener, access, made_token)
                line(f"Batches of pages are kept in {services.data_folder}")
                if not no_open:
                    _open(address)

            run_server(
                make_server(models, load_mnist, services, access=rule, cancelled=stopped.is_set),
                listener,
                listening=listening,
                stopping=stopped.set,
                certificate=access.certificate,
                proxies=access.proxies,
            )


def _say_addresses(listener: "socket", access: AccessOptions, made_token: str | None) -> str:
    """Print the addresses of the page; return the one for this machine."""
    from digitus.cli.qr_code import terminal_qr_code
    from digitus.cli.screen import line, note
    from digitus.web.listening import network_address, page_address

    suffix = "" if made_token is None else f"?token={made_token}"
    address = page_address(listener, scheme=access.scheme) + suffix
    line(f"The page is at {address}  (Ctrl-C ends it)")
    others = network_address(listener, scheme=access.scheme)
    if others is not None:
        line(f"Other machines of this network open {others}{suffix}")
        code = terminal_qr_code(others + suffix)
        if code is not None:
            click.echo(code)
        if access.certificate is None and not access.proxies:
            note(_PLAIN_HTTP)
    return address


def _make_server() -> "Callable[..., ASGIApp]":
    """Return the function that makes the server; the extra may be missing."""
    from digitus.errors import ServerError

    try:
        import segno  # noqa: F401
        import uvicorn  # noqa: F401

        from digitus.web.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "digitus":
            raise
        raise ServerError("to serve the page, pip install 'digitus[web]'") from error
    return make_server


def _open(address: str) -> None:
    """Open the browser; in a thread, because one in the terminal runs until it is closed."""
    import webbrowser
    from threading import Thread

    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
